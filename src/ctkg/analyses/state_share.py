"""Which share of investments by year has an investor that is linked to the state.

An investor is linked where, on the day asked about, it is (1) a government
body; (2) typed ``ctkg:StateInvestor`` by a statement that stands; (3) owned to
at least ``threshold`` by those linked, alone or together, or managed by one of
them (the closure of ``ctkg.analyses.ownership`` with management). Certain where
every step is; else possible.

With n participations of a year, c by certainly and p by possibly linked
investors, the share lies between c/n and (c+p)/n. A participation is one
investor in one deal (where no deal is known, in one company on one date);
rival reports of it are one. Sums are of investors' own parts, in one currency;
rival reports span a band, and nothing is converted.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from ctkg.amounts import Money, Stake
from ctkg.analyses.analysis import Analysis, Inputs, Outcome, evidence, option
from ctkg.analyses.explain import chain
from ctkg.analyses.ownership import Caught, Ownership, read_ownership, roll_up
from ctkg.analyses.ownership_roll_up import check_threshold
from ctkg.analyses.statements import standing
from ctkg.dates import FIRST_DAY
from ctkg.messages import tr
from ctkg.namespaces import CTKG
from ctkg.results import Cell, Column
from ctkg.results.edges import EdgeTable
from ctkg.views.merge import merged

__all__ = ["ANALYSIS", "state_linked"]


def state_linked(inputs: Inputs, ownership: Ownership, threshold: Decimal) -> dict[str, tuple[bool, tuple[str, ...]]]:
    """Actor → whether it is certainly linked to the state, and the statements that say so."""
    linked: dict[str, tuple[bool, tuple[str, ...]]] = {
        iri.value: (True, ()) for (iri,) in inputs.backend.select("SELECT ?iri { ?iri a ctkg:GovernmentBody }")
    }
    for typing in standing(inputs, "Typing", also=("actorType",)):
        if f"{CTKG}StateInvestor" in typing.parties.get("actorType", []):
            for iri in typing.parties["typed"]:
                certain, statements = linked.get(iri, (False, ()))
                linked[iri] = (certain or typing.certain, (*statements, typing.iri))
    owners = {iri: certain for iri, (certain, _) in linked.items()}
    caught = roll_up(owners, ownership, threshold, management=True)
    for iri, step in caught.items():
        if step.through == "below":
            continue
        path = chain(caught, iri)
        linked[iri] = (step.certain or owners.get(iri, False), (*_said(path), *_roots(path, linked)))
    return linked


def _said(path: list[Caught]) -> list[str]:
    said = [statement for step in path for holding in step.holdings for statement in holding.statements]
    return said + [tie.statement for step in path for tie in step.ties]


def _roots(path: list[Caught], linked: dict[str, tuple[bool, tuple[str, ...]]]) -> list[str]:
    """What says that those at the top of a chain are of the state."""
    tops = {holding.owner for step in path for holding in step.holdings}
    tops |= {end for step in path for tie in step.ties for end in (tie.above, tie.below)}
    return [
        statement for top in sorted(tops - {step.iri for step in path}) for statement in linked.get(top, (0, ()))[1]
    ]


def _run(inputs: Inputs) -> Outcome:
    threshold, currency = check_threshold(inputs["threshold"]), inputs["currency"].upper()
    since = {"since": str(inputs["since"])} if inputs["since"] else {}
    table = inputs.view("investments", possible=inputs["possible"], **since)
    linked = state_linked(inputs, read_ownership(inputs), threshold)
    years: dict[str, list[Any]] = defaultdict(list)
    for edge in table.edges:
        years[_year(edge)].append(edge)
    rows = [_row(table, year, edges, linked, currency) for year, edges in sorted(years.items())]
    investors = {edge.source.iri for edge in table.edges}
    sure = sum(linked[iri][0] for iri in investors if iri in linked)
    graph = tr(
        "{graph}; of {count} investors {certain} are certainly and {possible} possibly linked to the state",
        graph=inputs.ran_on(table, inputs["possible"]), count=len(investors), certain=sure,
        possible=sum(iri in linked for iri in investors) - sure,
    )  # fmt: skip
    return Outcome(rows, [graph], inputs.emptiness(table, inputs["possible"]))


def _year(edge: Any) -> str:
    """The year that the date lies in, however it is read; else none."""
    first, last = str(edge.start_earliest)[:4], str(edge.start_latest)[:4]
    return first if first == last and str(edge.start_earliest) != FIRST_DAY else tr("no one year")


def _row(
    table: EdgeTable, year: str, edges: list[Any], linked: dict[str, tuple[bool, tuple[str, ...]]], currency: str
) -> tuple[Cell, ...]:
    certain = [edge for edge in edges if linked.get(edge.source.iri, (False, ()))[0]]
    possible = [edge for edge in edges if edge.source.iri in linked and edge not in certain]
    every, sure, perhaps = (len({_participation(edge) for edge in part}) for part in (edges, certain, possible))
    share = Stake(_per_cent(sure, every), _per_cent(sure + perhaps, every))
    said = [s for edge in (*certain, *possible) for s in (*edge.evidence.statements, *linked[edge.source.iri][1])]
    sums = (_sum(table, part, currency) for part in (edges, certain, possible))
    return (year, every, sure, perhaps, share, *sums, evidence(said))


def _participation(edge: Any) -> tuple[str, ...]:
    deal = getattr(edge.deal, "iri", None) or str(edge.date)
    return (edge.source.iri, edge.target.iri, deal)


def _per_cent(part: int, whole: int) -> Decimal:
    return (Decimal(100) * part / whole).quantize(Decimal("0.1"))


def _sum(table: EdgeTable, edges: list[Any], currency: str) -> Money | None:
    """What the edges' known parts in a currency come to; a part without an upper bound leaves the sum open."""
    bands = [getattr(row, f"amount_{currency.lower()}", None) for row in merged(table.with_edges(tuple(edges))).edges]
    known = [band for band in bands if band is not None]
    if not known:
        return None
    least = sum((band.least or Decimal(0) for band in known), Decimal(0))
    bounds = [band.greatest for band in known]
    greatest = None if None in bounds else sum(bounds, Decimal(0))
    return Money(currency, least, greatest, False, any(band.approximate for band in known))


