"""Measure ctkg against its peers and write docs/performance.md and docs/images/performance.svg.

python -m bench                       10,000 and 100,000 triples, some three minutes
python -m bench --sizes 1000000       a million, some twenty minutes
python -m bench --sizes 2000 --out /somewhere/else
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph

from bench.chart import chart
from bench.cold import measure_cold
from bench.formatting import measure_formatting
from bench.generator import generate
from bench.load import measure_load
from bench.mix import measure_mix
from bench.report import report
from bench.section import Section
from bench.validation import measure_validation
from ctkg.graph import KnowledgeGraph

_DOCS = Path(__file__).parents[1] / "docs"


def main() -> None:
    parser = argparse.ArgumentParser("python -m bench", description="Measure ctkg against its peers.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000], help="triples of the generated data")
    parser.add_argument("--rounds", type=int, default=3, help="turns that each job takes at the most")
    parser.add_argument("--limit", type=float, help="seconds a query of a peer may take; default 1, or 10 at a million")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, default=_DOCS, help="folder for performance.md and images/performance.svg")
    given = parser.parse_args()
    sections: list[Section] = []
    for size in sorted(given.sizes):
        limit = given.limit or (10 if size >= 1_000_000 else 1)
        with tempfile.TemporaryDirectory() as folder:
            os.environ["CTKG_CACHE"] = f"{folder}/cache"
            for section in _measure(Path(folder), size, given.rounds, limit, given.seed):
                print(f"{size:>9,} triples: {section.title} done", file=sys.stderr)
                sections.append(section)
    bars = [bar for section in sections if section.size == max(given.sizes) for bar in section.bars]
    command = "python -m bench" + (f" {' '.join(sys.argv[1:])}" if given.out == _DOCS and sys.argv[1:] else "")
    (given.out / "images").mkdir(parents=True, exist_ok=True)
    (given.out / "performance.md").write_text(report(sections, command, given.seed), encoding="utf-8")
    (given.out / "images" / "performance.svg").write_text(chart(bars, max(given.sizes)), encoding="utf-8")


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
