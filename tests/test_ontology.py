"""The ontology is consistent, each class can have members, and it is in OWL 2 DL and RL.

Proved by HermiT and by the OWL API's profile checkers, both in the jar that
owlready2 carries. One run of Java judges the ontology, the ontology with all
data and what the build derives from them, and the ontology with each of a few
planted faults: a check that misses its fault proves nothing.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, Triple, serialize
from pyoxigraph import parse as parse_text

from ctkg.build import assemble
from ctkg.catalog import open_catalog
from ctkg.namespaces import CTKG, PREFIXES
from ctkg.settings import settings
from ctkg.turtle import parse

PROVE = Path(__file__).parent / "reasoner" / "Prove.java"
DL, RL = "OWL 2 DL", "OWL 2 RL"

pytestmark = pytest.mark.skipif(
    shutil.which("java") is None, reason="java is not installed; HermiT and the OWL profile checkers run on it"
)

FAULTS = {
    "individual-of-two-kinds": "model:chimera a ctkg:Model , ctkg:Law .",
    "individual-by-its-use": "actor:nowhere a ctkg:Company . statement:seat a ctkg:Seat ; ctkg:place actor:nowhere .",
    "entity-among-concepts": "actor:concept a ctkg:Company , skos:Concept .",
    "occurrence-with-a-first-day": 'statement:both a ctkg:Founding ; ctkg:from "2024-02-19" .',
    "class-without-members": "ctkg:Chimera a owl:Class ; rdfs:subClassOf ctkg:Model , ctkg:Chip .",
    "statement-that-is-a-source": "ctkg:Gazette a owl:Class ; rdfs:subClassOf ctkg:Source , ctkg:Role .",
    "chain-that-must-be-simple": "ctkg:supersedes a owl:TransitiveProperty .",
    "undeclared-class": "ctkg:Company rdfs:subClassOf ctkg:Undeclared .",
    "union-above-a-class": "ctkg:Deal rdfs:subClassOf [ a owl:Class ; owl:unionOf ( ctkg:Company ctkg:Chip ) ] .",
    "something-must-exist": (
        "ctkg:Role rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ctkg:person ; owl:someValuesFrom ctkg:Person ] ."
    ),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[str, ...]]]:
    """File stem → findings of that file."""
    folder = tmp_path_factory.mktemp("owl")
    catalog = open_catalog(settings())
    ontology = [triple for path in catalog.ontology for triple in parse(path)]
    files = [write(folder / "ontology.rdf", ontology)]
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    for name, fault in FAULTS.items():
        planted = [quad.triple for quad in parse_text(prefixes + fault, format=RdfFormat.TURTLE)]
        files.append(write(folder / f"{name}.rdf", [*ontology, *planted]))
    store = Store()
    store.bulk_extend(assemble(catalog).quads())
    files.append(write(folder / "data.rdf", list({quad.triple for quad in store})))
    spec = importlib.util.find_spec("owlready2")
    assert spec is not None
    assert spec.origin is not None
    jar = Path(spec.origin).parent / "hermit" / "HermiT.jar"
    run = subprocess.run(
        ["java", "-cp", jar, PROVE, *files], capture_output=True, encoding="utf-8", timeout=300, check=False
    )
    assert run.returncode == 0, run.stderr
    findings: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for line in run.stdout.splitlines():
        file, *words = line.split("\t")
        findings[file.removesuffix(".rdf")].append(tuple(words))
    return findings


def write(path: Path, triples: list[Triple]) -> Path:
    path.write_bytes(serialize(triples, format=RdfFormat.RDF_XML, prefixes={"ctkg": CTKG}) or b"")
    return path


def test_it_is_consistent_without_an_empty_class_and_in_both_profiles(found: dict[str, list[tuple[str, ...]]]) -> None:
    assert found["ontology"] == [("consistent",)]


def test_it_is_consistent_with_the_data_and_what_is_derived(found: dict[str, list[tuple[str, ...]]]) -> None:
    assert found["data"] == [("consistent",)]


@pytest.mark.parametrize(
    "fault",
    ["individual-of-two-kinds", "individual-by-its-use", "entity-among-concepts", "occurrence-with-a-first-day"],
)
def test_an_impossible_individual_is_found(found: dict[str, list[tuple[str, ...]]], fault: str) -> None:
    assert found[fault][0] == ("inconsistent",)


@pytest.mark.parametrize(
    ("fault", "name"), [("class-without-members", "Chimera"), ("statement-that-is-a-source", "Gazette")]
)
def test_a_class_that_cannot_have_members_is_found(
    found: dict[str, list[tuple[str, ...]]], fault: str, name: str
) -> None:
    assert found[fault] == [("consistent",), ("unsatisfiable", f"{CTKG}{name}")]


@pytest.mark.parametrize("fault", ["chain-that-must-be-simple", "undeclared-class"])
def test_what_is_outside_of_dl_is_found(found: dict[str, list[tuple[str, ...]]], fault: str) -> None:
    assert DL in {finding[0] for finding in found[fault]}


@pytest.mark.parametrize("fault", ["union-above-a-class", "something-must-exist"])
def test_what_is_outside_of_rl_only_is_found(found: dict[str, list[tuple[str, ...]]], fault: str) -> None:
    profiles = {finding[0] for finding in found[fault]}
    assert RL in profiles
    assert DL not in profiles
