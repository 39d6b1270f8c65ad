from __future__ import annotations

from decimal import Decimal

import pytest

from ctkg.amounts import Money, Stake

SUMS = [
    (Money("USD", Decimal(800000000), Decimal(800000000)), "USD 800000000", "USD 800m", "8亿美元"),
    (Money("USD", Decimal(600000000), None), "USD ≥600000000", "USD ≥600m", "≥6亿美元"),
    (Money("USD", Decimal(1000000000), None, True), "USD >1000000000", "USD >1bn", ">10亿美元"),
    (Money("CNY", None, Decimal(500000000), True), "CNY <500000000", "CNY <500m", "<5亿元人民币"),
    (Money("CNY", Decimal(200000000), Decimal(999999999)), "CNY 200000000–999999999", "CNY 200m–<1bn", "2亿–<10亿元人民币"),
    (Money("HKD", Decimal("816400000.5"), Decimal("816400000.5"), False, True), "HKD ≈816400000.5", "HKD ≈816.4000005m", "≈8.164000005亿港元"),
    (Money("XAU", Decimal(5), Decimal(5)), "XAU 5", "XAU 5", "5 XAU"),
    (Money(None, None, None), "undisclosed", "undisclosed", "未披露"),
]  # fmt: skip


@pytest.mark.parametrize(("money", "compact", "english", "chinese"), SUMS)
def test_a_sum_is_written_and_said_in_both_languages(money: Money, compact: str, english: str, chinese: str) -> None:
    assert money.compact() == compact
    assert money.words("en") == english
    assert money.words("zh") == chinese


@pytest.mark.parametrize("money", [case[0] for case in SUMS])
def test_a_compact_sum_reads_back_as_it_was(money: Money) -> None:
    assert Money.parse(money.compact()) == money


@pytest.mark.parametrize("text", ["", "USD", "USD 1-2", "800", "USD 8e5", "nothing"])
def test_other_text_is_no_sum(text: str) -> None:
    if text == "800":  # a share's number without its currency is read by Stake
        assert Money.parse(text).currency is None
    else:
        with pytest.raises(ValueError, match="not a sum"):
            Money.parse(text)


@pytest.mark.parametrize(
    ("stake", "compact"),
    [
        (Stake(Decimal(36), Decimal(36), False, True), "≈36 %"),
        (Stake(Decimal("50"), None, True), ">50 %"),
        (Stake(Decimal("2.75"), Decimal("2.75")), "2.75 %"),
    ],
)
def test_a_share_reads_back_as_it_was(stake: Stake, compact: str) -> None:
    assert stake.compact() == compact
    assert Stake.parse(compact) == stake
