"""How long a question takes from the shell, against doing it with rdflib, and what the build costs.

    python bench/first_answer.py [ROUNDS]

All on the same data, alternating within one run, so that the ratios hold where
absolute times do not. Prints medians and ratios. Whole processes except for the
last pair, which compares the store part of a build with pyoxigraph's own
``bulk_load`` of the same triples.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph

from ctkg.build import assemble
from ctkg.catalog import open_catalog
from ctkg.graph import KnowledgeGraph
from ctkg.settings import settings

RDFLIB = """
import pathlib, sys, rdflib
graph = rdflib.Graph()
for path in pathlib.Path(sys.argv[1]).rglob("*.ttl"):
    graph.parse(path)
for row in graph.query('''
    PREFIX ctkg: <https://w3id.org/ctkg/ontology#>
    PREFIX actor: <https://w3id.org/ctkg/id/actor/>
    SELECT ?investor ?date ?s { ?s a ctkg:Investment ; ctkg:investee actor:moonshot-ai ; ctkg:investor ?investor
      OPTIONAL { ?s ctkg:date ?date } } ORDER BY ?date'''):
    print(*row)
"""
CTKG = "from ctkg.cli import run; run()"


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def process(*words: str) -> Callable[[], object]:
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return lambda: subprocess.run([sys.executable, *words], stdout=subprocess.DEVNULL, check=True, env=environment)


def medians(jobs: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median seconds of each job, the jobs taking turns."""
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for turn in range(rounds + 1):
        for name, job in jobs.items():
            took = seconds(job)
            if turn:  # the first turn warms caches
                times[name].append(took)
    return {name: statistics.median(values) for name, values in times.items()}


def store_part() -> dict[str, Callable[[], object]]:
    """The two ways to put the same triples on disk."""
    assembly = assemble(open_catalog(settings()))
    quads = list(assembly.quads())
    folder = Path(tempfile.mkdtemp())
    dump = folder / "all.nq"
    dump.write_bytes(pyoxigraph.serialize(quads, format=pyoxigraph.RdfFormat.N_QUADS) or b"")

    def ours() -> None:
        store = pyoxigraph.Store(tempfile.mkdtemp(dir=folder))
        store.bulk_extend(assembly.quads())
        store.flush()

    def theirs() -> None:
        store = pyoxigraph.Store(tempfile.mkdtemp(dir=folder))
        store.bulk_load(path=str(dump))
        store.flush()

    return {"build: store part": ours, "bulk_load": theirs}


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    KnowledgeGraph.open()  # the snapshot is ready
    time.sleep(1.5)
    KnowledgeGraph.open()  # and its files are known to have settled
    took = medians(
        {
            "ctkg query": process("-c", CTKG, "query", "investors-of"),
            "import pyoxigraph": process("-c", "import pyoxigraph"),
            "rdflib script": process("-c", RDFLIB, str(settings().data)),
        },
        rounds,
    ) | medians(store_part(), rounds)
    for name, value in took.items():
        print(f"{name:<20} {value * 1000:8.1f} ms")
    print(f"rdflib script / ctkg query      {took['rdflib script'] / took['ctkg query']:6.1f}  (wanted: 10 or more)")
    print(f"ctkg query / import pyoxigraph  {took['ctkg query'] / took['import pyoxigraph']:6.1f}  (wanted: under 5)")
    print(f"store part / bulk_load          {took['build: store part'] / took['bulk_load']:6.1f}  (wanted: 2 or less)")


if __name__ == "__main__":
    main()
