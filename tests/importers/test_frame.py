"""What is the same for every dataset: files refused, matches, losses, interrupts, disputes; on one real importer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ctkg.errors import DataError, NotFound
from ctkg.importers import import_dataset
from ctkg.messages import use_language
from ctkg.settings import settings
from tests.conftest import Ctkg, write
from tests.importers.epoch_tables import (
    ALPHA,
    COLUMNS,
    PREFIXES,
    imported,
    of_class,
    row,
    small_data,
    table,
    take,
    tree,
)

BETA, GAMMA = row("Beta 1"), row("Gamma 2", organization="Gamma Institute of Technology")
TABLE = table(BETA, GAMMA)
HEADER = (
    "subject_id\tsubject_label\tpredicate_modifier\tpredicate_id\tobject_id\tmapping_justification\tconfidence"
    "\tmapping_date\tcomment"
)
SAME = "epoch-models:model/Beta%201\tBeta 1\t\tskos:exactMatch\tmodel:alpha-7b\tsemapv:ManualMappingCuration\t0.9\t\t"


@pytest.fixture
def folder(data: Path) -> Path:
    """A data folder into which two models have been imported."""
    take(small_data(data), TABLE)
    return data


def matches(data: Path, *lines: str) -> Path:
    return write(data / "epoch-models" / "matches.sssom.tsv", "\n".join([HEADER, *lines, ""]))


def refused(data: Path, argument: str) -> DataError:
    """The error, having seen that the data are as they were."""
    before = tree(data)
    with pytest.raises(DataError) as caught:
        import_dataset(settings(data), "epoch-models", [argument])
    assert tree(data) == before
    return caught.value


# Files.


@pytest.mark.parametrize(
    ("content", "message", "line"),
    [
        (table(BETA, columns=tuple(c for c in COLUMNS if c != "Confidence")), "lacks the column 'Confidence'", 1),
        (TABLE[: TABLE.index("Gamma 2") + 12], "has 2 cells where the header has 19", 3),
        (TABLE + '"Delta', "is not CSV", 4),
        (TABLE.replace("Gamma 2", "Gamma \udcff"), "is not UTF-8", 3),
        (table(BETA, GAMMA, BETA), "has 'Beta 1' twice; first on line 2", 4),
        ("", "holds no rows", None),
        (table(), "holds no rows", None),
        (table(BETA, row("Delta", parameters="many")), "could not convert string to float: 'many'", 3),
        (table(BETA, row("Delta", parameters="7.5")), "not a whole number: '7.5'", 3),
        (table(BETA, row("Delta", publication_date="soon")), "soon", 3),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_line(
    folder: Path, tmp_path: Path, content: str, message: str, line: int | None
) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content.encode(errors="surrogateescape"))
    error = refused(folder, f"{path}@2026-08-01")
    assert message in str(error)
    assert error.line == line


def test_a_file_that_is_not_there_or_a_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    assert "nowhere.csv" in str(refused(folder, f"{tmp_path}/nowhere.csv@2026-08-01"))
    assert str(tmp_path) in str(refused(folder, f"{tmp_path}@2026-08-01"))


def test_a_file_says_when_it_was_published(folder: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "new.csv", table(BETA))
    error = refused(folder, str(path))
    assert "does not say when it was published" in str(error)
    assert "@2026-07-23" in str(error.hint)
    assert "2026-13-01" in str(refused(folder, f"{path}@2026-13-01"))


def test_a_file_that_was_imported_before_needs_no_day(folder: Path) -> None:
    path = folder.parent / "table-2026-07-23.csv"
    summary = import_dataset(settings(folder), "epoch-models", [str(path)])
    assert (summary.added, summary.changed, summary.dropped) == ((), (), ())


@pytest.mark.parametrize("content", ["\ufeff" + TABLE, TABLE.replace("\n", "\r\n")], ids=["BOM", "CRLF"])
def test_byte_order_mark_and_line_ends_of_windows_change_no_fact(folder: Path, content: str) -> None:
    summary = take(folder, content)
    assert (summary.added, summary.dropped) == ((), ())
    assert [iri.rpartition("/")[2] for iri in summary.changed] == ["epoch-models-20260723"]  # its digest


def test_line_ends_within_a_cell_are_kept_apart_from_rows(folder: Path) -> None:
    with_note = table(row("Beta 1", parameters_notes="first\nsecond"), row("Delta", parameters="many"))
    (folder.parent / "note.csv").write_text(with_note, encoding="utf-8")
    assert refused(folder, f"{folder.parent}/note.csv@2026-08-01").line == 4


# What changed.


def test_the_same_file_again_changes_no_byte(folder: Path) -> None:
    before = tree(folder)
    summary = take(folder, TABLE)
    assert (summary.added, summary.changed, summary.dropped) == ((), (), ())
    assert tree(folder) == before


def test_a_newer_file_says_what_was_added_changed_and_dropped(folder: Path) -> None:
    newer = table(row("Beta 1", publication_date="2024-04-01"), row("Delta 4"))
    summary = take(folder, newer, days=("2026-09-01",), accept_loss=True)
    kinds = {
        change: sorted({iri.rpartition("/id/")[2].rpartition("-")[0] for iri in iris if "/statement/" in iri})
        for change, iris in summary._asdict().items()
        if change in ("added", "changed", "dropped")
    }
    assert kinds == {"added": ["statement/delta-4"], "changed": ["statement/beta-1"], "dropped": ["statement/gamma-2"]}


def test_a_file_that_would_lose_more_than_a_tenth_is_refused_until_accepted(folder: Path) -> None:
    (folder.parent / "less.csv").write_text(table(BETA), encoding="utf-8")
    error = refused(folder, f"{folder.parent}/less.csv@2026-09-01")
    assert "would lose 2 of 4 statements" in str(error)
    assert "--accept-loss" in str(error.hint)
    assert take(folder, table(BETA), days=("2026-09-01",), accept_loss=True).dropped


def test_a_dry_run_tells_and_writes_nothing(folder: Path) -> None:
    before = tree(folder)
    summary = take(folder, table(BETA, GAMMA, row("Delta 4")), dry_run=True)
    assert any("delta-4" in iri for iri in summary.added)
    assert tree(folder) == before


def test_a_dry_run_makes_no_folder(data: Path) -> None:
    assert take(small_data(data), TABLE, dry_run=True).added
    assert not (data / "epoch-models").exists()


def test_the_day_a_file_was_first_read_stays(folder: Path) -> None:
    path = folder / "epoch-models" / "statements.ttl"
    path.write_text(path.read_text("utf-8").replace(date.today().isoformat(), "2026-08-02"), encoding="utf-8")
    take(folder, TABLE)
    assert [source["readOn"] for source in of_class(folder, "Source")] == [["2026-08-02"]]


# Matches.


def test_an_equal_name_but_for_spelling_is_matched_and_recorded(data: Path) -> None:
    summary = take(small_data(data), table(row("alpha 7B")))
    assert summary.matched["name"] == 2  # the model and its developer
    assert of_class(data, "Model") == []
    text = (data / "epoch-models" / "matches.sssom.tsv").read_text(encoding="utf-8")
    assert "epoch-models:model/alpha%207B\talpha 7B\t\tskos:exactMatch\tmodel:alpha-7b\tsemapv:LexicalMatching" in text


def test_the_table_decides_over_names(data: Path) -> None:
    matches(small_data(data), SAME)
    summary = take(data, table(BETA))
    assert summary.matched["hand"] == 1
    assert [development["developed"] for development in of_class(data, "Development")] == [["model/alpha-7b"]]
    assert [naming["name"] for naming in of_class(data, "Naming")] == [["Beta 1"]]


def test_a_pair_kept_apart_needs_an_iri_of_its_own(data: Path) -> None:
    apart = SAME.replace("Beta%201\tBeta 1\t\t", "Alpha-7B\tAlpha-7B\tNot\t")
    matches(small_data(data), apart)
    (data.parent / "t.csv").write_text(table(row("Alpha-7B")), encoding="utf-8")
    error = refused(data, f"{data.parent}/t.csv@2026-07-23")
    assert "epoch-models:model/Alpha-7B → model:alpha-7b" in str(error)
    own = apart.replace("\tNot\t", "\t\t").replace("model:alpha-7b", "model:alpha-7b-of-2024")
    matches(data, apart, own)
    summary = take(data, table(row("Alpha-7B")))
    assert summary.matched["apart"] == 1
    assert [model["label"] for model in of_class(data, "Model")] == [["Alpha-7B", "Alpha-7B"]]


def test_a_name_that_two_of_our_things_bear_stays_undecided(data: Path) -> None:
    twin = 'model:other\n    a ctkg:Model ;\n    rdfs:label "Alpha 7B"@en , "另一个"@zh .\n'
    write(small_data(data) / "curated" / "models" / "other.ttl", PREFIXES + twin)
    summary = take(data, table(row("Alpha7B")))
    assert [len(found) for _, found in summary.undecided] == [2]
    assert [model["label"][0] for model in of_class(data, "Model")] == ["Alpha7B"]
    assert "Alpha7B" not in (data / "epoch-models" / "matches.sssom.tsv").read_text(encoding="utf-8")


def test_a_subject_that_the_files_no_longer_name_is_told(data: Path) -> None:
    matches(small_data(data), SAME)
    assert take(data, table(GAMMA)).unused == ("epoch-models:model/Beta%201",)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda line: line.replace("\t0.9\t\t", "\t0.9"), "has 7 cells where the header has 9"),
        (lambda line: line.replace("epoch-models:", "elsewhere:"), "has not the prefix epoch-models:"),
        (lambda line: line.replace("exactMatch", "closeMatch"), "only skos:exactMatch"),
        (lambda line: line.replace("Beta 1\t\t", "Beta 1\tnot\t"), "with or without Not"),
        (lambda line: line.replace("model:alpha", "models:alpha"), "models:alpha-7b is no CURIE of ours"),
        (lambda line: line.replace("ManualMappingCuration", "Guess"), "the justification is one of"),
        (lambda line: line.replace("0.9", "sure"), "the confidence is a number from 0 to 1"),
        (lambda line: line.replace("0.9", "1.9"), "the confidence is a number from 0 to 1"),
        (lambda line: f"{line}\n{line}", "is matched twice; first on line 3"),
    ],
)
def test_a_line_of_the_table_that_cannot_be_read_is_named(
    folder: Path, spoil: Callable[[str], str], message: str
) -> None:
    matches(folder, SAME.replace("Beta%201", "Other"), spoil(SAME))
    error = refused(folder, f"{folder.parent}/table-2026-07-23.csv")
    assert message in str(error)
    assert error.line in (3, 4)


def test_a_table_without_its_header_or_encoding_is_refused(folder: Path) -> None:
    path = write(folder / "epoch-models" / "matches.sssom.tsv", f"# a comment\n{SAME}\n")
    error = refused(folder, f"{folder.parent}/table-2026-07-23.csv")
    assert "is no header of matches" in str(error)
    assert error.line == 2
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(DataError, match="cannot be read"):
        take(folder, TABLE)


def test_of_several_spellings_the_one_of_the_iri_is_the_label_and_the_others_are_namings(data: Path) -> None:
    line = SAME.replace("model:alpha-7b", "model:beta")
    matches(small_data(data), line, line.replace("Beta%201\tBeta 1", "Beta\tBeta"))
    take(data, table(BETA, row("Beta")))
    assert [model["label"] for model in of_class(data, "Model")] == [["Beta", "Beta"]]
    assert [naming["name"] for naming in of_class(data, "Naming")] == [["Beta 1"]]


# Writing.


def child(data: Path, before: str, *words: str) -> subprocess.CompletedProcess[str]:
    """The command in a process in which ``before`` ran first."""
    code = f"{before}\nfrom ctkg.cli import run\nrun()"
    environment = {**os.environ, "CTKG_DATA": str(data)}
    return subprocess.run(
        [sys.executable, "-c", code, "import", "epoch-models", *words],
        capture_output=True, encoding="utf-8", timeout=120, env=environment, check=False,
    )  # fmt: skip


def larger(data: Path) -> str:
    path = write(data.parent / "larger.csv", table(BETA, GAMMA, *(row(f"Delta {n}") for n in range(40))))
    return f"{path}@2026-09-01"


def test_a_disk_that_takes_no_more_leaves_the_data_whole(folder: Path) -> None:
    before = tree(folder)
    done = child(folder, "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))", larger(folder))
    assert done.returncode == 3
    assert "cannot be written: File too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert tree(folder) == before


KILL_AT = """
import os, signal
from pathlib import Path
replace = Path.replace
def kill(self, target):
    if target.name == {name!r}:
        os.kill(os.getpid(), signal.SIGKILL)
    return replace(self, target)
