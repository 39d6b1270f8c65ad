"""What an owner reaches under the 50 % rule on a day; formula and reference: ``ctkg.analyses.ownership``."""

from __future__ import annotations

from decimal import Decimal

from ctkg.analyses.analysis import Analysis, Inputs, Outcome, certainty, evidence, option, sort
from ctkg.analyses.explain import chain, crossed, steps
from ctkg.analyses.ownership import Caught, read_ownership, roll_up
from ctkg.errors import QueryError
from ctkg.messages import tr
from ctkg.names import find_entity
from ctkg.results import Cell, Column, Resource

__all__ = ["ANALYSIS", "check_threshold"]


def check_threshold(threshold: Decimal) -> Decimal:
    """The share, where it is one; raises `QueryError` else."""
    if not 0 < threshold <= 100:
        raise QueryError(tr("--threshold is a share above 0 and at most 100"))
    return threshold


def _run(inputs: Inputs) -> Outcome:
    threshold = check_threshold(inputs["threshold"])
    names = [name for name in inputs["owner"].split(";") if name.strip()]
    if not names:
        raise QueryError(tr("--owner names nobody"))
    owners = dict.fromkeys((find_entity(inputs.backend, name, "ctkg:Actor").iri for name in names), True)
    ownership = read_ownership(inputs)
    caught = roll_up(owners, ownership, threshold)
    inputs.learn({h.owner for h in ownership.holdings} | {h.owned for h in ownership.holdings} | caught.keys())
    rows = [_row(inputs, caught, found, threshold) for found in caught.values()]
    order = {"direct": 0, "indirect": 1, "aggregated": 2, "group": 3, "management": 4, "below": 5}
    rows = sort(rows, lambda row: (row[2] == tr("below"), row[3].iri, [tr(name) for name in order].index(row[2])))
    graph = tr(
        "view ownership with groups, as of {day}, as known on {known}: {holdings} holdings, {ties} ties to groups",
        day=inputs.as_of, known=inputs.known_at, holdings=len(ownership.holdings),
        ties=sum(tie.kind == "PartOfGroup" for tie in ownership.ties),
    )  # fmt: skip
    owner = ", ".join(map(inputs.name, owners))
    remarks = [] if rows else [tr("no report says that {owner} holds anything on {day}", owner=owner, day=inputs.as_of)]
    return Outcome(rows, [graph], remarks)


def _row(inputs: Inputs, caught: dict[str, Caught], found: Caught, threshold: Decimal) -> tuple[Cell, ...]:
    path = chain(caught, found.iri)
    statements = [s for step in path for holding in step.holdings for s in holding.statements]
    statements += [tie.statement for step in path for tie in step.ties]
    return (
        Resource(found.iri, {}), found.share, tr(found.through),
        certainty(found.certain or found.through == "below"), [Resource(iri, {}) for iri in crossed(path)],
        steps(inputs, path, threshold), evidence(statements),
    )  # fmt: skip


ANALYSIS = Analysis(
    "ownership-roll-up",
    {"en": "What an owner reaches under the 50 % rule, step by step", "zh": "按50%规则，某所有者逐级触及哪些组织"},
    {
        "en": "An organisation is caught where those caught before it hold at least the threshold of it, alone or together; shares are not multiplied along a chain. Certain: by the least shares that reports allow. Possible: by the greatest, or across a group.",
        "zh": "已被触及者单独或合计持有某组织达到门槛比例时，该组织即被触及；沿链条不作连乘。“确定”按报道所容许的最低比例；“可能”按最高比例，或须跨越集团。",
    },
    {
        "en": "Reports of different days are added up as if of one; a stake seen on one day may have been sold since, and stakes that nobody reported are missing. Votes and contracts (VIE) do not count as ownership.",
        "zh": "不同日期的报道视作同日相加；某日所见的持股此后可能已出售，未经报道的持股不在其中。表决权与协议控制（VIE）不计为所有权。",
    },
    (
        option("owner", "string", "the owner; several are parted by ;", "所有者；多个以 ; 分隔"),
        option("threshold", "decimal", "the share that counts as ownership of the whole, in per cent", "视为拥有全部的比例（百分数）", 50),
    ),
    (
        Column("owned", "iri"), Column("share", "stake"), Column("through", "text"), Column("certainty", "iri"),
        Column("crossed", "iris"), Column("explanation", "text"), Column("evidence", "statement"),
    ),
    _run,
    ("owner",),
)  # fmt: skip
