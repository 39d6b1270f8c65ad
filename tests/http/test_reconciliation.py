"""``/reconcile``: what the Reconciliation API 0.2 asks of a service, and that a match is claimed only where it is sure."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctkg.graph import KnowledgeGraph
from ctkg.http.reconciliation import MOST_QUERIES
from ctkg.namespaces import ID
from tests.test_hostile_arguments import WELL_FORMED


def candidates(client: Any, **query: Any) -> list[Any]:
    answer = client.get("/reconcile", query_string={"queries": json.dumps({"q0": query})})
    assert answer.status_code == 200, answer.text
    found: list[Any] = answer.json["q0"]["result"]
    for candidate in found:
        assert isinstance(candidate["id"], str)
        assert isinstance(candidate["name"], str)
        assert 0 <= candidate["score"] <= 100
        assert isinstance(candidate["match"], bool)
        assert all(set(type_) == {"id", "name"} for type_ in candidate["type"])
    assert sum(candidate["match"] for candidate in found) <= 1
    assert [c["score"] for c in found] == sorted((c["score"] for c in found), reverse=True)
    return found


def test_the_manifest_has_what_the_api_requires(client: Any) -> None:
    told = client.get("/reconcile").json
    assert "0.2" in told["versions"]
    assert told["identifierSpace"] == ID
    assert "{{id}}" in told["view"]["url"]
    assert "{{id}}" in told["preview"]["url"]
    assert {type_["id"] for type_ in told["defaultTypes"]} >= {"Actor", "Company", "Model"}
    for service in (*told["suggest"].values(), told["extend"]["propose_properties"]):
        assert client.get(service["service_path"], query_string={"prefix": "a"}).status_code == 200


def test_a_page_of_another_origin_may_ask(client: Any) -> None:
    answer = client.options("/reconcile")
    assert answer.status_code == 204
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]


def test_there_is_no_jsonp(client: Any) -> None:
    answer = client.get("/reconcile?callback=alert")
    assert answer.mimetype == "application/json"
    assert answer.json["versions"]


@pytest.mark.parametrize("name", ["智谱", "智谱AI", "actor/zhipu-ai", f"{ID}actor/zhipu-ai", "actor:zhipu-ai"])
def test_a_name_that_one_thing_bears_is_a_match(client: Any, name: str) -> None:
    first = candidates(client, query=name)[0]
    assert (first["id"], first["match"]) == ("actor/zhipu-ai", True)


def test_every_chinese_label_of_a_company_finds_its_company(client: Any, world: KnowledgeGraph) -> None:
    rows = world.backend.select("SELECT ?c ?l { ?c a ctkg:Company ; rdfs:label ?l FILTER(LANG(?l) = 'zh') }")
    queries = {row[0].value: {"query": row[1].value, "type": "Company"} for row in rows}
    for start in range(0, len(queries), MOST_QUERIES):
        batch = dict([*queries.items()][start : start + MOST_QUERIES])
        answer = client.post("/reconcile", data={"queries": json.dumps(batch)})
        assert {iri for iri, told in answer.json.items() if told["result"][0]["id"] == iri.removeprefix(ID)} == set(
            batch
        )


def test_a_name_that_two_things_bear_is_none(client: Any) -> None:
    found = candidates(client, query="Zhipu AI")
    assert [c["score"] for c in found[:2]] == [100, 100]
    assert not any(c["match"] for c in found)
    assert candidates(client, query="Zhipu AI", type="Company")[0]["match"]


def test_a_rival_beyond_the_limit_is_still_one(client: Any) -> None:
    assert [c["match"] for c in candidates(client, query="Zhipu AI", limit=1)] == [False]


def test_an_identifier_decides(client: Any) -> None:
    ror = [{"pid": "ror", "v": "https://ror.org/005dzvw93"}]
    assert candidates(client, query="Zhipu AI", properties=ror)[0]["match"]
    assert candidates(client, properties=[{"pid": "wikidata", "v": "Q160120"}])[0]["id"] == "actor/huawei"
    others = candidates(client, query="智谱", properties=[{"pid": "ror", "v": "https://ror.org/000000000"}])
    assert [(c["score"], c["match"]) for c in others if c["id"] == "actor/zhipu-ai"] == [(60, False)]


def test_an_identifier_of_one_and_the_name_of_another_is_no_match(client: Any) -> None:
    found = candidates(client, query="Alibaba", properties=[{"pid": "ror", "v": "https://ror.org/005dzvw93"}])
    assert {"actor/alibaba", "actor/zhipu-ai"} <= {c["id"] for c in found}
    assert not any(c["match"] for c in found)


def test_a_property_that_agrees_raises_the_score(client: Any) -> None:
    plain = candidates(client, query="Zhipu A")[0]
    agreeing = candidates(
        client, query="Zhipu A", properties=[{"pid": "headquarteredIn", "v": {"id": "place/beijing"}}]
    )[0]
    assert agreeing["score"] > plain["score"]
    assert agreeing["features"] == [{"id": "headquarteredIn", "value": True}]
    assert candidates(client, query="Zhipu A", properties=[{"pid": "headquarteredIn", "v": "北京"}])[0] == agreeing


def test_a_type_that_nothing_has_leaves_nothing(client: Any) -> None:
    assert candidates(client, query="智谱", type="Nothing") == []
    assert candidates(client, query="智谱", type=["Person", "Company"])[0]["id"] == "actor/zhipu-ai"
    assert candidates(client, query="智谱", type=["Person", "Company"], type_strict="all") == []


def test_names_are_told_in_the_language_asked_for(client: Any) -> None:
    asked = {"queries": json.dumps({"q0": {"query": "Zhipu"}}), "lang": "zh"}
    first = client.get("/reconcile", query_string=asked).json["q0"]["result"][0]
    assert (first["name"], first["type"][0]["name"]) == ("智谱", "公司")


def test_a_column_is_extended(client: Any) -> None:
    extend = {
        "ids": ["actor/zhipu-ai", "actor/nobody"],
        "properties": [{"id": "name-zh"}, {"id": "headquarteredIn"}, {"id": "hasFounder", "settings": {"limit": 1}}],
    }
    told = client.post("/reconcile", data={"extend": json.dumps(extend)}).json
    assert [entry["id"] for entry in told["meta"]] == ["name-zh", "headquarteredIn", "hasFounder"]
    row = told["rows"]["actor/zhipu-ai"]
    assert row["name-zh"] == [{"str": "智谱"}]
    assert row["headquarteredIn"] == [{"id": "place/beijing", "name": "Beijing"}]
    assert len(row["hasFounder"]) == 1
    assert told["rows"]["actor/nobody"] == {"name-zh": [], "headquarteredIn": [], "hasFounder": []}


def test_suggestions_know_both_languages(client: Any) -> None:
    def first(what: str, prefix: str) -> str:
        found: list[dict[str, str]] = client.get(f"/reconcile/suggest/{what}", query_string={"prefix": prefix}).json[
            "result"
        ]
        return found[0]["id"]

    assert first("entity", "月之暗") == first("entity", "moonsh") == "actor/moonshot-ai"
    assert first("type", "公司") == first("type", "compan") == "Company"
    assert first("property", "总部") == first("property", "headq") == "headquarteredIn"


def test_properties_are_proposed_for_a_type(client: Any) -> None:
    proposed = client.get("/reconcile/properties?type=Company&limit=5").json
    assert proposed["type"] == "Company"
    assert 0 < len(proposed["properties"]) <= 5
    everything = client.get("/reconcile/properties").json["properties"]
    assert {"name-en", "name-zh", "wikidata", "ror", "ticker"} <= {p["id"] for p in everything}


def test_a_preview_may_stand_in_a_frame(client: Any) -> None:
    answer = client.get("/reconcile/preview?id=actor/zhipu-ai")
    assert "智谱" in answer.text
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert client.get("/reconcile/preview?id=actor/nobody").status_code == 404


@pytest.mark.parametrize(
    "queries",
    ["", "[]", "{", '"x"', '{"a": 1}', '{"a": {}}', '{"a": {"query": 1}}', '{"a": {"query": "x", "limit": 0}}',
     '{"a": {"query": "x", "properties": [{"pid": "ror"}]}}', '{"a": {"query": "\\ud800"}}', "[" * 100_000],
)  # fmt: skip
def test_a_batch_that_is_none_is_refused(client: Any, queries: str) -> None:
    answer = client.post("/reconcile", data={"queries": queries})
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


def test_a_batch_has_its_bounds(client: Any) -> None:
    batch = {str(n): {"query": "x"} for n in range(MOST_QUERIES + 1)}
    assert client.post("/reconcile", data={"queries": json.dumps(batch)}).status_code == 413


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | WELL_FORMED,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WELL_FORMED, inner, max_size=3),
    max_leaves=6,
)
QUERIES = st.fixed_dictionaries(
    {"query": WELL_FORMED},
    optional={"type": JSON, "limit": JSON, "type_strict": JSON,
              "properties": st.lists(st.fixed_dictionaries({"pid": st.sampled_from(["ror", "wikidata", "name-zh", "hasFounder"]), "v": JSON}), max_size=2)},
)  # fmt: skip


@settings(max_examples=80)
@given(st.dictionaries(WELL_FORMED, QUERIES | JSON, max_size=2))
def test_whatever_is_reconciled_is_answered_or_refused(site_client: Any, queries: dict[str, Any]) -> None:
    assert site_client.post("/reconcile", data={"queries": json.dumps(queries)}).status_code < 500


@settings(max_examples=40)
@given(st.fixed_dictionaries({"ids": st.lists(WELL_FORMED, max_size=2) | JSON, "properties": JSON}))
def test_whatever_is_extended_is_answered_or_refused(site_client: Any, extend: dict[str, Any]) -> None:
    assert site_client.post("/reconcile", data={"extend": json.dumps(extend)}).status_code < 500
