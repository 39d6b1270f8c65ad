"""Formatting: ``ctkg format`` on many small files against rdflib's longturtle."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import rdflib

from bench.measure import Measured, run_process
from bench.section import Bar, Section

__all__ = ["measure_formatting"]

_CTKG = "from ctkg.cli import run; run()"
_SAMPLE = 100
_TEXT = """\
The generated files are not in canonical order. The whole command, process and all: writing every file, finding nothing
to do, `--check`. The peer parses and serialises a sample of the same files; its time is per file, times their number.
"""


def measure_formatting(data: Path, size: int, folder: Path) -> Section:
    """Format a copy of the data."""
    shutil.copytree(data, folder)
    paths = sorted(folder.rglob("*.ttl"))
    sample = paths[:: max(1, len(paths) // _SAMPLE)]
    start = time.perf_counter()
    for path in sample:
        rdflib.Graph().parse(path).serialize(format="longturtle")
    peer = Measured(((time.perf_counter() - start) * len(paths) / len(sample),))
    took: dict[str, Measured] = {}
    for name, words in {"write every file": (), "nothing to do": (), "--check": ("--check",)}.items():
        start = time.perf_counter()
        run_process("-c", _CTKG, "format", *words, str(folder))
        took[name] = Measured((time.perf_counter() - start,))
    took["rdflib longturtle"] = peer
    ours = took["write every file"].median
    rows = [(name, str(m), f"{len(paths) / m.median:,.0f}", f"{m.median / ours:.3g}") for name, m in took.items()]
    bars = [Bar("formatting", "rdflib longturtle", peer.median / ours)]
    return Section("Formatting", size, _TEXT, ("", "time", "files/s", "× write every file"), rows, bars)
