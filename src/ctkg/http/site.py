"""What every handler answers from: the graph, loaded into memory before the workers are forked."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

from ctkg import __version__
from ctkg.backend import EmbeddedBackend
from ctkg.dumps import Dumps
from ctkg.graph import KnowledgeGraph
from ctkg.http.candidates import Candidates
from ctkg.http.known_properties import KnownProperties

__all__ = ["Site"]


class Site:
    """The graph of a server, which does not change while it runs."""

    def __init__(self, kg: KnowledgeGraph) -> None:
        assert kg.snapshot is not None
        self.kg = kg.in_memory()
        assert isinstance(self.kg.backend, EmbeddedBackend)
        self.store = self.kg.backend.store
        self.search_index = self.kg.search_index
        self.search_index.search("neverseen")  # what is made for the first typing error is made before the fork, too
        self.properties = KnownProperties(self.kg.backend)
        self.candidates = Candidates(self.kg.backend, self.search_index, self.properties)
        self.dumps = Dumps(Path(kg.snapshot.path) / "dumps")
        self.graph_key = blake2b(f"{__version__} {kg.snapshot.path}".encode(), digest_size=8).hexdigest()
