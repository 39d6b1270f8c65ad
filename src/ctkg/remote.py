"""A remote SPARQL 1.1 endpoint behind the same interface as the embedded store.

SPARQLWrapper writes the requests and sends them through `Endpoint`, which is
patient and says what went wrong; pyoxigraph reads the answers, so that terms
are the same as everywhere. An answer is received and read whole before any of
it is handed on: half an answer is none. Stores cut long answers without a word,
so after many rows a store is asked for those behind the last.
"""

from __future__ import annotations

from traceback import clear_frames
from typing import Any

from pyoxigraph import Literal, QueryBoolean, QueryResultsFormat, RdfFormat, parse, parse_query_results
from SPARQLWrapper import GET, JSON, POST, TURTLE, SPARQLWrapper

from ctkg.backend import Answer, Serialised
from ctkg.endpoint import Endpoint, Reply
from ctkg.errors import EndpointError
from ctkg.messages import tr
from ctkg.paging import is_ordered, window
from ctkg.sparql import check_syntax, form, refuse_unsafe, with_prefixes

__all__ = ["RemoteBackend"]

_BOOLEAN = Literal(True).datatype
_LONG = 2000
"""A query of more characters is sent by POST: servers and proxies refuse long addresses."""
_MANY = 1000
"""An answer of so many rows may have been cut; no store that we know cuts shorter ones unasked."""
_SOLUTIONS = "application/sparql-results+json, application/sparql-results+xml;q=0.8"
_TRIPLES = "application/n-triples, text/turtle;q=0.8, application/rdf+xml;q=0.5"


