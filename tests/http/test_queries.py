"""``/queries`` and ``/analyses``: the same rows as the Python door, in every format."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, QueryResultsFormat, RdfFormat, Store, parse, parse_query_results

from ctkg.analyses import ANALYSES
from ctkg.graph import KnowledgeGraph
from ctkg.http.queries import DESCRIPTIONS, SOLUTIONS
from ctkg.http.tables import TABLES
from ctkg.messages import use_language
from ctkg.namespaces import PREFIXES
from ctkg.results import FORMATS, render
from tests.test_hostile_arguments import WELL_FORMED

SH = PREFIXES["sh"]


def linked(answer: Any, relation: str) -> list[str]:
    return re.findall(rf'<([^>]+)>; rel="{relation}"', answer.headers["Link"])


@pytest.mark.parametrize("format_", FORMATS)
def test_every_query_answers_as_the_python_door_does(client: Any, world: KnowledgeGraph, format_: str) -> None:
    for name in world.queries:
        ending = "txt" if format_ == "table" else format_
        answer = client.get(f"/queries/{name}.{ending}")
        assert answer.status_code == 200, (name, answer.text)
        assert answer.text == render(world.query(name), format_), name
        assert answer.mimetype == TABLES[ending]


def test_every_query_answers_with_bare_rows(client: Any, world: KnowledgeGraph) -> None:
    forms = {"srj": QueryResultsFormat.JSON, "srx": QueryResultsFormat.XML}
    for name in world.queries:
        count = len(world.query(name).rows)
        for ending, form in forms.items():
            answer = client.get(f"/queries/{name}.{ending}")
            assert answer.mimetype == SOLUTIONS[ending]
            solutions: Any = parse_query_results(answer.data, form)
            assert len(list(solutions)) == count, name


def test_every_query_has_its_page(client: Any, world: KnowledgeGraph) -> None:
    for name, query in world.queries.items():
        page = client.get(f"/queries/{name}", headers={"Accept": "text/html", "Accept-Language": "zh"})
        assert page.status_code == 200, name
        assert f"<h1>{query.summary['zh']}</h1>" in page.text
        assert page.text.count("<tr>") == len(world.query(name).rows) + 1, name
        assert page.text.count('<li id="source-') == len(world.query(name).citations), name


def test_every_analysis_answers_as_the_python_door_does(client: Any, world: KnowledgeGraph) -> None:
    for name, analysis in ANALYSES.items():
        given = {"source": "alibaba", "target": "zhipu-ai"} if "source" in analysis.required else {}
        given |= {word: "alibaba" for word in analysis.required if word in ("owner", "entity")}
        if set(analysis.required) <= set(given):
            answer = client.get(f"/analyses/{name}", query_string=given)
            assert answer.json["rows"] == json.loads(render(world.analyse(name, **given), "json"))["rows"], name


def test_an_analysis_that_needs_more_shows_its_form_to_a_person(client: Any) -> None:
    assert client.get("/analyses/paths").status_code == 400
    page = client.get("/analyses/paths", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert '<input id="source" name="source"' in page.text


@pytest.mark.parametrize(
    "name", ["zhipu-ai", "Z.ai", "智谱", "actor:zhipu-ai", "https://w3id.org/ctkg/id/actor/zhipu-ai"]
)
def test_an_entity_may_be_given_by_any_name(client: Any, name: str) -> None:
    answer = client.get("/queries/investors-of", query_string={"investee": name})
    assert answer.json["parameters"]["investee"]["iri"].endswith("/zhipu-ai")
    assert linked(answer, "about") == ["https://w3id.org/ctkg/id/actor/zhipu-ai"]


def test_the_answer_says_what_a_name_was_taken_for(client: Any) -> None:
    said = client.get("/queries/investors-of?investee=智谱&lang=zh").json["notes"]
    assert said == [{"about": "taken", "text": "investee：'智谱' 即 智谱（zhipu-ai）"}]


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("investors-off", 404, "investors-of"),
        ("investors-of?investe=zhipu-ai", 400, "investee"),
        ("investors-of?investee=zhipuai", 404, "zhipu-ai"),
        ("investors-of?investee=a&investee=b", 400, "twice"),
        ("investors-of?as-of=2024-01-01&as_of=2024-01-01", 400, "twice"),
        ("investors-of?as_of=yesterday", 400, "as-of is not a day"),
        ("shared-backers?minimum=many", 400, "write 2"),
        ("investors-of?limit=-1", 400, "limit"),
        ("investors-of?lang=fr", 400, "en / zh"),
        ("investors-of.pdf", 404, "choose one of"),
        ("investors-of?format=pdf", 404, "choose one of"),
    ],
)
def test_what_cannot_be_answered_is_told_with_its_cure(client: Any, asked: str, status: int, said: str) -> None:
    answer = client.get(f"/queries/{asked}")
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert said in answer.json["detail"] + answer.json.get("hint", "")


def test_hyphens_and_underscores_are_alike(client: Any) -> None:
    hyphens, underscores = (client.get(f"/queries/timeline?{word}=2023-12-31") for word in ("known-at", "known_at"))
    assert hyphens.json == underscores.json
    assert hyphens.json["known_at"] == "2023-12-31"


def test_an_empty_field_of_a_form_is_not_given(client: Any) -> None:
    assert client.get("/queries/investors-of?investee=&as_of=").json == client.get("/queries/investors-of").json


def test_a_parameter_called_format_is_the_question_s_own(client: Any) -> None:
    answer = client.get("/queries/chip-performance?format=fp16", headers={"Accept": "text/csv"})
    assert answer.mimetype == "text/csv"
    assert {row["number_format"] for row in csv.DictReader(io.StringIO(answer.text))} == {"FP16"}


def test_parts_follow_each_other_to_the_end_and_cite_their_own_sources(client: Any) -> None:
    whole = client.get("/queries/investors-of?investee=智谱").json
    assert "total" not in whole
    rows: list[Any] = []
    address = "/queries/investors-of.json?investee=智谱&limit=10"
    while address:
        answer = client.get(address)
        part = answer.json
        assert part["total"] == len(whole["rows"]) == int(answer.headers["X-Total-Count"])
        used = {number for row in part["rows"] for number in row["evidence"]["citations"]}
        assert used == {citation["number"] for citation in part["citations"]} == set(range(1, len(used) + 1))
        rows += part["rows"]
        address = next(iter(linked(answer, "next")), "")
    assert [row["evidence"]["statements"] for row in rows] == [row["evidence"]["statements"] for row in whole["rows"]]


def test_bare_rows_come_in_parts_too(client: Any) -> None:
    whole = client.get("/queries/investors-of.srj").json["results"]["bindings"]
    part = client.get("/queries/investors-of.srj?limit=3&offset=2").json["results"]["bindings"]
    assert part == whole[2:5]


def test_rows_of_a_csv_carry_the_addresses_of_their_sources(client: Any) -> None:
    answer = client.get("/queries/investors-of.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert rows
    assert all(row["evidence"].startswith("http") for row in rows)
    described = client.get(linked(answer, "describedby")[0]).json
    assert [c["url"] for c in described["citations"]] == list(
        dict.fromkeys(url for row in rows for url in row["evidence"].split())
    )


def test_the_bookmark_names_the_days(client: Any, world: KnowledgeGraph) -> None:
    answer = client.get("/queries/investors-of?investee=智谱")
    address = linked(answer, "bookmark")[0]
    assert f"as_of={world.data_date}&known_at={world.data_date}" in address
    assert client.get(address).json["rows"] == answer.json["rows"]


def test_the_text_is_the_file_or_has_the_arguments_in_it(client: Any, world: KnowledgeGraph) -> None:
    assert client.get("/queries/investors-of.rq").text == world.queries["investors-of"].text
    bound = client.get("/queries/investors-of.rq?investee=智谱").text
    assert "<https://w3id.org/ctkg/id/actor/zhipu-ai>" in bound
    answer = client.post("/sparql", data={"query": bound}, headers={"Accept": "application/json"})
    assert len(answer.json["results"]["bindings"]) == len(world.query("investors-of", investee="智谱").rows)


@pytest.mark.parametrize("ending", DESCRIPTIONS)
def test_sparql_editors_read_the_list(client: Any, world: KnowledgeGraph, ending: str) -> None:
    answer = client.get("/queries", headers={"Accept": DESCRIPTIONS[ending]})
    store = Store()
    store.extend(parse(answer.data, format=RdfFormat.from_extension(ending)))
    found: Any = store.query(
        """SELECT ?q ?text ?comment { ?q a sh:SPARQLSelectExecutable ; sh:select ?text ; rdfs:comment ?comment ;
          schema:target <http://localhost/sparql> ; sh:prefixes/sh:declare/sh:prefix "ctkg"
          FILTER(LANG(?comment) = 'zh') }""",
        prefixes=PREFIXES,
    )
    assert {str(row["q"].value).rpartition("/")[2]: row["text"].value for row in found} == {
        name: query.text for name, query in world.queries.items()
    }
    parameters = {triple.object.value for triple in parse(answer.data, format=RdfFormat.from_extension(ending))
                  if triple.predicate == NamedNode(f"{SH}parameter")}  # fmt: skip
    assert len(parameters) == sum(len(query.params) for query in world.queries.values())


def test_lists_name_everything(client: Any, world: KnowledgeGraph) -> None:
    assert [entry["name"] for entry in client.get("/queries").json["queries"]] == list(world.queries)
    assert [entry["name"] for entry in client.get("/analyses").json["analyses"]] == list(ANALYSES)
    page = client.get("/queries", headers={"Accept": "text/html"}).text
    assert all(f'href="/queries/{name}"' in page for name in world.queries)


def test_nothing_of_a_request_becomes_markup(client: Any) -> None:
    page = client.get("/queries/chips-by-designer.html", query_string={"process": "<script>alert(1)</script>"})
    assert page.status_code in (200, 400)
    assert "<script" not in page.text


HOSTILE = st.dictionaries(
    st.sampled_from(["investee", "as_of", "known-at", "limit", "offset", "lang", "format", "minimum", "x\x00"]) | WELL_FORMED,
    WELL_FORMED, max_size=4,
)  # fmt: skip


@settings(max_examples=60)
@given(
    HOSTILE,
    st.sampled_from(
        [
            "/queries/investors-of",
            "/queries/shared-backers.csv",
            "/queries/investors-of.srj",
            "/analyses/paths.html",
            "/queries",
        ]
    ),
)
def test_whatever_is_given_is_answered_or_refused(site_client: Any, given: dict[str, str], path: str) -> None:
    use_language("en")
    assert site_client.get(path, query_string=given).status_code < 500


@settings(max_examples=60)
@given(WELL_FORMED)
def test_whatever_is_called_a_query_is_answered_or_refused(site_client: Any, name: str) -> None:
    assert site_client.get(f"/queries/{name}").status_code < 500
