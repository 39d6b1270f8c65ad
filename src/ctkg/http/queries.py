"""``/queries``: the stored queries, as a list, as RDF for SPARQL editors, and each as an address that answers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from pyoxigraph import QueryResultsFormat, RdfFormat, serialize

from ctkg.answers import bound_text
from ctkg.errors import NotFound, nearest
from ctkg.executables import executables
from ctkg.http.exchange import Pushed, Reply, Request, Writer, reply
from ctkg.http.questions import Question, arguments, natural, of_query, split_ending
from ctkg.http.rendering import page
from ctkg.http.site import Site
from ctkg.http.tables import TABLES, Taken, answered, chosen
from ctkg.messages import tr
from ctkg.namespaces import PREFIXES
from ctkg.paging import window
from ctkg.queries import StoredQuery

__all__ = ["DESCRIPTIONS", "LISTS", "SOLUTIONS", "found", "listed", "queries", "query"]

SOLUTIONS = {"srj": "application/sparql-results+json", "srx": "application/sparql-results+xml"}
"""The rows without their citations, as SPARQL tools read them."""
DESCRIPTIONS = {"ttl": "text/turtle", "jsonld": "application/ld+json", "nt": "application/n-triples"}
LISTS = {"json": "application/json", "html": "text/html"}
TEXT = {"rq": "application/sparql-query"}
_RESULT_FORMATS = {"srj": QueryResultsFormat.JSON, "srx": QueryResultsFormat.XML}


def queries(site: Site, request: Request, ending: str | None = None) -> Reply:
    """The stored queries by theme."""
    key = request.choose({**LISTS, **DESCRIPTIONS}, ending)
    arguments(request, ())
    if key in DESCRIPTIONS:
        return _described(request, site.kg.queries.values(), key)
    return listed(request, tr("Stored queries"), map(of_query, site.kg.queries.values()), key, DESCRIPTIONS)


def query(site: Site, request: Request, name: str) -> Reply:
    """The answer to one; or its text, or its description as RDF."""
    name, ending = split_ending(name)
    stored = found(site.kg.queries, name, tr("no query is called {name!r}", name=name), "/queries")
    question = of_query(stored)
    key = chosen(request, {**TABLES, **SOLUTIONS, **TEXT, **DESCRIPTIONS}, ending, question)
    given = arguments(request, [*(parameter.name for parameter in stored.params), "limit", "offset"])
    limit, offset = natural(given, "limit", None), natural(given, "offset", 0)
    assert offset is not None
    if key in TEXT:
        return reply(request, bound_text(site.kg.backend, stored, given, site.kg.data_date) if given else stored.text)
    if key in DESCRIPTIONS:
        return _described(request, [stored], key)
    if key in SOLUTIONS:
        return _solutions(site, request, stored, given, key, (offset, limit))
    taken = Taken()
    table = site.kg.query(name, taken, **given)
    table = table._replace(notes=(*table.notes, *taken))
    more: dict[str, Any] = {"formats": [*TABLES, *SOLUTIONS, *TEXT]}
    if key == "html":
        more["sparql"] = bound_text(site.kg.backend, stored, given, site.kg.data_date)
    return answered(request, question, table, key, given, (offset, limit), more)


def found(things: Any, name: str, message: str, path: str) -> Any:
    """The thing of that name; raises `NotFound` with the nearest names, else with where they are listed."""
    if name in things:
        return things[name]
    near = nearest(name, list(things))
    raise NotFound(
        message,
        tr("did you mean: {names}", names=", ".join(near)) if near else tr("GET {path} lists them", path=path),
    )


def listed(request: Request, title: str, questions: Iterable[Question], key: str, also: Iterable[str] = ()) -> Reply:
    """What there is to ask, as JSON or as a page."""
    if key == "json":
        name = request.path.strip("/").partition(".")[0]
        document = {name: [question.listed() for question in questions]}
        return reply(request, json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    themes: dict[str | None, list[Question]] = {}
    for question in questions:
        themes.setdefault(question.theme, []).append(question)
    path = request.path.removesuffix(".html")
    formats = {key: f"{request.script_root}{path}.{key}" for key in ("json", *also)}
    return reply(request, page(request, "queries.html", title=title, themes=themes, formats=formats))


def _described(request: Request, stored: Iterable[StoredQuery], key: str) -> Reply:
    format_ = RdfFormat.from_extension(key)
    assert format_ is not None
    triples = executables(stored, f"{request.root_url}sparql")
    prefixes = {name: PREFIXES[name] for name in ("rdfs", "schema", "sh", "xsd", *("ctkg", "actor", "model"))}
    content = serialize(triples, format=format_, prefixes=prefixes if key != "nt" else None)
    assert content is not None
    return reply(request, content)


def _solutions(
    site: Site, request: Request, stored: StoredQuery, given: dict[str, str], key: str, part: tuple[int, int | None]
) -> Reply:
    offset, limit = part
    text: str | None = bound_text(site.kg.backend, stored, given, site.kg.data_date)
    assert text is not None
    if offset or limit is not None:
        text = window(text, offset, 10**9 if limit is None else limit) or f"{text}\nLIMIT 0"
    answer: Any = site.store.query(text, prefixes=PREFIXES, use_default_graph_as_union=True)

    def produce(out: Writer) -> None:
        answer.serialize(out, _RESULT_FORMATS[key])

    return Pushed(request, produce)
