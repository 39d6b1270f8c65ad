"""What no reasoner sees in the ontology: one query each, and one planted fault that each must catch."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, QuerySolutions, RdfFormat, Store, Triple
from pyoxigraph import parse as parse_text

from ctkg.build import assemble
from ctkg.catalog import open_catalog
from ctkg.namespaces import PREFIXES, curie
from ctkg.settings import settings
from ctkg.turtle import parse
from tests.conftest import ROOT
from tests.test_shapes import VALID

LINTS = sorted((ROOT / "queries" / "lint").glob("*.rq"))
HEADER = ("severity", "problem", "problem-zh", "solution", "solution-zh")
SHAPES = NamedNode("https://w3id.org/ctkg/shapes")
PLANTED = NamedNode("https://w3id.org/ctkg/planted")

FAULTS = {
    "label-missing": ('ctkg:planted a owl:Class ; rdfs:label "Planted"@en .', "ctkg:planted"),
    "definition-missing": ('ctkg:planted a owl:Class ; skos:definition "A planted class."@en .', "ctkg:planted"),
    "undefined-term": ("actor:planted ctkg:nowhere actor:planted .", "actor:planted"),
    "unused-term": ("ctkg:planted a owl:DatatypeProperty .", "ctkg:planted"),
    "unused-scheme": ("ctkg:planted a skos:ConceptScheme . ctkg:One skos:inScheme ctkg:planted .", "ctkg:planted"),
    "concept-without-scheme": ("ctkg:Planted a skos:Concept ; skos:inScheme ctkg:stages .", "ctkg:Planted"),
    "values-without-scheme": ("ctkg:planted rdfs:range skos:Concept .", "ctkg:planted"),
    "domain-slip": ("statement:planted a ctkg:Founding ; ctkg:investee actor:alibaba .", "statement:planted"),
    "range-slip": ("statement:planted a ctkg:Seat ; ctkg:place actor:alibaba .", "statement:planted"),
    "cycle-subclass": ("ctkg:Actor rdfs:subClassOf ctkg:Company .", "ctkg:Actor"),
    "cycle-subproperty": ("ctkg:party rdfs:subPropertyOf ctkg:investor .", "ctkg:party"),
    "cycle-broader": ("ctkg:ChipsLayer skos:broader ctkg:ChipDesign .", "ctkg:ChipsLayer"),
    "same-label": ('ctkg:aaa a owl:ObjectProperty ; rdfs:label "Investor"@en .', "ctkg:aaa"),
    "two-kinds-of-property": ("ctkg:investor a owl:DatatypeProperty .", "ctkg:investor"),
    "statement-without-home": ("ctkg:Planted rdfs:subClassOf ctkg:State .", "ctkg:Planted"),
    "entity-without-home": ("ctkg:Planted rdfs:subClassOf ctkg:Actor .", "ctkg:Planted"),
    "statement-of-no-time": ("ctkg:Planted rdfs:subClassOf ctkg:Statement .", "ctkg:Planted"),
    "key-of-another-class": ("ctkg:Founding ctkg:rivalKey ctkg:deal .", "ctkg:Founding"),
    "party-missing": (
        "ctkg:planted a owl:ObjectProperty ; rdfs:domain ctkg:Role ; rdfs:range ctkg:Actor .",
        "ctkg:planted",
    ),
    "shape-missing": ('ctkg:Planted ctkg:homeTheme "actors" .', "ctkg:Planted"),
    "shape-without-words": (
        'shape:planted sh:severity sh:Violation ; sh:message "Planted."@en ; ctkg:remedy "Dig."@en , "挖。"@zh .',
        "shape:planted",
    ),
}
"""Lint → Turtle that it must find fault with, and the subject at fault."""

MORE_FAULTS = {
    "domain-slip": ("statement:planted a ctkg:Release ; ctkg:share 30 .", "statement:planted"),
    "range-slip": ('statement:planted a ctkg:Release ; ctkg:parameters "many" .', "statement:planted"),
    "undefined-term": ("actor:planted a ctkg:Nowhere .", "actor:planted"),
    "same-label": (
        'ctkg:Aaa a skos:Concept ; skos:inScheme ctkg:stages ; rdfs:label "已宣布"@zh .',
        "ctkg:Aaa",
    ),
}


@pytest.fixture(scope="module")
def everything() -> Store:
    """Ontology, shapes, all data, and what the build derives."""
    catalog = open_catalog(settings())
    store = Store()
    store.bulk_extend(assemble(catalog).quads())
    add(store, (triple for path in catalog.shapes for triple in parse(path)), SHAPES)
    return store


def add(store: Store, triples: Iterable[Triple], graph: NamedNode) -> None:
    store.bulk_extend(Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples)


def faults(store: Store, lint: Path) -> list[tuple[str, ...]]:
    answer = store.query(lint.read_text(encoding="utf-8"), use_default_graph_as_union=True)
    assert isinstance(answer, QuerySolutions)
    assert answer.variables[0].value == "subject"
    return [tuple(curie(getattr(term, "value", str(term))) for term in row) for row in answer]


def test_there_are_lints_and_each_has_a_planted_fault() -> None:
    assert len(LINTS) > 15
    assert {lint.stem for lint in LINTS} == set(FAULTS)


@pytest.mark.parametrize("lint", LINTS, ids=lambda path: path.stem)
def test_a_lint_says_what_is_wrong_and_what_to_do_in_both_languages(lint: Path) -> None:
    lines = [line[3:] for line in lint.read_text(encoding="utf-8").splitlines() if line.startswith("#+ ")]
    assert tuple(line.partition(": ")[0] for line in lines) == HEADER
    assert all(line.partition(": ")[2] for line in lines)
    assert lines[0] in ("severity: violation", "severity: warning")


@pytest.mark.parametrize("lint", LINTS, ids=lambda path: path.stem)
def test_ontology_and_data_are_without_the_fault(everything: Store, lint: Path) -> None:
    assert faults(everything, lint) == []


@pytest.mark.parametrize("name", ["domain-slip", "range-slip", "undefined-term"])
def test_the_valid_examples_are_without_the_fault(everything: Store, name: str) -> None:
    add(everything, (triple for path in VALID for triple in parse(path)), PLANTED)
    try:
        assert faults(everything, ROOT / "queries" / "lint" / f"{name}.rq") == []
    finally:
        everything.remove_graph(PLANTED)


@pytest.mark.parametrize(
    ("name", "fault", "subject"),
    [(name, *case) for cases in (FAULTS, MORE_FAULTS) for name, case in cases.items()],
)
def test_a_planted_fault_is_found(everything: Store, name: str, fault: str, subject: str) -> None:
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    add(everything, (quad.triple for quad in parse_text(prefixes + fault, format=RdfFormat.TURTLE)), PLANTED)
    try:
        assert subject in {row[0] for row in faults(everything, ROOT / "queries" / "lint" / f"{name}.rq")}
    finally:
        everything.remove_graph(PLANTED)
