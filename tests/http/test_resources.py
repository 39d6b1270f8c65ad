"""Linked data: every IRI of ours leads to descriptions of the thing, in every form, each readable on its own."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib.namespace import DCTERMS, OWL, PROV, RDF, RDFS
from werkzeug.test import Client

from ctkg.graph import KnowledgeGraph
from ctkg.http.documents import DOCUMENT
from ctkg.http.resources import FORMS
from ctkg.http.site import Site
from ctkg.namespaces import CTKG, ID, KINDS
from ctkg.rdf_forms import MEDIA_TYPES
from tests.http.worlds import awkward_world

PARSERS = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml"}
SCHEMA = rdflib.Namespace("https://schema.org/")


def graph(client: Client, address: str) -> rdflib.Graph:
    """What rdflib reads of an answer."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return rdflib.Graph().parse(data=answer.data, format=PARSERS[address.rpartition(".")[2]])


def same(one: rdflib.Graph, other: rdflib.Graph) -> bool:
    """Isomorphic; told without rdflib's search where all nodes have names."""
    assert not any(isinstance(term, rdflib.BNode) for triple in one for term in triple)
    return set(one) == set(other)


def one_of_each_kind(site: Site) -> list[str]:
    found: dict[str, str] = {}
    rows = site.kg.backend.select(
        f"SELECT DISTINCT ?s {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?s), '{ID}')) }} ORDER BY ?s"
    )
    for (subject,) in rows:
        found.setdefault(subject.value.removeprefix(ID).partition("/")[0], subject.value.removeprefix(ID))
    return list(found.values())


def test_every_kind_is_answered_in_every_form(client: Client, site: Site) -> None:
    paths = one_of_each_kind(site)
    assert {path.partition("/")[0] for path in paths} == set(KINDS)
    for path in paths:
        for ending, media_type in FORMS.items():
            answer = client.get(f"/entities/{path}.{ending}")
            assert (answer.status_code, answer.mimetype) == (200, media_type), (path, ending)


def test_the_rdf_forms_say_the_same(client: Client, site: Site) -> None:
    for path in one_of_each_kind(site):
        turtle = graph(client, f"/entities/{path}.ttl")
        assert (rdflib.URIRef(ID + path), None, None) in turtle
        for ending in MEDIA_TYPES:
            assert same(turtle, graph(client, f"/entities/{path}.{ending}")), (path, ending)