Path.replace = kill
"""


@pytest.mark.parametrize("name", ["matches.sssom.tsv", "statements.ttl"])
def test_a_kill_before_either_file_is_in_place_leaves_a_state_to_go_on_from(folder: Path, name: str) -> None:
    before = imported(folder)
    assert child(folder, KILL_AT.format(name=name), larger(folder)).returncode == -signal.SIGKILL
    assert imported(folder) == before
    summary = import_dataset(settings(folder), "epoch-models", [larger(folder)])
    assert sum("/model/" in iri for iri in summary.added) == 40


# Disputes.


def told(data: Path) -> list[tuple[str, int]]:
    """Each dispute, and how many rivals the import added to it."""
    disputes = {iri: description for iri, description in imported(data).items() if "/id/dispute/" in iri}
    return sorted(
        (iri.rpartition("/")[2], len(description["https://w3id.org/ctkg/ontology#rival"]))
        for iri, description in disputes.items()
    )


@pytest.mark.parametrize(
    "cells",
    [
        {"publication_date": "2024-03-06"},
        {"publication_date": "2024-04"},
        {"publication_date": "2023"},
        {"parameters": "7300000000.0"},
        {"model_accessibility": "Unreleased"},
    ],
)
def test_another_value_than_ours_becomes_a_dispute(data: Path, cells: dict[str, str]) -> None:
    take(small_data(data), table(row("Alpha-7B", **cells)))
    assert told(data) == [("alpha-7b-aaaaaa", 2)]
    [dispute] = of_class(data, "Dispute")
    assert dispute["label"] == [
        "two datasets differ on Alpha-7B (Release)", "两个数据集说法不一：Alpha-7B (Release)",
    ]  # fmt: skip
    assert "preferred" not in dispute


@pytest.mark.parametrize(
    "cells",
    [
        {},
        {"publication_date": "2024-03"},
        {"publication_date": "2024"},
        {"parameters": "7100000000.0"},
        {"publication_date": ""},
        {"model_accessibility": "Open weights (restricted use)"},
    ],
)
def test_what_agrees_rounds_to_ours_or_is_less_precise_contradicts_nothing(data: Path, cells: dict[str, str]) -> None:
    assert take(small_data(data), table(row("Alpha-7B", **cells))).disputes == 0
    assert told(data) == []


DENIED = ALPHA.replace("    ctkg:parameters", "    ctkg:polarity ctkg:Denied ;\n    ctkg:parameters")
SUPERSEDED = f"""{ALPHA}
statement:alpha-7b-bbbbbb
    a ctkg:Release ;
    ctkg:released model:alpha-7b ;
    ctkg:date "2024-06-01"^^xsd:date ;
    ctkg:supersedes statement:alpha-7b-aaaaaa ;
    prov:wasDerivedFrom source:gazette-2024 .
