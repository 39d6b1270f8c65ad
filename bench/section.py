"""What a measurement hands to the report: a table, what it says, and the bars of the chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["Bar", "Goal", "Section"]


class Bar(NamedTuple):
    """One bar of the chart: how many times ours the peer takes; ``bound`` where it takes more than that."""

    what: str
    peer: str
    times: float
    bound: bool = False


class Goal(NamedTuple):
    """What was wanted, what was measured, and whether it is met."""

    wanted: str
    measured: str
    met: bool


class Section(NamedTuple):
    """One thing measured at one size."""

    title: str
    size: int
    text: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    bars: Sequence[Bar] = ()
    goals: Sequence[Goal] = ()
    unit: str = "triples"
