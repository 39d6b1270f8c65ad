"""Groups of investors that invest with one another more than with others.

Louvain's method on the graph of co-investors, each link weighted by the deals
that the two share; it looks for the parts c of greatest modularity::

    Q = Σ_c [ in_c / m − resolution · (all_c / 2m)² ]

with m the weight of all links, in_c of those inside c, all_c the sum of the
weights at its members. The same ``seed`` gives the same parts.

Reference: V. D. Blondel et al., "Fast unfolding of communities in large
networks", J. Stat. Mech. (2008) P10008; networkx' implementation.
"""

from __future__ import annotations

from collections import defaultdict

from ctkg.analyses.analysis import Analysis, Inputs, Outcome, evidence, option
from ctkg.errors import QueryError
from ctkg.messages import tr
from ctkg.results import Cell, Column, Resource

__all__ = ["ANALYSIS", "communities"]

Weights = dict[tuple[str, str], int]


def communities(weights: Weights, resolution: float, seed: int) -> tuple[list[list[str]], float]:
    """The parts, largest first, and their modularity."""
    import networkx

    graph = networkx.Graph()
    graph.add_weighted_edges_from((*pair, weight) for pair, weight in sorted(weights.items()))
    parts = networkx.community.louvain_communities(graph, resolution=resolution, seed=seed)
    quality = networkx.community.modularity(graph, parts, resolution=resolution)
    return sorted((sorted(part) for part in parts), key=lambda part: (-len(part), part)), float(quality)


def _run(inputs: Inputs) -> Outcome:
    if inputs["resolution"] <= 0:
        raise QueryError(tr("--resolution is above 0"))
    table = inputs.view("co-investment", possible=inputs["possible"])
    remarks = inputs.emptiness(table, inputs["possible"])
    if remarks:
        return Outcome([], [inputs.ran_on(table, inputs["possible"])], remarks)
    weights: Weights = defaultdict(int)
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    for edge in table.edges:
        one, other = sorted((edge.source.iri, edge.target.iri))
        weights[one, other] += edge.weight
        said[one, other].update(edge.evidence.statements)
    parts, quality = communities(weights, float(inputs["resolution"]), inputs["seed"])
    of = {node: number for number, part in enumerate(parts) for node in part}
    rows: list[tuple[Cell, ...]] = []
    for number, part in enumerate(parts):
        if len(part) < inputs["minimum"]:
            continue
        inside = [pair for pair in weights if of[pair[0]] == of[pair[1]] == number]
        outside = [pair for pair in weights if (of[pair[0]] == number) != (of[pair[1]] == number)]
        rows.append(
            (
                number + 1, len(part), [Resource(node, {}) for node in part],
                sum(weights[pair] for pair in inside), sum(weights[pair] for pair in outside),
                evidence(s for pair in inside for s in said[pair]),
            )
        )  # fmt: skip
    remarks.append(
        tr("{count} communities, modularity {quality}, seed {seed}", count=len(parts), quality=f"{quality:.3f}",
           seed=inputs["seed"])
    )  # fmt: skip
    return Outcome(rows, [inputs.ran_on(table, inputs["possible"])], remarks)


ANALYSIS = Analysis(
    "communities",
    {"en": "Groups of investors that invest with one another", "zh": "彼此共同投资的投资方群体"},
    {
        "en": "Members of a community share deals with one another more than with the rest; a modularity above 0.3 says that the division is clear.",
        "zh": "同一群体的成员彼此共同参与的交易多于与其他投资方的；模块度高于 0.3 表示划分清晰。",
    },
    {
        "en": "One large round makes a community of all its investors; another seed or resolution draws other borders, and nothing says that members act in concert.",
        "zh": "一轮大额融资的全部投资方就会成为一个群体；换用其他种子或分辨率会得到不同边界，成员也未必协同行动。",
    },
    (
        option("resolution", "decimal", "above 1 gives smaller communities", "大于 1 则群体更小", 1),
        option("seed", "integer", "where chance begins", "随机种子", 1),
        option("minimum", "integer", "the least number of members shown", "显示的最少成员数", 3),
        option("possible", "boolean", "count what is only possible, too", "也计仅为可能者", "false"),
    ),
    (
        Column("community", "integer"), Column("size", "integer"), Column("members", "iris"),
        Column("links_inside", "integer"), Column("links_outside", "integer"), Column("evidence", "statement"),
    ),
    _run,
)  # fmt: skip
