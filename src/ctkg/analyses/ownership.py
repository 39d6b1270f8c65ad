"""Who is owned by whom to at least a threshold, directly, indirectly and in aggregate.

The rule is that of the US Office of Foreign Assets Control, which the Bureau of
Industry and Security took over in its Affiliates Rule (90 FR 47201): whoever
is owned to at least 50 % by listed persons, alone or together, is treated as
listed, and so on down. Shares are therefore not multiplied along a chain. With
L the set of owners and s(o, x) the share of o in x::

    L₀ = owners        Lₙ₊₁ = Lₙ ∪ { x : Σ s(o, x) over o in Lₙ ≥ threshold }

It runs twice. *Certain*: with the least share that each report allows, by
certain links only. *Possible*: with the greatest, by possible links, too, and
across groups: reports that name a company do not say which of its legal
persons hold the shares or are held.

Reference: OFAC, "Revised Guidance on Entities Owned by Persons Whose Property
and Interests in Property Are Blocked", 13 August 2014.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from ctkg.amounts import Stake
from ctkg.analyses.analysis import Inputs
from ctkg.analyses.statements import standing
from ctkg.namespaces import CTKG
from ctkg.results import Resource

__all__ = ["Caught", "Holding", "Ownership", "Tie", "read_ownership", "roll_up"]

COUNTED = frozenset(f"{CTKG}{name}" for name in ("Equity", "RegisteredCapital", "PartnershipShare"))
"""Kinds of interest that are ownership; votes and contracts (VIE) are control."""
ABOUT = Decimal("0.5")
"""How far, in points, a share reported as "about" may lie from its figure."""
_ALL = Decimal(100)


class Holding(NamedTuple):
    """What one owner holds in one organisation, over all reports that stand: shares in per cent."""

    owner: str
    owned: str
    least: Decimal
    greatest: Decimal
    below: bool  # the greatest itself is not reached
    direct: bool
    certain: bool
    interests: tuple[str, ...]
    observed: tuple[str, ...]
    statements: tuple[str, ...]


class Tie(NamedTuple):
    """A link that is no share: a member of a group, or a fund and who manages it."""

    kind: str  # PartOfGroup or Management
    above: str  # the group, the manager
    below: str  # the member, the fund
    certain: bool
    statement: str


class Ownership(NamedTuple):
    """All holdings and ties that stand on a day."""

    holdings: tuple[Holding, ...]
    ties: tuple[Tie, ...]


class Caught(NamedTuple):
    """An organisation that the rule reaches, and by what: ``through`` is ``direct``, ``indirect``, ``aggregated``,
    ``group`` or ``management``, or ``below`` where owners hold something that does not suffice."""

    iri: str
    certain: bool
    through: str
    share: Stake | None
    holdings: tuple[Holding, ...]
    ties: tuple[Tie, ...] = ()


def read_ownership(inputs: Inputs) -> Ownership:
    """The holdings and ties on the day asked about."""
    reports: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for edge in inputs.view("ownership", possible=True).edges:
        if edge.interest.iri in COUNTED:
            reports[edge.source.iri, edge.target.iri].append(edge)
    ties = []
    for statement in standing(inputs, "PartOfGroup", "Management"):
        above, below = ("group", "member") if statement.kind == "PartOfGroup" else ("manager", "managed")
        ties += [
            Tie(statement.kind, one, other, statement.certain, statement.iri)
            for one in statement.parties.get(above, [])
            for other in statement.parties.get(below, [])
        ]
    return Ownership(tuple(_holding(pair, edges) for pair, edges in sorted(reports.items())), tuple(sorted(ties)))


def _holding(pair: tuple[str, str], edges: list[Any]) -> Holding:
    """The band that holds what all reports of one owner say: rivals and kinds of interest are never added up."""
    bands = [_band(edge.stake) for edge in edges]
    greatest = max(band[1] for band in bands)
    return Holding(
        *pair,
        min(band[0] for band in bands),
        greatest,
        all(below for _, most, below in bands if most == greatest),
        all(isinstance(edge.directness, Resource) and edge.directness.slug == "DirectInterest" for edge in edges),
        all(edge.certainty.iri == f"{CTKG}Certain" for edge in edges),
        tuple(sorted({edge.interest.iri for edge in edges})),
        tuple(sorted({str(edge.observed) for edge in edges if edge.observed})),
        tuple(sorted({statement for edge in edges for statement in edge.evidence.statements})),
    )


def _band(stake: Any) -> tuple[Decimal, Decimal, bool]:
    if not isinstance(stake, Stake):
        return Decimal(0), _ALL, False
    slack = ABOUT if stake.approximate else Decimal(0)
    least = max(Decimal(0), (stake.least or Decimal(0)) - slack)
    if stake.greatest is None:
        return least, _ALL, False
    below = stake.exclusive and stake.least is None
    return least, min(_ALL, stake.greatest + slack), below and not slack


def roll_up(
    owners: dict[str, bool], ownership: Ownership, threshold: Decimal, *, management: bool = False
) -> dict[str, Caught]:
    """What the owners (IRI → whether certain) reach, and what they hold without reaching it.

    ``management`` counts whoever manages a fund as its owner.
    """
    kinds = {"PartOfGroup", "Management"} if management else {"PartOfGroup"}
    ties = [tie for tie in ownership.ties if tie.kind in kinds]
    reach = _reach(ownership.holdings, ownership.ties)
    sure = _closure({iri for iri, certain in owners.items() if certain}, ownership, ties, threshold, reach, True)
    perhaps = _closure(set(owners), ownership, ties, threshold, reach, False)
    found = {**perhaps, **sure}
    reached = {*owners, *(iri for iri, caught in found.items() if caught.through != "below")}
    for owned, holdings in _into(ownership.holdings, reached).items():
        if owned not in reached:
            found[owned] = Caught(owned, False, "below", _total(holdings, reach), tuple(holdings))
    return {iri: caught for iri, caught in sorted(found.items()) if iri not in owners or caught.certain > owners[iri]}


def _closure(
    owners: set[str],
    ownership: Ownership,
    ties: list[Tie],
    threshold: Decimal,
    reach: dict[str, set[str]],
    certain: bool,
) -> dict[str, Caught]:
    reached = set(owners)
    caught: dict[str, Caught] = {}
    holdings = [holding for holding in ownership.holdings if holding.certain or not certain]
    while True:
        fresh: dict[str, Caught] = {}
        for owned, held in _into(holdings, reached).items():
            if owned not in reached and _suffices(held, threshold, reach, certain):
                fresh[owned] = _by_shares(owned, held, owners, threshold, reach, certain)
        for tie in ties:
            for one, other in _crossings(tie, certain):
                if one in reached and other not in reached and other not in fresh:
                    through = "group" if tie.kind == "PartOfGroup" else "management"
                    fresh[other] = Caught(other, certain, through, None, (), (tie,))
        if not fresh:
            return caught
        caught |= fresh
        reached |= fresh.keys()


def _crossings(tie: Tie, certain: bool) -> list[tuple[str, str]]:
    if tie.kind == "Management":
        return [(tie.above, tie.below)] if tie.certain or not certain else []
    return [] if certain else [(tie.above, tie.below), (tie.below, tie.above)]


def _into(holdings: Iterable[Holding], owners: set[str]) -> dict[str, list[Holding]]:
    into: dict[str, list[Holding]] = defaultdict(list)
    for holding in holdings:
        if holding.owner in owners:
            into[holding.owned].append(holding)
    return into


def _suffices(held: list[Holding], threshold: Decimal, reach: dict[str, set[str]], certain: bool) -> bool:
    total = _total(held, reach)
    if certain:
        return (total.least or Decimal(0)) >= threshold
    assert total.greatest is not None
    return total.greatest > threshold or (total.greatest == threshold and not total.exclusive)


def _by_shares(
    owned: str, held: list[Holding], owners: set[str], threshold: Decimal, reach: dict[str, set[str]], certain: bool
) -> Caught:
    alone = [holding for holding in held if _suffices([holding], threshold, reach, certain)]
    if not alone:
        through = "aggregated"
    else:
        through = "direct" if any(holding.owner in owners for holding in alone) else "indirect"
    return Caught(owned, certain, through, _total(held, reach), tuple(held))


def _total(held: list[Holding], reach: dict[str, set[str]]) -> Stake:
    """What several hold together.

    Direct holdings add up. Of owners that stand in one chain or group and are
    not all reported as direct, the least takes the greatest one only, since they
    may be the same shares seen from two places.
    """
    least = Decimal(0)
    left = list(held)
    while left:
        chain = [left.pop(0)]
        for member in chain:
            linked = [h for h in left if h.owner in reach[member.owner] or member.owner in reach[h.owner]]
            chain += linked
            left = [h for h in left if h not in linked]
        shares = [holding.least for holding in chain]
        least += sum(shares) if all(holding.direct for holding in chain) else max(shares)
    greatest = min(_ALL, sum((holding.greatest for holding in held), Decimal(0)))
    return Stake(min(least, _ALL), greatest, any(h.below for h in held) and greatest < _ALL)


def _reach(holdings: Iterable[Holding], ties: Iterable[Tie]) -> dict[str, set[str]]:
    """Whom each owner stands above or beside: by shares, group or management."""
    onward: dict[str, set[str]] = defaultdict(set)
    for holding in holdings:
        onward[holding.owner].add(holding.owned)
    for tie in ties:
        onward[tie.above].add(tie.below)
        if tie.kind == "PartOfGroup":
            onward[tie.below].add(tie.above)
    reach: dict[str, set[str]] = {}
    for start in {holding.owner for holding in holdings}:
        seen = {start}
        queue = [start]
        while queue:
            for other in onward.get(queue.pop(), set()) - seen:
                seen.add(other)
                queue.append(other)
        reach[start] = seen - {start}
    return reach
