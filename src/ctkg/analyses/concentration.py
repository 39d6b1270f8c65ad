"""How concentrated each layer of the stack is.

*Players* are the actors that sources place in a layer, by side. Market shares
are not in the graph; what can be counted are the chips, frameworks, models and
products that sources report and who developed them (what several developed
counts in equal parts). With s_i the part of developer i in n of them::

    HHI = Σ (100 · s_i)²        from 10,000/developers, all alike, to 10,000, one alone

Reference: O. C. Herfindahl 1950, A. O. Hirschman 1945; the US Merger Guidelines
of 2023 measure concentration by it (§2.1).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from ctkg.analyses.analysis import CERTAIN, Analysis, Inputs, Outcome, evidence, option, sort
from ctkg.analyses.statements import standing
from ctkg.messages import tr
from ctkg.namespaces import CTKG
from ctkg.results import Cell, Column, Resource

__all__ = ["ANALYSIS", "hhi"]

_MADE = {"Chip": "ChipsLayer", "Framework": "FrameworksLayer", "Model": "ModelsLayer", "Product": "ApplicationsLayer"}


def hhi(sizes: Iterable[float]) -> float:
    """The Herfindahl–Hirschman index of some sizes, 0 to 10,000."""
    all_ = [size for size in sizes if size]
    return sum((100 * size / sum(all_)) ** 2 for size in all_) if all_ else 0.0


def _run(inputs: Inputs) -> Outcome:
    positions = [
        s for s in standing(inputs, "StackPosition", also=("layer", "side")) if inputs["possible"] or s.certain
    ]
    players: dict[tuple[str, str], dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for statement in positions:
        for layer in statement.parties.get("layer", []):
            for side in statement.parties.get("side", [""]):
                for actor in statement.parties["actor"]:
                    players[layer, side][actor].append(statement)
    rows: list[tuple[Cell, ...]] = [
        (
            Resource(layer, {}), Resource(side, {}) if side else None, len(actors),
            sum(any(s.certain for s in said) for said in actors.values()), None, None,
            [Resource(actor, {}) for actor in sorted(actors)], evidence(s.iri for said in actors.values() for s in said),
        )
        for (layer, side), actors in players.items()
    ]  # fmt: skip
    table = inputs.view("developers-models-chips", possible=inputs["possible"])
    rows += _developers(table)
    graph = tr(
        "{count} positions in the stack; {graph}", count=len(positions), graph=inputs.ran_on(table, inputs["possible"])
    )
    remarks = [] if rows else [tr("no source places anyone in a layer by {day}", day=inputs.as_of)]
    return Outcome(sort(rows, lambda row: (row[0].iri, row[1] is None)), [graph], remarks)


def _developers(table: Any) -> Iterable[tuple[Cell, ...]]:
    """One row a layer: who developed what is reported of it."""
    developers: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    said: dict[str, set[str]] = defaultdict(set)
    sure: dict[str, set[str]] = defaultdict(set)
    for edge in table.edges:
        class_ = table.nodes[edge.target.iri].class_
        if edge.kind.iri == f"{CTKG}Development" and class_ is not None and class_.slug in _MADE:
            developers[class_.slug][edge.target.iri].add(edge.source.iri)
            said[class_.slug].update(edge.evidence.statements)
            if edge.certainty.iri == CERTAIN.iri:
                sure[class_.slug].add(edge.source.iri)
    for made, things in developers.items():
        parts: dict[str, float] = defaultdict(float)
        for by in things.values():
            for developer in by:
                parts[developer] += 1 / len(by)
        yield (
            Resource(CTKG + _MADE[made], {}), None, len(parts), len(sure[made]), len(things), Decimal(f"{hhi(parts.values()):.0f}"),
            [Resource(developer, {}) for developer in sorted(parts)], evidence(said[made]),
        )  # fmt: skip


ANALYSIS = Analysis(
    "concentration",
    {"en": "How concentrated each layer of the stack is", "zh": "技术栈各层的集中程度"},
    {
        "en": "Rows with a side count the players that sources place there; the row without one counts what is reported as developed in the layer, with the Herfindahl–Hirschman index (HHI) of its developers.",
        "zh": "注明中方或外方的行统计来源所列的参与者；未注明的行统计该层被报道已开发的事物，并给出开发者的赫芬达尔—赫希曼指数（HHI）。",
    },
    {
        "en": "The index is of numbers of reported chips, frameworks, models or products, not of market shares, which no source in the graph gives; who is not reported is not counted.",
        "zh": "该指数按被报道的芯片、框架、模型或产品的数目计算，而非市场份额（图谱所收来源均未给出）；未被报道者不计入。",
    },
    (option("possible", "boolean", "count what is only possible, too", "也计仅为可能者", "true"),),
    (
        Column("layer", "iri"), Column("side", "iri"), Column("players", "integer"), Column("certain", "integer"),
        Column("things", "integer"), Column("hhi", "decimal"), Column("named", "iris"), Column("evidence", "statement"),
    ),
    _run,
)  # fmt: skip
