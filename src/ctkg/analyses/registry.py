"""The analyses by name."""

from __future__ import annotations

from ctkg.analyses.analysis import Analysis
from ctkg.analyses.centrality import ANALYSIS as CENTRALITY
from ctkg.analyses.chokepoints import ANALYSIS as CHOKEPOINTS
from ctkg.analyses.co_investment_surplus import ANALYSIS as CO_INVESTMENT_SURPLUS
from ctkg.analyses.common_investors import ANALYSIS as COMMON_INVESTORS
from ctkg.analyses.communities import ANALYSIS as COMMUNITIES
from ctkg.analyses.concentration import ANALYSIS as CONCENTRATION
from ctkg.analyses.control_exposure import ANALYSIS as CONTROL_EXPOSURE
from ctkg.analyses.ownership_roll_up import ANALYSIS as OWNERSHIP_ROLL_UP
from ctkg.analyses.paths import ANALYSIS as PATHS
from ctkg.analyses.state_share import ANALYSIS as STATE_SHARE
from ctkg.errors import NotFound, nearest
from ctkg.messages import tr

__all__ = ["ANALYSES", "find_analysis"]

ANALYSES: dict[str, Analysis] = {
    analysis.name: analysis
    for analysis in (
        PATHS,
        OWNERSHIP_ROLL_UP,
        CONTROL_EXPOSURE,
        STATE_SHARE,
        CENTRALITY,
        COMMUNITIES,
        CO_INVESTMENT_SURPLUS,
        COMMON_INVESTORS,
        CONCENTRATION,
        CHOKEPOINTS,
    )
}


def find_analysis(name: str) -> Analysis:
    """The analysis of that name; raises `NotFound` with the nearest names."""
    if name in ANALYSES:
        return ANALYSES[name]
    near = nearest(name, list(ANALYSES)) or list(ANALYSES)
    raise NotFound(tr("no analysis is called {name!r}", name=name), tr("choose one of: {names}", names=", ".join(near)))
