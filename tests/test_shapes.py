"""Each shape has an example that it finds fault with, each class one that it does not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ctkg.settings import Settings, settings
from ctkg.validate import validate
from tests.conftest import CARD, write

SHAPES = Path(__file__).parent / "shapes"
VALID = sorted((SHAPES / "valid").glob("*.ttl"))
INVALID = sorted((SHAPES / "invalid").glob("*.ttl"))


def test_there_are_examples() -> None:
    assert len(VALID) > 40
    assert len(INVALID) > 30


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
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# expects: ")
    assert violated(alone, path) == set(re.findall(r"shape:[\w-]+", first))
