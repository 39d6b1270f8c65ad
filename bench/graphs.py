"""Graphs: views from the store, what the analyses compute, and memory, beside plain NetworkX on the same graph."""

from __future__ import annotations

import gc
import math
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import networkx

from bench.edges import generated_table
from bench.generator import investments
from bench.measure import Measured, ratio, run_process, take_turns
from bench.section import Bar, Section
from ctkg.analyses.centrality import Weights, fast_betweenness, fast_pagerank, pagerank
from ctkg.analyses.common_investors import projection
from ctkg.analyses.communities import communities
from ctkg.graph import KnowledgeGraph
from ctkg.results.edges import EdgeTable
from ctkg.views.narrow import deal_of, pair_weights

__all__ = ["measure_graphs"]

_COPIES = """
import random, sys, igraph
from bench.measure import resident_bytes
nodes, edges, copies = map(int, sys.argv[1:])
ends = [(random.randrange(nodes), random.randrange(nodes)) for _ in range(edges)]
first = igraph.Graph(nodes, ends, directed=True)
before = resident_bytes()
kept = [igraph.Graph(nodes, ends, directed=True) for _ in range(copies)]
print(resident_bytes() - before)
"""

_VIEW = "investments"
_FROM_STORE = """\
The view `investments` with what is possible, too. *kg.view* is the `EdgeTable`: typed cells, labels in both languages, the
class, types and layers of each node, every edge's sources cited and numbered. The peer asks the same query of the same
store on disk and puts the bare terms into a NetworkX `MultiDiGraph`. Both hold the same edges, by ends and statement.
"""
_COMPUTED = """\
From the pairs of the view `investments`, weighted by deals, to the result, the making of the library's graph included on
both sides. *ctkg* is what `ctkg analyse` runs where igraph is installed. The peers are `networkx.pagerank` (which computes
with SciPy; here to the same 1e-12), `betweenness_centrality`, `louvain_communities` with `modularity`, and
`bipartite.weighted_projected_graph`. Only the peer is stopped; a dash says that ctkg took longer than that, too. Where the peer ended in time, the results of the last turn were checked: ranks and
betweenness equal to 1e-9, the same communities from the same seed, the same pairs of co-investors with the same weights.
ctkg calls NetworkX for communities, so that ratio is 1 by construction.
"""
_MEMORY = """\
Bytes an edge, nodes and sources included. An `EdgeTable` holds typed cells, the other two plain attributes made of it; what
these share with it (text, mostly) counts where it was made first. Python's part is what `tracemalloc` counts, igraph's own
arrays are what a process grows by for many graphs of as many nodes and edges.
"""


def measure_graphs(folder: Path, stored: int, edges: int, rounds: int, limit: float, seed: int) -> Iterator[Section]:
    """Our own data, a generated store of ``stored`` edges and a table of ``edges`` that was in no store."""
    investments(stored, seed, folder / "data")
    live, made = KnowledgeGraph.open(), KnowledgeGraph.open(folder / "data")
    for kg, what in ((live, "Our own data."), (made, "A generated world in a store on disk.")):
        yield _from_store(kg, what, rounds, 20 * limit)
    told, world = investments(edges, seed)
    whole = (
        "Generated; as a store of that size takes long to build, the `EdgeTable` is made from the generator's edges."
    )
    tables: list[tuple[Callable[[], EdgeTable], str]] = [
        (lambda: live.view(_VIEW, possible=True), "Our own data."),
        (lambda: generated_table(live.views[_VIEW], told, world), whole),
    ]
    for table, what in tables:
        yield _computed(table(), what, rounds, 60 * limit)
    for table, what in tables:
        yield _memory(table, what)


def _from_store(kg: KnowledgeGraph, what: str, rounds: int, patience: float) -> Section:
    query = kg.views[_VIEW].text

    def bare() -> networkx.MultiDiGraph[str]:
        graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
        names = [column.name for column in kg.views[_VIEW].columns]
        for row in kg.backend.select(query):
            cells = {name: term.value for name, term in zip(names, row, strict=True) if term is not None}
            graph.add_edge(cells.pop("source"), cells.pop("target"), **cells)
        return graph

    table = kg.view(_VIEW, possible=True)
    ours = sorted((edge.source.iri, edge.target.iri, *edge.evidence.statements) for edge in table.edges)
    assert ours == sorted((source, target, told) for source, target, told in bare().edges(data="evidence"))
    jobs: dict[str, Callable[[], object]] = {
        "kg.view": lambda: kg.view(_VIEW, possible=True),
        "rows into a MultiDiGraph": bare,
        "EdgeTable to_networkx": table.to_networkx,
        "EdgeTable to_igraph": table.to_igraph,
    }
    took = take_turns(jobs, rounds, patience=patience)
    rows = [(name, str(m), ratio(m, took["kg.view"])) for name, m in took.items()]
    bars = [_bar("view from the store", "rows into a MultiDiGraph", took["rows into a MultiDiGraph"], took["kg.view"])]
    text = f"{_FROM_STORE}\n{what} {len(table.nodes):,} nodes."
    return Section("View from the store", len(table.edges), text, ("", "time", "× kg.view"), rows, bars, unit="edges")


