"""The 50 % rule on small graphs whose answer is known by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ctkg.amounts import Stake
from ctkg.analyses.explain import chain, crossed
from ctkg.analyses.ownership import Caught, Holding, Ownership, Tie, roll_up

HALF = Decimal(50)


def holding(
    owner: str, owned: str, least: float, greatest: float | None = None, *, below: bool = False, direct: bool = True,
    certain: bool = True,
) -> Holding:  # fmt: skip
    most = Decimal(str(least if greatest is None else greatest))
    return Holding(owner, owned, Decimal(str(least)), most, below, direct, certain, (), (), (f"{owner}-{owned}",))


def reached(
    owners: list[str], *holdings: Holding, ties: tuple[Tie, ...] = (), management: bool = False
) -> dict[str, Caught]:
    return roll_up(dict.fromkeys(owners, True), Ownership(holdings, ties), HALF, management=management)


def verdicts(owners: list[str], *holdings: Holding, ties: tuple[Tie, ...] = ()) -> dict[str, tuple[str, bool]]:
    return {iri: (caught.through, caught.certain) for iri, caught in reached(owners, *holdings, ties=ties).items()}


def test_half_suffices_and_less_does_not() -> None:
    found = verdicts(["a"], holding("a", "b", 50), holding("a", "c", 49.99))
    assert found == {"b": ("direct", True), "c": ("below", False)}


def test_shares_are_not_multiplied_along_a_chain() -> None:
    found = verdicts(["a"], holding("a", "b", 60), holding("b", "c", 50), holding("c", "d", 51))
    assert found == {"b": ("direct", True), "c": ("indirect", True), "d": ("indirect", True)}


def test_listed_owners_add_up() -> None:
    found = reached(["a", "b"], holding("a", "x", 30), holding("b", "x", 25))
    assert (found["x"].through, found["x"].certain, found["x"].share) == (
        "aggregated",
        True,
        Stake(Decimal(55), Decimal(55)),
    )


def test_one_of_two_owners_alone_does_not_suffice() -> None:
    assert verdicts(["a"], holding("a", "x", 30), holding("b", "x", 25)) == {"x": ("below", False)}


def test_direct_and_indirect_holdings_add_up_where_both_are_direct_reports() -> None:
    found = verdicts(["a"], holding("a", "b", 100), holding("a", "x", 20), holding("b", "x", 30))
    assert found["x"] == ("aggregated", True)


def test_the_same_shares_seen_from_two_places_count_once_for_certain() -> None:
    found = verdicts(["a"], holding("a", "b", 100), holding("a", "x", 30, direct=False), holding("b", "x", 30))
    assert found["x"] == ("aggregated", False)  # 30 for certain, 60 at most


@pytest.mark.parametrize(
    ("held", "verdict"),
    [
        (holding("a", "x", 40, 60), ("direct", False)),
        (holding("a", "x", 50, 60), ("direct", True)),
        (holding("a", "x", 0, 50, below=True), ("below", False)),
        (holding("a", "x", 0, 50), ("direct", False)),
        (holding("a", "x", 70, certain=False), ("direct", False)),
    ],
)
def test_a_band_is_certain_only_by_its_least(held: Holding, verdict: tuple[str, bool]) -> None:
    assert verdicts(["a"], held) == {"x": verdict}


def test_what_hangs_on_a_possible_link_is_possible() -> None:
    found = verdicts(["a"], holding("a", "b", 40, 60), holding("b", "c", 100))
    assert found == {"b": ("direct", False), "c": ("indirect", False)}


def test_a_circle_of_holdings_ends() -> None:
    found = reached(["a"], holding("a", "b", 60), holding("b", "c", 60), holding("c", "b", 40))
    assert {iri: caught.certain for iri, caught in found.items()} == {"b": True, "c": True}
    assert [step.iri for step in chain(found, "c")] == ["b", "c"]


def test_a_group_is_crossed_as_possible_only_and_said_so() -> None:
    tie = Tie("PartOfGroup", "group", "person", True, "t")
    found = reached(["person"], holding("group", "x", 80), ties=(tie,))
    assert {iri: (c.through, c.certain) for iri, c in found.items()} == {
        "group": ("group", False),
        "x": ("indirect", False),
    }
    assert crossed(chain(found, "x")) == ["group"]


def test_managers_count_only_where_asked_for() -> None:
    tie = Tie("Management", "manager", "fund", True, "t")
    assert reached(["manager"], ties=(tie,)) == {}
    assert reached(["manager"], ties=(tie,), management=True)["fund"].certain


def test_an_owner_that_is_only_possibly_listed_makes_possible_only() -> None:
    found = roll_up({"a": False}, Ownership((holding("a", "b", 100),), ()), HALF)
    assert not found["b"].certain
