"""Which pairs of investors meet in deals more often than their numbers of deals, and the deals' sizes, explain.

The null model keeps how many deals each investor is in and how many investors
each deal has, and mixes who meets whom: the Curveball algorithm, in which two
investors trade the deals that only one of them is in. For each pair of
investors with at least ``minimum`` deals each (chosen before looking at who
met)::

    p = (1 + number of runs with at least as many meetings as observed) / (runs + 1)
    q = Benjamini–Hochberg of p over all these pairs

``expected`` is the mean over the runs. The same ``seed`` and ``runs`` give the
same numbers.

Reference: G. Strona et al., "A fast and unbiased procedure to randomize
ecological binary matrices with fixed row and column totals", Nature
Communications 5 (2014); B. V. North et al., Am. J. Hum. Genet. 71 (2002), for
p; Y. Benjamini, Y. Hochberg, J. R. Stat. Soc. B 57 (1995), for q.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import combinations
from typing import NamedTuple

from ctkg.analyses.analysis import Analysis, Inputs, Outcome, evidence, option
from ctkg.errors import QueryError
from ctkg.messages import tr
from ctkg.results import Cell, Column, Resource
from ctkg.views.narrow import deal_of

__all__ = ["ANALYSIS", "Pair", "adjusted", "mixed", "surplus"]

Pair = tuple[str, str]
Deals = dict[str, set[str]]


class Surplus(NamedTuple):
    """How often two met, how often they would by chance, and how seldom chance gives as much."""

    observed: int
    expected: float
    p: float
    q: float


def mixed(deals: Deals, rng: random.Random) -> Iterator[Deals]:
    """Random matrices with the same row and column totals, without end."""
    rows = {investor: set(held) for investor, held in sorted(deals.items())}
    names = sorted(rows)
    trades = 10 * len(names)  # until the first, the start is forgotten
    while True:
        for _ in range(trades):
            one, other = rng.sample(names, 2)
            _trade(rows, one, other, rng)
        yield rows
        trades = len(names)


def _trade(rows: Deals, one: str, other: str, rng: random.Random) -> None:
    only = rows[one] - rows[other]
    if not only or rows[other] <= rows[one]:
        return
    both = rows[one] & rows[other]
    pool = sorted(rows[one] ^ rows[other])
    rng.shuffle(pool)
    rows[one] = both | set(pool[: len(only)])
    rows[other] = both | set(pool[len(only) :])


def surplus(deals: Deals, minimum: int, runs: int, seed: int) -> dict[Pair, Surplus]:
    """The verdict on each pair of investors that have at least ``minimum`` deals each."""
    names = sorted(investor for investor, held in deals.items() if len(held) >= minimum)
    pairs = list(combinations(names, 2))
    if not pairs:
        return {}
    observed = _meetings(deals, names)
    above: Counter[Pair] = Counter()
    total: Counter[Pair] = Counter()
    samples = mixed(deals, random.Random(seed))  # noqa: S311 - chance for statistics, not for secrets
    for _, sample in zip(range(runs), samples, strict=False):
        met = _meetings(sample, names)
        total.update(met)
        above.update(pair for pair, times in met.items() if times >= observed[pair] > 0)
    chance = {pair: (1 + above[pair]) / (runs + 1) if observed[pair] else 1.0 for pair in pairs}
    q = adjusted(chance)
    return {pair: Surplus(observed[pair], total[pair] / runs, chance[pair], q[pair]) for pair in pairs}


def _meetings(deals: Deals, names: Iterable[str]) -> Counter[Pair]:
    inside: dict[str, list[str]] = defaultdict(list)
    for name in names:
        for deal in deals[name]:
            inside[deal].append(name)
    return Counter(pair for met in inside.values() for pair in combinations(met, 2))


def adjusted(chance: dict[Pair, float]) -> dict[Pair, float]:
    """Benjamini–Hochberg: the false discovery rate at which each pair would still be named."""
    ordered = sorted(chance, key=lambda pair: (chance[pair], pair))
    q: dict[Pair, float] = {}
    least = 1.0
    for place in range(len(ordered), 0, -1):
        least = min(least, chance[ordered[place - 1]] * len(ordered) / place)
        q[ordered[place - 1]] = least
    return q


def _run(inputs: Inputs) -> Outcome:
    minimum, runs = inputs["minimum"], inputs["runs"]
    if inputs["top"] < 1:
        raise QueryError(tr("--top is at least 1"))
    if minimum < 1 or not 1 <= runs <= 100_000:
        raise QueryError(tr("--minimum is at least 1, --runs from 1 to 100000"))
    table = inputs.view("investments", possible=inputs["possible"])
    deals: Deals = defaultdict(set)
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    for edge in table.edges:
        key = "\n".join((*deal_of(edge), edge.target.iri))
        deals[edge.source.iri].add(key)
        said[edge.source.iri, key].update(edge.evidence.statements)
    found = surplus(deals, minimum, runs, inputs["seed"])
    met = sorted(
        (pair for pair, s in found.items() if s.observed), key=lambda pair: (found[pair].p, -found[pair].observed, pair)
    )
    rows: list[tuple[Cell, ...]] = []
    for one, other in met[: inputs["top"]]:
        pair = found[one, other]
        together = deals[one] & deals[other]
        rows.append(
            (
                Resource(one, {}), Resource(other, {}), pair.observed, *(Decimal(f"{n:.4f}") for n in pair[1:]),
                evidence(s for end in (one, other) for deal in together for s in said[end, deal]),
            )
        )  # fmt: skip
    remarks = inputs.emptiness(table, inputs["possible"])
    if table.edges:
        remarks.append(
            tr(
                "{pairs} pairs tested ({met} of them met), {runs} runs, seed {seed}; {count} have q ≤ 0.05; "
                "the least p that so many runs can give is {least}",
                pairs=len(found), met=len(met), runs=runs, seed=inputs["seed"],
                count=sum(s.q <= 0.05 for s in found.values()), least=f"{1 / (runs + 1):.2g}",
            )
        )  # fmt: skip
    return Outcome(rows, [inputs.ran_on(table, inputs["possible"])], remarks)


ANALYSIS = Analysis(
    "co-investment-surplus",
    {"en": "Pairs that co-invest more often than chance explains", "zh": "共同投资次数超出随机预期的投资方组合"},
    {
        "en": "p is how seldom a random graph with the same numbers of deals and investors lets the two meet as often; q corrects it for the many pairs tested (Benjamini–Hochberg).",
        "zh": "p 为在保持各方交易数与各交易投资方数不变的随机图中，二者同样多次相遇的概率；q 经 Benjamini–Hochberg 方法对多重检验作出校正。",
    },
    {
        "en": "The null model knows neither time, sector nor place: two may meet often because both invest in Beijing in 2023. Deals of which reports name but one investor say little.",
        "zh": "零模型不考虑时间、行业与地点：二者相遇多，可能只因都在同一时期投资于同一地区。报道只列出一个投资方的交易几乎不提供信息。",
    },
    (
        option("minimum", "integer", "the least number of deals of each investor tested", "参与检验的投资方最少交易数", 2),
        option("runs", "integer", "how many random graphs", "随机图数量", 1000),
        option("seed", "integer", "where chance begins", "随机种子", 1),
        option("top", "integer", "how many pairs are shown", "显示多少对", 20),
        option("possible", "boolean", "count what is only possible, too", "也计仅为可能者", "false"),
    ),
    (
        Column("investor", "iri"), Column("other_investor", "iri"), Column("deals", "integer"), Column("expected", "decimal"),
        Column("p", "decimal"), Column("q", "decimal"), Column("evidence", "statement"),
    ),
    _run,
)  # fmt: skip
