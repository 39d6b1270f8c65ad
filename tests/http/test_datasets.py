"""What is published, told to catalogues, search engines and SPARQL clients."""

from __future__ import annotations

import json
import re

import pytest
import rdflib
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, VOID, XSD
from werkzeug.test import Client

from ctkg.build import Assembly, assemble
from ctkg.catalog import open_catalog
from ctkg.graph import KnowledgeGraph
from ctkg.http.documents import DOCUMENT
from ctkg.namespaces import DERIVED_GRAPH
from ctkg.publish import WHOLE

PARSERS = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml"}
SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
ALL = rdflib.URIRef(WHOLE)

SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix void: <http://rdfs.org/ns/void#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

[] a sh:NodeShape ; sh:targetClass void:Dataset ;
    sh:property [ sh:path dcterms:title ; sh:minCount 1 ; sh:uniqueLang true ; sh:datatype rdf:langString ] ,
        [ sh:path dcterms:description ; sh:minCount 1 ; sh:uniqueLang true ] ,
        [ sh:path dcterms:publisher ; sh:minCount 1 ; sh:maxCount 1 ; sh:class foaf:Agent ] ,
        [ sh:path dcterms:license ; sh:minCount 1 ; sh:nodeKind sh:IRI ] ,
        [ sh:path dcterms:modified ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:date ] ,
        [ sh:path dcat:distribution ; sh:minCount 1 ; sh:class dcat:Distribution ] ,
        [ sh:path void:triples ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:integer ] ,
        [ sh:path void:sparqlEndpoint ; sh:minCount 1 ; sh:nodeKind sh:IRI ] ,
        [ sh:path void:dataDump ; sh:minCount 1 ; sh:nodeKind sh:IRI ] ,
        [ sh:path void:vocabulary ; sh:minCount 1 ; sh:nodeKind sh:IRI ] ,
        [ sh:path void:exampleResource ; sh:minCount 1 ; sh:nodeKind sh:IRI ] .
