"""Golden results of every stored query on the miniature world, equal on both engines.

``tests/expected/<theme>/<query>.<case>.tsv``: the first line holds the arguments
(``# --investee zhipu-ai``), the rest is the raw answer, each term as CURIE or
literal. ``pytest --update-expected`` writes them anew; the diff is to be read.
"""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from ctkg.answers import read_argument
from ctkg.backend import Backend, RdflibBackend
from ctkg.graph import KnowledgeGraph
from ctkg.namespaces import curie
from ctkg.queries import bind
from ctkg.results.cells import Term

EXPECTED = Path(__file__).parent / "expected"
CASES = sorted(path for path in EXPECTED.rglob("*.tsv") if path.parent.name not in ("views", "analyses"))
"""Views and analyses have tests of their own."""


def arguments(case: Path) -> dict[str, str]:
    words = shlex.split(case.read_text(encoding="utf-8").splitlines()[0].removeprefix("#"))
    return {
        name.removeprefix("--").replace("-", "_"): value for name, value in zip(words[::2], words[1::2], strict=True)
    }


def query_name(case: Path) -> str:
    return case.name.split(".")[0]


def rows(kg: KnowledgeGraph, backend: Backend, name: str, given: dict[str, str]) -> list[str]:
    query = kg.views[name] if name in kg.views else kg.queries[name]
    terms = {key: read_argument(kg.backend, query.parameter(key), value).term for key, value in given.items()}
    answer = backend.query(bind(query, terms))
    assert answer.rows is not None
    lines = []
    for row in answer.rows:
        cells = [plain(term, column.type) for term, column in zip(row, query.columns, strict=True)]
        lines.append("\t".join(cells))
    return ["\t".join(column.name for column in query.columns), *lines]


def plain(term: Term | None, type_: str) -> str:
    """Engines write equal numbers differently and concatenate in any order: neither is a difference."""
    if term is None:
        return ""
    if isinstance(term, NamedNode):
        return curie(term.value)
    assert isinstance(term, Literal)
    if type_ in ("statement", "iris"):
        return " ".join(sorted({curie(word) for word in term.value.split()}))
    if type_ in ("integer", "decimal"):
        return f"{float(term.value):.15g}"
    if type_ == "boolean":
        return {"1": "true", "0": "false"}.get(term.value, term.value)  # Virtuoso computes integers
    return term.value + (f"@{term.language}" if term.language else "")


def test_there_are_cases() -> None:
    assert len(CASES) > 30


def test_every_query_has_a_case(world: KnowledgeGraph) -> None:
    assert {query_name(case) for case in CASES} == set(world.queries)


def test_cases_lie_where_their_query_does(world: KnowledgeGraph) -> None:
    assert [case for case in CASES if case.parent.name != world.queries[query_name(case)].theme] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_the_answer_is_the_expected_one(world: KnowledgeGraph, case: Path, request: pytest.FixtureRequest) -> None:
    found = rows(world, world.backend, query_name(case), arguments(case))
    header = case.read_text(encoding="utf-8").splitlines()[0]
    if request.config.getoption("--update-expected"):
        case.write_text("\n".join([header, *found]) + "\n", encoding="utf-8")
    assert found == case.read_text(encoding="utf-8").splitlines()[1:]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_rdflib_answers_the_same(world: KnowledgeGraph, world_in_rdflib: RdflibBackend, case: Path) -> None:
    found = rows(world, world_in_rdflib, query_name(case), arguments(case))
    assert found == case.read_text(encoding="utf-8").splitlines()[1:]


def test_every_query_answers_rows_with_its_defaults_on_the_live_data(live: KnowledgeGraph) -> None:
    assert [name for name in live.queries if not live.query(name).rows] == []


def test_every_parameter_changes_some_answer(world: KnowledgeGraph) -> None:
    """A parameter that no case shows to matter may be bound in one scope and forgotten in another."""
    telling = {
        (query_name(case), name)
        for case in CASES
        for name in arguments(case)
        if rows(world, world.backend, query_name(case), {k: v for k, v in arguments(case).items() if k != name})
        != case.read_text(encoding="utf-8").splitlines()[1:]
    }
    every = {(name, parameter.name) for name, query in world.queries.items() for parameter in query.params}
    assert sorted(every - telling) == []
