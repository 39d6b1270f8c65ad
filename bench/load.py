"""Loading: our build against peers that load the same files or the same triples, each in a process of its own.

``python -m bench.load ENGINE DATA DUMP`` runs one of them and prints seconds, triples and peak memory as JSON.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.measure import Measured, child, peak_megabytes, ratio
from bench.section import Bar, Goal, Section

__all__ = ["measure_load"]

_STORED = "ctkg, store part"
_BUILD = "ctkg, whole build"
_TEXT = """\
**Same triples stored** compares what both do to put the same triples on disk: pyoxigraph reads them from an N-Quads file,
ctkg has them as objects in memory. **Whole build** is all that happens between your Turtle files and the first answer:
parse, refuse what stands in the wrong file or twice, read dates and sums, derive bounds, classes and links (two triples
more for every three written), store, compact. The same Turtle files in pyoxigraph are the asserted triples only, and the
work that ctkg does beside is not done. rdflib and oxrdflib parse the files one by one into memory. Each run is a process
of its own; the memory is the most it held. Counts of triples are checked.
"""


def measure_load(data: Path, size: int, dump: Path, stored: int, rounds: int, limit: float) -> Section:
    """Load the data folder by every engine in turn; ``dump`` holds the ``stored`` triples of its snapshot."""
    asserted = 0
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in _ENGINES}
    for _ in range(rounds):
        for name, done in runs.items():
            # neither what ran out of time once nor what has taken a good while already is run again
            if not done or (done[-1] and sum(run["seconds"] for run in done) < limit / 8):
                done.append(child("bench.load", name, str(data), str(dump), limit=limit))
    for name, done in runs.items():
        counts = {int(run["triples"]) for run in done if run}
        if name in (_BUILD, _STORED, "pyoxigraph, same triples"):
            assert counts <= {stored}, (name, counts, stored)
        else:
            asserted = asserted or max(counts, default=0)
            assert counts <= {asserted}, (name, counts, asserted)
    took = {
        name: Measured(
            tuple(run["seconds"] for run in done if run),
            None if done[-1] else limit,
            max((run["peak"] for run in done if run), default=None),
        )
        for name, done in runs.items()
    }
    rows = [
        (name, f"{asserted if runs[name][0].get('triples') == asserted else stored:,}", str(m), ratio(m, took[_BUILD]),
         f"{m.peak:,.0f} MB" if m.peak else "—")
        for name, m in took.items()
    ]  # fmt: skip
    part, whole = (
        took[ours].median / took[theirs].median
        for ours, theirs in ((_STORED, "pyoxigraph, same triples"), (_BUILD, "pyoxigraph, the Turtle files"))
    )
    goals = [
        Goal("load: the same triples stored in at most 1.3 × pyoxigraph", f"{part:.2f} ×", part <= 1.3),
        Goal(
            "load: the whole build in at most 1.3 × pyoxigraph's load of the Turtle files",
            f"{whole:.2f} ×",
            whole <= 1.3,
        ),
    ]
    bars = [
        Bar("load", name, (m.median if m.seconds else limit) / took[_BUILD].median, not m.seconds)
        for name, m in took.items()
        if name not in (_BUILD, _STORED)
    ]
    return Section(
        "Load and build", size, _TEXT, ("", "triples", "time", "× whole build", "peak memory"), rows, bars, goals
    )


def _whole_build(data: Path, _: Path, folder: Path) -> Callable[[], int]:
    from ctkg.settings import settings
    from ctkg.snapshot_writer import content_key, write_snapshot

    chosen = settings(data)

    def build() -> int:
        path = folder / content_key(chosen, "bench")
        write_snapshot(chosen, str(path), None)
        return _count(path / "store")

    return build


def _store_part(data: Path, _: Path, folder: Path) -> Callable[[], int]:
    import pyoxigraph

    from ctkg.build import assemble
    from ctkg.catalog import open_catalog
    from ctkg.settings import settings

    assembly = assemble(open_catalog(settings(data)))

    def store() -> int:
        filled = pyoxigraph.Store(str(folder / "store"))
        filled.bulk_extend(assembly.quads())
        filled.optimize()
        filled.flush()
        return len(filled)

    return store


def _same_triples(_: Path, dump: Path, folder: Path) -> Callable[[], int]:
    import pyoxigraph

    def load() -> int:
        store = pyoxigraph.Store(str(folder / "store"))
        store.bulk_load(path=str(dump))
        store.optimize()
        store.flush()
        return len(store)

    return load


def _turtle_files(data: Path, _: Path, folder: Path) -> Callable[[], int]:
    import pyoxigraph

    def load() -> int:
        store = pyoxigraph.Store(str(folder / "store"))
        for graph, files in _turtle(data).items():  # joined, for each bulk_load writes files of its own
            content = b"\n".join(file.read_bytes() for file in files)
            store.bulk_load(content, format=pyoxigraph.RdfFormat.TURTLE, to_graph=pyoxigraph.NamedNode(graph))
        store.optimize()
        store.flush()
        return len(store)

    return load


def _graph(store: str) -> Callable[[Path, Path, Path], Callable[[], int]]:
    def engine(data: Path, _: Path, __: Path) -> Callable[[], int]:
        import rdflib

        def load() -> int:
            graph = rdflib.Graph(store=store)
            for files in _turtle(data).values():
                for file in files:
                    graph.parse(file, format="turtle")
            return len(graph)

        return load

    return engine


_ENGINES = {
    _BUILD: _whole_build,
    "pyoxigraph, the Turtle files": _turtle_files,
    _STORED: _store_part,
    "pyoxigraph, same triples": _same_triples,
    "oxrdflib": _graph("Oxigraph"),
    "rdflib": _graph("default"),
}


def _turtle(data: Path) -> dict[str, list[Path]]:
    from ctkg.catalog import open_catalog
    from ctkg.namespaces import ONTOLOGY_GRAPH
    from ctkg.settings import settings

    catalog = open_catalog(settings(data))
    graphs: dict[str, list[Path]] = {ONTOLOGY_GRAPH: list(catalog.ontology)}
    for file in catalog.data:
        graphs.setdefault(file.graph, []).append(file.path)
    return graphs


def _count(path: Path) -> int:
    import pyoxigraph

    return len(pyoxigraph.Store.read_only(str(path)))


def main() -> None:
    name, data, dump = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        load = _ENGINES[name](Path(data), Path(dump), Path(folder))
        start = time.perf_counter()
        triples = load()
        seconds = time.perf_counter() - start
        print(json.dumps({"seconds": seconds, "triples": triples, "peak": peak_megabytes()}))


if __name__ == "__main__":
    main()
