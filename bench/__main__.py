"""Measure ctkg against its peers: docs/performance.md and docs/performance-graphs.md, each with its chart.

python -m bench                       10,000 and 100,000 triples, some three minutes; 100,000 edges, some ten
python -m bench --group store --sizes 1000000       performance.md only: a million, some twenty minutes
python -m bench --group graphs                      performance-graphs.md only
python -m bench --sizes 2000 --edges 1000 --out /somewhere/else
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph

from bench.chart import chart
from bench.cold import measure_cold
from bench.formatting import measure_formatting
from bench.generator import generate
from bench.graphs import measure_graphs
from bench.load import measure_load
from bench.mix import measure_mix
from bench.report import report
from bench.section import Section
from bench.validation import measure_validation
from ctkg.graph import KnowledgeGraph

_DOCS = Path(__file__).parents[1] / "docs"


def main() -> None:
    parser = argparse.ArgumentParser("python -m bench", description="Measure ctkg against its peers.")
    parser.add_argument("--group", choices=_GROUPS, action="append", help="measure this group only; default: both")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000], help="triples of the generated data")
    parser.add_argument(
        "--edges", type=int, default=100_000, help="edges of the largest graph; the store holds a tenth"
    )
    parser.add_argument("--rounds", type=int, default=3, help="turns that each job takes at the most")
    parser.add_argument("--limit", type=float, help="seconds a query of a peer may take; default 1, or 10 at a million")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, default=_DOCS, help="folder for the pages and images/")
    given = parser.parse_args()
    (given.out / "images").mkdir(parents=True, exist_ok=True)
    command = "python -m bench" + (f" {' '.join(sys.argv[1:])}" if given.out == _DOCS and sys.argv[1:] else "")
    for group in given.group or _GROUPS:
        sections: list[Section] = []
        for section in _GROUPS[group](given):
            print(f"{section.size:>9,} {section.unit}: {section.title} done", file=sys.stderr)
            sections.append(section)
            _write(
                sections, given.out, {"store": "performance"}.get(group, f"performance-{group}"), command, given.seed
            )


def _write(sections: list[Section], out: Path, name: str, command: str, seed: int) -> None:
    """The page and its chart, anew after every section: the last may take an hour, and what was measured is kept."""
    largest, unit = max((section.size, section.unit) for section in sections)
    bars = [bar for section in sections if section.size == largest for bar in section.bars]
    (out / f"{name}.md").write_text(report(sections, command, seed), encoding="utf-8")
    (out / "images" / f"{name}.svg").write_text(chart(bars, f"{largest:,} {unit}"), encoding="utf-8")


def _store(given: argparse.Namespace) -> Iterator[Section]:
    for size in sorted(given.sizes):
        limit = given.limit or (10 if size >= 1_000_000 else 1)
        with _folder() as folder:
            yield from _measure(folder, size, given.rounds, limit, given.seed)


def _graphs(given: argparse.Namespace) -> Iterator[Section]:
    with _folder() as folder:
        yield from measure_graphs(folder, given.edges // 10, given.edges, given.rounds, given.limit or 2, given.seed)


_GROUPS = {"store": _store, "graphs": _graphs}
"""Each has a page and a chart of its own, so that it can be measured alone."""


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder of its own, with the cache in it."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CTKG_CACHE"] = f"{folder}/cache"
        yield Path(folder)


def _measure(folder: Path, size: int, rounds: int, limit: float, seed: int) -> Iterator[Section]:
    data, dump = folder / "data", folder / "all.nq"
    generate(data, size, seed)
    snapshot = KnowledgeGraph.open(data).snapshot
    assert snapshot is not None
    with dump.open("wb") as file:
        pyoxigraph.serialize(snapshot.store, file, format=pyoxigraph.RdfFormat.N_QUADS)
    yield measure_load(data, size, dump, len(snapshot.store), rounds, 60 * limit)
    yield measure_cold(data, size, rounds, 30 * limit)
    yield measure_mix(data, size, dump, folder / "bare", rounds, limit)
    if size <= 10_000:  # pyshacl takes minutes beyond
        yield measure_validation(data, size, folder / "faulty", rounds, 60 * limit)
    if size <= 100_000:
        yield measure_formatting(data, size, folder / "unformatted")


if __name__ == "__main__":
    main()
