"""Sums of money as reported: exact, a band, about, undisclosed.

The derived graph holds each sum once more as one compact text (``ctkg:money``)
that every tool can print; this module writes that text, reads it back and says
it in words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

__all__ = ["Money", "Stake", "plain_number"]

_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_PLAIN = re.compile(r"[+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})")
_TEXT = rf"(?:(\w+) )?(≈?)(?:([><≥≤]?)({_NUMBER})|({_NUMBER})–({_NUMBER}))(?: ?%)?"

_EN_UNITS = ((Decimal(10) ** 12, "tn"), (Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "m"))
_ZH_UNITS = ((Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万"))
_ZH_CURRENCIES = {
    "CNY": "元人民币",
    "USD": "美元",
    "HKD": "港元",
    "EUR": "欧元",
    "SGD": "新加坡元",
    "JPY": "日元",
}


def plain_number(text: str) -> Decimal:
    """The number that ``text`` writes in plain digits.

    Raises ``ValueError`` for any other text: an exponent would make a number of
    a billion digits out of ten characters.
    """
    if not _PLAIN.fullmatch(text):
        raise ValueError(f"not a number in at most 30 plain digits: {text[:40]!r}")
    return Decimal(text)


class Money(NamedTuple):
    """A sum: ``least`` and ``greatest`` are equal where it is exact, ``None`` where open.

    The bounds belong to the sum unless marked ``exclusive``; both are in whole
    units of ``currency`` (ISO 4217). All fields ``None`` means undisclosed.
    """

    currency: str | None
    least: Decimal | None
    greatest: Decimal | None
    exclusive: bool = False
    approximate: bool = False

    @classmethod
    def parse(cls, text: str) -> Money:
        """The sum that `compact` wrote; raises ``ValueError`` for any other text."""
        if text == "undisclosed":
            return cls(None, None, None)
        match = re.fullmatch(_TEXT, text)
        if match is None:
            raise ValueError(f"not a sum of money: {text!r}")
        currency, about, sign, single, low, high = match.groups()
        least = Decimal(low or single) if low or sign not in ("<", "≤") else None
        greatest = Decimal(high or single) if high or sign not in (">", "≥") else None
        return cls(currency, least, greatest, bool(sign) and sign in "<>", bool(about))

    def compact(self) -> str:
        """The text stored as ``ctkg:money``: ``USD 800000000``, ``USD >600000000``, ``undisclosed``."""
        if self.least is None and self.greatest is None:
            return "undisclosed"
        return f"{self.currency} {self._band(_plain)}"

    def words(self, language: str = "en") -> str:
        """How a reader says it: ``USD 800m``, ``8亿美元``.

        >>> Money("USD", Decimal(600000000), None).words()
        'USD ≥600m'
        """
        if self.least is None and self.greatest is None:
            return "未披露" if language == "zh" else "undisclosed"
        if language == "zh":
            return self._band(_zh) + _ZH_CURRENCIES.get(self.currency or "", f" {self.currency}")
        return f"{self.currency} {self._band(_en)}"

    def _band(self, number: Callable[[Decimal], str]) -> str:
        about = "≈" if self.approximate else ""
        if self.least is not None and self.greatest is not None:
            if self.least == self.greatest:
                return f"{about}{number(self.least)}"
            return f"{about}{number(self.least)}–{_below(number, self.greatest)}"
        if self.greatest is None:
            assert self.least is not None
            return f"{about}{'>' if self.exclusive else '≥'}{number(self.least)}"
        return f"{about}{'<' if self.exclusive else '≤'}{number(self.greatest)}"


class Stake(NamedTuple):
    """A share in per cent, exact or a band, as `Money` without a currency."""

    least: Decimal | None
    greatest: Decimal | None
    exclusive: bool = False
    approximate: bool = False

    @classmethod
    def parse(cls, text: str) -> Stake:
        """The share that `compact` wrote; raises ``ValueError`` for any other text."""
        money = Money.parse(text)
        return cls(money.least, money.greatest, money.exclusive, money.approximate)

    def compact(self) -> str:
        """The text stored as ``ctkg:stake``: ``36 %``, ``≈36 %``, ``≥50 %``.

        >>> Stake(Decimal(36), Decimal(36), approximate=True).compact()
        '≈36 %'
        """
        money = Money(None, self.least, self.greatest, self.exclusive, self.approximate)
        return f"{money._band(_plain)} %"

    def words(self, language: str = "en") -> str:
        """How a reader says it; the same in every language."""
        return self.compact()


def _below(number: Callable[[Decimal], str], greatest: Decimal) -> str:
    """999,999,999 is how a band says "below a billion" (数亿): in words, say so."""
    above = greatest + 1
    round_ = number is not _plain and above >= 1000 and str(above).rstrip("0") == "1"
    return f"<{number(above)}" if round_ else number(greatest)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _en(number: Decimal) -> str:
    return _in_units(number, _EN_UNITS)


def _zh(number: Decimal) -> str:
    return _in_units(number, _ZH_UNITS)


def _in_units(number: Decimal, units: tuple[tuple[Decimal, str], ...]) -> str:
    for size, unit in units:
        if number >= size:
            return _plain(number / size) + unit
    return _plain(number)
