"""Keep a part of a view: what is certain, of a type or layer, heavy enough, near an entity."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from ctkg.namespaces import CTKG
from ctkg.results import Column, Evidence, Resource
from ctkg.results.edges import EdgeTable, Node

__all__ = ["certain", "ego", "of_layer", "of_type", "weighing"]

_CERTAIN = f"{CTKG}Certain"


def certain(table: EdgeTable) -> EdgeTable:
    """The edges that hold however their dates are read, by reports that say it is done."""
    return _keep(table, lambda edge: bool(edge.certainty.iri == _CERTAIN))


def of_type(table: EdgeTable, type_: str) -> EdgeTable:
    """The edges that touch an actor of this type, or a thing of this class."""
    wanted = _nodes(table, lambda node: [*node.actor_types, *([node.class_] if node.class_ else [])], type_)
    return _keep(table, lambda edge: edge.source.iri in wanted or edge.target.iri in wanted)


def of_layer(table: EdgeTable, layer: str) -> EdgeTable:
    """The edges that touch an actor in this layer of the stack."""
    wanted = _nodes(table, lambda node: node.layers, layer)
    return _keep(table, lambda edge: edge.source.iri in wanted or edge.target.iri in wanted)


def weighing(table: EdgeTable, least: int) -> EdgeTable:
    """The edges between nodes that at least so many deals (or, where there are none, statements) join."""
    weights = pair_weights(table)
    return _keep(table, lambda edge: weights[pair(table, edge)] >= least)


def ego(table: EdgeTable, iri: str, hops: int) -> EdgeTable:
    """The edges among the nodes that lie at most ``hops`` steps, in any direction, from an entity."""
    beside: dict[str, set[str]] = defaultdict(set)
    for edge in table.edges:
        beside[edge.source.iri].add(edge.target.iri)
        beside[edge.target.iri].add(edge.source.iri)
    near = {iri}
    rim = {iri}
    for _ in range(hops):
        rim = {other for node in rim for other in beside[node]} - near
        if not rim:
            break
        near |= rim
    return _keep(table, lambda edge: edge.source.iri in near and edge.target.iri in near)


def pair(table: EdgeTable, edge: Any) -> tuple[str, ...]:
    """What edges that run between the same nodes, and the same way where that matters, have in common."""
    ends = (edge.source.iri, edge.target.iri)
    return ends if table.directed else tuple(sorted(ends))


def pair_weights(table: EdgeTable) -> Counter[tuple[str, ...]]:
    """How many deals join two nodes; a statement without a deal counts as one."""
    if Column("weight", "integer") in table.columns:
        return Counter({pair(table, edge): edge.weight for edge in table.edges})
    return Counter(of for of, _ in {(pair(table, edge), deal_of(edge)) for edge in table.edges})


def deal_of(edge: Any) -> tuple[str, ...]:
    """The deal of an edge, else its statements."""
    deal = getattr(edge, "deal", None)
    if isinstance(deal, Resource):
        return (deal.iri,)
    evidence: Evidence = edge.evidence
    return evidence.statements


def _nodes(table: EdgeTable, of: Callable[[Node], Iterable[Resource]], wanted: str) -> set[str]:
    return {iri for iri, node in table.nodes.items() if any(resource.iri == wanted for resource in of(node))}


def _keep(table: EdgeTable, holds: Callable[[Any], bool]) -> EdgeTable:
    """The edges for which ``holds``, the nodes that they join, and the sources that they rest on, numbered anew."""
    return table.with_edges(tuple(edge for edge in table.edges if holds(edge)))
