"""Terms of the ontology, explained on the terminal."""

from __future__ import annotations

import pytest

from ctkg.catalog import open_catalog
from ctkg.errors import NotFound
from ctkg.graph import KnowledgeGraph
from ctkg.namespaces import CTKG
from ctkg.terms import explain, list_terms
from tests.conftest import WORLD, Ctkg


@pytest.mark.parametrize("name", ["Investment", "investment", "ctkg:Investment", f"{CTKG}Investment", "投资"])
def test_a_term_is_found_by_name_label_curie_or_iri(world: KnowledgeGraph, name: str) -> None:
    assert explain(world.backend, open_catalog(world.settings), name).term.iri == f"{CTKG}Investment"


def test_names_that_differ_by_case_only_are_told_apart(world: KnowledgeGraph) -> None:
    catalog = open_catalog(world.settings)
    assert explain(world.backend, catalog, "Role").kinds == ("Class",)
    assert explain(world.backend, catalog, "role").kinds == ("ObjectProperty",)


def test_a_class_says_what_it_carries_and_what_is_asked_of_it(world: KnowledgeGraph) -> None:
    term = explain(world.backend, open_catalog(world.settings), "Investment")
    carried = {resource.slug for resource in term.properties}
    assert {"investor", "investee", "stage", "amount"} <= carried
    assert "until" not in carried  # a state's
    assert {"shape:Investment"} <= {rule.shape for rule in term.rules}
    assert all(rule.message["en"] and rule.message["zh"] for rule in term.rules)
    assert term.uses > 10


def test_every_listed_term_can_be_explained(world: KnowledgeGraph) -> None:
    catalog = open_catalog(world.settings)
    terms = list_terms(world.backend)
    assert len(terms) > 200
    for term, kind in terms[::9]:
        assert kind in explain(world.backend, catalog, term.iri).kinds


def test_an_unknown_term_suggests_the_nearest(world: KnowledgeGraph) -> None:
    with pytest.raises(NotFound) as caught:
        explain(world.backend, open_catalog(world.settings), "Invesment")
    assert "investment" in str(caught.value.hint).lower()


def test_the_command_explains_and_lists(ctkg: Ctkg) -> None:
    assert "what the shapes ask" in ctkg("ontology", "Investment", "--data", str(WORLD)).stdout
    assert "可带的属性" in ctkg("ontology", "投资", "--lang", "zh", "--data", str(WORLD)).stdout
    assert "ctkg:Investment" in ctkg("ontology", "--data", str(WORLD)).stdout
    assert ctkg("ontology", "Invesment", "--data", str(WORLD)).returncode == 2
