"""The card of an entity."""

from __future__ import annotations

import json

from ctkg.graph import KnowledgeGraph
from tests.conftest import WORLD, Ctkg


def test_every_statement_on_a_card_has_its_sources(world: KnowledgeGraph) -> None:
    card = world.describe("moonshot-ai")
    assert card.entity.labels == {"en": "Moonshot AI", "zh": "月之暗面"}
    assert len(card.lines) > 10
    sourced = [line for line in card.lines if not line.class_.iri.endswith("Absence")]
    assert all(line.citations for line in sourced)
    assert {number for line in card.lines for number in line.citations} == {c.number for c in card.citations}


def test_lines_are_ordered_by_theme_and_date(world: KnowledgeGraph) -> None:
    lines = world.describe("moonshot-ai").lines
    assert [(line.theme, line.when) for line in lines] == sorted((line.theme, line.when) for line in lines)


def test_rivals_are_shown_with_the_preferred_one_marked(world: KnowledgeGraph) -> None:
    lines = [line for line in world.describe("moonshot-ai").lines if line.dispute is not None]
    assert any(line.preferred for line in lines)
    assert any(not line.preferred and not line.current for line in lines)
    assert world.describe("moonshot-ai").reasons


def test_a_statement_and_a_dispute_have_cards_of_their_own(world: KnowledgeGraph) -> None:
    line = next(line for line in world.describe("moonshot-ai").lines if line.dispute is not None)
    assert any(other.statement == line.statement for other in world.describe(line.statement).lines)
    assert line.dispute is not None
    assert len(world.describe(line.dispute.iri).lines) >= 2


def test_the_command_prints_the_card_in_both_languages(ctkg: Ctkg) -> None:
    english = ctkg("show", "moonshot-ai", "--data", str(WORLD)).stdout
    chinese = ctkg("--data", str(WORLD), "show", "月之暗面", "--lang", "zh").stdout
    assert english.startswith("Moonshot AI · 月之暗面  (Company)")
    assert chinese.startswith("月之暗面 · Moonshot AI  (公司)")
    assert "Sources\n[1] " in english
    assert "来源\n[1] " in chinese


def test_the_json_card_holds_the_same_lines(ctkg: Ctkg, world: KnowledgeGraph) -> None:
    document = json.loads(ctkg("show", "moonshot-ai", "--format", "json", "--data", str(WORLD)).stdout)
    assert [line["statement"] for line in document["lines"]] == [
        line.statement for line in world.describe("moonshot-ai").lines
    ]
