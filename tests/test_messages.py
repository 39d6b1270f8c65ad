"""Chinese is no second language: whatever the code says in English it says in Chinese."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

from ctkg.cli import COMMANDS
from ctkg.graph import KnowledgeGraph
from ctkg.messages import tr, use_language
from ctkg.messages_zh import MESSAGES

SOURCE = Path(__file__).parents[1] / "src" / "ctkg"


def templates() -> set[str]:
    """Every literal that the code and the templates hand to `tr`."""
    found = set(COMMANDS.values())
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tr":
                argument = node.args[0]
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    found.add(argument.value)
    for path in SOURCE.rglob("*.html"):
        found |= set(re.findall(r'\btr\("([^"]+)"', path.read_text(encoding="utf-8")))
    return found


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_every_message_has_its_chinese() -> None:
    assert len(templates()) > 60
    assert sorted(templates() - set(MESSAGES)) == []


def test_a_translation_fills_the_same_fields() -> None:
    assert [key for key, value in MESSAGES.items() if fields(key) != fields(value)] == []


def test_every_column_heading_has_its_chinese(world: KnowledgeGraph) -> None:
    names = {column.name.replace("_", " ") for query in world.queries.values() for column in query.columns}
    assert sorted(names - set(MESSAGES)) == []


def test_every_query_speaks_both_languages(world: KnowledgeGraph) -> None:
    for query in world.queries.values():
        assert query.summary["zh"], query.name
        assert query.description["zh"], query.name
        assert all(parameter.description["zh"] for parameter in query.params), query.name


def test_an_unknown_message_stays_english() -> None:
    use_language("zh")
    assert tr("never {x} said", x="yet") == "never yet said"