[] a sh:NodeShape ; sh:targetClass dcat:Distribution ;
    sh:property [ sh:path dcat:downloadURL ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
        [ sh:path dcat:mediaType ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
        [ sh:path dcterms:license ; sh:minCount 1 ; sh:nodeKind sh:IRI ] ,
        [ sh:path dcat:byteSize ; sh:maxCount 1 ; sh:datatype xsd:nonNegativeInteger ] .
[] a sh:NodeShape ; sh:targetClass dcat:DataService ;
    sh:property [ sh:path dcat:endpointURL ; sh:minCount 1 ; sh:nodeKind sh:IRI ] ,
        [ sh:path dcterms:title ; sh:minCount 1 ] .
[] a sh:NodeShape ; sh:targetClass foaf:Agent ; sh:property [ sh:path foaf:name ; sh:minCount 1 ] .
"""


def graph(client: Client, address: str, ending: str | None = None, **headers: str) -> rdflib.Graph:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200, answer.text
    return rdflib.Graph().parse(data=answer.data, format=PARSERS[ending or address.rpartition(".")[2]])


@pytest.fixture(scope="module")
def assembly(world: KnowledgeGraph) -> Assembly:
    return assemble(open_catalog(world.settings))


def test_the_dataset_leads_to_every_form(client: Client) -> None:
    for address in ("/dataset", "/.well-known/void"):
        for ending, media_type in DOCUMENT.items():
            answer = client.get(address, headers={"Accept": media_type})
            assert (answer.status_code, answer.headers["Location"]) == (303, f"/dataset.{ending}")
    turtle = graph(client, "/dataset.ttl")
    for ending in PARSERS:
        assert isomorphic(turtle, graph(client, f"/dataset.{ending}"))


def test_catalogues_find_what_they_require(client: Client) -> None:
    import pyshacl

    conforms, _, report = pyshacl.validate(graph(client, "/dataset.ttl"), shacl_graph=rdflib.Graph().parse(data=SHAPES))
    assert conforms, report


def test_every_graph_is_described_with_what_it_holds(client: Client, assembly: Assembly) -> None:
    found = graph(client, "/dataset.ttl")
    assert set(found.objects(ALL, VOID.subset)) == {rdflib.URIRef(name) for name in assembly.graphs}
    for name, triples in assembly.graphs.items():
        iri = rdflib.URIRef(name)
        assert found.value(iri, VOID.triples) == rdflib.Literal(len(set(triples)))
        assert found.value(iri, VOID.distinctSubjects) == rdflib.Literal(len({triple.subject for triple in triples}))
    total = sum(len(set(triples)) for triples in assembly.graphs.values())
    assert found.value(ALL, VOID.triples) == rdflib.Literal(total)


def test_a_card_says_who_and_on_what_terms(client: Client) -> None:
    found = graph(client, "/dataset.ttl")
    epoch = rdflib.URIRef("https://w3id.org/ctkg/id/dataset/epoch-models")
    agent = found.value(epoch, DCTERMS.publisher)
    assert found.value(agent, FOAF.name) == rdflib.Literal("Epoch AI")
    assert {getattr(title, "language", None) for title in found.objects(epoch, DCTERMS.title)} == {"en", "zh"}
    derived = rdflib.URIRef(DERIVED_GRAPH)
    assert {getattr(title, "language", None) for title in found.objects(derived, DCTERMS.title)} == {"en", "zh"}


def test_examples_are_there_to_be_looked_at(client: Client) -> None:
    for example in set(graph(client, "/dataset.ttl").objects(None, VOID.exampleResource)):
        path = str(example).removeprefix("https://w3id.org/ctkg").partition("#")[0]
        assert client.get(path).status_code == 303


def test_dumps_have_the_size_and_type_that_is_told(client: Client) -> None:
    found = graph(client, "/dataset.ttl")
    files = list(found.subjects(RDF.type, DCAT.Distribution))
    assert len(files) == 2 * (1 + len(list(found.objects(ALL, VOID.subset))))
    for file in files:
        answer = client.get(str(file).removeprefix("http://localhost"))
        assert str(found.value(file, DCAT.mediaType)).endswith(f"/{answer.mimetype}")
        size = found.value(file, DCAT.byteSize)
        assert size is None or size == rdflib.Literal(str(len(answer.data)), datatype=XSD.nonNegativeInteger)


def test_search_engines_read_the_page(client: Client) -> None:
    text = client.get("/dataset.html?lang=zh").text
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    about = json.loads(found[1])
    assert about["@type"] == "Dataset"
    assert len(about["hasPart"]) >= 6
    for part in (about, *about["hasPart"]):
        assert part["name"]
        assert len(part["description"]) > 20
        assert part["license"]
        assert all(file["contentUrl"].startswith("http://localhost/dumps/") for file in part["distribution"])


def test_the_service_is_described(client: Client, assembly: Assembly) -> None:
    found = graph(client, "/sparql", "ttl")
    endpoint = rdflib.URIRef("http://localhost/sparql")
    assert (endpoint, RDF.type, SD.Service) in found
    assert found.value(endpoint, SD.endpoint) == endpoint
    assert found.value(endpoint, SD.supportedLanguage) == SD.SPARQL11Query
    dataset = found.value(endpoint, SD.defaultDataset)
    names = {found.value(named, SD.name) for named in found.objects(dataset, SD.namedGraph)}
    assert names == {rdflib.URIRef(name) for name in assembly.graphs}
    default = found.value(dataset, SD.defaultGraph)
    count = client.get("/sparql", query_string={"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"})
    told = found.value(default, VOID.triples)
    assert str(told) == json.loads(count.text)["results"]["bindings"][0]["n"]["value"]


def test_the_service_has_the_features_that_it_tells(client: Client) -> None:
    features = set(graph(client, "/sparql", "ttl").objects(None, SD.feature))
    assert features == {SD.UnionDefaultGraph}
    ask = "ASK { <https://w3id.org/ctkg/id/dataset/curated> ?p ?o }"  # which only a named graph holds
    assert json.loads(client.get("/sparql", query_string={"query": ask}).text)["boolean"] is True


@pytest.mark.parametrize("ending", PARSERS)
def test_the_service_description_comes_in_every_form(client: Client, ending: str) -> None:
    found = graph(client, "/sparql", ending, Accept=DOCUMENT[ending])
    assert isomorphic(found, graph(client, "/sparql", "ttl", Accept="text/turtle"))


def test_a_browser_is_given_a_form_to_ask_with(client: Client) -> None:
    answer = client.get("/sparql", headers={"Accept": "text/html"})
    assert '<textarea name="query"' in answer.text


@pytest.mark.parametrize("host", ["evil.example", 'a"b<c>', "[::1]:80", "x" * 300, "é", " "])
def test_no_host_that_a_request_names_is_a_fault(client: Client, host: str) -> None:
    for address in ("/dataset.ttl", "/dataset.html", "/sparql", "/dumps/"):
        assert client.get(address, headers={"Host": host}).status_code < 500
