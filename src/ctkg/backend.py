"""One interface to the engines that answer SPARQL: the embedded store, and rdflib.

Both see the union of all named graphs as the default graph. Terms are
pyoxigraph's on either side of the interface.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QuerySolutions, Store, Triple

from ctkg.errors import CtkgError, QueryError, QueryRefused, nearest
from ctkg.messages import tr
from ctkg.namespaces import PREFIXES
from ctkg.results.cells import Term

if TYPE_CHECKING:
    import rdflib

__all__ = ["Answer", "Backend", "DamagedStoreError", "EmbeddedBackend", "RdflibBackend"]


class DamagedStoreError(CtkgError):
    """The files of a snapshot cannot be read: it has to be built anew."""


class Answer(NamedTuple):
    """What a query gave: ``rows`` for SELECT, ``holds`` for ASK, ``triples`` for CONSTRUCT and DESCRIBE."""

    variables: tuple[str, ...] = ()
    rows: Iterable[tuple[Term | None, ...]] | None = None
    holds: bool | None = None
    triples: Iterable[Triple] | None = None
    native: Any = None  # the engine's own answer, which knows how to serialise itself


class Backend(Protocol):
    """An engine over the whole graph."""

    def query(self, text: str) -> Answer:
        """Ask any SPARQL query; known prefixes need no declaration.

        Raises `QueryError` with line and column for a syntax error and
        `QueryRefused` for an update or a call to another endpoint.
        """
        ...


class EmbeddedBackend:
    """The pyoxigraph store of a snapshot."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def query(self, text: str) -> Answer:
        _refuse(text)
        try:
            found = self._store.query(text, prefixes=PREFIXES, use_default_graph_as_union=True)
        except SyntaxError as error:
            raise _syntax_error(text, str(error.msg)) from error
        except (OSError, RuntimeError) as error:
            raise DamagedStoreError(str(error)) from error
        if isinstance(found, QuerySolutions):
            names = tuple(variable.value for variable in found.variables)
            return Answer(names, _rows(found), native=found)
        if isinstance(found, QueryBoolean):
            return Answer(holds=bool(found), native=found)
        return Answer(triples=found, native=found)


def _rows(solutions: QuerySolutions) -> Iterator[tuple[Term | None, ...]]:
    try:
        for solution in solutions:
            yield tuple(solution)
    except (OSError, RuntimeError) as error:
        raise DamagedStoreError(str(error)) from error


class RdflibBackend:
    """A plain in-memory rdflib dataset, for those who live in rdflib; slower, with the same answers."""

    def __init__(self, dataset: rdflib.Dataset) -> None:
        self._dataset = dataset

    def query(self, text: str) -> Answer:
        _refuse(text)
        try:
            found: Any = self._dataset.query(text, initNs=PREFIXES)
        except Exception as error:  # rdflib raises pyparsing's and its own errors alike
            raise _syntax_error(text, str(error)) from error
        if found.type == "SELECT":
            names = tuple(str(name) for name in found.vars or ())
            rows = (tuple(_from_rdflib(row[name]) for name in names) for row in found)
            return Answer(names, rows, native=found)
        if found.type == "ASK":
            return Answer(holds=bool(found.askAnswer), native=found)
        triples = (Triple(*(_from_rdflib(term) for term in triple)) for triple in found.graph or ())
        return Answer(triples=triples, native=found)


def _from_rdflib(term: Any) -> Any:
    import rdflib

    if term is None:
        return None
    if isinstance(term, rdflib.Literal):
        if term.language:
            return Literal(str(term), language=term.language)
        return Literal(str(term), datatype=NamedNode(str(term.datatype))) if term.datatype else Literal(str(term))
    return BlankNode(str(term)) if isinstance(term, rdflib.BNode) else NamedNode(str(term))


_NOISE = re.compile(
    r"\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|<[^<>\s]*>|#[^\n]*",
    re.DOTALL,
)
_UPDATE = re.compile(
    r"\A\s*(?:(?:PREFIX\s+\S*|BASE)\s+)*(INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)\b",
    re.IGNORECASE,
)
_SERVICE = re.compile(r"(?<![\w:?$@.-])SERVICE(?![\w:.-])", re.IGNORECASE)


def _refuse(text: str) -> None:
    """Refuse what would change the graph or call out, before any engine sees it."""
    body = _NOISE.sub(" ", text)
    update = _UPDATE.match(body)
    if update:
        raise QueryRefused(
            tr("{keyword} is an update; the graph is read-only", keyword=update[1].upper()),
            tr("facts are changed in the Turtle files under data/; see CONTRIBUTING.md"),
        )
    if _SERVICE.search(body):
        raise QueryRefused(
            tr("SERVICE is refused: a query does not call other endpoints"),
            tr("ask the other endpoint on its own and join the results"),
        )


def _unknown_prefix(text: str) -> str | None:
    """The first prefix that the query uses and neither it nor ctkg declares."""
    body = _NOISE.sub(" ", text)
    declared = {name.lower() for name in re.findall(r"\bPREFIX\s+([\w.-]*):", body, re.IGNORECASE)}
    for name in re.findall(r"(?<![\w?$:@.-])([A-Za-z][\w.-]*):", body):
        if name not in PREFIXES and name.lower() not in declared:
            return str(name)
    return None


def _syntax_error(text: str, message: str) -> QueryError:
    match = re.match(r"error at (\d+):(\d+): (.*)", message, re.DOTALL)
    if not match:
        return QueryError(tr("the query cannot be read: {reason}", reason=message.splitlines()[0] if message else "?"))
    line, column = int(match[1]), int(match[2])
    unknown = _unknown_prefix(text)
    if unknown:
        near = nearest(unknown, list(PREFIXES)) or list(PREFIXES)[:8]
        return QueryError(
            tr(
                "unknown prefix {prefix}: in the query, line {line}, column {column}",
                prefix=unknown,
                line=line,
                column=column,
            ),
            tr(
                "declare it with PREFIX, or use a known one: {names}",
                names=", ".join(f"{name}:" for name in near),
            ),
        )
    lines = text.splitlines() or [""]
    shown = lines[line - 1].rstrip() if line <= len(lines) else ""
    reason = " ".join(match[3].split())
    pointer = f"\n  {shown}\n  {' ' * (column - 1)}^" if shown and len(shown) < 200 else ""
    return QueryError(
        tr(
            "syntax error in the query, line {line}, column {column}: {reason}",
            line=line,
            column=column,
            reason=reason,
        )
        + pointer
    )
