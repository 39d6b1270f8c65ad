"""Golden results of every analysis on the miniature world.

``tests/expected/analyses/<analysis>.<case>.tsv``: the first line holds the
arguments, then come the rows, each thing as CURIE, and the notes. ``pytest
--update-expected`` writes them anew; the diff is to be read.
"""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from ctkg.amounts import Money, Stake
from ctkg.analyses import ANALYSES
from ctkg.graph import KnowledgeGraph
from ctkg.messages import use_language
from ctkg.namespaces import curie
from ctkg.results import Cell, Evidence, Resource, ResultTable
from tests.conftest import ROOT

CASES = sorted((ROOT / "tests" / "expected" / "analyses").glob("*.tsv"))
FIRST = [case for case in CASES if case.stem.endswith((".default", ".suspended"))]


def given(case: Path) -> dict[str, str]:
    words = shlex.split(case.read_text(encoding="utf-8").splitlines()[0].removeprefix("#"))
    return {
        name.removeprefix("--").replace("-", "_"): value for name, value in zip(words[::2], words[1::2], strict=True)
    }


def plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Resource):
        return curie(cell.iri)
    if isinstance(cell, list):
        return " ".join(curie(resource.iri) for resource in cell)
    if isinstance(cell, Evidence):
        return " ".join(map(curie, cell.statements))
    return cell.compact() if isinstance(cell, Money | Stake) else str(cell)


def lines(table: ResultTable) -> list[str]:
    rows = ["\t".join(column.name for column in table.columns)]
    rows += ["\t".join(map(plain, row)) for row in table.rows]
    return rows + [note.line() for note in table.notes if note.about in ("remark", "graph")]


@pytest.fixture(scope="module")
def answers(world: KnowledgeGraph) -> dict[Path, ResultTable]:
    """Each case, answered once in English."""
    return {case: world.analyse(case.name.split(".")[0], **given(case)) for case in CASES}


def test_every_analysis_has_a_case() -> None:
    assert {case.name.split(".")[0] for case in CASES} == set(ANALYSES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_the_answer_is_the_expected_one(
    answers: dict[Path, ResultTable], case: Path, request: pytest.FixtureRequest
) -> None:
    found = lines(answers[case])
    if request.config.getoption("--update-expected"):
        header = case.read_text(encoding="utf-8").splitlines()[0]
        case.write_text("\n".join([header, *found]) + "\n", encoding="utf-8")
    assert found == case.read_text(encoding="utf-8").splitlines()[1:]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_server_gives_the_same_answer(
    answers: dict[Path, ResultTable], world_in_oxigraph: KnowledgeGraph, case: Path
) -> None:
    assert world_in_oxigraph.analyse(case.name.split(".")[0], **given(case)) == answers[case]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_every_row_has_its_sources(answers: dict[Path, ResultTable], case: Path) -> None:
    table = answers[case]
    evidence = [cell for row in table.rows for cell in row if isinstance(cell, Evidence) and cell.statements]
    assert all(cell.citations for cell in evidence)
    assert {number for cell in evidence for number in cell.citations} == {c.number for c in table.citations}


@pytest.mark.parametrize("case", FIRST, ids=lambda case: case.stem)
def test_the_same_rows_come_in_chinese(world: KnowledgeGraph, answers: dict[Path, ResultTable], case: Path) -> None:
    english = answers[case]
    use_language("zh")
    chinese = world.analyse(case.name.split(".")[0], **given(case))

    def things(table: ResultTable) -> list[list[str]]:
        return [[plain(cell) for cell in row if not isinstance(cell, str)] for row in table.rows]

    assert things(chinese) == things(english)
    assert all(letter >= "一" for note in chinese.notes for letter in note.line()[:1])


def test_notes_say_graph_meaning_and_limits(answers: dict[Path, ResultTable]) -> None:
    assert answers
    for case, table in answers.items():
        assert {"graph", "meaning", "limits"} <= {note.about for note in table.notes}, case
