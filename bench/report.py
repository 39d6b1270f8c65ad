"""The reports: docs/performance.md and docs/performance-graphs.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from bench.section import Section

__all__ = ["report"]

_HEAD = """\
# Performance

Written by `{command}`; [CONTRIBUTING.md](../CONTRIBUTING.md) says how to run it. Every figure is a median of turns taken
in alternation within one run, with least and greatest in brackets; ratios hold where absolute times do not. A ratio over
1 means that the peer takes longer. `> N s` means that it was stopped there.

![How many times as long as ctkg each peer takes](images/performance.svg)

Measured with {versions} on Python {python}, {system}, {cores} cores. The data is generated from seed {seed} in our
ontology: few investors hold most investments, few models are what the others build on, dates are partial, some reports
contradict or correct others. Sizes are triples as written in Turtle, {sizes}; the build adds two for every three.
"""


_HEAD_OF_GRAPHS = """\
# Performance of graphs

Written by `{command}`: the group `graphs` of what [performance](performance.md) measures, in the same
way. Figures are medians of turns taken in alternation within one run, with least and greatest in brackets where there were
several; `> N s` means that the peer was stopped there.

![How many times as long as ctkg each peer takes](images/performance-graphs.svg)

Measured with {versions} on Python {python}, {system}, {cores} cores, generated data from seed {seed}.
Sizes are edges of the view `investments`, {sizes}.
"""


def report(sections: Sequence[Section], command: str, seed: int) -> str:
    """The sections as Markdown, by size, the goals at the largest size first."""
    sizes = sorted({section.size for section in sections})
    goals = [
        (f"{section.size:,}", goal.wanted, goal.measured, "met" if goal.met else "**missed**")
        for size in reversed(sizes)
        for section in sections
        if section.size == size
        for goal in section.goals
    ]
    graphs = sections[0].unit == "edges"
    parts = [
        (_HEAD_OF_GRAPHS if graphs else _HEAD).format(
            command=command, versions=_versions("networkx", "igraph", "scipy") if graphs else _versions(),
            python=platform.python_version(), seed=seed, system=platform.system(), cores=os.cpu_count(),
            sizes=", ".join(f"{size:,}" for size in sizes),
        ),
        *(["## Goals\n", _table(("triples", "wanted", "measured", ""), goals)] if goals else []),
    ]  # fmt: skip
    for title in dict.fromkeys(section.title for section in sections):
        parts.append(f"## {title}\n")
        for number, section in enumerate(s for s in sections if s.title == title):
            body, _, own = section.text.partition("\n\n")
            parts += [f"{body.rstrip()}\n"] if number == 0 else []
            parts += [
                f"**{section.size:,} {section.unit}.** {own.strip()}".rstrip() + "\n",
                _table(section.head, section.rows),
            ]
    return "\n".join(parts)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _versions(*more: str) -> str:
    found = []
    for package in ("ctkg", "pyoxigraph", *(more or ("rdflib", "oxrdflib", "pyshacl"))):
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            found.append(f"no {package}")
    return ", ".join(found)
