"""A `ResultTable` as a reply, for stored queries, analyses and searches: formats, parts, links, the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from ctkg.answers import taken_for
from ctkg.http.exchange import Reply, Request, reply
from ctkg.http.negotiation import negotiate
from ctkg.http.questions import Question
from ctkg.http.rendering import page
from ctkg.messages import language
from ctkg.results import Cell, Evidence, Note, Resource, ResultTable, heading, render, words
from ctkg.results.formats import standing

__all__ = ["TABLES", "Taken", "answered", "asking", "chosen"]

TABLES = {
    "json": "application/json",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "md": "text/markdown",
    "txt": "text/plain",
    "html": "text/html",
}
"""The formats of every table, in our order of preference."""
EXPOSED = ("Access-Control-Expose-Headers", "X-Total-Count")
"""What a page of another origin may read besides what the front lets it."""


def chosen(request: Request, offers: Mapping[str, str], ending: str | None, question: Question) -> str:
    """The format wanted; where the question has a parameter of its own called format, the address does not say it."""
    if ending is None and any(parameter.name == "format" for parameter in question.params):
        ending = negotiate(request.environ.get("HTTP_ACCEPT"), offers)
    return request.choose(offers, ending)


class Taken(list[Note]):
    """What names were taken for, as notes of the answer; given to a query, it is told each."""

    def __call__(self, parameter: str, given: str, entity: Resource) -> None:
        self.append(Note("taken", taken_for(parameter, given, entity)))


def asking(request: Request, question: Question, given: Mapping[str, str]) -> Reply:
    """The page of a question that cannot be answered before more is given: its form."""
    return reply(request, page(request, "query.html", question=question, given=given, table=None, parameters={}))


def answered(
    request: Request, question: Question, table: ResultTable, key: str,
    given: Mapping[str, str], part: tuple[int, int | None], more: Mapping[str, Any],
) -> Reply:  # fmt: skip
    """The table in the format chosen; ``more`` is for the page only."""
    offset, limit = part
    if offset or limit is not None:
        table = table.part(offset, limit)
    total = len(table.rows) if table.total is None else table.total
    links = _links(request, question, table, given)
    if limit is not None and offset + limit < total:
        links["next"] = _address(
            request, question.path, {**given, "limit": limit, "offset": offset + limit}, _ending(request, key)
        )
    if limit is not None and offset:
        links["prev"] = _address(
            request, question.path, {**given, "limit": limit, "offset": max(0, offset - limit)}, _ending(request, key)
        )
    header = ", ".join(f'<{target}>; rel="{relation.partition(" ")[0]}"' for relation, target in links.items())
    headers = [("Link", header), ("X-Total-Count", str(total)), EXPOSED]
    if key == "html":
        content = _page(request, question, table, given, links, total, more)
    else:
        content = render(table, "table" if key == "txt" else key)
    return reply(request, content, headers=headers)


def _ending(request: Request, key: str) -> str:
    """As the client wrote it: an address without an ending is negotiated again."""
    return f".{key}" if request.path.endswith(f".{key}") else ""


def _address(request: Request, path: str, given: Mapping[str, Any], ending: str = "") -> str:
    kept = {name: request.args[name] for name in ("lang", "format") if request.args.get(name) and name not in given}
    asked = urlencode({**given, **kept}, quote_via=quote)
    return f"{request.script_root}{path}{ending}" + (f"?{asked}" if asked else "")


def _links(request: Request, question: Question, table: ResultTable, given: Mapping[str, str]) -> dict[str, str]:
    """What the answer is about, what describes it, and where it stays the same when new data come."""
    links = {"describedby": _address(request, question.path, given, ".json")}
    links |= {f"about {name}": cell.iri for name, cell in table.parameters.items() if isinstance(cell, Resource)}
    lasting = {**given, **{name: day for name, day in (("as_of", table.as_of), ("known_at", table.known_at)) if day}}
    links["bookmark"] = _address(request, question.path, lasting)
    return links


def _page(
    request: Request, question: Question, table: ResultTable, given: Mapping[str, str], links: Mapping[str, str],
    total: int, more: Mapping[str, Any],
) -> str:  # fmt: skip
    return page(
        request,
        "query.html",
        question=question,
        given=given,
        table=table,
        total=total,
        standing=standing(table),
        headings=[heading(column) for column in table.columns],
        numeric=[column.type in ("integer", "decimal", "money", "stake") for column in table.columns],
        rows=[[_pieces(cell) for cell in row] for row in table.rows],
        parameters={
            parameter.name: words(table.parameters.get(parameter.name), language()) for parameter in question.params
        },
        formats={key: _address(request, question.path, given, f".{key}") for key in more["formats"]},
        links=links,
        sparql=more.get("sparql"),
    )


def _pieces(cell: Cell) -> list[tuple[str, str]]:
    """The text of a cell in pieces, each with the IRI or the place on the page that it leads to, or none."""
    if isinstance(cell, Resource):
        return [(cell.label(language()), cell.iri)]
    if isinstance(cell, list):
        return [(resource.label(language()), resource.iri) for resource in cell]
    if isinstance(cell, Evidence):
        shown: list[tuple[str, str]] = [(f"[{number}]", f"#source-{number}") for number in cell.citations]
        for number, iri in enumerate(cell.statements[:5], 1):
            shown.append(("†" if number == 1 else f"†{number}", iri))
        return shown
    return [(words(cell, language()), "")]