"""


@pytest.mark.parametrize("alpha", [DENIED, SUPERSEDED], ids=["denied", "superseded"])
def test_what_was_denied_or_superseded_contradicts_nobody(data: Path, alpha: str) -> None:
    take(small_data(data, alpha), table(row("Alpha-7B", publication_date="2024-06-01")))
    assert told(data) == []


def test_a_rival_joins_the_dispute_that_stands(data: Path) -> None:
    standing = (
        SUPERSEDED.replace("    ctkg:supersedes statement:alpha-7b-aaaaaa ;\n", "")
        + """
dispute:alpha-7b-day
    a ctkg:Dispute ;
    rdfs:label "Day of Alpha-7B"@en , "Alpha-7B的日期"@zh ;
    ctkg:rival statement:alpha-7b-aaaaaa , statement:alpha-7b-bbbbbb .
"""
    )
    assert take(small_data(data, standing), table(row("Alpha-7B", publication_date="2024-07-01"))).disputes == 1
    assert told(data) == [("alpha-7b-day", 1)]
    assert of_class(data, "Dispute") == []  # declared where it stands, not a second time


# The command.


def test_the_command_lists_the_datasets(ctkg: Ctkg, data: Path) -> None:
    done = ctkg("import", CTKG_DATA=str(data))
    assert done.returncode == 0
    assert "epoch-models\tEpoch AI, Data on AI Models" in done.stdout


def test_the_command_writes_changes_to_stdout_and_talks_to_stderr(ctkg: Ctkg, data: Path) -> None:
    path = write(small_data(data).parent / "table.csv", table(BETA, row("Alpha-7B", publication_date="2025")))
    done = ctkg("import", "epoch-models", f"{path}@2026-07-23", CTKG_DATA=str(data))
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert "added\tmodel:beta-1" in lines
    assert all(line.startswith("added\t") for line in lines)
    assert f"{len(lines)} added, 0 changed, 0 dropped" in done.stderr
    assert "1 disputes with other datasets" in done.stderr
    assert ctkg("import", "epoch-models", str(path), CTKG_DATA=str(data)).stdout == ""


def test_the_command_fails_with_exit_codes_that_tell(ctkg: Ctkg, folder: Path) -> None:
    before = tree(folder)
    none = ctkg("import", "epoch-model", "x.csv", CTKG_DATA=str(folder))
    assert (none.returncode, none.stdout) == (2, "")
    assert "no dataset is called 'epoch-model'" in none.stderr
    assert "epoch-models" in none.stderr
    assert ctkg("import", "epoch-models", CTKG_DATA=str(folder)).returncode == 2
    bad = ctkg("import", "epoch-models", "nowhere.csv@2026-07-23", CTKG_DATA=str(folder))
    assert (bad.returncode, bad.stdout) == (3, "")
    assert "nowhere.csv: cannot be read" in bad.stderr
    assert all("Traceback" not in done.stderr for done in (none, bad))
    assert tree(folder) == before


def test_the_command_speaks_chinese(ctkg: Ctkg, folder: Path) -> None:
    listed = ctkg("import", CTKG_DATA=str(folder), CTKG_LANG="zh")
    assert "研发者、日期、规模" in listed.stdout
    path = folder.parent / "table-2026-07-23.csv"
    path.write_text(table(BETA, GAMMA, BETA), encoding="utf-8")
    done = ctkg("import", "epoch-models", f"{path}@2026-07-23", CTKG_DATA=str(folder), CTKG_LANG="zh")
    assert done.returncode == 3
    assert "出现两次" in done.stderr


def test_an_unknown_dataset_names_the_nearest(data: Path) -> None:
    use_language("en")
    with pytest.raises(NotFound, match="epoch-modells"):
        import_dataset(settings(data), "epoch-modells", ["x.csv"])
