"""Which entity a user means."""

from __future__ import annotations

import pytest

from ctkg.errors import NotFound, QueryError
from ctkg.graph import KnowledgeGraph
from ctkg.names import find_entity
from ctkg.namespaces import ID

MOONSHOT = f"{ID}actor/moonshot-ai"


@pytest.mark.parametrize(
    "name",
    [
        "moonshot-ai", "Moonshot AI", "moonshot ai", "  MOONSHOT   AI ", "月之暗面", "Ｍｏｏｎｓｈｏｔ ＡＩ",
        "actor:moonshot-ai", MOONSHOT, f"<{MOONSHOT}>",
    ],
)  # fmt: skip
def test_a_slug_label_curie_or_iri_means_the_entity(world: KnowledgeGraph, name: str) -> None:
    assert find_entity(world.backend, name).iri == MOONSHOT


def test_a_name_of_the_wrong_class_is_not_found(world: KnowledgeGraph) -> None:
    with pytest.raises(NotFound):
        find_entity(world.backend, "moonshot-ai", "ctkg:Model")


@pytest.mark.parametrize("name", ["moonshot-a1", "Moonshoot AI", "actor:moonshot"])
def test_a_name_that_nothing_bears_suggests_the_nearest(world: KnowledgeGraph, name: str) -> None:
    with pytest.raises(NotFound) as caught:
        find_entity(world.backend, name)
    assert "moonshot-ai" in str(caught.value.hint)


def test_an_unknown_prefix_suggests_known_ones(world: KnowledgeGraph) -> None:
    with pytest.raises(QueryError) as caught:
        find_entity(world.backend, "actr:moonshot-ai")
    assert "actor:" in str(caught.value.hint)


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        '"',
        "a b'",
        "} UNION {",
        "line\nbreak",
        "https://x/>",
        "<",
        "\x00",
        "a" * 5000,
        "actor:>",
        "😀",
        "\u202eabc",
    ],
)
def test_hostile_names_are_not_found_and_no_more(world: KnowledgeGraph, name: str) -> None:
    with pytest.raises((NotFound, QueryError)) as caught:
        find_entity(world.backend, name)
    assert caught.value.hint


def test_a_name_of_two_things_asks_which(world: KnowledgeGraph) -> None:
    """The slug yi names nothing else; a label shared by two entities asks back."""
    shared = next(
        (row for row in world.sparql(
            "SELECT ?l { ?a a ctkg:Entity ; rdfs:label|skos:altLabel ?l . ?b a ctkg:Entity ; rdfs:label|skos:altLabel ?m "
            "FILTER(STR(?l) = STR(?m) && ?a != ?b) } ORDER BY ?l LIMIT 1"
        ).rows or ()), None,
    )  # fmt: skip
    assert shared is not None, "the miniature world holds one name that two entities share"
    with pytest.raises(QueryError, match="may be several things"):
        find_entity(world.backend, shared[0].value)  # type: ignore[union-attr]
