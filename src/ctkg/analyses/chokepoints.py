"""What cannot be gone around: articulation points, and dominators from foreign inputs to models.

The graph runs from provider to user: supply, fabrication, deployment,
dependence, development, training, derivation (the views ``stack-and-supply``,
``developers-models-chips`` and ``lineage``).

- An *articulation point* is a node whose removal, direction aside, parts what
  was joined (J. Hopcroft, R. Tarjan, CACM 16, 1973). ``cut_off`` are the nodes
  that then lie apart from the largest piece.
- A *dominator* of a model lies on every way from a foreign input to it (T.
  Lengauer, R. Tarjan, ACM TOPLAS 1, 1979). Foreign inputs are the actors that
  sources place on the foreign side of the stack; a node of its own before all
  of them is the root. ``cut_off`` are the models that it dominates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from ctkg.analyses.analysis import Analysis, Inputs, Outcome, evidence, option
from ctkg.messages import tr
from ctkg.namespaces import CTKG
from ctkg.results import Cell, Column, Resource

__all__ = ["ANALYSIS", "articulation", "dominated"]

_VIEWS = ("stack-and-supply", "developers-models-chips", "lineage")
_ROOT = ""
Edges = Iterable[tuple[str, str]]


def articulation(edges: Edges) -> dict[str, set[str]]:
    """Each articulation point with the nodes that its removal cuts off from the largest piece left."""
    import networkx

    graph = networkx.Graph()
    graph.add_edges_from(edges)
    found: dict[str, set[str]] = {}
    for point in networkx.articulation_points(graph):
        whole = networkx.node_connected_component(graph, point)
        left = graph.subgraph(whole - {point})
        pieces = sorted(networkx.connected_components(left), key=lambda piece: (-len(piece), sorted(piece)))
        found[point] = set().union(*pieces[1:])
    return found


def dominated(edges: Edges, roots: set[str], goals: set[str]) -> dict[str, set[str]]:
    """Each node without which a goal cannot be reached from any root, with those goals."""
    import networkx

    graph = networkx.DiGraph()
    graph.add_edges_from(edges)
    graph.add_edges_from((_ROOT, root) for root in roots)
    if _ROOT not in graph:
        return {}
    above = networkx.immediate_dominators(graph, _ROOT)
    found: dict[str, set[str]] = defaultdict(set)
    for goal in sorted(goals & above.keys()):
        node = above[goal]
        while node not in (_ROOT, None):
            found[node].add(goal)
            node = above[node]
    return dict(found)


def _run(inputs: Inputs) -> Outcome:
    tables = [inputs.view(name, possible=inputs["possible"]) for name in _VIEWS]
    edges: dict[tuple[str, str], set[str]] = defaultdict(set)
    foreign: set[str] = set()
    nodes: dict[str, Any] = {}
    for table in tables:
        nodes |= table.nodes
        for edge in table.edges:
            if edge.kind.iri == f"{CTKG}StackPosition":
                if edge.side is not None and edge.side.iri == f"{CTKG}ForeignSide":
                    foreign.add(edge.source.iri)
            elif edge.source.iri != edge.target.iri:
                edges[edge.source.iri, edge.target.iri].update(edge.evidence.statements)
    models = {iri for iri, node in nodes.items() if node.class_ and node.class_.slug in ("Model", "ModelFamily")}
    beside: dict[str, set[str]] = defaultdict(set)
    for pair, said in edges.items():
        for end in pair:
            beside[end].update(said)
    inside = foreign & beside.keys()
    found = [(tr("articulation point"), node, cut) for node, cut in articulation(edges).items()]
    found += [(tr("dominator"), node, cut) for node, cut in dominated(edges, inside, models).items()]
    found.sort(key=lambda choke: (choke[0], -len(choke[2]), choke[1]))
    rows: list[tuple[Cell, ...]] = [
        (kind, Resource(node, {}), len(cut), [Resource(iri, {}) for iri in sorted(cut)], evidence(beside[node]))
        for kind, node, cut in found
    ]
    graphs = [inputs.ran_on(table, inputs["possible"]) for table in tables]
    graphs.append(
        tr("together {nodes} nodes, {edges} edges, {foreign} foreign inputs of which {inside} are joined to anything, {models} models",
           nodes=len(beside), edges=len(edges), foreign=len(foreign), inside=len(inside), models=len(models))
    )  # fmt: skip
    remarks = [] if rows else [reason for table in tables for reason in inputs.emptiness(table, inputs["possible"])]
    return Outcome(rows, graphs, remarks or ([] if rows else [tr("nothing in the graph is a chokepoint")]))


ANALYSIS = Analysis(
    "chokepoints",
    {"en": "What cannot be gone around on the way from inputs to models", "zh": "从投入到模型的路上无法绕开的环节"},
    {
        "en": "Without an articulation point the graph falls apart; without a dominator no foreign input reaches the models listed.",
        "zh": "去掉关节点，图即断开；去掉支配点，任何外国投入都到不了所列模型。",
    },
    {
        "en": "It sees the ways that sources report: where they name one supplier, others may exist. A chokepoint of the graph is a question to ask, not a finding about the world.",
        "zh": "它只见来源所报道的路径：来源只列出一家供应方时，可能另有他家。图中的瓶颈是值得追问之处，而非对现实的结论。",
    },
    (option("possible", "boolean", "follow what is only possible, too", "也沿仅为可能者", "true"),),
    (
        Column("chokepoint", "text"), Column("node", "iri"), Column("count", "integer"), Column("cut_off", "iris"),
        Column("evidence", "statement"),
    ),
    _run,
)  # fmt: skip
