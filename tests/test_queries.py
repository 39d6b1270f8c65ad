"""Headers, binding, and the refusal of whatever a stored query must not be."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Store

from ctkg.errors import NotFound, QueryError
from ctkg.graph import KnowledgeGraph
from ctkg.queries import bind, find_query, load_queries, queries_from_json, queries_to_json, read_query
from tests.conftest import write

GOOD = """\
#+ summary: Who is there
#+ summary-zh: 谁在那里
#+ tags: [actors]
#+ question: CQ-01
#+ params:
#+   actor: {type: iri, class: ctkg:Actor, description: one, description-zh: 一个}
#+ columns: {actor_: iri, label: text}
PREFIX ctkg: <https://w3id.org/ctkg/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?actor_ ?label WHERE {
  { VALUES ?actor { UNDEF } ?actor rdfs:label ?label . BIND(?actor AS ?actor_) }
  UNION
  { VALUES ?actor { UNDEF } ?actor ctkg:alias ?label . BIND(?actor AS ?actor_) }
}
ORDER BY ?actor_ ?label
"""


def read(tmp_path: Path, text: str) -> Path:
    return write(tmp_path / "actors" / "who.rq", text)


def test_a_query_is_read_with_all_that_is_said_of_it(tmp_path: Path) -> None:
    query = read_query(read(tmp_path, GOOD))
    assert (query.name, query.theme, query.question) == ("who", "actors", "CQ-01")
    assert query.summary == {"en": "Who is there", "zh": "谁在那里"}
    assert [parameter.name for parameter in query.params] == ["actor"]
    assert [column.type for column in query.columns] == ["iri", "text"]


def test_queries_survive_the_snapshot_unchanged(tmp_path: Path) -> None:
    queries = load_queries([read(tmp_path, GOOD)])
    assert queries_from_json(queries_to_json(queries)) == queries


def test_an_argument_replaces_every_scope(tmp_path: Path) -> None:
    query = read_query(read(tmp_path, GOOD))
    bound = bind(query, {"actor": NamedNode("https://example.org/x")})
    assert bound.count("VALUES ?actor { <https://example.org/x> }") == 2
    assert "UNDEF" not in bound


@pytest.mark.parametrize("text", ['a"b', "} UNION { ?s ?p ?o", "line\nbreak", "\\", "'''", "#", "{}", "\u202e", "𝔘"])
def test_text_never_becomes_syntax(tmp_path: Path, text: str) -> None:
    echo = GOOD.replace("type: iri, class: ctkg:Actor, ", "type: string, ").replace(
        "?actor rdfs:label ?label . BIND(?actor AS ?actor_)", "BIND(?actor AS ?actor_) BIND(?actor AS ?label)"
    )
    query = read_query(read(tmp_path, echo))
    found = [row["label"] for row in Store().query(bind(query, {"actor": Literal(text)}))]  # type: ignore[union-attr]
    assert found == [Literal(text)]


@pytest.mark.parametrize(
    ("right", "wrong", "line", "said"),
    [
        ("#+ tags: [actors]", "#+ tags: [actors]\n#+ colour: red", 4, "unknown header key 'colour'"),
        ("#+ tags: [actors]", "#+ tags: [actors", 4, "not YAML"),
        ("#+ tags: [actors]\n", "", 1, "lacks 'tags'"),
        ("#+ tags: [actors]", "#+ tags: actors", 3, "tags is not of the right form"),
        ("type: iri", "type: thing", 6, "needs a type"),
        ("type: iri", "kind: iri", 6, "takes"),
        ("label: text}", "label: words}", 7, "needs a type"),
        ("label: text}", "text: text}", 7, "the query projects"),
        ("#+   actor: {", "#+   other: {", 6, "no VALUES line uses parameter other"),
        ("VALUES ?actor { UNDEF } ?actor ctkg", "VALUES ?actor { ctkg:x } ?actor ctkg", 14, "differ"),
        ("?actor_ ?label WHERE", "* WHERE", 11, "name the columns"),
        ("ORDER BY ?actor_ ?label", "", 1, "no order"),
        ("?actor rdfs:label ?label .", "SERVICE <http://x/> { ?actor rdfs:label ?label }", 12, "SERVICE"),
        ("BIND(?actor AS ?actor_) }\nORDER", "BIND(?actor AS ?actor_ }\nORDER", 14, "expected"),
    ],
)  # fmt: skip
def test_a_faulty_query_is_refused_with_its_line(tmp_path: Path, right: str, wrong: str, line: int, said: str) -> None:
    text = GOOD.replace("}\n}\nORDER", "}\n}\nORDER")
    if right not in text:  # the syntax case spans two lines of the good query
        text, right, wrong = (
            GOOD,
            "?label . BIND(?actor AS ?actor_) }\n}",
            "?label . BIND(?actor AS ?actor_ }\n}",
        )
    path = read(tmp_path, text.replace(right, wrong, 1))
    with pytest.raises(QueryError) as caught:
        read_query(path)
    assert said in str(caught.value)
    assert f"who.rq:{line}:" in str(caught.value)


def test_two_queries_of_one_name_are_refused(tmp_path: Path) -> None:
    paths = [read(tmp_path, GOOD), write(tmp_path / "people" / "who.rq", GOOD)]
    with pytest.raises(QueryError, match="a second query is called 'who'"):
        load_queries(paths)


def test_an_unknown_query_suggests_the_nearest(world: KnowledgeGraph) -> None:
    with pytest.raises(NotFound) as caught:
        find_query(world.queries, "investor-of")
    assert caught.value.hint is not None
    assert "investors-of" in caught.value.hint


def test_an_unknown_parameter_suggests_the_nearest(world: KnowledgeGraph) -> None:
    with pytest.raises(QueryError) as caught:
        world.query("investors-of", investe="zhipu-ai")
    assert caught.value.hint == "it has: --investee"


def test_stored_queries_run_unchanged_in_any_sparql_tool(world: KnowledgeGraph) -> None:
    """Each file declares its own prefixes and defaults: it runs as it stands."""
    dataset = world.to_rdflib()
    for query in list(world.queries.values())[::4]:
        assert len(list(dataset.query(query.text))) > 0, query.name


def test_there_are_queries_for_every_theme_of_the_first_release(world: KnowledgeGraph) -> None:
    assert len(world.queries) >= 12
    required = {
        "investors-of", "investments-by", "shared-backers", "co-investors-of",
        "timeline", "disagreements", "deals-of", "sources-of",
    }  # fmt: skip
    assert required <= set(world.queries)


def test_every_query_names_a_competency_question(world: KnowledgeGraph) -> None:
    assert [query.name for query in world.queries.values() if not (query.question or "").startswith("CQ-")] == []


def test_days_become_constants_and_what_is_not_given_is_left_out(world: KnowledgeGraph) -> None:
    query = world.queries["timeline"]
    day = Literal("2024-01-02", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#date"))
    bound = bind(query, {"as_of": day, "since": day})
    assert "VALUES" not in bound
    assert f"?startEarliest <= {day}" in bound
    assert f"?startLatest >= {day}" in bound
    assert "?public <= ?dataDate" in bound
