"""What every handler answers from: the graph, loaded into memory before the workers are forked."""

from __future__ import annotations

import io
from hashlib import blake2b
from pathlib import Path

import pyoxigraph

from ctkg import __version__
from ctkg.backend import DamagedStoreError, EmbeddedBackend
from ctkg.dumps import Dumps
from ctkg.graph import KnowledgeGraph
from ctkg.http.candidates import Candidates
from ctkg.http.known_properties import KnownProperties

__all__ = ["Site"]


class Site:
    """The graph of a server, which does not change while it runs."""

    def __init__(self, kg: KnowledgeGraph) -> None:
        assert kg.snapshot is not None
        self.store = _in_memory(kg.snapshot.store)
        self.kg = KnowledgeGraph(kg.settings, kg.snapshot, EmbeddedBackend(self.store))
        self.search_index = self.kg.search_index
        self.search_index.search("neverseen")  # what is made for the first typing error is made before the fork, too
        self.properties = KnownProperties(self.kg.backend)
        self.candidates = Candidates(self.kg.backend, self.search_index, self.properties)
        self.dumps = Dumps(Path(kg.snapshot.path) / "dumps")
        self.graph_key = blake2b(f"{__version__} {kg.snapshot.path}".encode(), digest_size=8).hexdigest()


def _in_memory(store: pyoxigraph.Store) -> pyoxigraph.Store:
    """A copy that answers several times as fast, and that a fork shares; raises `DamagedStoreError`."""
    quads, found = io.BytesIO(), pyoxigraph.Store()
    try:
        store.dump(quads, pyoxigraph.RdfFormat.N_QUADS)
    except (OSError, RuntimeError) as error:
        raise DamagedStoreError(str(error)) from error
    quads.seek(0)
    found.bulk_load(quads, pyoxigraph.RdfFormat.N_QUADS)
    return found
