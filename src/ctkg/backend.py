"""One interface to the engines that answer SPARQL: the embedded store, and rdflib; see ``ctkg.remote`` for a third.

All see the union of all named graphs as the default graph. Terms are
pyoxigraph's on either side of the interface.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse_query_results,
)

from ctkg.errors import CtkgError
from ctkg.namespaces import PREFIXES
from ctkg.results.cells import Term

if TYPE_CHECKING:
    import rdflib

__all__ = ["Answer", "Backend", "DamagedStoreError", "EmbeddedBackend", "RdflibBackend", "Serialised"]


class DamagedStoreError(CtkgError):
    """The files of a snapshot cannot be read: it has to be built anew."""


class Answer(NamedTuple):
    """What a query gave: ``rows`` for SELECT, ``holds`` for ASK, ``triples`` for CONSTRUCT and DESCRIBE."""

    variables: tuple[str, ...] = ()
    rows: Iterable[tuple[Term | None, ...]] | None = None
    holds: bool | None = None
    triples: Iterable[Triple] | None = None
    native: Any = None  # a form of the solutions that knows how to serialise itself


class Serialised(NamedTuple):
    """Solutions as bytes, which may pass from thread to thread as pyoxigraph's own may not.

    rdflib's parser remembers errors with all frames above them, and so what
    these held, until somebody's next query makes it forget.
    """

    content: bytes
    format: QueryResultsFormat

    def serialize(self, output: Any, format_: QueryResultsFormat) -> None:
        parse_query_results(self.content, self.format).serialize(output, format_)


class Backend(Protocol):
    """An engine over the whole graph."""

    def query(self, text: str) -> Answer:
        """Ask any SPARQL query; known prefixes need no declaration.

        Raises `QueryError` with line and column for a syntax error and
        `QueryRefused` for an update or a call to another endpoint.
        """
        ...

    def select(self, text: str) -> list[tuple[Any, ...]]:
        """The rows of a SELECT query of ctkg's own, which is trusted not to be an update or a call."""
        ...


class EmbeddedBackend:
    """A pyoxigraph store: that of a snapshot, or a copy of it in memory."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def in_memory(self) -> EmbeddedBackend:
        """A copy in memory; raises `DamagedStoreError`."""
        quads, found = io.BytesIO(), Store()
        try:
            self.store.dump(quads, RdfFormat.N_QUADS)
        except (OSError, RuntimeError) as error:
            raise DamagedStoreError(str(error)) from error
        quads.seek(0)
        found.bulk_load(quads, RdfFormat.N_QUADS)
        return EmbeddedBackend(found)

    def query(self, text: str) -> Answer:
        from ctkg.sparql import refuse_unsafe

        refuse_unsafe(text)
        found = self._ask(text)
        if isinstance(found, QuerySolutions):
            names = tuple(variable.value for variable in found.variables)
            return Answer(names, _rows(found), native=found)
        if isinstance(found, QueryBoolean):
            return Answer(holds=bool(found), native=found)
        return Answer(triples=found)

    def select(self, text: str) -> list[tuple[Any, ...]]:
        return list(_rows(self._ask(text)))

    def _ask(self, text: str) -> Any:
        try:
            return self.store.query(text, prefixes=PREFIXES, use_default_graph_as_union=True)
        except SyntaxError as error:
            from ctkg.sparql import syntax_error

            raise syntax_error(text, str(error.msg)) from error
        except (OSError, RuntimeError) as error:
            raise DamagedStoreError(str(error)) from error


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
        from ctkg.sparql import check_syntax, refuse_unsafe, syntax_error

        refuse_unsafe(text)
        try:
            found: Any = self._dataset.query(text, initNs=PREFIXES)
            if found.type in ("CONSTRUCT", "DESCRIBE"):
                return Answer(triples=[Triple(*(_from_rdflib(term) for term in t)) for t in found.graph or ()])
            native = Serialised(found.serialize(format="json"), QueryResultsFormat.JSON)
        except Exception as error:  # rdflib raises pyparsing's and its own errors alike
            check_syntax(text)
            raise syntax_error(text, str(error)) from error
        if found.type == "ASK":
            return Answer(holds=bool(found.askAnswer), native=native)
        names = tuple(str(name) for name in found.vars or ())
        return Answer(names, [tuple(_from_rdflib(row[name]) for name in names) for row in found], native=native)

    def select(self, text: str) -> list[tuple[Any, ...]]:
        return list(self.query(text).rows or ())


def _from_rdflib(term: Any) -> Any:
    import rdflib

    if term is None:
        return None
    if isinstance(term, rdflib.Literal):
        if term.language:
            return Literal(str(term), language=term.language)
        return Literal(str(term), datatype=NamedNode(str(term.datatype))) if term.datatype else Literal(str(term))
    return BlankNode(str(term)) if isinstance(term, rdflib.BNode) else NamedNode(str(term))
