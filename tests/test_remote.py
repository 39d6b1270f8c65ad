"""A remote store answers as the embedded one does: every golden case, on a real Oxigraph server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ctkg.errors import EndpointError, NotFound
from ctkg.graph import KnowledgeGraph
from ctkg.graph_store import load
from ctkg.namespaces import DERIVED_GRAPH, ID, ONTOLOGY_GRAPH, curie
from ctkg.results import render
from ctkg.settings import settings
from ctkg.sparql import form, with_prefixes
from tests.conftest import WORLD, Ctkg
from tests.servers import Store, oxigraph
from tests.test_expected import CASES, arguments, query_name, rows

GRAPHS = {ONTOLOGY_GRAPH, DERIVED_GRAPH} | {f"{ID}dataset/{card.parent.name}" for card in WORLD.glob("*/dataset.ttl")}
"""The named graphs of the miniature world."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_the_answer_is_the_expected_one(world: KnowledgeGraph, world_in_oxigraph: KnowledgeGraph, case: Path) -> None:
    found = rows(world, world_in_oxigraph.backend, query_name(case), arguments(case))
    assert found == case.read_text(encoding="utf-8").splitlines()[1:]


@pytest.mark.parametrize("case", CASES[::6], ids=lambda case: case.stem)
def test_labels_dates_and_citations_are_the_same(
    world: KnowledgeGraph, world_in_oxigraph: KnowledgeGraph, case: Path
) -> None:
    here, there = (kg.query(query_name(case), **arguments(case)) for kg in (world, world_in_oxigraph))
    assert render(there, "json") == render(here, "json")


def test_the_date_is_the_stores(world: KnowledgeGraph, world_in_oxigraph: KnowledgeGraph) -> None:
    assert world_in_oxigraph.data_date == world.data_date
    assert world_in_oxigraph.queries == world.queries


def test_cards_are_the_same(world: KnowledgeGraph, world_in_oxigraph: KnowledgeGraph) -> None:
    assert world_in_oxigraph.describe("moonshot-ai") == world.describe("moonshot-ai")
    with pytest.raises(NotFound, match="mooonshot") as caught:
        world_in_oxigraph.describe("mooonshot-ai")
    assert "moonshot-ai" in str(caught.value.hint)


def test_a_long_query_is_answered(world_in_oxigraph: KnowledgeGraph) -> None:
    values = " ".join(f"<http://example.org/{n}>" for n in range(50_000))
    (row,) = world_in_oxigraph.backend.select(f"SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {values} }} }}")
    assert row[0].value == "50000"


WAYS = ("--data", "--engine", "--endpoint")


def words(way: str, server: Store) -> tuple[str, ...]:
    return {
        "--data": ("--data", str(WORLD)),
        "--engine": ("--engine", "rdflib", "--data", str(WORLD)),
        "--endpoint": ("--endpoint", server.query),
    }[way]


