"""``/sparql``: the SPARQL 1.1 Protocol, query operation.

The default graph is the union of all graphs, unless the query (``FROM``) or the
request (``default-graph-uri``, ``named-graph-uri``) says otherwise.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote_to_bytes

from pyoxigraph import NamedNode, QueryBoolean, QueryResultsFormat, QuerySolutions, QueryTriples, RdfFormat
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from werkzeug.exceptions import MethodNotAllowed

from ctkg.errors import QueryError
from ctkg.http.exchange import Pushed, Reply, Request, Writer, reply
from ctkg.http.problems import Problem
from ctkg.http.site import Site
from ctkg.messages import tr
from ctkg.namespaces import PREFIXES
from ctkg.sparql import NOISE, form, refuse_unsafe, syntax_error

__all__ = ["RDF", "SOLUTIONS", "sparql"]

SOLUTIONS = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
RDF = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "trig": "application/trig",
    "nq": "application/n-quads",
}
_RESULT_FORMATS = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
_ALIKE = {"application/json": "application/sparql-results+json", "application/xml": "application/sparql-results+xml"}
_PASSING = re.compile(r"\b(?:RAND|NOW|UUID|STRUUID)\s*\(", re.IGNORECASE)
"""Functions that answer something else each time."""
_FROM = re.compile(r"(?<![\w:?$.%-])FROM(?![\w:-])", re.IGNORECASE)
"""The keyword, and not ``ctkg:from``."""


def sparql(site: Site, request: Request) -> Reply:
    """Answer a query; without one, GET describes the service."""
    text, graphs = _asked(request)
    if text is None:
        from ctkg.http.datasets import service_description

        return service_description(site, request)
    refuse_unsafe(text)
    body = NOISE.sub(" ", text)
    lasting = _PASSING.search(body) is None
    kind = form(text)
    if kind in ("CONSTRUCT", "DESCRIBE"):
        return _graph(site, request, text, graphs, _FROM.search(body) is not None, lasting)
    return _solutions(site, request, text, graphs, _FROM.search(body) is not None, lasting)


_Graphs = tuple[list[NamedNode], list[NamedNode]]


def _asked(request: Request) -> tuple[str | None, _Graphs]:
    """The text of the query, and the graphs that the request names."""
    given: MultiDict[str, str]
    if request.method in ("GET", "HEAD"):
        given = request.args
        if given.getlist("update"):
            raise _read_only()
        queries = given.getlist("query")
        if not queries:
            return None, ([], [])
    elif request.method == "POST":
        if request.mimetype == "application/x-www-form-urlencoded":
            request.get_data(cache=True)  # or the form reads it away
            given = CombinedMultiDict([request.args, request.form])
            if given.getlist("update"):
                raise _read_only()
            queries = request.form.getlist("query")
        elif request.mimetype == "application/sparql-query":
            given, queries = request.args, [_utf8(request.get_data())]
        elif request.mimetype == "application/sparql-update":
            raise _read_only()
        else:
            kind = request.mimetype or tr("nothing that is said")
            raise Problem(
                415, "media-type", tr("a query cannot come as {kind}", kind=kind),
                tr("send application/sparql-query, or application/x-www-form-urlencoded with query="),
                [("Accept-Post", "application/sparql-query, application/x-www-form-urlencoded")],
            )  # fmt: skip
    else:
        raise MethodNotAllowed(["GET", "HEAD", "POST", "OPTIONS"])
    if len(queries) != 1:
        raise QueryError(tr("one query is wanted, {count} are given", count=len(queries)), tr("give one query="))
    if "%" in queries[0] or "\ufffd" in queries[0]:
        _refuse_garbled(request)
    return queries[0], (_names(given.getlist("default-graph-uri")), _names(given.getlist("named-graph-uri")))


def _read_only() -> Problem:
    return Problem(
        403, "read-only", tr("the graph is read-only"), tr("facts are changed in the Turtle files; see CONTRIBUTING.md")
    )


def _utf8(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise QueryError(tr("not UTF-8: {reason}", reason=error), tr("send the query in UTF-8")) from error


def _refuse_garbled(request: Request) -> None:
    """What comes as an address or a form is decoded with patience: in another encoding it would be another query."""
    for encoded in (request.query_string, request.get_data() if request.method == "POST" else b""):
        _utf8(unquote_to_bytes(encoded))


def _names(uris: list[str]) -> list[NamedNode]:
    try:
        return [NamedNode(uri) for uri in uris]
    except ValueError as error:
        raise QueryError(tr("not an IRI: {iri!r}", iri=", ".join(uris)), tr("write whole IRIs")) from error


def _ask(site: Site, base: str, text: str, graphs: _Graphs, names_own: bool) -> Any:
    default, named = graphs
    options: dict[str, Any] = {"use_default_graph_as_union": not names_own}
    if default or named:
        options = {"default_graph": default, "named_graphs": named}
    try:
        return site.store.query(text, **options)
    except SyntaxError:
        pass  # what declares its prefixes need not wait for ours, which take as long as a small answer
    try:
        return site.store.query(text, prefixes=PREFIXES, base_iri=base, **options)
    except SyntaxError as error:
        raise syntax_error(text, str(error.msg)) from error


def _solutions(site: Site, request: Request, text: str, graphs: _Graphs, names_own: bool, lasting: bool) -> Reply:
    offers = SOLUTIONS | {f"also-{key}": alike for key, alike in zip(("json", "xml"), _ALIKE, strict=True)}
    key = request.choose(offers).removeprefix("also-")
    request.media_type = SOLUTIONS[key]
    found = _ask(site, request.base_url, text, graphs, names_own)
    if isinstance(found, QueryTriples):  # a form that we did not see
        raise QueryError(tr("the query cannot be read: {reason}", reason=form(text)))
    format_ = _RESULT_FORMATS[key]
    if isinstance(found, QueryBoolean) and key in ("csv", "tsv"):
        return reply(request, "true\n" if found else "false\n", lasting=lasting)
    assert isinstance(found, QuerySolutions | QueryBoolean)

    def produce(out: Writer) -> None:
        found.serialize(out, format_)  # type: ignore[arg-type]

    return Pushed(request, produce, lasting=lasting)


def _graph(site: Site, request: Request, text: str, graphs: _Graphs, names_own: bool, lasting: bool) -> Reply:
    key = request.choose(RDF)
    found = _ask(site, request.base_url, text, graphs, names_own)
    format_ = RdfFormat.from_extension(key)
    assert format_ is not None

    def produce(out: Writer) -> None:
        found.serialize(out, format_)

    return Pushed(request, produce, lasting=lasting)
