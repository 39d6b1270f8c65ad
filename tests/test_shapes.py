"""Each shape has an example that it finds fault with, each class one that it does not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ctkg.catalog import open_catalog
from ctkg.namespaces import PREFIXES, curie, slug
from ctkg.ontology import read_ontology
from ctkg.settings import Settings, settings
from ctkg.turtle import parse, value
from ctkg.validate import validate
from tests.conftest import CARD, write

SH = PREFIXES["sh"]
SHAPES = Path(__file__).parent / "shapes"
VALID = sorted((SHAPES / "valid").glob("*.ttl"))
INVALID = sorted((SHAPES / "invalid").glob("*.ttl"))


def test_there_are_examples() -> None:
    assert len(VALID) > 70
    assert len(INVALID) > 400


def test_the_awkward_cases_need_no_claim() -> None:
    awkward = [path for path in VALID if path.stem.startswith("awkward-")]
    assert len(awkward) == 5
    assert [path.stem for path in awkward if "ctkg:Claim" in path.read_text(encoding="utf-8")] == []


def test_every_class_has_a_valid_example() -> None:
    ontology = [triple for path in open_catalog(settings()).ontology for triple in parse(path)]
    concrete = {slug(name) for name in read_ontology(ontology).themes}
    assert sorted(concrete - {path.stem for path in VALID}) == []


def test_every_shape_that_reports_has_an_invalid_example() -> None:
    shapes = [triple for path in open_catalog(settings()).shapes for triple in parse(path)]
    reporting = {curie(value(triple.subject)) for triple in shapes if triple.predicate.value == f"{SH}severity"}
    expected = {name for path in INVALID for name in expectations(path)}
    assert sorted(reporting - expected) == []
    assert sorted(expected - reporting) == []


def test_no_shape_looks_further_than_from_a_thing_to_its_values() -> None:
    """A single file is checked among what it names, and no more of the data."""
    said: dict[str, dict[str, list[Triple | NamedNode | BlankNode | Literal]]] = {}
    for path in open_catalog(settings()).shapes:
        for triple in parse(path):
            said.setdefault(value(triple.subject), {}).setdefault(slug(triple.predicate.value), []).append(
                triple.object
            )
    assert {key for about in said.values() for key in about if key.startswith("target")} == {
        "targetClass",
        "targetSubjectsOf",
    }

    def reached(shape: str) -> set[str]:
        found: set[str] = set()
        queue = [shape]
        while queue:
            about = said.get(queue.pop(), {})
            for key in ("property", "node", "not", "or", "and", "xone", "qualifiedValueShape", "first", "rest"):
                new = {value(nested) for nested in about.get(key, [])} - found
                found |= new
                queue += new
        return found

    for shape, about in said.items():
        for step in about.get("path", []):
            assert isinstance(step, NamedNode), shape
            assert [inner for inner in reached(shape) if "path" in said.get(inner, {})] == [], shape
        for text in about.get("select", []):
            subjects = set(re.findall(r"[{.;]\s*([?$]\w+)\s+\w+:", value(text)))
            assert subjects == {"$this"}, shape


def expectations(path: Path) -> set[str]:
    """The shapes that the first line of an invalid example names."""
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# expects: ")
    return set(re.findall(r"shape:[\w-]+", first))


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A data folder without data: each example brings what it needs."""
    folder = tmp_path_factory.mktemp("empty")
    write(folder / "curated" / "dataset.ttl", CARD)
    return settings(folder)


def violated(chosen: Settings, path: Path) -> set[str]:
    return {finding.rule for finding in validate(chosen, [path]).findings}


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_valid_example_has_no_finding(alone: Settings, path: Path) -> None:
    assert violated(alone, path) == set()


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_an_invalid_example_has_exactly_its_finding(alone: Settings, path: Path) -> None:
    assert violated(alone, path) == expectations(path)
