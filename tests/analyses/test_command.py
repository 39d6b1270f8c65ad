"""``ctkg analyse``: listing, help, forms of output, and every bad input."""

from __future__ import annotations

import json

import pytest

from ctkg.analyses import ANALYSES, centrality
from ctkg.analyses.analysis import Inputs
from ctkg.analyses.control_exposure import _ORDER
from ctkg.analyses.statements import standing
from ctkg.backend import RdflibBackend
from ctkg.graph import KnowledgeGraph
from ctkg.messages_zh import MESSAGES
from tests.conftest import WORLD, Ctkg, in_process


def analyse(*words: str) -> tuple[int, str, str]:
    return in_process("--data", str(WORLD), "analyse", *words)


def test_it_lists_what_there_is() -> None:
    code, out, _ = in_process("analyse")
    assert code == 0
    assert [line.split("\t")[0] for line in out.splitlines()] == list(ANALYSES)
    assert [entry["name"] for entry in json.loads(in_process("analyse", "--format", "json")[1])] == list(ANALYSES)


@pytest.mark.parametrize("name", ANALYSES)
def test_help_names_every_parameter_and_limit(name: str) -> None:
    code, out, _ = in_process("analyse", name, "--help")
    assert code == 0
    assert all(f"--{p.name.replace('_', '-')} " in out for p in ANALYSES[name].every_parameter)
    assert ANALYSES[name].limits["en"] in out


@pytest.mark.parametrize("name", ANALYSES)
def test_an_analysis_speaks_chinese(name: str) -> None:
    analysis = ANALYSES[name]
    for text in (analysis.summary, analysis.meaning, analysis.limits, *(p.description for p in analysis.params)):
        assert any("一" <= letter <= "鿿" for letter in text["zh"])
    assert [c.name for c in analysis.columns if c.name.replace("_", " ") not in MESSAGES] == []
    assert analysis.limits["zh"] in in_process("--lang", "zh", "analyse", name, "--help")[1]


def test_words_in_cells_have_their_chinese() -> None:
    words = {*_ORDER, "designation", "direct", "indirect", "aggregated", "group", "management", "below",
             "remark", "graph", "meaning", "limits"}  # fmt: skip
    assert sorted(words - MESSAGES.keys()) == []


@pytest.mark.parametrize(
    ("words", "error", "hint"),
    [
        (["pathes"], "no analysis is called 'pathes'", "paths"),
        (["paths", "--source", "alibaba"], "paths needs --target", ""),
        (["paths", "--source", "alibba", "--target", "minimax"], "no Entity is called 'alibba'", "alibaba"),
        (["paths", "--sorce", "alibaba"], "analysis paths has no parameter sorce", "--source"),
        (["paths", "--source", "alibaba", "--target", "alibaba"], "the same thing", "name two"),
        (["paths", "--source", "alibaba", "--target", "minimax", "--longest", "9"], "from 1 to 6", ""),
        (["paths", "--source", "alibaba", "--target", "minimax", "--limit", "0"], "--limit is at least 1", ""),
        (["co-investment-surplus", "--top", "-1"], "--top is at least 1", ""),
        (["paths", "--source", "alibaba", "--target", "minimax", "--kinds", "Investmnt"], "no class of statement", "Investment"),
        (["centrality", "--as-of", "2024-02-30"], "as-of is not a day: '2024-02-30'", "2024-03-05"),
        (["centrality", "--view", "nothing"], "view cannot be 'nothing'", "investments"),
        (["centrality", "--top", "many"], "top is not of type integer", ""),
        (["centrality", "--top", "0"], "--top is at least 1", ""),
        (["control-exposure", "--list", "minimax"], "no ControlList is called 'minimax'", ""),
        (["control-exposure", "--compared-with", "yesterday"], "compared-with is not a day", ""),
        (["control-exposure", "--depth", "6"], "--depth is a number from 0 to 5", ""),
        (["ownership-roll-up", "--owner", ";"], "--owner names nobody", ""),
        (["ownership-roll-up", "--owner", "alibaba; nobody-at-all"], "no Actor is called", ""),
        (["ownership-roll-up", "--owner", "alibaba", "--threshold", "0"], "a share above 0", ""),
        (["communities", "--resolution", "0"], "--resolution is above 0", ""),
        (["co-investment-surplus", "--runs", "0"], "--runs from 1", ""),
        (["common-investors", "--minimum", "0"], "--minimum is at least 1", ""),
        (["--top=3"], "which analysis?", "ctkg analyse"),
    ],
)  # fmt: skip
def test_bad_input_is_an_error_that_says_how_to_mend_it(words: list[str], error: str, hint: str) -> None:
    code, out, err = analyse(*words)
    assert code == 2
    assert out == ""
    assert error in err
    assert hint in err


