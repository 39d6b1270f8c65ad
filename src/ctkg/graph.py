"""`KnowledgeGraph`: the Python door to all that ctkg does."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from ctkg.answers import answer
from ctkg.backend import Answer, Backend, EmbeddedBackend
from ctkg.dates import PartialDate
from ctkg.errors import EndpointError, QueryError, SettingsError
from ctkg.messages import tr
from ctkg.queries import StoredQuery, find_query, find_view
from ctkg.results import Resource, ResultTable
from ctkg.settings import Settings, remote_address, settings
from ctkg.snapshot import open_snapshot
from ctkg.snapshot_folder import Snapshot

if TYPE_CHECKING:
    import rdflib

    from ctkg.build import Progress
    from ctkg.describe import Card
    from ctkg.results.edges import EdgeTable
    from ctkg.search import Hit, SearchIndex
    from ctkg.validate import Report

__all__ = ["ENGINES", "KnowledgeGraph"]

ENGINES = ("oxigraph", "rdflib")


class KnowledgeGraph:
    """The graph, opened read-only.

    >>> kg = KnowledgeGraph.open()                                    # doctest: +SKIP
    >>> table = kg.query("investors-of", investee="moonshot-ai")      # doctest: +SKIP
    >>> table.rows[0].investor.label("zh")                            # doctest: +SKIP
    '阿里巴巴'
    """

    def __init__(
        self, settings: Settings, snapshot: Snapshot | None, backend: Backend, endpoint: str | None = None
    ) -> None:
        self.settings = settings
        self.snapshot = snapshot  # of the embedded store only
        self.backend = backend
        self.endpoint = endpoint  # of a remote store only, as it may be shown

    @classmethod
    def open(
        cls,
        data: str | os.PathLike[str] | None = None,
        *,
        engine: str | None = None,
        endpoint: str | None = None,
        progress: Progress | None = None,
    ) -> KnowledgeGraph:
        """Open the package's data, or those of the folder ``data``, building the snapshot where needed.

        ``engine="rdflib"`` answers from a plain in-memory rdflib dataset instead
        of a snapshot; ``endpoint`` (or ``CTKG_ENDPOINT``) is the query address of
        a remote store, which then answers from its own data. Raises `DataError`
        for files that cannot be worked with, `SettingsError` for folders and
        settings that cannot be used.
        """
        if engine not in (None, *ENGINES):
            raise SettingsError(
                tr("no engine is called {name!r}", name=engine), tr("choose one of: {names}", names=", ".join(ENGINES))
            )
        address = remote_address(endpoint, data=data, engine=engine)
        chosen = settings(data)
        if address is not None:
            from ctkg.remote import RemoteBackend

            remote = RemoteBackend(address)
            return cls(chosen, None, remote, remote.address)
        if engine == "rdflib":
            from ctkg.backend import RdflibBackend
            from ctkg.rdflib_dataset import rdflib_dataset

            return cls(chosen, None, RdflibBackend(rdflib_dataset(chosen, progress)))
        snapshot = open_snapshot(chosen, progress)
        return cls(chosen, snapshot, EmbeddedBackend(snapshot.store))

    def in_memory(self) -> KnowledgeGraph:
        """The same graph, copied into memory: a second or so once, then answers several times as fast.

        Raises `SettingsError` where something else answers than a snapshot.
        """
        if self.snapshot is None or not isinstance(self.backend, EmbeddedBackend):
            raise SettingsError(
                tr("only a graph that was opened from files can be copied into memory"),
                "KnowledgeGraph.open().in_memory()",
            )
        return KnowledgeGraph(self.settings, self.snapshot, self.backend.in_memory())

    @cached_property
    def data_date(self) -> str:
        """The day for which the data speaks: the default of every ``as_of`` and ``known_at``.

        Raises `EndpointError` where a remote store does not tell.
        """
        if self.snapshot is not None:
            return self.snapshot.data_date
        rows = self.backend.select("SELECT ?day { dataset:curated ctkg:dataDate ?day } ORDER BY DESC(?day) LIMIT 1")
        if not rows:
            raise EndpointError(
                tr("{url} holds no ctkg data in its default graph", url=self.endpoint),
                tr("load it with ctkg load, and make the default graph the union of all graphs; see docs/scale.md"),
            )
        return PartialDate(rows[0][0].value).latest

    @cached_property
    def queries(self) -> dict[str, StoredQuery]:
        """The stored queries by name: those of the package, whatever answers them."""
        if self.snapshot is not None:
            return self.snapshot.queries
        from ctkg.catalog import open_catalog
        from ctkg.queries import load_queries

        return load_queries(open_catalog(self.settings).questions)

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

    @cached_property
    def views(self) -> dict[str, StoredQuery]:
        """The graph views by name: those of the package, whatever answers them."""
        if self.snapshot is not None:
            return self.snapshot.views()
        from ctkg.catalog import open_catalog
        from ctkg.queries import load_views

        return load_views(open_catalog(self.settings).views)

    def view(
        self,
        name: str,
        matched: Callable[[str, str, Resource], None] | None = None,
        /,
        *,
        possible: bool = False,
        merged: bool = False,
        actor_type: str | None = None,
        layer: str | None = None,
        min_weight: int = 1,
        ego: str | None = None,
        hops: int = 1,
        **arguments: str,
    ) -> EdgeTable:
        """The edges of a graph view, one for each statement; with ``merged``, one for each two nodes.

        ``as_of``, ``known_at``, ``since`` (the first day asked about) and what else
        the view takes are given as for `query`. Without ``possible`` only certain
        edges are kept. ``actor_type`` (or a class) and ``layer`` keep edges that
        touch such an actor; ``min_weight`` those between nodes that as many deals
        join; ``ego`` those among the nodes at most ``hops`` steps from an entity.
        Raises `NotFound` for an unknown view, entity, type or layer, `QueryError`
        for a parameter that the view does not have or cannot take.
        """
        from ctkg.views import Narrowing, view

        narrowing = Narrowing(possible, merged, actor_type, layer, min_weight, ego, hops)
        return view(self.backend, find_view(self.views, name), arguments, self.data_date, narrowing, matched)

    def analyse(
        self,
        name: str,
        matched: Callable[[str, str, Resource], None] | None = None,
        warn: Callable[[str], None] | None = None,
        /,
        **arguments: str,
    ) -> ResultTable:
        """The answer of an analysis, see ``docs/analyses.md``; arguments as for `query`.

        ``warn`` is told of work that takes long before it begins.

        Its ``notes`` say on what graph it ran, what it means and what it cannot
        know. Raises `NotFound` for an unknown analysis or entity, `QueryError`
        for a parameter that it does not have, lacks or cannot take.
        """
        from ctkg.analyses import analyse, find_analysis

        for parameter, value in arguments.items():
            if not isinstance(value, str):
                raise QueryError(tr("{name} is given as text", name=parameter), f'{parameter}="{value}"')
        analysis = find_analysis(name)
        return analyse(analysis, self.backend, arguments, self.data_date, self.view, self.query, matched, warn)

    @cached_property
    def search_index(self) -> SearchIndex:
        """The index of all names, for as long as this graph is open; the first one of a snapshot takes seconds.

        Raises `EndpointError` where a remote store does not answer.
        """
        from ctkg.search import SearchIndex

        if self.snapshot is not None:
            from ctkg.search_names import kept_names

            return SearchIndex(kept_names(self.snapshot.path, self.backend))
        if self.endpoint is not None:
            _ = self.data_date  # a store without our data would find nothing, whatever the name
        return SearchIndex.of(self.backend)

    def search(self, text: str, *, kind: str | None = None, class_: str | None = None, limit: int = 20) -> list[Hit]:
        """What bears such a name in English, Chinese or pinyin, best first; see `SearchIndex.search`.

        Raises `QueryError` for a text that cannot be searched for, an unknown
        kind and a limit under 1, `NotFound` for an unknown class.
        """
        return self.search_index.search(text, kind=kind, class_=class_, limit=limit)

    def sparql(self, text: str) -> Answer:
        """Ask any SPARQL query; the default graph is the union of all graphs.

        Raises `QueryError` for a syntax error, `QueryRefused` for an update or SERVICE.
        """
        return self.backend.query(text)

    def describe(self, entity: str) -> Card:
        """All that is stated of an entity; raises `NotFound` with the nearest names."""
        from ctkg.describe import describe

        if self.endpoint is not None:
            _ = self.data_date  # a store without our data would say of everything that it is not there
        return describe(self.backend, entity)

    def validate(self) -> Report:
        """Check the data folder, whatever answers; findings are values."""
        from ctkg.validate import validate

        return validate(self.settings)

    def to_rdflib(self) -> rdflib.Dataset:
        """A plain in-memory ``rdflib.Dataset``: data, ontology and derived graph, each a named graph.

        It is what the files hold, whatever answers. Literals are as the files
        write them; the default graph is the union.
        """
        from ctkg.rdflib_dataset import rdflib_dataset

        return rdflib_dataset(self.settings)
