"""What an analysis is, what it works on, and how its outcome becomes an answer with sources."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from pyoxigraph import NamedNode

from ctkg.answers import read_argument
from ctkg.backend import Backend
from ctkg.citations import cite
from ctkg.dates import PartialDate
from ctkg.errors import QueryError, nearest
from ctkg.messages import language, tr
from ctkg.names import labels_of
from ctkg.namespaces import CTKG
from ctkg.queries import Parameter
from ctkg.results import Cell, Column, Evidence, Note, Resource, ResultTable
from ctkg.results.edges import EdgeTable

__all__ = [
    "CERTAIN",
    "POSSIBLE",
    "Analysis",
    "Inputs",
    "Outcome",
    "analyse",
    "certainty",
    "evidence",
    "option",
    "sort",
    "term",
]

CERTAIN = Resource(f"{CTKG}Certain", {})
POSSIBLE = Resource(f"{CTKG}Possible", {})


class Outcome(NamedTuple):
    """Rows whose resources need no labels and whose evidence no numbers yet, and what has to be said of them."""

    rows: list[tuple[Cell, ...]]
    graphs: list[str]
    remarks: Sequence[str] = ()


class Inputs:
    """What an analysis works on: the arguments by name, and the graph on the day asked about."""

    def __init__(
        self,
        backend: Backend,
        arguments: dict[str, Any],
        as_of: str,
        known_at: str,
        view: Callable[..., EdgeTable],
        query: Callable[..., ResultTable],
        warn: Callable[[str], None] | None = None,
    ) -> None:
        self.backend = backend
        self.arguments = arguments
        self.as_of = as_of
        self.known_at = known_at
        self.warn = warn or _silent
        self._view = view
        self._query = query
        self._names: dict[str, str] = {}

    def __getitem__(self, name: str) -> Any:
        """The argument of that name; ``None`` where it was not given and has no default."""
        return self.arguments[name]

    def on(self, day: str) -> Inputs:
        """The same, asked about another day."""
        return Inputs(self.backend, self.arguments, day, self.known_at, self._view, self._query, self.warn)

    def view(self, name: str, **narrowing: Any) -> EdgeTable:
        """A graph view on the day asked about."""
        return self._view(name, as_of=self.as_of, known_at=self.known_at, **narrowing)

    def query(self, name: str, **arguments: str) -> ResultTable:
        """A stored query on the day asked about."""
        return self._query(name, as_of=self.as_of, known_at=self.known_at, **arguments)

    def learn(self, iris: Iterable[str]) -> None:
        """Look up many names at once, for `name`."""
        unknown = set(iris) - self._names.keys()
        found = labels_of(self.backend, unknown)
        self._names |= {iri: Resource(iri, found.get(iri, {})).label(language()) for iri in unknown}

    def name(self, iri: str) -> str:
        """What the thing is called in the language spoken now."""
        self.learn([iri])
        return self._names[iri]

    def ran_on(self, table: EdgeTable, possible: bool) -> str:
        """One line that says on what graph an analysis ran."""
        kept = tr("certain and possible edges") if possible else tr("certain edges")
        return tr(
            "view {view} ({kept}), as of {day}, as known on {known}: {nodes} nodes, {edges} edges",
            view=table.view,
            kept=kept,
            day=self.as_of,
            known=self.known_at,
            nodes=len(table.nodes),
            edges=len(table.edges),
        )

    def emptiness(self, table: EdgeTable, possible: bool) -> list[str]:
        """Why a view holds no edges, if it holds none."""
        if table.edges:
            return []
        others = (
            0
            if possible
            else len(self._view(table.view, as_of=self.as_of, known_at=self.known_at, possible=True).edges)
        )
        if others:
            return [
                tr("no edge is certain on {day}; {count} are possible: --possible true", day=self.as_of, count=others)
            ]
        return [tr("no edge is reported for {day}; ask about a later day", day=self.as_of)]


class Analysis(NamedTuple):
    """One analysis: what is said of it, what it takes, and ``run``. ``required`` names what must be given."""

    name: str
    summary: dict[str, str]
    meaning: dict[str, str]
    limits: dict[str, str]
    params: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    run: Callable[[Inputs], Outcome]
    required: tuple[str, ...] = ()

    def parameter(self, name: str) -> Parameter:
        """The parameter of that name (hyphens read as underscores); raises `QueryError` with the nearest names."""
        wanted = name.replace("-", "_")
        for parameter in self.every_parameter:
            if parameter.name == wanted:
                return parameter
        names = [parameter.name for parameter in self.every_parameter]
        near = nearest(wanted, names) or names
        raise QueryError(
            tr("analysis {analysis} has no parameter {name}", analysis=self.name, name=name),
            tr("it has: {names}", names=", ".join(f"--{name.replace('_', '-')}" for name in near)),
        )

    @property
    def every_parameter(self) -> tuple[Parameter, ...]:
        """Its own parameters and the two days that every analysis takes."""
        return (*self.params, *_DAYS)


def _silent(_: str) -> None:
    """What becomes of a warning that nobody asked to hear."""


def option(
    name: str, type_: str, en: str, zh: str, default: object = "UNDEF", class_: str | None = None, values: str = ""
) -> Parameter:
    """A parameter of an analysis; ``values`` are parted by spaces."""
    return Parameter(name, type_, class_, {"en": en, "zh": zh}, str(default), tuple(values.split()))


_DAYS = (
    option("as_of", "date", "the day asked about", "所问的日期"),
    option("known_at", "date", "use only what was public by this day", "只用此日之前已公开的信息"),
)


def certainty(certain: bool) -> Resource:
    """``ctkg:Certain`` or ``ctkg:Possible``."""
    return CERTAIN if certain else POSSIBLE


def evidence(statements: Iterable[str]) -> Evidence:
    """The statements, each once, not yet numbered."""
    return Evidence(tuple(sorted(set(statements))))


def sort(rows: list[tuple[Cell, ...]], key: Callable[[Any], Any]) -> list[tuple[Cell, ...]]:
    """The rows in a total order: by ``key``, then by IRI."""
    return sorted(rows, key=lambda row: (key(row), [cell.iri for cell in row if isinstance(cell, Resource)]))


def analyse(
    analysis: Analysis,
    backend: Backend,
    arguments: Mapping[str, str],
    data_date: str,
    view: Callable[..., EdgeTable],
    query: Callable[..., ResultTable],
    matched: Callable[[str, str, Resource], None] | None = None,
    warn: Callable[[str], None] | None = None,
) -> ResultTable:
    """The answer of an analysis; ``view`` and ``query`` run what is stored, ``warn`` hears of slow work before it begins.

    Raises `QueryError` for a parameter that it does not have, cannot take or
    lacks, `NotFound` for an entity that is not there.
    """
    given = {analysis.parameter(name).name: text for name, text in arguments.items()}
    for name in analysis.required:
        if name not in given:
            parameter = analysis.parameter(name)
            raise QueryError(
                tr("{analysis} needs --{name}: {what}", analysis=analysis.name, name=name.replace("_", "-"),
                   what=parameter.description[language()])
            )  # fmt: skip
    values: dict[str, Any] = {}
    for parameter in analysis.every_parameter:
        text = given.get(parameter.name, parameter.default)
        if text == "UNDEF" and parameter.name not in given:
            values[parameter.name] = None
            continue
        argument = read_argument(backend, parameter, text)
        values[parameter.name] = value = _value(backend, argument.term, parameter.type)
        if matched is not None and parameter.name in given and isinstance(value, Resource):
            matched(parameter.name, text, value)
    as_of, known_at = values.pop("as_of") or data_date, values.pop("known_at") or data_date
    outcome = analysis.run(Inputs(backend, values, as_of, known_at, view, query, warn))
    return _answer(analysis, backend, values, as_of, known_at, outcome)


def _value(backend: Backend, term: Any, type_: str) -> Cell:
    if isinstance(term, NamedNode):
        return Resource(term.value, labels_of(backend, {term.value}).get(term.value, {}))
    if type_ == "boolean":
        return bool(term.value == "true")
    return {"integer": int, "decimal": Decimal, "date": PartialDate}.get(type_, str)(term.value)  # type: ignore[no-any-return]


def _answer(
    analysis: Analysis, backend: Backend, values: dict[str, Cell], as_of: str, known_at: str, outcome: Outcome
) -> ResultTable:
    """The outcome with labels on its resources and numbers on its evidence."""
    cells = [cell for row in outcome.rows for cell in row]
    bare = {r.iri for cell in cells for r in (cell if isinstance(cell, list) else [cell]) if isinstance(r, Resource)}
    labels = labels_of(backend, bare)
    citations, numbers = cite(backend, [s for cell in cells if isinstance(cell, Evidence) for s in cell.statements])

    def whole(cell: Cell) -> Cell:
        if isinstance(cell, Resource):
            return Resource(cell.iri, labels.get(cell.iri, {}))
        if isinstance(cell, list):
            return [Resource(resource.iri, labels.get(resource.iri, {})) for resource in cell]
        if isinstance(cell, Evidence):
            found = {number for statement in cell.statements for number in numbers.get(statement, ())}
            return Evidence(cell.statements, tuple(sorted(found)))
        return cell

    row_type: Any = namedtuple("Row", [column.name for column in analysis.columns])  # type: ignore[misc]
    notes = [Note("remark", remark) for remark in outcome.remarks]
    notes += [Note("graph", graph) for graph in outcome.graphs]
    notes += [Note("meaning", analysis.meaning[language()]), Note("limits", analysis.limits[language()])]
    return ResultTable(
        analysis.name, analysis.summary, values, as_of, known_at, analysis.columns,
        [row_type(*map(whole, row)) for row in outcome.rows], citations, tuple(notes),
    )  # fmt: skip


def term(name: str) -> Resource:
    """A class or concept of the ontology."""
    return Resource(f"{CTKG}{name}", {})
