"""The benches: their data is what it claims to be, and the one command runs to its end. Nothing is timed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bench.edges import generated_table
from bench.generator import generate, investments
from ctkg.graph import KnowledgeGraph
from ctkg.results.edges import EdgeTable
from ctkg.settings import settings
from ctkg.turtle import parse
from ctkg.validate import validate
from tests.conftest import ROOT


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.ttl")}


def test_a_seed_makes_the_same_world_in_every_process(tmp_path: Path) -> None:
    generate(tmp_path / "here", 3000, seed=3)
    code = (
        "import sys, pathlib; from bench.generator import generate; generate(pathlib.Path(sys.argv[1]), 3000, seed=3)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "there")], check=True, cwd=ROOT)
    assert files(tmp_path / "here") == files(tmp_path / "there")


def test_another_seed_makes_another_world(tmp_path: Path) -> None:
    for seed in (1, 2):
        generate(tmp_path / str(seed), 3000, seed=seed)
    assert files(tmp_path / "1") != files(tmp_path / "2")


@pytest.mark.parametrize("size", [3000, 20_000])
def test_a_world_has_the_size_that_was_asked_for(tmp_path: Path, size: int) -> None:
    generate(tmp_path, size)
    assert sum(len(set(parse(path))) for path in tmp_path.rglob("*.ttl")) == pytest.approx(size, rel=0.05)


def test_a_world_has_no_violations(tmp_path: Path) -> None:
    generate(tmp_path, 10_000)
    assert [
        finding.text() for finding in validate(settings(tmp_path)).findings if finding.severity == "violation"
    ] == []


def test_few_investors_hold_many_of_the_investments(tmp_path: Path) -> None:
    generate(tmp_path, 20_000)
    held: dict[str, int] = {}
    for path in (tmp_path / "curated" / "capital").iterdir():
        for triple in parse(path):
            if triple.predicate.value.endswith("#investor"):
                held[str(triple.object)] = held.get(str(triple.object), 0) + 1
    counts = sorted(held.values(), reverse=True)
    assert sum(counts[: len(counts) // 10]) > sum(counts) / 3


def test_a_table_of_generated_edges_is_what_the_view_of_their_world_answers(tmp_path: Path) -> None:
    told, world = investments(300, 5, tmp_path)
    kg = KnowledgeGraph.open(tmp_path)
    asked, made = kg.view("investments", possible=True), generated_table(kg.views["investments"], told, world)
    names = [column.name for column in asked.columns if column.name not in ("amount", "evidence")]

    def edges(table: EdgeTable) -> list[list[str]]:
        return sorted(
            [
                *edge.evidence.statements,
                *(str(getattr(getattr(edge, name), "iri", getattr(edge, name))) for name in names),
            ]
            for edge in table.edges
        )

    assert edges(made) == edges(asked)
    assert {iri: (node.labels, node.class_.iri) for iri, node in made.nodes.items() if node.class_} == {
        iri: (node.labels, node.class_.iri) for iri, node in asked.nodes.items() if node.class_
    }


def test_the_bench_runs_to_its_end_and_writes_report_and_chart(tmp_path: Path) -> None:
    words = ["--group", "store", "--sizes", "2000", "--rounds", "1", "--limit", "0.2", "--out", str(tmp_path)]
    subprocess.run([sys.executable, "-m", "bench", *words], check=True, cwd=ROOT, capture_output=True)
    report = (tmp_path / "performance.md").read_text(encoding="utf-8")
    titles = [line.removeprefix("## ") for line in report.splitlines() if line.startswith("## ")]
    assert titles == ["Goals", "Load and build", "Cold question", "Stored queries", "Validation", "Formatting"]
    assert "other answer" not in report
    assert (tmp_path / "images" / "performance.svg").read_text(encoding="utf-8").startswith("<svg")


def test_one_group_can_be_measured_alone_and_has_a_page_of_its_own(tmp_path: Path) -> None:
    words = ["--group", "graphs", "--edges", "1000", "--rounds", "1", "--limit", "0.2", "--out", str(tmp_path)]
    subprocess.run([sys.executable, "-m", "bench", *words], check=True, cwd=ROOT, capture_output=True)
    report = (tmp_path / "performance-graphs.md").read_text(encoding="utf-8")
    titles = [line.removeprefix("## ") for line in report.splitlines() if line.startswith("## ")]
    assert titles == ["View from the store", "What analyses compute", "Memory"]
    assert sorted(path.name for path in tmp_path.rglob("*.*")) == ["performance-graphs.md", "performance-graphs.svg"]
