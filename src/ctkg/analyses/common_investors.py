"""Which companies have investors in common: the projection of investments on companies.

With I(c) the investors of company c, the weight of two companies is
``|I(a) ∩ I(b)|``, and their likeness ``|I(a) ∩ I(b)| / |I(a) ∪ I(b)|``, the
Jaccard index. The stored query ``shared-backers`` lists the investors; this is
the graph of companies that they make.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from itertools import combinations

from ctkg.analyses.analysis import Analysis, Inputs, Outcome, evidence, option
from ctkg.errors import QueryError
from ctkg.messages import tr
from ctkg.results import Cell, Column, Resource

__all__ = ["ANALYSIS", "projection"]


def projection(investors: dict[str, set[str]]) -> dict[tuple[str, str], set[str]]:
    """Each two companies with the investors that they share; those that share none are left out."""
    backed: dict[str, list[str]] = defaultdict(list)
    for company, theirs in sorted(investors.items()):
        for investor in theirs:
            backed[investor].append(company)
    shared: dict[tuple[str, str], set[str]] = defaultdict(set)
    for investor, companies in backed.items():
        for pair in combinations(companies, 2):
            shared[pair].add(investor)
    return dict(shared)


def _run(inputs: Inputs) -> Outcome:
    if inputs["minimum"] < 1:
        raise QueryError(tr("--minimum is at least 1"))
    table = inputs.view("investments", possible=inputs["possible"])
    investors: dict[str, set[str]] = defaultdict(set)
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    for edge in table.edges:
        investors[edge.target.iri].add(edge.source.iri)
        said[edge.source.iri, edge.target.iri].update(edge.evidence.statements)
    shared = projection(investors)
    pairs = sorted(shared, key=lambda pair: (-len(shared[pair]), pair))
    rows: list[tuple[Cell, ...]] = [
        (
            Resource(one, {}), Resource(other, {}), len(shared[one, other]),
            Decimal(f"{len(shared[one, other]) / len(investors[one] | investors[other]):.3f}"),
            [Resource(investor, {}) for investor in sorted(shared[one, other])],
            evidence(s for investor in shared[one, other] for end in (one, other) for s in said[investor, end]),
        )
        for one, other in pairs
        if len(shared[one, other]) >= inputs["minimum"]
    ]  # fmt: skip
    remarks = inputs.emptiness(table, inputs["possible"])
    if table.edges and not rows:
        remarks.append(tr("no two companies share {count} investors", count=inputs["minimum"]))
    return Outcome(rows, [inputs.ran_on(table, inputs["possible"])], remarks)


ANALYSIS = Analysis(
    "common-investors",
    {"en": "Which companies have investors in common", "zh": "哪些公司有共同的投资方"},
    {
        "en": "The weight is the number of investors that put money into both, the likeness their part of all investors of the two.",
        "zh": "权重为同时投资两家公司的投资方数，相似度为其占两家全部投资方的比例。",
    },
    {
        "en": "Funds of one house that reports name apart count apart, and a common investor may have left one of the two since.",
        "zh": "同一机构旗下被分别报道的基金分别计数；共同投资方此后可能已退出其中一家。",
    },
    (
        option("minimum", "integer", "the least number of common investors", "最少共同投资方数", 2),
        option("possible", "boolean", "count what is only possible, too", "也计仅为可能者", "false"),
    ),
    (
        Column("company", "iri"), Column("other_company", "iri"), Column("common", "integer"), Column("likeness", "decimal"),
        Column("investors", "iris"), Column("evidence", "statement"),
    ),
    _run,
)  # fmt: skip
