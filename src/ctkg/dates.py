"""Partial dates as text, and the days they may mean.

A date is written as precisely as its source says: ``2024``, ``2024-02`` or
``2024-02-19``. ISO text sorts like the days it names, so days stay text here.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ctkg.errors import QueryError
from ctkg.messages import tr

__all__ = ["FIRST_DAY", "LAST_DAY", "PartialDate", "check_day", "day_after"]

FIRST_DAY = "0001-01-01"
"""Stands for "no start is known"."""
LAST_DAY = "9999-12-31"
"""Stands for "no end is known"."""

_PATTERN = r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?"


class PartialDate(str):
    """A year, month or day as its source reports it.

    >>> PartialDate("2024-02").earliest, PartialDate("2024-02").latest
    ('2024-02-01', '2024-02-29')
    """

    __slots__ = ()

    @property
    def earliest(self) -> str:
        """The first day it may mean; raises ``ValueError`` where the text is no date."""
        return _bounds(str(self))[0]

    @property
    def latest(self) -> str:
        """The last day it may mean; raises ``ValueError`` where the text is no date."""
        return _bounds(str(self))[1]


@lru_cache(maxsize=16384)
def _bounds(text: str) -> tuple[str, str]:
    match = re.fullmatch(_PATTERN, text)
    if match is None:
        raise ValueError(f"not a year, month or day: {text!r}")
    from calendar import monthrange
    from datetime import date

    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    if month is None:
        first, last = date(year, 1, 1), date(year, 12, 31)
    elif day is None:
        first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
    else:
        first = last = date(year, month, day)
    return first.isoformat(), last.isoformat()


def day_after(day: str) -> str:
    """The next calendar day; the last day there is has no next.

    >>> day_after("2024-02-29")
    '2024-03-01'
    """
    from datetime import date, timedelta

    return day if day == LAST_DAY else (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def check_day(text: str, name: str) -> str:
    """``text`` where it is a calendar day; raises `QueryError` that names the parameter ``name``."""
    from datetime import date

    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise QueryError(
        tr("{name} is not a day: {value!r}", name=name, value=text),
        tr("write year-month-day, such as 2024-03-05"),
    )
