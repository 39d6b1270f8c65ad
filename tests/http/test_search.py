"""``/search``: as `ctkg.search` finds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctkg.graph import KnowledgeGraph
from tests.test_hostile_arguments import WELL_FORMED


@pytest.mark.parametrize("text", ["Moonshot AI", "月之暗面", "yuezhianmian", "yzam", "moonshto"])
def test_a_thing_is_found_by_any_of_its_names(client: Any, text: str) -> None:
    first = client.get("/search", query_string={"q": text}).json["hits"][0]
    assert first["id"] == "actor/moonshot-ai"
    assert first["label"] == {"en": "Moonshot AI", "zh": "月之暗面"}


def test_hits_are_those_of_the_python_door(client: Any, world: KnowledgeGraph) -> None:
    hits = client.get("/search?q=ai&kind=actor&class=Company&limit=7").json["hits"]
    found = world.search("ai", kind="actor", class_="Company", limit=7)
    assert [(hit["iri"], hit["how"], hit["score"]) for hit in hits] == [(hit.iri, hit.how, hit.score) for hit in found]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("", 400),
        ("q=!", 400),
        ("q=a&kind=b", 400),
        ("q=a&class=b", 404),
        ("q=a&limit=0", 400),
        ("q=a&q=b", 400),
        ("text=a", 400),
    ],
)
def test_what_cannot_be_searched_for_is_told(client: Any, asked: str, status: int) -> None:
    assert client.get(f"/search?{asked}").status_code == status


def test_a_page_shows_the_hits_and_without_a_name_the_form(client: Any) -> None:
    page = client.get("/search?q=智谱", headers={"Accept": "text/html", "Accept-Language": "zh"}).text
    assert '<a href="/entities/actor/zhipu-ai">智谱</a>' in page
    assert 'name="q" value=""' in client.get("/search.html").text


def test_nothing_of_a_request_becomes_markup(client: Any) -> None:
    assert "<i>" not in client.get("/search.html", query_string={"q": "<i>zhipu</i>"}).text


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(["q", "kind", "class", "limit", "lang"]), WELL_FORMED))
def test_whatever_is_given_is_answered_or_refused(site_client: Any, given: dict[str, str]) -> None:
    assert site_client.get("/search", query_string=given).status_code < 500
