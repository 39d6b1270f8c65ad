"""`KnowledgeGraph`: the Python door to all that ctkg does."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from ctkg.answers import answer
from ctkg.backend import Answer, Backend, EmbeddedBackend
from ctkg.errors import QueryError
from ctkg.messages import tr
from ctkg.queries import StoredQuery, find_query
from ctkg.results import Resource, ResultTable
from ctkg.settings import Settings, settings
from ctkg.snapshot import open_snapshot
from ctkg.snapshot_folder import Snapshot

if TYPE_CHECKING:
    import rdflib

    from ctkg.build import Progress
    from ctkg.describe import Card
    from ctkg.validate import Report

__all__ = ["KnowledgeGraph"]


class KnowledgeGraph:
    """The graph, opened read-only.

    >>> kg = KnowledgeGraph.open()                                    # doctest: +SKIP
    >>> table = kg.query("investors-of", investee="moonshot-ai")      # doctest: +SKIP
    >>> table.rows[0].investor.label("zh")                            # doctest: +SKIP
    '阿里巴巴'
    """

    def __init__(self, settings: Settings, snapshot: Snapshot, backend: Backend) -> None:
        self.settings = settings
        self.snapshot = snapshot
        self.backend = backend

    @classmethod
    def open(cls, data: str | os.PathLike[str] | None = None, *, progress: Progress | None = None) -> KnowledgeGraph:
        """Open the package's data, or those of the folder ``data``, building the snapshot where needed.

        Raises `DataError` for files that cannot be worked with, `SettingsError`
        for folders that cannot be read or written.
        """
        chosen = settings(data)
        snapshot = open_snapshot(chosen, progress)
        return cls(chosen, snapshot, EmbeddedBackend(snapshot.store))

    @property
    def data_date(self) -> str:
        """The day for which the data speaks: the default of every ``as_of`` and ``known_at``."""
        return self.snapshot.data_date

    @property
    def queries(self) -> dict[str, StoredQuery]:
        """The stored queries by name."""
        return self.snapshot.queries

    def query(
        self, name: str, matched: Callable[[str, str, Resource], None] | None = None, /, **arguments: str
    ) -> ResultTable:
        """Run a stored query; entities may be given by slug, label, CURIE or IRI, days as ISO text.

        Raises `NotFound` for an unknown query or entity, `QueryError` for a
        parameter that the query does not have or cannot take.
        """
        for parameter, value in arguments.items():
            if not isinstance(value, str):
                raise QueryError(tr("{name} is given as text", name=parameter), f'{parameter}="{value}"')
        return answer(self.backend, find_query(self.queries, name), arguments, self.data_date, matched)

    def sparql(self, text: str) -> Answer:
        """Ask any SPARQL query; the default graph is the union of all graphs.

        Raises `QueryError` for a syntax error, `QueryRefused` for an update or SERVICE.
        """
        return self.backend.query(text)

    def describe(self, entity: str) -> Card:
        """All that is stated of an entity; raises `NotFound` with the nearest names."""
        from ctkg.describe import describe

        return describe(self.backend, entity)

    def validate(self) -> Report:
        """Check the data folder; findings are values."""
        from ctkg.validate import validate

        return validate(self.settings)

    def to_rdflib(self) -> rdflib.Dataset:
        """A plain in-memory ``rdflib.Dataset``: data, ontology and derived graph, each a named graph.

        Literals are as the files write them; the default graph is the union.
        """
        from ctkg.rdflib_dataset import rdflib_dataset

        return rdflib_dataset(self.settings)
