"""Investments as the view `investments` answers them, without a store: for sizes at which a store takes long to build."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Sequence
from typing import Any

from bench.generator import Told
from bench.world import DATA_DAY, World
from ctkg.dates import PartialDate
from ctkg.namespaces import CTKG, expand
from ctkg.queries import StoredQuery
from ctkg.results import Citation, Evidence, Resource
from ctkg.results.edges import EdgeTable, Node

__all__ = ["generated_table"]


def generated_table(view: StoredQuery, told: Sequence[Told], world: World) -> EdgeTable:
    """The investments as edges, possible ones included; sums, publishers and days of publication are left out."""
    nodes = {iri: _node(iri, *world.entities[curie]) for each in told for curie, iri in _ends(each)}
    sources = {source: n for n, source in enumerate(dict.fromkeys(s for each in told for s in each.sources), 1)}
    row_type: Any = namedtuple("Row", [column.name for column in view.columns])  # type: ignore[misc]
    day = str(DATA_DAY)
    edges = []
    for each in told:
        date = PartialDate(each.date.split('"')[1])
        certain = each.stage in ("ctkg:Completed", "ctkg:Signed") and date.latest <= day
        (_, source), (_, target) = _ends(each)
        cells = {
            "source": Resource(source, nodes[source].labels),
            "target": Resource(target, nodes[target].labels),
            "kind": Resource(f"{CTKG}Investment", {}),
            "role": _term(each.role),
            "consideration": _term(each.consideration),
            "deal": _term(each.deal),
            "stage": _term(each.stage),
            "date": date,
            "start_earliest": PartialDate(date.earliest),
            "start_latest": PartialDate(date.latest),
            "certainty": Resource(f"{CTKG}{'Certain' if certain else 'Possible'}", {}),
            "disputed": False,
            "evidence": Evidence((_iri(each.statement),), tuple(sorted(sources[source] for source in each.sources))),
        }
        edges.append(row_type(*(cells.get(column.name) for column in view.columns)))
    citations = tuple(
        Citation(n, _iri(source), source, "", f"https://{source.partition(':')[2]}.example", None)
        for source, n in sources.items()
    )
    return EdgeTable(view.name, view.summary, True, {}, day, day, view.columns, tuple(edges), nodes, citations)


def _ends(told: Told) -> list[tuple[str, str]]:
    return [(curie, _iri(curie)) for curie in (told.investor, told.investee)]


def _node(iri: str, class_: str, en: str, zh: str) -> Node:
    return Node(iri, {"en": en, "zh": zh}, Resource(f"{CTKG}{class_}", {}))


def _term(curie: str | None) -> Resource | None:
    return None if curie is None else Resource(_iri(curie), {})


def _iri(curie: str) -> str:
    return expand(curie) or curie
