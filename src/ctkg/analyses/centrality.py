"""Who stands in the middle: degree, PageRank and betweenness of the nodes of a view.

The view's edges become one edge for each two nodes, weighted by their deals.

- *Degree*: how many others a node is joined to (in and out on directed views).
- *PageRank* (S. Brin, L. Page 1998), damping 0.85, weighted:
  ``p(v) = 0.15/n + 0.85 · (Σ p(u)·w(u,v)/w(u) + dangling/n)``. It flows to those
  invested in; with ``of=investors`` along the reversed edges, to those who
  invest. Pages without outgoing edges give to all alike.
- *Betweenness* (L. C. Freeman 1977, by U. Brandes' algorithm of 2001), without
  direction and weight, as a share of all pairs: how often a node lies on a
  shortest way between two others.

networkx computes betweenness; from 500 edges on igraph does both, where it is
installed (``pip install 'ctkg[graph]'``): the same numbers to 1e-9, and at 2,000
edges betweenness 40 times as fast.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from importlib.util import find_spec
from typing import Any

from ctkg.analyses.analysis import Analysis, Inputs, Outcome, evidence, option
from ctkg.errors import QueryError
from ctkg.messages import tr
from ctkg.results import Cell, Column, Resource

__all__ = ["ANALYSIS", "betweenness", "fast_betweenness", "fast_pagerank", "pagerank"]

_LARGE = 500
_DAMPING = 0.85
_SECONDS = 2.5e-6
"""What networkx takes for each node times each pair, as measured: 17 s for 1,255 nodes and 5,202 pairs."""
_LONG = 10
"""Seconds of work that are announced."""
Weights = dict[tuple[str, str], float]


def pagerank(nodes: list[str], weights: Weights) -> dict[str, float]:
    """PageRank by power iteration until no more than 1e-12 moves for each node."""
    place = {node: number for number, node in enumerate(nodes)}
    out: dict[str, float] = defaultdict(float)
    for (source, _), weight in weights.items():
        out[source] += weight
    flows = [(place[a], place[b], _DAMPING * weight / out[a]) for (a, b), weight in weights.items()]
    lasts = [place[node] for node in nodes if node not in out]
    rank = [1 / len(nodes)] * len(nodes)
    for _ in range(1000):
        loose = sum(rank[last] for last in lasts)
        next_ = [(1 - _DAMPING + _DAMPING * loose) / len(nodes)] * len(nodes)
        for start, end, share in flows:
            next_[end] += rank[start] * share
        moved = sum(abs(after - before) for after, before in zip(next_, rank, strict=True))
        rank = next_
        if moved < 1e-12 * len(nodes):
            break
    return dict(zip(nodes, rank, strict=True))


def fast_pagerank(nodes: list[str], weights: Weights) -> dict[str, float]:
    """The same by igraph."""
    graph = _igraph(nodes, weights, directed=True)
    return dict(zip(nodes, graph.pagerank(damping=_DAMPING, weights=list(weights.values())), strict=True))


def betweenness(nodes: list[str], weights: Weights) -> dict[str, float]:
    """The share of pairs of others between which a node lies, by networkx."""
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from(weights)
    found: dict[str, float] = networkx.betweenness_centrality(graph)
    return found


def fast_betweenness(nodes: list[str], weights: Weights) -> dict[str, float]:
    """The same by igraph."""
    pairs = {tuple(sorted(pair)): 1.0 for pair in weights}
    graph = _igraph(nodes, pairs, directed=False)  # type: ignore[arg-type]
    others = max(1, (len(nodes) - 1) * (len(nodes) - 2) / 2)
    return {node: value / others for node, value in zip(nodes, graph.betweenness(), strict=True)}


def _igraph(nodes: list[str], weights: Weights, *, directed: bool) -> Any:
    import igraph

    place = {node: n for n, node in enumerate(nodes)}
    return igraph.Graph(len(nodes), [(place[a], place[b]) for a, b in weights], directed=directed)


def _run(inputs: Inputs) -> Outcome:
    if inputs["top"] < 1:
        raise QueryError(tr("--top is at least 1"))
    table = inputs.view(inputs["view"], possible=inputs["possible"])
    remarks = inputs.emptiness(table, inputs["possible"])
    if remarks:
        return Outcome([], [inputs.ran_on(table, inputs["possible"])], remarks)
    backwards = inputs["of"] == "investors" and table.directed
    weights: Weights = defaultdict(float)
    statements: dict[str, set[str]] = defaultdict(set)
    beside: tuple[dict[str, set[str]], dict[str, set[str]]] = (defaultdict(set), defaultdict(set))
    for edge in inputs.view(inputs["view"], possible=inputs["possible"], merged=True).edges:
        one, other = edge.source.iri, edge.target.iri
        if one == other:
            continue
        for source, target in [(one, other)] if table.directed else [(one, other), (other, one)]:
            weights[(target, source) if backwards else (source, target)] += edge.weight
            beside[0][source].add(target)
            beside[1][target].add(source)
        for end in (one, other):
            statements[end].update(edge.evidence.statements)
    nodes = sorted(table.nodes)
    fast = len(weights) >= _LARGE and find_spec("igraph") is not None
    seconds = 0 if fast else round(_SECONDS * len(nodes) * len(weights))
    if seconds >= _LONG:
        told = tr("betweenness of {nodes} nodes takes some {seconds} s", nodes=len(nodes), seconds=seconds)
        inputs.warn(f"{told}; {tr('igraph is some 40 times as fast')}: pip install 'ctkg[graph]'")
    rank = (fast_pagerank if fast else pagerank)(nodes, dict(weights))
    between = (fast_betweenness if fast else betweenness)(nodes, dict(weights))
    side = {"investors": beside[0], "companies": beside[1]}.get(inputs["of"])
    chosen = [node for node in nodes if side is None or side.get(node)]
    degree = {node: float(len((side or {}).get(node, beside[0][node] | beside[1][node]))) for node in nodes}
    by = {"pagerank": rank, "betweenness": between, "degree": degree}[inputs["by"]]
    chosen.sort(key=lambda node: (-round(by[node], 9), node))  # the last digits differ between engines
    rows: list[tuple[Cell, ...]] = [
        (
            Resource(node, {}), len(beside[0][node] | beside[1][node]), len(beside[1][node]), len(beside[0][node]),
            _decimal(rank[node]), _decimal(between[node]), evidence(statements[node]),
        )
        for node in chosen[: inputs["top"]]
    ]  # fmt: skip
    if len(chosen) > inputs["top"]:
        remarks.append(tr("{count} in all; the first {top} are shown: --top", count=len(chosen), top=inputs["top"]))
    return Outcome(rows, [inputs.ran_on(table, inputs["possible"])], remarks)


def _decimal(number: float) -> Decimal:
    return Decimal(f"{number:.6f}")


ANALYSIS = Analysis(
    "centrality",
    {"en": "Who stands in the middle: degree, PageRank and betweenness", "zh": "谁居于中心：度、PageRank 与中介中心性"},
    {
        "en": "Degree counts direct partners, PageRank also their weight, betweenness how often a node lies on a shortest way between two others.",
        "zh": "度计直接伙伴数，PageRank 兼计伙伴的分量，中介中心性表示某节点位于其他两者最短路上的频率。",
    },
    {
        "en": "It measures how reporting links them: companies that the press covers well stand closer to the middle, and small differences of rank mean nothing.",
        "zh": "它衡量的是报道中的联系：报道较多的公司更靠近中心，名次的细小差别没有意义。",
    },
    (
        option("view", "string", "the graph view", "图视图", "investments", values="investments co-investment ownership developers-models-chips lineage stack-and-supply"),
        option("of", "string", "whom to rank: those edges leave, those they reach, or all", "排列对象：连线出发者、到达者或全部", "investors", values="investors companies all"),
        option("by", "string", "what to order by", "排序依据", "degree", values="degree pagerank betweenness"),
        option("top", "integer", "how many are shown", "显示多少个", 20),
        option("possible", "boolean", "count what is only possible, too", "也计仅为可能者", "false"),
    ),
    (
        Column("entity", "iri"), Column("degree", "integer"), Column("in_degree", "integer"), Column("out_degree", "integer"),
        Column("pagerank", "decimal"), Column("betweenness", "decimal"), Column("evidence", "statement"),
    ),
    _run,
)  # fmt: skip
