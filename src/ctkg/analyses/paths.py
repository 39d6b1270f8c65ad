"""All short paths between two things, with the evidence of every hop.

The graph joins the parties of each statement that stands on the day (an
investor to its investee and to the deal, a developer to its model, …), without
direction. All simple paths of at most ``longest`` hops are found, but for those
in which one statement names three things in a row. Those of one length are
ordered by how telling they are: the sum of ln(degree) of the things between,
least first (a way through a little-known fund says more than one through a
control list that names hundreds).

Reference: depth-first search over nodes from which the goal can still be
reached in time; networkx' ``all_simple_paths`` finds the same. The weight by
ln(degree) is that of L. A. Adamic, E. Adar, "Friends and neighbors on the Web",
Social Networks 25 (2003).
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from itertools import combinations, pairwise
from math import log

from ctkg.analyses.analysis import Analysis, Inputs, Outcome, certainty, evidence, option, term
from ctkg.analyses.statements import Standing, standing
from ctkg.errors import QueryError, nearest
from ctkg.messages import tr
from ctkg.namespaces import CTKG
from ctkg.results import Cell, Column, Resource

__all__ = ["ANALYSIS", "paths_between", "telling"]

Neighbours = dict[str, set[str]]
_LONGEST = 6


def paths_between(beside: Neighbours, start: str, goal: str, longest: int) -> Iterator[list[str]]:
    """All simple paths of at most ``longest`` hops, in no order."""
    left = _distances(beside, goal)
    trail = [start]

    def onward(node: str) -> Iterator[list[str]]:
        if node == goal:
            yield list(trail)
            return
        for other in sorted(beside.get(node, ())):
            if other not in trail and len(trail) + left.get(other, longest + 1) <= longest:
                trail.append(other)
                yield from onward(other)
                trail.pop()

    if left.get(start, longest + 1) <= longest:
        yield from onward(start)


def telling(beside: Neighbours, path: list[str]) -> float:
    """How crowded the things between are; the least is the most telling."""
    return sum(log(len(beside[node])) for node in path[1:-1])


def _distances(beside: Neighbours, start: str) -> dict[str, int]:
    far = {start: 0}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        for other in beside.get(node, ()):
            if other not in far:
                far[other] = far[node] + 1
                queue.append(other)
    return far


def _run(inputs: Inputs) -> Outcome:
    start, goal, longest = inputs["source"].iri, inputs["target"].iri, inputs["longest"]
    if not 1 <= longest <= _LONGEST:
        raise QueryError(tr("--longest is a number from 1 to {most}", most=_LONGEST))
    if inputs["limit"] < 1:
        raise QueryError(tr("--limit is at least 1"))
    if start == goal:
        raise QueryError(tr("--source and --target are the same thing"), tr("name two"))
    statements = [s for s in standing(inputs, *_kinds(inputs)) if inputs["possible"] or s.certain]
    links: dict[tuple[str, str], list[Standing]] = defaultdict(list)
    beside: Neighbours = defaultdict(set)
    for statement in statements:
        for one, other in combinations(sorted({p for found in statement.parties.values() for p in found}), 2):
            links[one, other].append(statement)
            beside[one].add(other)
            beside[other].add(one)
    found = [path for path in paths_between(beside, start, goal, longest) if not _detour(path, links)]
    found.sort(key=lambda path: (len(path), telling(beside, path), path))
    rows: list[tuple[Cell, ...]] = []
    for number, path in enumerate(found[: inputs["limit"]], 1):
        for hop, (one, other) in enumerate(pairwise(path), 1):
            rows += _hop(number, hop, one, other, links[min(one, other), max(one, other)])
    graph = tr(
        "the parties of {count} statements, as of {day}, as known on {known}: {nodes} nodes, {edges} edges",
        count=len(statements), day=inputs.as_of, known=inputs.known_at, nodes=len(beside), edges=len(links),
    )  # fmt: skip
    return Outcome(rows, [graph], _remarks(inputs, beside, len(found)))


def _detour(path: list[str], links: dict[tuple[str, str], list[Standing]]) -> bool:
    """Whether one statement names three in a row: by way of a deal, say, to the company that it was in."""
    hops = [{s.iri for s in links[min(a, b), max(a, b)]} for a, b in pairwise(path)]
    return any(one & other for one, other in pairwise(hops))


def _kinds(inputs: Inputs) -> list[str]:
    kinds = [kind.strip().removeprefix("ctkg:") for kind in (inputs["kinds"] or "").split(",") if kind.strip()]
    rows = inputs.backend.select("SELECT ?kind { ?kind rdfs:subClassOf+ ctkg:Statement } ORDER BY ?kind")
    known = [kind.value.removeprefix(CTKG) for (kind,) in rows]
    for kind in kinds:
        if kind not in known:
            near = nearest(kind, known) or known
            raise QueryError(
                tr("no class of statement is called {name!r}", name=kind),
                tr("choose one of: {names}", names=", ".join(near)),
            )
    return kinds


def _hop(path: int, hop: int, one: str, other: str, statements: list[Standing]) -> Iterator[tuple[Cell, ...]]:
    """One row for each kind of statement that joins the two, and each pair of parts that they play in it."""
    parts: dict[tuple[str, str, str], list[Standing]] = defaultdict(list)
    for statement in statements:
        roles = [sorted(role for role, found in statement.parties.items() if end in found) for end in (one, other)]
        parts[statement.kind, roles[0][0], roles[1][0]].append(statement)
    for (kind, role, other_role), same in sorted(parts.items()):
        yield (
            path, hop, Resource(one, {}), term(role), term(kind), term(other_role), Resource(other, {}),
            certainty(any(statement.certain for statement in same)), evidence(statement.iri for statement in same),
        )  # fmt: skip


def _remarks(inputs: Inputs, beside: Neighbours, found: int) -> list[str]:
    start, goal, limit = inputs["source"].iri, inputs["target"].iri, inputs["limit"]
    remarks = []
    if found > limit:
        remarks.append(tr("{count} paths; the first {limit} are shown: --limit", count=found, limit=limit))
    if found:
        return remarks
    for end in (start, goal):
        if end not in beside:
            remarks.append(tr("no statement of the graph names {name}", name=inputs.name(end)))
    if not remarks:
        far = _distances(beside, start).get(goal)
        remarks.append(
            tr("no path joins the two, however long")
            if far is None
            else tr("no path has at most {longest} hops; the shortest has {far}", longest=inputs["longest"], far=far)
        )
    if not inputs["possible"]:
        remarks.append(tr("only what is certain was followed; for what is possible, too: --possible true"))
    return remarks


ANALYSIS = Analysis(
    "paths",
    {"en": "All short paths between two things, with the evidence of every hop", "zh": "两个事物之间的所有短路径及每一步的证据"},
    {
        "en": "Each path is a chain of reported statements; shorter chains through less crowded things come first.",
        "zh": "每条路径是一串已报道的陈述；较短且途经关联较少的事物者在前。",
    },
    {
        "en": "A path says that reports link the two, not that one acts on the other; links that nobody reported, or that are not in the graph, are missing.",
        "zh": "路径只说明报道将二者联系起来，不说明一方影响另一方；未被报道或未收录的联系不在其中。",
    },
    (
        option("source", "iri", "from here", "起点", class_="ctkg:Entity"),
        option("target", "iri", "to there", "终点", class_="ctkg:Entity"),
        option("longest", "integer", "the most hops, at most 6", "最多步数，至多 6", 3),
        option("limit", "integer", "how many paths are shown", "显示多少条路径", 10),
        option("kinds", "string", "follow these classes of statement only, parted by commas", "只沿这些类别的陈述，以逗号分隔"),
        option("possible", "boolean", "follow what is only possible, too", "也沿仅为可能的陈述", "true"),
    ),
    (
        Column("path", "integer"), Column("hop", "integer"), Column("one", "iri"), Column("as_role", "iri"),
        Column("link", "iri"), Column("other_role", "iri"), Column("other", "iri"), Column("certainty", "iri"),
        Column("evidence", "statement"),
    ),
    _run,
    ("source", "target"),
)  # fmt: skip