def test_a_flag_alone_means_true() -> None:
    words = ("concentration", "--format", "csv")
    assert analyse(*words, "--possible")[1] == analyse(*words, "--possible", "true")[1]
    assert analyse(*words, "--possible", "false")[1] != analyse(*words, "--possible")[1]


@pytest.mark.parametrize("by", ["pagerank", "betweenness"])
def test_a_large_graph_gets_the_same_answer_by_another_way(
    world: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    slow = world.analyse("centrality", by=by)
    monkeypatch.setattr(centrality, "_LARGE", 1)
    assert world.analyse("centrality", by=by) == slow


@pytest.mark.parametrize("igraph", [True, False])
def test_long_work_without_igraph_is_announced_with_what_helps(monkeypatch: pytest.MonkeyPatch, igraph: bool) -> None:
    monkeypatch.setattr(centrality, "_LARGE", 1 if igraph else 10**9)
    monkeypatch.setattr(centrality, "_LONG", 0 if not igraph else centrality._LONG)
    code, out, err = analyse("centrality", "--format", "csv")
    assert code == 0
    assert "betweenness" in out
    assert ("takes some 0 s" in err and "pip install 'ctkg[graph]'" in err) == (not igraph)


def test_rdflib_knows_the_same_statements(world: KnowledgeGraph, world_in_rdflib: RdflibBackend) -> None:
    day = world.data_date
    found = [
        standing(Inputs(backend, {}, day, day, world.view, world.query), "Typing", also=("actorType",))
        for backend in (world.backend, world_in_rdflib)
    ]
    assert len(found[0]) >= 10
    assert found[0] == found[1]


def test_json_carries_the_notes_and_numbered_sources() -> None:
    document = json.loads(analyse("common-investors", "--format", "json")[1])
    assert [note["about"] for note in document["notes"]] == ["graph", "meaning", "limits"]
    assert document["rows"][0]["evidence"]["citations"]


def test_a_question_that_is_no_analysis_has_no_notes() -> None:
    out = in_process("--data", str(WORLD), "query", "shared-backers", "--format", "json")[1]
    assert "notes" not in json.loads(out)


def test_tables_of_text_say_the_notes_on_stderr() -> None:
    code, out, err = analyse("common-investors", "--format", "csv")
    assert code == 0
    assert out.startswith("company,other_company,common,likeness,investors,evidence\n")
    assert "limits: Funds of one house" in err


def test_the_table_ends_with_notes_in_the_users_language(ctkg: Ctkg) -> None:
    done = ctkg("--data", str(WORLD), "--lang", "zh", "analyse", "common-investors")
    assert done.returncode == 0
    assert "局限: 同一机构旗下" in done.stdout


def test_the_python_door_names_entities_as_the_command_does(world: KnowledgeGraph) -> None:
    table = world.analyse("paths", source="月之暗面", target="Alibaba Group", limit="1")
    assert str(table.rows[0].one) == "Alibaba Group" or str(table.rows[0].one) == "Moonshot AI"  # type: ignore[attr-defined]
    assert table.parameters["limit"] == 1