def _computed(table: EdgeTable, what: str, rounds: int, limit: float) -> Section:
    nodes = sorted(table.nodes)
    weights: Weights = {(one, other): float(n) for (one, other), n in pair_weights(table).items() if one != other}
    deals: dict[str, set[str]] = {}
    for edge in table.edges:
        deals.setdefault(edge.source.iri, set()).add("\n".join((*deal_of(edge), edge.target.iri)))
    met = {pair: len(shared) for pair, shared in projection(deals).items()}
    jobs: dict[str, tuple[Callable[[], Any], Callable[[], Any], Callable[[Any, Any], bool]]] = {
        "PageRank": (lambda: fast_pagerank(nodes, weights), lambda: _nx_pagerank(nodes, weights), _close(1e-9)),
        "PageRank, without igraph": (
            lambda: pagerank(nodes, weights), lambda: _nx_pagerank(nodes, weights), _close(1e-9)
        ),
        "betweenness": (
            lambda: fast_betweenness(nodes, weights), lambda: _nx_betweenness(nodes, weights), _close(1e-9)
        ),
        "communities": (lambda: communities(met, 1, 1), lambda: _nx_communities(met), _same),
        "co-investor projection": (lambda: _projected(deals), lambda: _nx_projected(deals), _same),
    }  # fmt: skip
    rows, bars = [], []
    for name, (ours, peer, equal) in jobs.items():
        kept: dict[str, Any] = {}
        took = take_turns(
            {"ctkg": _keeping(kept, "ctkg", ours), "NetworkX": _keeping(kept, "NetworkX", peer)},
            rounds, limit=limit, patience=limit / 2, free=("ctkg",),
        )  # fmt: skip
        assert "NetworkX" not in kept or equal(kept["ctkg"], kept["NetworkX"]), name
        mine, theirs = took["ctkg"], took["NetworkX"]
        told = (
            bool(theirs.seconds) or (theirs.limit or 0) > mine.median
        )  # else all that is known is that both take long
        rows.append((name, str(mine), str(theirs), ratio(theirs, mine) if told else "—"))
        bars += [_bar(name, "NetworkX", theirs, mine)] if told else []
    text = f"{_COMPUTED}\n{what} {len(nodes):,} nodes, {len(weights):,} pairs, {len(met):,} pairs of co-investors."
    head = ("", "ctkg", "NetworkX", "NetworkX × ctkg")
    return Section("What analyses compute", len(table.edges), text, head, rows, bars, unit="edges")


def _memory(make: Callable[[], EdgeTable], what: str) -> Section:
    make()  # fills caches that outlive the table
    table, cells = _counted(make)
    sizes = {
        "EdgeTable": cells,
        "NetworkX MultiDiGraph": _counted(table.to_networkx)[1],
        "igraph, Python's part": _counted(table.to_igraph)[1],
        "igraph, its arrays": _arrays(table.to_igraph()),
    }
    rows = [(name, f"{size / len(table.edges):,.0f}", f"{size / 1024**2:,.1f} MB") for name, size in sizes.items()]
    text = f"{_MEMORY}\n{what}"
    return Section("Memory", len(table.edges), text, ("", "bytes an edge", "in all"), rows, unit="edges")


def _arrays(graph: Any) -> int:
    """The bytes that one graph without attributes takes, from copies that hold three million edges in all."""
    copies: int = 1 + 3_000_000 // graph.ecount()
    return int(run_process("-c", _COPIES, str(graph.vcount()), str(graph.ecount()), str(copies))) // copies


def _counted(make: Callable[[], Any]) -> tuple[Any, int]:
    """What is made, and the bytes that Python holds more of than before."""
    gc.collect()
    tracemalloc.start()
    try:
        made = make()
        gc.collect()
        return made, tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()


def _keeping(kept: dict[str, Any], name: str, job: Callable[[], Any]) -> Callable[[], None]:
    def run() -> None:
        kept[name] = job()

    return run


def _nx_pagerank(nodes: list[str], weights: Weights) -> dict[str, float]:
    graph = networkx.DiGraph()
    graph.add_nodes_from(nodes)
    graph.add_weighted_edges_from((*pair, weight) for pair, weight in weights.items())
    return dict(networkx.pagerank(graph, tol=1e-12, max_iter=1000))  # as exact as ours


def _nx_betweenness(nodes: list[str], weights: Weights) -> dict[str, float]:
    graph = networkx.Graph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from(weights)
    return dict(networkx.betweenness_centrality(graph))


def _nx_communities(met: dict[tuple[str, str], int]) -> tuple[list[list[str]], float]:
    graph = networkx.Graph()
    graph.add_weighted_edges_from((*pair, weight) for pair, weight in sorted(met.items()))
    parts = networkx.community.louvain_communities(graph, seed=1)
    ordered = sorted((sorted(part) for part in parts), key=lambda part: (-len(part), part))
    return ordered, float(networkx.community.modularity(graph, parts))


def _projected(deals: dict[str, set[str]]) -> dict[tuple[str, str], int]:
    return {pair: len(shared) for pair, shared in projection(deals).items()}


def _nx_projected(deals: dict[str, set[str]]) -> dict[tuple[str, str], int]:
    graph = networkx.Graph()
    graph.add_edges_from((investor, deal) for investor, theirs in deals.items() for deal in theirs)
    met = networkx.bipartite.weighted_projected_graph(graph, deals)
    return {(min(one, other), max(one, other)): weight for one, other, weight in met.edges(data="weight")}


def _close(tolerance: float) -> Callable[[dict[str, float], dict[str, float]], bool]:
    def close(one: dict[str, float], other: dict[str, float]) -> bool:
        same = all(math.isclose(one[node], other[node], rel_tol=0, abs_tol=tolerance) for node in other)
        return same and one.keys() == other.keys()

    return close


def _same(one: Any, other: Any) -> bool:
    return bool(one == other)


def _bar(what: str, name: str, peer: Measured, ours: Measured) -> Bar:
    return Bar(what, name, (peer.median if peer.seconds else peer.limit or 0) / ours.median, not peer.seconds)
