"""The JSON-LD context: what is written with it means what the same words mean in Turtle."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
import rdflib
from rdflib.namespace import OWL, RDF

from ctkg.namespaces import CTKG, PREFIXES
from tests.conftest import ROOT
from tests.test_shapes import VALID

CONTEXT: dict[str, Any] = json.loads((ROOT / "ontology" / "context.jsonld").read_text(encoding="utf-8"))["@context"]

TURTLE = """
@prefix actor: <https://w3id.org/ctkg/id/actor/> .
@prefix ctkg: <https://w3id.org/ctkg/ontology#> .
@prefix chip: <https://w3id.org/ctkg/id/chip/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix source: <https://w3id.org/ctkg/id/source/> .
@prefix statement: <https://w3id.org/ctkg/id/statement/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

actor:acme a ctkg:Company ; rdfs:label "Acme"@en , "阿克梅"@zh ; foaf:homepage <https://acme.example/> .
statement:acme-aaaaaa a ctkg:Fabrication ;
    ctkg:fabricated chip:one ; ctkg:fabricator actor:acme ; ctkg:process "7 nm"@en ;
    ctkg:from "2024-02"^^xsd:gYearMonth ; prov:wasDerivedFrom source:gazette , source:courier ; ctkg:locator "page 3" .
statement:acme-bbbbbb a ctkg:Absence ; ctkg:about actor:acme ; ctkg:sought ctkg:Investment .
source:gazette ctkg:readOn "2026-11-24"^^xsd:date .
statement:acme-cccccc ctkg:amountMin 800000000 ; ctkg:amountMinExclusive true ; ctkg:share 36.5 .
"""

JSON = {
    "@graph": [
        {
            "@id": "actor:acme",
            "@type": "ctkg:Company",
            "rdfs:label": {"en": "Acme", "zh": "阿克梅"},
            "foaf:homepage": "https://acme.example/",
        },
        {
            "@id": "statement:acme-aaaaaa",
            "@type": "ctkg:Fabrication",
            "ctkg:fabricated": "chip:one",
            "ctkg:fabricator": "actor:acme",
            "ctkg:process": {"en": "7 nm"},
            "ctkg:from": {"@value": "2024-02", "@type": "xsd:gYearMonth"},
            "prov:wasDerivedFrom": ["source:gazette", "source:courier"],
            "ctkg:locator": "page 3",
        },
        {
            "@id": "statement:acme-bbbbbb",
            "@type": "ctkg:Absence",
            "ctkg:about": "actor:acme",
            "ctkg:sought": "ctkg:Investment",
        },
        {"@id": "source:gazette", "ctkg:readOn": "2026-11-24"},
        {
            "@id": "statement:acme-cccccc",
            "ctkg:amountMin": 800000000,
            "ctkg:amountMinExclusive": True,
            "ctkg:share": {"@value": "36.5", "@type": "xsd:decimal"},
        },
    ]
}


def by_rdflib(document: str, syntax: str) -> set[str]:
    graph = rdflib.Graph().parse(data=document, format=syntax)
    return {f"{s.n3()} {p.n3()} {o.n3()}" for s, p, o in graph}


def by_pyoxigraph(document: str, syntax: pyoxigraph.RdfFormat) -> set[str]:
    return {str(quad.triple) for quad in pyoxigraph.parse(document, format=syntax)}


def test_a_document_with_it_says_in_rdflib_what_turtle_says() -> None:
    document = json.dumps({"@context": CONTEXT, **JSON}, ensure_ascii=False)
    assert by_rdflib(document, "json-ld") == by_rdflib(TURTLE, "turtle")
    assert len(by_rdflib(TURTLE, "turtle")) == 19


def test_a_document_with_it_says_in_pyoxigraph_what_turtle_says() -> None:
    document = json.dumps({"@context": CONTEXT, **JSON}, ensure_ascii=False)
    assert by_pyoxigraph(document, pyoxigraph.RdfFormat.JSON_LD) == by_pyoxigraph(TURTLE, pyoxigraph.RdfFormat.TURTLE)


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_every_example_survives_the_way_to_json_ld_and_back(path: Path) -> None:
    graph = rdflib.Graph().parse(path)
    document = graph.serialize(format="json-ld", context=CONTEXT, auto_compact=False)
    assert set(rdflib.Graph().parse(data=document, format="json-ld")) == set(graph)


def test_it_names_every_prefix_and_every_property_that_links() -> None:
    assert {name: CONTEXT.get(name) for name in PREFIXES} == PREFIXES
    ontology = rdflib.Graph()
    for path in (ROOT / "ontology").glob("*.ttl"):
        ontology.parse(path)
    links = {
        str(term).removeprefix(CTKG) for term in ontology.subjects(RDF.type, OWL.ObjectProperty) if CTKG in str(term)
    }
    assert len(links) > 80
    assert sorted(name for name in links if CONTEXT.get(f"ctkg:{name}", {}).get("@type") != "@id") == []