class RemoteBackend:
    """A store that answers SPARQL over HTTP; its default graph is to be the union of all graphs."""

    def __init__(self, url: str) -> None:
        """Raises `SettingsError` for an address that is none, or holds a password."""
        self._endpoint = Endpoint(url)
        self.address = self._endpoint.shown

    def query(self, text: str) -> Answer:
        """As `Backend.query`; raises `EndpointError` for whatever the store does instead of answering."""
        refuse_unsafe(text)
        answer = self._ask(text)
        self._check_whole(text, len(list(answer.rows or ())))
        return answer

    def select(self, text: str) -> list[tuple[Any, ...]]:
        """As `Backend.select`: what the store cuts is fetched in pages where the query has an order.

        Queries of ctkg's own are ordered without ties, so that no page repeats or leaves out a row of another.
        Raises `EndpointError` where the rows cannot be had whole.
        """
        rows = page = list(self._ask(text).rows or ())
        if not is_ordered(text):
            self._check_whole(text, len(rows))
            return rows
        size = len(rows)
        while size >= _MANY and page and (following := window(text, len(rows), size)):
            before, page = page, list(self._ask(following).rows or ())
            if page == before:
                raise EndpointError(
                    tr("{url} sends the same rows for every OFFSET", url=self.address),
                    tr("raise the store's limit on the rows of an answer; see docs/scale.md"),
                )
            rows = rows + page
        return rows

    def _check_whole(self, text: str, received: int) -> None:
        """Raise `EndpointError` where the store has rows behind those that it sent."""
        following = window(text, received, 1) if received >= _MANY else None
        if following and list(self._ask(following).rows or ()):
            raise EndpointError(
                tr("{url} cut its answer after {count} rows", url=self.address, count=received),
                tr("raise the store's limit, or ask in parts: ORDER BY with no ties, LIMIT and OFFSET"),
            )

    def _ask(self, text: str) -> Answer:
        kind = form(text) or "SELECT"
        try:
            reply = self._send(with_prefixes(text), kind)
        except EndpointError as error:
            if error.status == 400:
                check_syntax(text)  # says at which line and column of the user's text, as no two stores do
            raise
        return self._triples(reply) if kind in ("CONSTRUCT", "DESCRIBE") else self._solutions(reply)

    def _send(self, text: str, kind: str) -> Reply:
        graph = kind in ("CONSTRUCT", "DESCRIBE")
        request = _Request(self._endpoint)
        request.setReturnFormat(TURTLE if graph else JSON)
        request.queryString, request.queryType = text, kind
        request.setMethod(GET if len(text) <= _LONG and "?" not in self._endpoint.url else POST)
        request.addCustomHttpHeader("Accept", _TRIPLES if graph else _SOLUTIONS)
        return self._endpoint.receive(request.query().response)

    def _solutions(self, reply: Reply) -> Answer:
        format_ = QueryResultsFormat.from_media_type(reply.media_type)
        if format_ not in (QueryResultsFormat.JSON, QueryResultsFormat.XML):
            raise self._unreadable(reply)
        found: Any = None
        try:
            _check_ended(reply)
            found = parse_query_results(reply.body, format_)
            if isinstance(found, QueryBoolean):
                return Answer(holds=bool(found), native=Serialised(reply.body, format_))
            names = tuple(variable.value for variable in found.variables)
            rows = [tuple(_canonical(term) for term in row) for row in found]
            return Answer(names, rows, native=Serialised(reply.body, format_))
        except (SyntaxError, ValueError) as error:
            found = None  # what the error's frames hold may be dropped by another thread, and this may not
            clear_frames(error.__traceback__)
            raise self._broken(reply, error) from error

    def _triples(self, reply: Reply) -> Answer:
        format_ = RdfFormat.from_media_type(reply.media_type)
        if format_ is None or format_ in (RdfFormat.JSON_LD, RdfFormat.N_QUADS, RdfFormat.TRIG):
            raise self._unreadable(reply)
        try:
            _check_ended(reply)
            return Answer(triples=[quad.triple for quad in parse(reply.body, format_, base_iri=self._endpoint.url)])
        except (SyntaxError, ValueError) as error:
            raise self._broken(reply, error) from error

    def _unreadable(self, reply: Reply) -> EndpointError:
        if reply.media_type == "text/html" or reply.body[:200].lstrip().lower().startswith(
            (b"<!doctype html", b"<html")
        ):
            return EndpointError(
                tr("{url} answers a web page, not query results", url=self.address),
                tr("give the query address of the store, which often ends in /query or /sparql"),
            )
        return EndpointError(
            tr("{url} answers {type}, which is no form of query results", url=self.address, type=reply.media_type),
            tr("give the query address of the store, which often ends in /query or /sparql"),
        )

    def _broken(self, reply: Reply, error: Exception) -> EndpointError:
        if reply.body.lstrip()[:1] == b"<" and b"<html" in reply.body[:500].lower():
            return self._unreadable(reply._replace(media_type="text/html"))
        reason = " ".join(str(getattr(error, "msg", error)).split())[:200]
        return EndpointError(
            tr("the answer of {url} is broken or cut short: {reason}", url=self.address, reason=reason),
            tr("ask again, or for less: a store may stop in the middle of a large answer"),
        )


def _canonical(term: Any) -> Any:
    """The term as our own store writes it: to XML Schema, and to Virtuoso, ``1`` is ``true``."""
    if isinstance(term, Literal) and term.value in ("0", "1") and term.datatype == _BOOLEAN:
        return Literal(term.value == "1")
    return term


def _check_ended(reply: Reply) -> None:
    """Raise ``ValueError`` for XML that breaks off, which pyoxigraph takes for an end."""
    if reply.media_type.endswith("xml"):
        from xml.parsers.expat import ExpatError, ParserCreate

        try:
            ParserCreate().Parse(reply.body, True)
        except ExpatError as error:
            raise ValueError(str(error)) from error


class _Request(SPARQLWrapper):
    """SPARQLWrapper over our own connection: its own neither waits for a busy server nor keeps what it answers."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint.url, agent="ctkg (https://w3id.org/ctkg)")
        self.setOnlyConneg(True)
        self._endpoint = endpoint

    def _query(self) -> tuple[Any, str]:
        return self._endpoint.open(self._createRequest()), self.returnFormat