@pytest.mark.parametrize(
    ("accept", "ending"),
    [
        ("text/turtle", "ttl"),
        ("application/ld+json", "jsonld"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "rdf"),
        ("application/json", "json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
        ("text/html;q=0.5, text/turtle;q=0.6", "ttl"),
        ("*/*", "ttl"),
    ],
)
def test_a_thing_leads_to_the_form_that_is_asked_for(client: Client, accept: str, ending: str) -> None:
    answer = client.get("/id/actor/moonshot-ai", headers={"Accept": accept})
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/entities/actor/moonshot-ai.{ending}"
    assert answer.headers["Vary"] == "Accept"
    direct = client.get("/entities/actor/moonshot-ai", headers={"Accept": accept})
    assert direct.status_code == 200
    assert direct.mimetype == FORMS[ending]
    assert direct.headers["Content-Location"] == f"/entities/actor/moonshot-ai.{ending}"
    assert direct.data == client.get(f"/entities/actor/moonshot-ai.{ending}").data


def test_a_language_that_the_address_asks_for_goes_along(client: Client) -> None:
    answer = client.get("/id/actor/moonshot-ai?lang=zh", headers={"Accept": "text/html"})
    assert answer.headers["Location"] == "/entities/actor/moonshot-ai.html?lang=zh"


def test_nothing_is_sent_to_who_accepts_none_of_it(client: Client) -> None:
    for address in ("/id/actor/moonshot-ai", "/entities/actor/moonshot-ai", "/ontology", "/dataset"):
        assert client.get(address, headers={"Accept": "image/png"}).status_code == 406


def test_a_description_holds_statements_sources_and_labels(client: Client, world: KnowledgeGraph) -> None:
    found = graph(client, "/entities/actor/moonshot-ai.ttl")
    card = world.describe("moonshot-ai")
    statements = {rdflib.URIRef(line.statement) for line in card.lines}
    assert statements <= set(found.subjects())
    asserted = world.to_rdflib()
    for statement in statements:
        graphs = {quad[3] for quad in asserted.quads((statement, RDF.type, None, None))}
        assert set(found.objects(statement, DCTERMS.isPartOf)) <= graphs
    for source in {rdflib.URIRef(citation.source) for citation in card.citations}:
        assert (source, DCTERMS.title, None) in found
        assert (source, SCHEMA.url, None) in found
    ours = {
        term
        for triple in found
        for term in triple
        if isinstance(term, rdflib.URIRef) and str(term).startswith((CTKG, f"{ID}actor/", f"{ID}deal/", f"{ID}person/"))
    }
    assert len(ours) > 50
    for iri in ours:
        assert set(found.objects(iri, RDFS.label)) == set(asserted.objects(iri, RDFS.label)) != set(), iri


def test_a_dispute_comes_with_its_rivals(client: Client, site: Site) -> None:
    (dispute, rival), *_ = site.kg.backend.select("SELECT ?d ?s { ?d ctkg:rival ?s } ORDER BY ?d ?s")
    found = graph(client, f"/entities/{dispute.value.removeprefix(ID)}.ttl")
    assert (rdflib.URIRef(rival.value), PROV.wasDerivedFrom, None) in found
    of_rival = graph(client, f"/entities/{rival.value.removeprefix(ID)}.ttl")
    assert (rdflib.URIRef(dispute.value), None, rdflib.URIRef(rival.value)) in of_rival


def test_nothing_derived_is_described(client: Client) -> None:
    found = graph(client, "/entities/actor/moonshot-ai.ttl")
    for name in ("money", "startEarliest", "current", "publicFrom"):
        assert (None, rdflib.URIRef(CTKG + name), None) not in found


def test_json_is_what_ctkg_show_prints(client: Client, world: KnowledgeGraph) -> None:
    answer = client.get("/entities/actor/moonshot-ai.json")
    assert json.loads(answer.text) == json.loads(world.describe("moonshot-ai").to_json())


def test_who_has_the_description_is_not_sent_it_again(client: Client) -> None:
    answer = client.get("/entities/actor/moonshot-ai.ttl")
    known = {"If-None-Match": answer.headers["ETag"]}
    assert client.get("/entities/actor/moonshot-ai.ttl", headers=known).status_code == 304


def test_an_unknown_slug_is_told_what_is_near(client: Client) -> None:
    for address in ("/id/actor/moonshot-a", "/entities/actor/moonshot-a", "/entities/actor/moonshot-a.ttl"):
        answer = client.get(address)
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
        assert "moonshot-ai" in json.loads(answer.text)["hint"]


def test_an_unknown_kind_is_told_the_kinds(client: Client) -> None:
    for address in ("/id/company/moonshot-ai", "/entities/company/moonshot-ai.html"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "actor, person, model" in json.loads(answer.text)["hint"]


def test_what_is_not_read_cannot_be_written(client: Client) -> None:
    for method in ("POST", "PUT", "DELETE"):
        answer = client.open("/entities/actor/moonshot-ai", method=method)
        assert answer.status_code == 405
        assert "GET" in answer.headers["Allow"]


@pytest.fixture(scope="module")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> Client:
    return awkward_world(tmp_path_factory.mktemp("awkward"))


def test_literals_are_as_the_files_write_them(awkward: Client) -> None:
    assert "ctkg:amount 0.10 ;" in awkward.get("/entities/deal/acme-2024-02.ttl").text
    assert '"0.10"^^<http://www.w3.org/2001/XMLSchema#decimal>' in awkward.get("/entities/actor/acme.nt").text
    assert '"0.10"' in awkward.get("/entities/actor/acme.jsonld").text
    assert ">0.10<" in awkward.get("/entities/actor/acme.rdf").text


@pytest.mark.parametrize("slug", ["qwen2.5-7b", "v1.ttl", "two.html"])
def test_only_a_known_ending_is_an_ending(awkward: Client, slug: str) -> None:
    answer = awkward.get(f"/id/model/{slug}")
    assert answer.headers["Location"] == f"/entities/model/{slug}.ttl"
    iri = rdflib.URIRef(f"{ID}model/{slug}")
    assert (iri, RDFS.label, None) in graph(awkward, f"/entities/model/{slug}.ttl")
    assert awkward.get(f"/entities/model/{slug}").headers["Content-Location"] == f"/entities/model/{slug}.ttl"
    assert awkward.get(f"/entities/model/{slug}.html").mimetype == "text/html"


def test_what_was_replaced_leads_to_what_replaced_it(awkward: Client) -> None:
    for address, new in (
        ("/id/model/old", "/id/model/qwen2.5-7b"),
        ("/entities/model/old", "/entities/model/qwen2.5-7b"),
        ("/entities/model/old.jsonld", "/entities/model/qwen2.5-7b.jsonld"),
        ("/id/model/elsewhere", "https://example.org/new"),
    ):
        answer = awkward.get(address)
        assert (answer.status_code, answer.headers["Location"]) == (308, new)


def test_a_graph_without_a_card_is_described_with_the_others(client: Client) -> None:
    assert client.get("/id/dataset/derived").headers["Location"] == "/dataset.ttl"
    assert client.get("/entities/dataset/derived.nt").headers["Location"] == "/dataset.nt"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.text(max_size=30), st.text(max_size=40), st.sampled_from(["", ".ttl", ".html", ".json"]))
def test_no_name_is_a_fault(client: Client, kind: str, slug: str, ending: str) -> None:
    for first in (kind, "actor"):
        for start in ("id", "entities"):
            assert client.get(f"/{start}/{quote(first)}/{quote(slug)}{ending}").status_code < 500


def test_the_ontology_leads_to_every_form(client: Client) -> None:
    turtle = graph(client, "/ontology.ttl")
    assert (rdflib.URIRef(f"{CTKG}Company"), RDFS.label, rdflib.Literal("公司", lang="zh")) in turtle
    for ending, media_type in DOCUMENT.items():
        answer = client.get("/ontology", headers={"Accept": media_type})
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/ontology.{ending}")
        assert client.get(f"/ontology.{ending}").mimetype == media_type
        if ending in PARSERS:
            assert same(turtle, graph(client, f"/ontology.{ending}"))
    assert client.get("/ontology.xls").status_code == 404


def test_the_version_of_the_ontology_leads_to_it(client: Client) -> None:
    (version,) = graph(client, "/ontology.ttl").objects(rdflib.URIRef("https://w3id.org/ctkg/ontology"), OWL.versionIRI)
    assert client.get(f"/ontology/{str(version).rpartition('/')[2]}").status_code == 303
    assert client.get("/ontology/0.0.1").status_code == 404


def test_the_type_of_a_problem_is_explained_at_its_address(client: Client) -> None:
    for address in ("/id/actor/none", "/entities/actor/moonshot-ai?format=xls", "/sparql?query=x"):
        type_ = json.loads(client.get(address).text)["type"]
        answer = client.get(type_.removeprefix("https://w3id.org/ctkg"))
        assert json.loads(answer.text)["meaning"]
    assert json.loads(client.get("/problem/limit-time").text)["meaning"]
    assert client.get("/problem/none").status_code == 404


def test_the_shapes_are_there(client: Client) -> None:
    turtle = graph(client, "/shapes.ttl")
    assert (None, RDF.type, rdflib.URIRef("http://www.w3.org/ns/shacl#NodeShape")) in turtle
    assert len(turtle) == len(graph(client, "/shapes.jsonld"))
    assert client.get("/shapes").status_code == 303
