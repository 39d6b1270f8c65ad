"""What any SPARQL query may and may not do, on all engines."""

from __future__ import annotations

import pytest

from ctkg.backend import Backend, RdflibBackend
from ctkg.errors import QueryError, QueryRefused
from ctkg.graph import KnowledgeGraph


@pytest.fixture(params=["pyoxigraph", "rdflib", "remote"])
def backend(request: pytest.FixtureRequest, world: KnowledgeGraph, world_in_rdflib: RdflibBackend) -> Backend:
    if request.param == "remote":
        remote: KnowledgeGraph = request.getfixturevalue("world_in_oxigraph")
        return remote.backend
    return world.backend if request.param == "pyoxigraph" else world_in_rdflib


def test_known_prefixes_need_no_declaration(backend: Backend) -> None:
    answer = backend.query("SELECT ?l { actor:moonshot-ai rdfs:label ?l } ORDER BY ?l")
    assert answer.variables == ("l",)
    assert {row[0].language for row in answer.rows or ()} == {"en", "zh"}  # type: ignore[union-attr]


def test_every_form_of_query_is_answered(backend: Backend) -> None:
    assert backend.query("ASK { actor:moonshot-ai a ctkg:Company }").holds is True
    assert backend.query("ASK { actor:moonshot-ai a ctkg:Model }").holds is False
    assert len(list(backend.query("CONSTRUCT { ?s a ?c } WHERE { ?s a ?c } LIMIT 3").triples or ())) == 3
    assert len(list(backend.query("DESCRIBE actor:moonshot-ai").triples or ())) >= 3


def test_the_default_graph_holds_data_ontology_and_derived_triples(backend: Backend) -> None:
    assert backend.query("ASK { actor:alibaba ctkg:investedIn actor:moonshot-ai }").holds is True
    assert backend.query("ASK { actor:alibaba a ctkg:Actor }").holds is True
    assert backend.query("ASK { ctkg:Company rdfs:label ?l }").holds is True


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { actor:x a ctkg:Company }",
        "PREFIX a: <http://a/> DELETE WHERE { ?s ?p ?o }",
        "# harmless\nclear all",
        "LOAD <http://example.org/>",
        "BASE <http://x/> PREFIX b: <http://b/> DROP GRAPH <http://g>",
    ],
)
def test_an_update_is_refused_by_name(backend: Backend, text: str) -> None:
    with pytest.raises(QueryRefused, match="is an update; the graph is read-only"):
        backend.query(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { service silent <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { VALUES ?e { <http://127.0.0.1:1/> } SERVICE ?e { ?s ?p ?o } }",
        "SELECT * {SERVICE<http://127.0.0.1:1/>{?s ?p ?o}}",
    ],
)
def test_a_call_to_another_endpoint_is_refused(backend: Backend, text: str) -> None:
    with pytest.raises(QueryRefused, match="SERVICE is refused"):
        backend.query(text)


@pytest.mark.parametrize(
    "text",
    [
        'SELECT ("SERVICE INSERT" AS ?x) {}',
        "SELECT ?service { ?service a <http://x/SERVICE> } # LOAD SERVICE",
        "SELECT ?insert { ?insert ctkg:LOAD ?x }",
    ],
)
def test_words_in_strings_names_and_comments_are_no_keywords(backend: Backend, text: str) -> None:
    assert backend.query(text).rows is not None


def test_a_syntax_error_has_line_and_column(backend: Backend) -> None:
    with pytest.raises(QueryError, match="line 2, column 10"):
        backend.query("SELECT * {\n  ?s ?p }")
    with pytest.raises(QueryError, match="line 2, column 20"):
        backend.query("SELECT * {\n  actor:alibaba ?p }")


def test_an_unknown_prefix_is_named_with_the_nearest(backend: Backend) -> None:
    with pytest.raises(QueryError, match="unknown prefix acter:") as caught:
        backend.query("SELECT * { acter:alibaba ?p ?o }")
    assert "actor:" in str(caught.value.hint)


def test_both_engines_hold_the_same_triples(world: KnowledgeGraph, world_in_rdflib: RdflibBackend) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    here, there = (next(iter(b.query(count).rows or ()))[0] for b in (world.backend, world_in_rdflib))
    assert here == there