@pytest.mark.parametrize(
    "command",
    [
        ("query", "investors-of", "--investee", "月之暗面", "--format", "json"),
        ("show", "moonshot-ai", "--format", "json"),
        ("search", "yzam", "--format", "json"),
        ("search", "moonshto", "--class", "ctkg:Compny"),
        ("sparql", "SELECT ?l ?x { actor:moonshot-ai rdfs:label ?l OPTIONAL { ?l ?p ?x } } ORDER BY ?l", "--format", "tsv"),
        ("sparql", "SELECT ?l { actor:moonshot-ai rdfs:label ?l } ORDER BY ?l", "--format", "xml"),
        ("sparql", "SELECT ?l { actor:moonshot-ai rdfs:label ?l } ORDER BY ?l", "--format", "json"),
        ("sparql", "SELECT ?l { actor:moonshot-ai rdfs:label ?l } ORDER BY ?l", "--format", "table"),
        ("sparql", "ASK { actor:alibaba ctkg:investedIn actor:moonshot-ai }", "--format", "json"),
        ("sparql", "ASK { actor:alibaba ctkg:investedIn actor:moonshot-ai }"),
        ("sparql", "CONSTRUCT { ?s rdfs:label ?l } WHERE { VALUES ?s { actor:moonshot-ai } ?s rdfs:label ?l FILTER(LANG(?l) = 'zh') }"),
        ("query", "investor-of"),
        ("show", "mooonshot-ai"),
        ("sparql", "SELECT * {\n ?s ?p }"),
        ("sparql", "DROP ALL"),
        ("sparql", "ASK { SERVICE <http://127.0.0.1:1/> {} }"),
        ("sparql", "ASK {}", "--format", "turtle"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_every_way_of_answering_says_the_same(ctkg: Ctkg, oxigraph_server: Store, command: tuple[str, ...]) -> None:
    found = [ctkg(*command, *words(way, oxigraph_server)) for way in WAYS]
    assert len({done.stdout for done in found}) == 1
    assert len({done.stderr for done in found}) == 1
    assert len({done.returncode for done in found}) == 1


@pytest.mark.parametrize("format_", ["turtle", "ntriples", "jsonld"])
@pytest.mark.parametrize("way", WAYS)
def test_graphs_come_in_every_format(ctkg: Ctkg, oxigraph_server: Store, way: str, format_: str) -> None:
    done = ctkg("sparql", "DESCRIBE actor:moonshot-ai", "--format", format_, *words(way, oxigraph_server))
    assert "月之暗面" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize("way", WAYS)
def test_info_says_who_answers(ctkg: Ctkg, oxigraph_server: Store, world: KnowledgeGraph, way: str) -> None:
    document = json.loads(ctkg("info", "--format", "json", *words(way, oxigraph_server)).stdout)
    assert document["data_date"] == world.data_date
    assert {item["iri"] for item in document["graphs"]} == {curie(graph) for graph in GRAPHS}
    assert (document["endpoint"] == oxigraph_server.query) == (way == "--endpoint")
    assert (document["snapshot"] is None) == (way != "--data")
    assert document["endpoint" if way == "--endpoint" else "data"] in ctkg("info", *words(way, oxigraph_server)).stdout


def test_the_environment_names_the_store_and_arguments_win(ctkg: Ctkg, oxigraph_server: Store) -> None:
    address = {"CTKG_ENDPOINT": oxigraph_server.query}
    info = ("info", "--format", "json")
    assert json.loads(ctkg(*info, **address).stdout)["endpoint"] == oxigraph_server.query
    assert json.loads(ctkg(*info, "--data", str(WORLD), **address).stdout)["endpoint"] is None
    assert json.loads(ctkg("--endpoint", oxigraph_server.query, *info).stdout)["endpoint"] == oxigraph_server.query
    for option in ("--data", str(WORLD)), ("--engine", "rdflib"):
        done = ctkg(*info, *option, "--endpoint", oxigraph_server.query)
        assert (done.returncode, "give either --endpoint" in done.stderr) == (3, True)


def test_loading_says_what_it_did_and_twice_is_once(ctkg: Ctkg, world: KnowledgeGraph, tmp_path: Path) -> None:
    with oxigraph(tmp_path, "--union-default-graph") as server:
        there = KnowledgeGraph.open(endpoint=server.query)
        with pytest.raises(EndpointError, match="holds no ctkg data"):
            there.describe("moonshot-ai")
        command = ("load", "--data", str(WORLD), "--endpoint", server.store)
        dry = ctkg(*command, "--dry-run")
        assert [line.split("\t")[0] for line in dry.stdout.splitlines()] == ["would add"] * len(GRAPHS)
        assert there.sparql("ASK { ?s ?p ?o }").holds is False
        assert [line.split("\t")[0] for line in ctkg(*command).stdout.splitlines()] == ["added"] * len(GRAPHS)
        again = ctkg(*command)
        assert sorted(line.split("\t")[:2] for line in again.stdout.splitlines()) == sorted(
            ["replaced", curie(graph)] for graph in GRAPHS
        )
        counted = sum(int(line.split("\t")[2]) for line in again.stdout.splitlines())
        for kg in (world, there):
            assert kg.backend.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")[0][0].value == str(counted)


def test_without_the_union_it_says_so_and_loading_leaves_other_graphs_alone(tmp_path: Path) -> None:
    with oxigraph(tmp_path) as server:
        graphs = {loaded.graph for loaded in load(settings(WORLD), server.store)}
        assert graphs == GRAPHS
        with pytest.raises(EndpointError, match="holds no ctkg data") as caught:
            KnowledgeGraph.open(endpoint=server.query).query("investors-of")
        assert "union" in str(caught.value.hint)


@pytest.mark.parametrize("text", ["SELECT * { ?s ?p", "not a query", ""])
def test_a_stores_complaint_about_syntax_becomes_ours(ctkg: Ctkg, oxigraph_server: Store, text: str) -> None:
    done = ctkg("sparql", text, "--endpoint", oxigraph_server.query)
    assert done.returncode == 2
    assert "syntax error in the query, line 1" in done.stderr


def test_prefixes_are_added_on_the_first_line_and_only_where_missing() -> None:
    text = "# actors\nPREFIX actor: <http://mine/>\nASK { actor:x ctkg:y ?z.?z rdfs:label 'dcat:'@en }"
    added = with_prefixes(text)
    assert added.count("\n") == text.count("\n")
    assert added.endswith(text)
    assert "PREFIX actor:" not in added.removesuffix(text)
    assert all(f"PREFIX {name}: <" in added.removesuffix(text) for name in ("ctkg", "rdfs"))
    assert with_prefixes("ASK { ?x ?y ?z }") == "ASK { ?x ?y ?z }"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("select * {}", "SELECT"),
        ("# ASK\nPREFIX a: <http://select/>\nBASE <http://x/> construct { ?s ?p ?o } WHERE {}", "CONSTRUCT"),
        ("PREFIX :<http://a/>DESCRIBE :x", "DESCRIBE"),
        ("ASK{}", "ASK"),
        ("DROP ALL", None),
        ("", None),
    ],
)
def test_the_form_of_a_query_is_told(text: str, expected: str | None) -> None:
    assert form(text) == expected
