"""The graphs as N-Triples, literals as the files write them; the store rewrites them (``0.10`` to ``0.1``).

A build writes one file a graph, its triples in the order of the data files, so
that those of a subject stand together and in the order in which they are read.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import RdfFormat, Triple, parse, serialize

from ctkg.namespaces import DERIVED_GRAPH, ID, ONTOLOGY_GRAPH, slug

__all__ = ["Dumps", "write_dumps"]

_DERIVED = slug(DERIVED_GRAPH)
_ONTOLOGY = slug(ONTOLOGY_GRAPH)
_SUBJECT = re.compile(rb"(<[^>\n]*>|_:\S+) .*\n(?:\1 .*\n)*")
"""The lines of one subject that stand together."""


def write_dumps(folder: Path, graphs: dict[str, list[Triple]]) -> None:
    """Write each graph to a file of its name in ``folder``, which is made."""
    folder.mkdir()
    for graph, triples in graphs.items():
        serialize(triples, folder / f"{slug(graph)}.nt", format=RdfFormat.N_TRIPLES)


class Dumps:
    """The dumps of a snapshot, kept open: they can be read also when the snapshot is gone from the cache.

    ``content`` is name → N-Triples; the ontology and the derived graph have
    names as the datasets do.
    """

    def __init__(self, folder: Path) -> None:
        self.content: dict[str, mmap.mmap | bytes] = {}
        for path in sorted(folder.iterdir()):
            with path.open("rb") as file:  # an empty file cannot be mapped
                empty = path.stat().st_size == 0
                self.content[path.stem] = b"" if empty else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._places: dict[bytes, list[tuple[str, int, int]]] = {}
        for name, content in self.content.items():
            if name != _DERIVED:
                for match in _SUBJECT.finditer(content):
                    self._places.setdefault(match[1], []).append((name, match.start(), match.end()))

    def graph(self, name: str) -> str:
        """The IRI of the graph whose dump has the name."""
        return ONTOLOGY_GRAPH if name == _ONTOLOGY else f"{ID}dataset/{name}"

    def graphs_of(self, subject: str) -> list[str]:
        """The graphs that say something of a subject; the derived graph does not count."""
        return list(dict.fromkeys(self.graph(name) for name, _, _ in self._places.get(f"<{subject}>".encode(), ())))

    def triples(self, subjects: Iterable[str]) -> list[Triple]:
        """All that the files say of the subjects, in the order in which these are given."""
        return [quad.triple for quad in parse(b"".join(self._lines(subjects)), format=RdfFormat.N_TRIPLES)]

    def all_triples(self, name: str) -> list[Triple]:
        """All that a dump holds."""
        return [quad.triple for quad in parse(self.content[name][:], format=RdfFormat.N_TRIPLES)]

    def _lines(self, subjects: Iterable[str]) -> Iterator[bytes]:
        for subject in subjects:
            for name, start, end in self._places.get(f"<{subject}>".encode(), ()):
                yield self.content[name][start:end]
