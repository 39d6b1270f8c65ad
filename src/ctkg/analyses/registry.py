"""The analyses by name."""

from __future__ import annotations

from ctkg.analyses import (
    centrality,
    chokepoints,
    co_investment_surplus,
    common_investors,
    communities,
    concentration,
    control_exposure,
    ownership_roll_up,
    paths,
    state_share,
)
from ctkg.analyses.analysis import Analysis
from ctkg.errors import NotFound, nearest
from ctkg.messages import tr

__all__ = ["ANALYSES", "find_analysis"]

ANALYSES: dict[str, Analysis] = {
    module.ANALYSIS.name: module.ANALYSIS
    for module in (
        paths,
        ownership_roll_up,
        control_exposure,
        state_share,
        centrality,
        communities,
        co_investment_surplus,
        common_investors,
        concentration,
        chokepoints,
    )
}  # fmt: skip


def find_analysis(name: str) -> Analysis:
    """The analysis of that name; raises `NotFound` with the nearest names."""
    if name in ANALYSES:
        return ANALYSES[name]
    near = nearest(name, list(ANALYSES)) or list(ANALYSES)
    raise NotFound(tr("no analysis is called {name!r}", name=name), tr("choose one of: {names}", names=", ".join(near)))
