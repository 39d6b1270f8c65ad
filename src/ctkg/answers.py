"""Run a stored query: read the arguments, bind them, type the cells, cite the sources."""

from __future__ import annotations

import re
from collections import namedtuple
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode

from ctkg.amounts import plain_number
from ctkg.backend import Backend
from ctkg.citations import cite
from ctkg.dates import PartialDate, check_day
from ctkg.errors import QueryError
from ctkg.messages import language, tr
from ctkg.names import Match, find_entity, labels_of
from ctkg.queries import DATED, Parameter, StoredQuery, bind
from ctkg.results import Cell, Evidence, Resource, ResultTable
from ctkg.results.cells import Term, read
from ctkg.visible import visible

__all__ = ["answer", "bound_text", "read_argument", "taken_for"]

_EXAMPLES = {"integer": "2", "decimal": "12.5", "double": "1e25", "boolean": "true / false"}
_XSD = "http://www.w3.org/2001/XMLSchema#"


class _Argument(NamedTuple):
    text: str
    term: NamedNode | Literal
    match: Match | None


def answer(
    backend: Backend,
    query: StoredQuery,
    arguments: Mapping[str, str],
    data_date: str,
    matched: Callable[[str, str, Resource], None] | None = None,
) -> ResultTable:
    """The query's rows for the given arguments; those not given keep their defaults.

    ``matched(parameter, given, entity)`` is told what each name was taken for.
    Raises `QueryError` for an unknown or ill-typed parameter and `NotFound` for
    an entity that is not there.
    """
    taken = _taken(backend, query, arguments, data_date)
    solutions = backend.select(_bound(query, taken))
    parameters = _parameters(backend, query, taken)
    if matched is not None:
        for name, argument in taken.items():
            value = parameters[name]
            if argument.match is not None and isinstance(value, Resource):
                matched(name, argument.text, value)
    rows, citations = _typed(backend, query, solutions)
    days = {name: str(parameters.pop(name)) if name in parameters else None for name in DATED}
    return ResultTable(
        query.name, query.summary, parameters, days["as_of"], days["known_at"], query.columns, rows, citations
    )


def bound_text(backend: Backend, query: StoredQuery, arguments: Mapping[str, str], data_date: str) -> str:
    """What any SPARQL tool has to ask for the same rows; raises as `answer` does."""
    return _bound(query, _taken(backend, query, arguments, data_date))


def taken_for(parameter: str, given: str, entity: Resource) -> str:
    """What a name was taken for, in words; how it was written only where that does not say it."""
    label = visible(entity.label(language()))
    if given in (entity.iri, entity.slug):
        return f"{parameter}: {label}"
    return tr(
        "{parameter}: {given!r} is {label} ({slug})", parameter=parameter, given=given, label=label, slug=entity.slug
    )


def _taken(backend: Backend, query: StoredQuery, arguments: Mapping[str, str], data_date: str) -> dict[str, _Argument]:
    # the query would look up the data's date by itself, but Virtuoso hangs where one variable is both days
    standard = {"language": language(), **dict.fromkeys(DATED, data_date)}
    arguments = {p.name: standard[p.name] for p in query.params if p.name in standard} | dict(arguments)
    return {
        query.parameter(name).name: read_argument(backend, query.parameter(name), text)
        for name, text in arguments.items()
    }


def _bound(query: StoredQuery, taken: dict[str, _Argument]) -> str:
    return bind(query, {name: argument.term for name, argument in taken.items()})


def read_argument(backend: Backend, parameter: Parameter, text: str) -> _Argument:
    """What a user's text means for a parameter; raises as `answer` does."""
    name = parameter.name.replace("_", "-")
    try:
        text.encode()
    except UnicodeEncodeError as error:  # bytes of the command line that are no UTF-8
        raise QueryError(tr("{name} is no text: {value!r}", name=name, value=text)) from error
    if parameter.values and text not in parameter.values:
        raise QueryError(
            tr("{name} cannot be {value!r}", name=name, value=text),
            tr("choose one of: {names}", names=", ".join(parameter.values)),
        )
    if parameter.type == "iri":
        match = find_entity(backend, text, parameter.class_)
        return _Argument(text, NamedNode(match.iri), match)
    if parameter.type == "date":
        return _Argument(text, Literal(check_day(text, name), datatype=NamedNode(f"{_XSD}date")), None)
    if parameter.type == "string":
        return _Argument(text, Literal(text), None)
    try:
        if parameter.type == "integer" and re.fullmatch(r"[+-]?[0-9]{1,18}", text):
            return _Argument(text, Literal(int(text)), None)
        if parameter.type == "decimal":
            return _Argument(text, Literal(f"{plain_number(text):f}", datatype=NamedNode(f"{_XSD}decimal")), None)
        if parameter.type == "double" and re.fullmatch(r"[0-9]{1,18}(\.[0-9]{1,18})?([eE][0-9]{1,2})?", text):
            return _Argument(text, Literal(float(text)), None)
        if parameter.type == "boolean" and text in ("true", "false"):
            return _Argument(text, Literal(text == "true"), None)
    except ValueError:
        pass
    raise QueryError(
        tr("{name} is not of type {type}: {value!r}", name=name, type=parameter.type, value=text),
        tr("write {choices}", choices=_EXAMPLES[parameter.type]),
    )


def _parameters(backend: Backend, query: StoredQuery, taken: dict[str, _Argument]) -> dict[str, Cell]:
    """Every parameter of the query with the value that it had in this run."""
    values: dict[str, Cell] = {}
    for parameter in query.params:
        if parameter.name in taken:
            term: NamedNode | Literal | None = taken[parameter.name].term
        else:
            term = _default(backend, parameter)
        if isinstance(term, NamedNode):
            values[parameter.name] = Resource(term.value, labels_of(backend, {term.value}).get(term.value, {}))
        elif term is None:
            values[parameter.name] = None
        else:
            values[parameter.name] = PartialDate(term.value) if parameter.name in DATED else term.value
    return values


def _default(backend: Backend, parameter: Parameter) -> NamedNode | Literal | None:
    """The term that the file writes between the braces; ``None`` for UNDEF."""
    if parameter.default == "UNDEF":
        return None
    rows = backend.select(f"SELECT ?x {{ VALUES ?x {{ {parameter.default} }} }}")
    return rows[0][0] if rows else None


def _typed(
    backend: Backend, query: StoredQuery, solutions: list[tuple[Term | None, ...]]
) -> tuple[list[tuple[Cell, ...]], Any]:
    iris = {
        iri
        for row in solutions
        for term, column in zip(row, query.columns, strict=True)
        if column.type in ("iri", "iris") and isinstance(term, NamedNode | Literal)
        for iri in term.value.split()
    }
    labels = labels_of(backend, iris)
    cells = [
        [read(term, column.type, labels) for term, column in zip(row, query.columns, strict=True)] for row in solutions
    ]
    statements = [
        statement for row in cells for cell in row if isinstance(cell, Evidence) for statement in cell.statements
    ]
    citations, numbers = cite(backend, statements)
    row_type = namedtuple("Row", [column.name for column in query.columns])  # type: ignore[misc]
    rows: list[tuple[Cell, ...]] = [
        row_type(*(_numbered(cell, numbers) if isinstance(cell, Evidence) else cell for cell in row)) for row in cells
    ]
    return rows, citations


def _numbered(evidence: Evidence, numbers: dict[str, tuple[int, ...]]) -> Evidence:
    found = {number for statement in evidence.statements for number in numbers.get(statement, ())}
    return Evidence(evidence.statements, tuple(sorted(found)))
