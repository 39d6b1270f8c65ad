from __future__ import annotations

import pytest

from ctkg.dates import LAST_DAY, PartialDate, check_day, day_after
from ctkg.errors import QueryError


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-02", "2023-02-01", "2023-02-28"),
        ("2024-12", "2024-12-01", "2024-12-31"),
        ("2024-02-19", "2024-02-19", "2024-02-19"),
    ],
)
def test_a_partial_date_spans_the_days_it_may_mean(text: str, earliest: str, latest: str) -> None:
    assert (PartialDate(text).earliest, PartialDate(text).latest) == (earliest, latest)


@pytest.mark.parametrize("text", ["", "24", "2024-13", "2024-02-30", "2024-2", "2024-02-19T00:00:00", "soon"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (the calendar's own message)
        _ = PartialDate(text).earliest


def test_the_day_after_crosses_months_and_stops_at_the_end_of_time() -> None:
    assert day_after("2024-12-31") == "2025-01-01"
    assert day_after(LAST_DAY) == LAST_DAY


@pytest.mark.parametrize("text", ["2024", "2024-02", "2024-02-30", "yesterday", "2024-02-19\n"])
def test_a_question_is_asked_about_a_whole_day(text: str) -> None:
    with pytest.raises(QueryError, match="as-of is not a day"):
        check_day(text, "as-of")
    assert check_day("2024-02-29", "as-of") == "2024-02-29"