ANALYSIS = Analysis(
    "state-share",
    {"en": "Share of investments by investors linked to the state, by year", "zh": "历年国有背景投资方参与投资的份额"},
    {
        "en": "State-linked is an investor that on the day asked about is a government body, is typed as a state investor, or is owned to the threshold or managed by such; the share lies between the certain part and the certain and possible parts together.",
        "zh": "在所问日期属政府机构、被归类为国有投资方，或由上述主体持有达到门槛或管理的投资方，视为国有背景；份额介于“确定”部分与“确定加可能”部分之间。",
    },
    {
        "en": "The link is judged on the day asked about, not on the day of the deal; investors of whom no source tells an owner count as not linked; sums are of parts that were disclosed in that currency only.",
        "zh": "国有背景按所问日期而非交易之日判断；没有来源说明其所有者的投资方计为无国有背景；金额只计以该币种披露的部分。",
    },
    (
        option("threshold", "decimal", "the share from which an owner's link passes on, in per cent", "国有背景沿持股传递的最低比例（百分数）", 50),
        option("currency", "string", "the currency of the sums", "金额的币种", "CNY"),
        option("since", "date", "nothing before this day", "不含此日之前者"),
        option("possible", "boolean", "count rumoured, announced and unwound participations, too", "也计传闻、已宣布与已撤销的参与", "false"),
    ),
    (
        Column("year", "text"), Column("participations", "integer"), Column("state_linked", "integer"),
        Column("possibly_linked", "integer"), Column("share", "stake"), Column("amount", "money"),
        Column("linked_amount", "money"), Column("possible_amount", "money"), Column("evidence", "statement"),
    ),
    _run,
)  # fmt: skip
