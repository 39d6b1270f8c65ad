"""Each algorithm on graphs whose answer is known by hand, and against networkx."""

from __future__ import annotations

import random
from collections import defaultdict
from itertools import combinations, islice

import networkx
import pytest
from networkx.algorithms.link_analysis.pagerank_alg import _pagerank_python

from ctkg.analyses.centrality import betweenness, fast_betweenness, fast_pagerank, pagerank
from ctkg.analyses.chokepoints import articulation, dominated
from ctkg.analyses.co_investment_surplus import Deals, adjusted, mixed, surplus
from ctkg.analyses.common_investors import projection
from ctkg.analyses.communities import communities
from ctkg.analyses.concentration import hhi
from ctkg.analyses.paths import paths_between, telling


def some_edges(seed: int, nodes: int = 60, edges: int = 180) -> list[tuple[str, str]]:
    rng = random.Random(seed)
    names = [f"n{n:02}" for n in range(nodes)]
    found = {(a, b) for a, b in ((rng.choice(names), rng.choice(names)) for _ in range(edges)) if a != b}
    return sorted(found)


def beside(edges: list[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for one, other in edges:
        found[one].add(other)
        found[other].add(one)
    return found


@pytest.mark.parametrize("seed", range(3))
def test_paths_are_those_of_networkx(seed: int) -> None:
    edges = some_edges(seed)
    found = list(paths_between(beside(edges), edges[0][0], edges[-1][1], 4))
    oracle = list(networkx.all_simple_paths(networkx.Graph(edges), edges[0][0], edges[-1][1], cutoff=4))
    assert len(found) > 5
    assert sorted(found) == sorted(oracle)


def test_a_path_through_a_crowd_tells_less() -> None:
    graph = beside(
        [("a", "quiet"), ("quiet", "b"), ("a", "crowd"), ("crowd", "b"), *(("crowd", f"x{n}") for n in range(9))]
    )
    assert telling(graph, ["a", "quiet", "b"]) < telling(graph, ["a", "crowd", "b"])
    assert list(paths_between(graph, "a", "nowhere", 6)) == []


@pytest.mark.parametrize("seed", range(3))
def test_pagerank_is_that_of_networkx_and_igraph(seed: int) -> None:
    rng = random.Random(seed)
    weights = {edge: float(rng.randint(1, 5)) for edge in some_edges(seed)}
    nodes = sorted({end for edge in weights for end in edge})
    graph = networkx.DiGraph()
    graph.add_nodes_from(nodes)
    graph.add_weighted_edges_from((*edge, weight) for edge, weight in weights.items())
    found = pagerank(nodes, weights)
    assert found == pytest.approx(_pagerank_python(graph, alpha=0.85, tol=1e-13, max_iter=1000), abs=1e-9)
    assert found == pytest.approx(fast_pagerank(nodes, weights), abs=1e-9)
    assert sum(found.values()) == pytest.approx(1)


@pytest.mark.parametrize("seed", range(3))
def test_betweenness_by_igraph_is_that_of_networkx(seed: int) -> None:
    weights = dict.fromkeys(some_edges(seed), 1.0)
    nodes = sorted({end for edge in weights for end in edge})
    assert fast_betweenness(nodes, weights) == pytest.approx(betweenness(nodes, weights), abs=1e-9)


def test_the_middle_of_a_star_lies_between_all() -> None:
    weights = {("hub", leaf): 1.0 for leaf in "abcd"}
    assert betweenness(["hub", *"abcd"], weights) == {"hub": 1.0, "a": 0, "b": 0, "c": 0, "d": 0}


def test_two_cliques_with_a_bridge_are_two_communities() -> None:
    weights = dict.fromkeys([*combinations("abcd", 2), *combinations("wxyz", 2), ("d", "w")], 1)
    parts, quality = communities(weights, 1.0, 1)
    assert parts == [list("abcd"), list("wxyz")]
    assert quality == pytest.approx(2 * (6 / 13 - (13 / 26) ** 2))


def test_the_null_model_keeps_what_each_investor_and_each_deal_has() -> None:
    rng = random.Random(7)
    deals: Deals = {f"i{n}": {f"d{rng.randrange(12)}" for _ in range(rng.randint(1, 5))} for n in range(15)}

    def sizes(matrix: Deals) -> tuple[dict[str, int], dict[str, int]]:
        columns: dict[str, int] = defaultdict(int)
        for held in matrix.values():
            for deal in held:
                columns[deal] += 1
        return {investor: len(held) for investor, held in matrix.items()}, dict(columns)

    seen = set()
    for sample in islice(mixed(deals, random.Random(1)), 50):
        assert sizes(sample) == sizes(deals)
        seen.add(tuple(sorted((i, d) for i, held in sample.items() for d in held)))
    assert len(seen) > 40


def test_the_null_model_reaches_every_matrix_alike() -> None:
    deals: Deals = {"a": {"1"}, "b": {"2"}, "c": {"3"}}  # the six permutations
    counts: dict[tuple[str, ...], int] = defaultdict(int)
    for sample in islice(mixed(deals, random.Random(3)), 3000):
        counts[tuple(next(iter(sample[name])) for name in "abc")] += 1
    assert len(counts) == 6
    assert all(400 < count < 600 for count in counts.values())


def test_two_who_always_meet_stand_out_and_two_who_do_not_are_no_surplus() -> None:
    deals: Deals = {f"other{n}": {f"d{n}", f"d{n + 1}"} for n in range(40)}
    deals |= {"twin1": {f"d{n}" for n in range(0, 40, 8)}, "twin2": {f"d{n}" for n in range(0, 40, 8)}}
    found = surplus(deals, 2, 300, 1)
    assert len(found) == 42 * 41 // 2
    assert found["twin1", "twin2"].observed == 5
    assert found["twin1", "twin2"].p == pytest.approx(1 / 301)
    apart = found["other0", "other9"]
    assert (apart.observed, apart.p, apart.q) == (0, 1.0, 1.0)
    assert surplus(deals, 2, 300, 1) == found


def test_benjamini_hochberg_by_hand() -> None:
    chance = {("a", str(n)): p for n, p in enumerate([0.01, 0.02, 0.03, 0.5])}
    assert adjusted(chance) == pytest.approx({("a", "0"): 0.04, ("a", "1"): 0.04, ("a", "2"): 0.04, ("a", "3"): 0.5})


def test_companies_are_joined_by_those_who_back_both() -> None:
    found = projection({"x": {"a", "b"}, "y": {"b", "c"}, "z": {"d"}, "w": {"a", "b"}})
    assert found == {("x", "y"): {"b"}, ("w", "x"): {"a", "b"}, ("w", "y"): {"b"}}


def test_hhi_by_hand() -> None:
    assert hhi([5]) == 10_000
    assert hhi([1, 1, 1, 1]) == pytest.approx(2500)
    assert hhi([50, 30, 20]) == pytest.approx(3800)
    assert hhi([]) == 0


@pytest.mark.parametrize("seed", range(3))
def test_without_an_articulation_point_just_these_fall_off(seed: int) -> None:
    edges = some_edges(seed, 40, 45)
    found = articulation(edges)
    graph = networkx.Graph(edges)
    for node in graph:
        left = networkx.Graph(graph.subgraph(set(networkx.node_connected_component(graph, node)) - {node}))
        pieces = sorted(networkx.connected_components(left), key=len, reverse=True)
        assert (len(pieces) > 1) == (node in found)
        if node in found:
            assert len(found[node]) == sum(map(len, pieces[1:]))
    assert found


@pytest.mark.parametrize("seed", range(3))
def test_without_a_dominator_just_these_goals_are_out_of_reach(seed: int) -> None:
    edges = some_edges(seed, 40, 70)
    roots, goals = {"n00", "n01"}, {f"n{n}" for n in range(20, 40)}
    found = dominated(edges, roots, goals)

    def reachable(without: str | None) -> set[str]:
        graph = networkx.DiGraph([edge for edge in edges if without not in edge])
        graph.add_nodes_from(roots - {without})
        return set().union(*({root} | networkx.descendants(graph, root) for root in roots - {without})) & goals

    for node in {end for edge in edges for end in edge} - goals:
        assert found.get(node, set()) == reachable(None) - reachable(node)
    assert found


def test_nothing_is_dominated_where_nothing_is_foreign() -> None:
    assert dominated([("a", "b")], set(), {"b"}) == {}
