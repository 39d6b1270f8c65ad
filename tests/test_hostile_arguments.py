"""Arguments that were written to do harm: answered, or errors that say what is wrong, never a crash or an escape."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Store

from ctkg.amounts import Money, Stake, plain_number
from ctkg.dates import LAST_DAY, PartialDate, check_day, day_after
from ctkg.errors import NotFound, QueryError
from ctkg.graph import KnowledgeGraph
from ctkg.queries import bind, read_query
from ctkg.terms import _find
from tests.conftest import write
from tests.test_queries import GOOD

TEXTS = st.one_of(
    st.text(max_size=30),
    st.text("\"'\\{}<>#\n\r\t\x00\x1b\u202e?$@:^|&; \udcff🜁", max_size=30),
    st.sampled_from(
        ["} UNION { ?s ?p ?o", '" } } ; DROP ALL #', "'''", '"""', "<http://x/>", "\\u0022", "x" * 100_000]
    ),
)
WELL_FORMED = TEXTS.filter(lambda text: not any("\ud800" <= letter <= "\udfff" for letter in text))


# Parameters


@settings(max_examples=50)
@given(TEXTS)
def test_whatever_is_given_for_an_entity_or_a_number_is_answered_or_refused(world: KnowledgeGraph, text: str) -> None:
    for query, parameter in (
        ("investors-of", "investee"),
        ("shared-backers", "minimum"),
        ("timeline", "as_of"),
        ("timeline", "lane"),
    ):
        try:
            world.query(query, **{parameter: text})
        except (QueryError, NotFound) as error:
            assert str(error)  # noqa: PT017


ECHO = re.sub(r"type: iri, class: ctkg:Actor, ", "type: string, ", GOOD).replace(
    "?actor rdfs:label ?label . BIND(?actor AS ?actor_)", "BIND(?actor AS ?actor_) BIND(?actor AS ?label)"
)


@settings(max_examples=150)
@given(text=WELL_FORMED)
def test_a_bound_text_comes_back_as_it_was_and_nothing_else_does(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    query = read_query(write(tmp_path_factory.getbasetemp() / "actors" / "echo.rq", ECHO))
    rows = list(Store().query(bind(query, {"actor": Literal(text)})))  # type: ignore[arg-type]
    assert [(row["label"], row["actor_"]) for row in rows] == [(Literal(text), Literal(text))]


@settings(max_examples=150)
@given(text=WELL_FORMED)
def test_an_iri_cannot_hold_what_would_end_it(text: str) -> None:
    try:
        node = NamedNode(f"https://x/{text}")
    except ValueError:
        return
    assert str(node) == f"<https://x/{text}>"
    assert not re.search(r'[<>"{}|^`\\\x00-\x20]', text)


@settings(max_examples=40)
@given(TEXTS)
def test_a_term_of_the_ontology_is_found_or_not_and_nothing_else_happens(world: KnowledgeGraph, text: str) -> None:
    try:
        assert _find(world.backend, text).startswith("https://")
    except NotFound as error:
        assert str(error)  # noqa: PT017


# Dates and amounts


@given(st.dates())
def test_a_day_is_its_own_bounds_and_lies_in_its_month_and_year(day: date) -> None:
    text = day.isoformat()
    assert (PartialDate(text).earliest, PartialDate(text).latest) == (text, text)
    for length in (4, 7):
        whole = PartialDate(text[:length])
        assert whole.earliest <= text <= whole.latest
        assert whole.earliest[:length] == whole.latest[:length] == text[:length]
        assert day_after(whole.latest)[:length] != text[:length] or whole.latest == LAST_DAY
    assert check_day(text, "as-of") == text
    assert day_after(text) > text or text == LAST_DAY


@settings(max_examples=150)
@given(st.one_of(TEXTS, st.text("0123456789-٢５\n ", max_size=12)))
def test_no_other_text_is_a_day(text: str) -> None:
    try:
        assert check_day(text, "as-of") == text == date.fromisoformat(text).isoformat()
    except QueryError as error:
        assert "is not a day" in str(error)  # noqa: PT017
    try:
        bounds = PartialDate(text).earliest, PartialDate(text).latest
    except ValueError:
        return
    assert text.isascii()
    assert bounds[0].startswith(text)
    assert bounds[0] <= bounds[1]


NUMBERS = st.decimals(min_value=0, max_value=10**24, allow_nan=False, places=3)


@settings(max_examples=150)
@given(NUMBERS, NUMBERS, st.booleans(), st.booleans(), st.sampled_from(["exact", "band", "least", "most"]))
def test_every_sum_reads_back_as_it_was(one: Decimal, two: Decimal, strict: bool, about: bool, form: str) -> None:
    low, high = min(one, two), max(one, two)
    assume(low < high)
    least = None if form == "most" else low
    greatest = {"exact": low, "least": None}.get(form, high)
    exclusive = strict and form in ("least", "most")
    money, stake = Money("CNY", least, greatest, exclusive, about), Stake(least, greatest, exclusive, about)
    assert Money.parse(money.compact()) == money
    assert Stake.parse(stake.compact()) == stake
    assert all(value.words(language) for value in (money, stake) for language in ("en", "zh"))


@settings(max_examples=150)
@given(st.one_of(TEXTS, st.text("0123456789.eE+-_٢５ NaInf", max_size=40)))
def test_only_plain_digits_are_a_number(text: str) -> None:
    try:
        number = plain_number(text)
    except ValueError:
        return
    assert text.isascii()
    assert number.is_finite()
    assert len(f"{number:f}") <= len(text) + 2
