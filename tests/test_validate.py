"""Findings: where, what, how to mend, in the user's language."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ctkg.errors import DataError
from ctkg.messages import use_language
from ctkg.settings import settings
from ctkg.validate import Finding, validate
from tests.conftest import ACTOR, CARD, DEAL, SOURCE, WORLD, Ctkg, write


def findings(data: Path, *paths: Path) -> list[Finding]:
    return list(validate(settings(data), paths).findings)


def rules(data: Path) -> set[str]:
    return {finding.rule for finding in findings(data)}


def test_the_small_world_is_fine(data: Path) -> None:
    report = validate(settings(data))
    assert report.findings == ()
    assert report.files == 5


def test_a_shape_finding_names_file_line_value_and_remedy(data: Path) -> None:
    path = write(
        data / "curated" / "capital" / "acme.ttl",
        DEAL.replace("ctkg:investor actor:zeta", "ctkg:investor actor:acme"),
    )
    found = [finding for finding in findings(data) if finding.severity == "violation"]
    assert len(found) == 1
    line = path.read_text(encoding="utf-8").splitlines()[found[0].line - 1]  # type: ignore[operator]
    assert "ctkg:investor" in line
    assert found[0].path.endswith("acme.ttl")
    assert found[0].rule.startswith("shape:")
    assert found[0].remedy


def test_messages_come_in_chinese(data: Path) -> None:
    write(data / "curated" / "capital" / "acme.ttl", DEAL.replace("    ctkg:investor actor:zeta ;\n", ""))
    use_language("zh")
    found = next(finding for finding in findings(data) if finding.rule == "shape:Investment-investor")
    assert any("\u4e00" <= letter <= "\u9fff" for letter in found.message)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in found.remedy)


def test_every_fault_of_several_files_is_reported_at_once(data: Path) -> None:
    write(data / "curated" / "actors" / "bad.ttl", "actor:bad a ctkg:Company")
    write(data / "curated" / "actors" / "worse.ttl", ACTOR.replace("acme", "elsewhere"))
    write(data / "curated" / "capital" / "acme.ttl", DEAL.replace("    ctkg:investor actor:zeta ;\n", ""))
    assert {"syntax", "layout", "shape:Investment-investor"} <= rules(data)


def test_only_what_stands_in_the_given_file_is_reported(data: Path) -> None:
    bad = write(data / "curated" / "actors" / "zeta.ttl", "actor:zeta a ctkg:Company .")
    write(data / "curated" / "capital" / "acme.ttl", DEAL.replace("    ctkg:investor actor:zeta ;\n", ""))
    assert {Path(finding.path).name for finding in findings(data, bad)} == {"zeta.ttl"}
    assert {Path(finding.path).name for finding in findings(data, bad.parent)} == {"zeta.ttl"}


def test_a_file_by_itself_has_the_findings_it_has_among_all() -> None:
    """Shapes that look at other nodes must see them, also when one file is asked about."""
    chosen = settings(WORLD)
    paths = [WORLD / "curated" / theme for theme in ("controls", "policies", "people")]
    assert all(path.is_dir() for path in paths)
    alone = set(validate(chosen, paths).findings)
    among = {
        finding
        for finding in validate(chosen).findings
        if Path(finding.path).parent.name in ("controls", "policies", "people")
    }
    assert alone == among


def test_a_path_that_is_not_there_is_an_error(data: Path) -> None:
    with pytest.raises(DataError, match="is not there"):
        findings(data, data / "nowhere.ttl")


RIVALS = """
statement:acme-dddddd
    a ctkg:RoundTotal ;
    ctkg:investee actor:acme ;
    ctkg:deal deal:acme-2024-02 ;
    ctkg:stage ctkg:Completed ;
    ctkg:date "2024-02"^^xsd:gYearMonth ;
    ctkg:amount 8000000 ;
    ctkg:currency "USD" ;
    prov:wasDerivedFrom source:gazette-2024 .

dispute:acme-total
    a ctkg:Dispute ;
    rdfs:label "Total of the round"@en , "总额"@zh ;
    ctkg:rival statement:acme-dddddd , statement:acme-%s .
"""


@pytest.mark.parametrize(
    ("rule", "file", "text"),
    [
        ("rivals-of-one-class", "capital/acme", DEAL + RIVALS % "aaaaaa"),
        ("rivals-of-one-key", "capital/acme", DEAL + (RIVALS % "bbbbbb").replace("ctkg:deal deal:acme-2024-02 ;\n    ctkg:stage", "ctkg:deal deal:acme-2024-03 ;\n    ctkg:stage")),
        ("one-dispute-each", "capital/acme", DEAL + RIVALS % "bbbbbb" + RIVALS[RIVALS.index("dispute:"):].replace("acme-total", "acme-again") % "bbbbbb"),
        ("placeholder", "actors/acme", ACTOR.replace(chr(34) + "Acme" + chr(34), chr(34) + "…" + chr(34))),
        ("nothing-undefined", "capital/acme", DEAL.replace("actor:zeta", "actor:nobody")),
        ("fewer-than-expected", "dataset", CARD + "dataset:curated ctkg:expectedStatements 3 ."),
        ("orphan-source", "evidence/gazette", SOURCE + SOURCE.replace("gazette-2024", "gazette-2025").replace("org/acme", "org/b")),
        ("orphan-entity", "actors/lone", ACTOR.replace("acme", "lone").replace("Acme", "Lone").replace("阿克梅", "孤")),
        ("same-address-twice", "evidence/gazette", SOURCE + SOURCE.replace("gazette-2024", "gazette-2025")),
        ("dated-ahead", "evidence/gazette", SOURCE.replace("2024-12-01", "2026-01-01")),
        ("published-before-it-happened", "capital/acme", DEAL.replace('"2024-02"^^xsd:gYearMonth', '"2024-06"^^xsd:gYearMonth')),
        ("supersedes-another-class", "capital/acme", DEAL.replace("ctkg:amount 9000000", "ctkg:supersedes statement:acme-aaaaaa ; ctkg:amount 9000000")),
        ("too-many-claims", "actors/acme", ACTOR + 'statement:acme-eeeeee a ctkg:Claim ; ctkg:about actor:acme ; ctkg:claim "It is large."@en , "它很大。"@zh ; prov:wasDerivedFrom source:gazette-2024 .'),
    ],
)  # fmt: skip
def test_each_check_finds_its_problem(data: Path, rule: str, file: str, text: str) -> None:
    assert rule not in rules(data)
    write(data / "curated" / f"{file}.ttl", text)
    found = [finding for finding in findings(data) if finding.rule == rule]
    assert found, rules(data)
    assert all(finding.line and finding.message and finding.remedy and "{?" not in finding.message for finding in found)


def test_a_dataset_is_counted_by_its_own_graph(data: Path) -> None:
    write(data / "curated" / "dataset.ttl", CARD + "dataset:curated ctkg:expectedStatements 2 .")
    write(data / "abroad" / "dataset.ttl", "dataset:abroad ctkg:expectedStatements 1 .")
    found = [finding for finding in findings(data) if finding.rule == "fewer-than-expected"]
    assert [(finding.subject, finding.severity) for finding in found] == [("dataset:abroad", "violation")]
    assert "0" in found[0].message


def test_every_check_has_a_test() -> None:
    tested = {case[0] for mark in test_each_check_finds_its_problem.pytestmark for case in mark.args[1]}  # type: ignore[attr-defined]
    checks = {path.stem for path in (Path(__file__).parents[1] / "queries" / "checks").glob("*.rq")}
    assert checks
    assert tested == checks


def test_the_command_exits_1_on_violations_and_prints_them(data: Path, ctkg: Ctkg) -> None:
    done = ctkg("validate", "--data", str(data))
    assert (done.returncode, done.stdout) == (0, "")
    assert "0 violations" in done.stderr
    write(data / "curated" / "capital" / "acme.ttl", DEAL.replace("    ctkg:investor actor:zeta ;\n", ""))
    done = ctkg("validate", "--data", str(data))
    assert done.returncode == 1
    assert "acme.ttl:18: violation:" in done.stdout
    assert "remedy:" in done.stdout


def test_the_json_report_holds_every_field(data: Path, ctkg: Ctkg) -> None:
    write(data / "curated" / "capital" / "acme.ttl", DEAL.replace("    ctkg:investor actor:zeta ;\n", ""))
    report = json.loads(ctkg("validate", "--data", str(data), "--format", "json").stdout)
    assert report["violations"] == len([f for f in report["findings"] if f["severity"] == "violation"]) > 0
    assert set(report["findings"][0]) == {"severity", "path", "line", "rule", "subject", "message", "remedy"}


def test_the_sarif_report_places_every_finding_on_its_line(data: Path, ctkg: Ctkg) -> None:
    write(data / "curated" / "capital" / "acme.ttl", DEAL.replace("    ctkg:investor actor:zeta ;\n", ""))
    done = ctkg("validate", "--data", str(data), "--format", "sarif")
    assert done.returncode == 1
    document = json.loads(done.stdout)
    assert document["version"] == "2.1.0"
    run = document["runs"][0]
    ids = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    place = next(r for r in run["results"] if r["ruleId"] == "shape:Investment-investor")["locations"][0][
        "physicalLocation"
    ]
    assert {result["ruleId"] for result in run["results"]} == ids
    assert (Path(place["artifactLocation"]["uri"]).name, place["region"]["startLine"]) == ("acme.ttl", 18)


def test_warnings_alone_exit_0(data: Path, ctkg: Ctkg) -> None:
    write(
        data / "curated" / "actors" / "zeta.ttl",
        ACTOR.replace("acme", "zeta").replace("Acme", "Zeta").replace(' , "阿克梅"@zh', ""),
    )
    done = ctkg("validate", "--data", str(data))
    assert done.returncode == 0, done.stdout
    assert "warning" in done.stdout


SPOILT = {
    "shape": ("capital/acme", DEAL.replace("ctkg:investor actor:zeta", "ctkg:investor actor:acme")),
    "class of a value in another file": ("capital/acme", DEAL.replace("actor:zeta", "source:gazette-2024")),
    "nothing there": ("capital/acme", DEAL.replace("actor:zeta", "actor:nobody")),
    "no such property": ("actors/acme", ACTOR.replace("a ctkg:Company", 'a ctkg:Company ; ctkg:colour "red"')),
    "no class": ("actors/acme", ACTOR.replace("a ctkg:Company ;\n    ", "")),
    "two classes": ("actors/acme", ACTOR.replace("a ctkg:Company", "a ctkg:Company , ctkg:Place")),
    "wrong class": ("capital/acme", DEAL.replace("a ctkg:Investment", "a ctkg:Company")),
    "a state that ends before it begins": (
        "actors/acme",
        ACTOR + 'statement:acme-eeeeee a ctkg:Typing ; ctkg:typed actor:acme ; ctkg:actorType ctkg:StartUp ; ctkg:from "2024"^^xsd:gYear ; ctkg:until "2023"^^xsd:gYear ; prov:wasDerivedFrom source:gazette-2024 .',
    ),
    "supersedes itself": ("capital/acme", DEAL.replace("ctkg:amount 5", "ctkg:supersedes statement:acme-aaaaaa ; ctkg:amount 5")),
    "rivals": ("capital/acme", DEAL + RIVALS % "aaaaaa"),
    "rivals of another key": ("capital/acme", DEAL + (RIVALS % "bbbbbb").replace('"2024-02"', '"2023"').replace("acme-2024-02", "acme-2024-03")),
    "preferred outside": ("capital/acme", DEAL + (RIVALS % "bbbbbb").replace("ctkg:rival", "ctkg:preferred statement:acme-aaaaaa ; ctkg:rival")),
    "unused source": ("evidence/gazette", SOURCE + SOURCE.replace("gazette-2024", "gazette-2025")),
    "too early": ("evidence/gazette", SOURCE.replace("2024-03-05", "2020-03-05")),
    "bad date": ("capital/acme", DEAL.replace('"2024-02"^^xsd:gYearMonth', '"2024-13"^^xsd:gYearMonth')),
    "wrong file": ("capital/acme", DEAL.replace("ctkg:investee actor:acme", "ctkg:investee actor:zeta")),
    "placeholder": ("actors/acme", ACTOR.replace('"Acme"', '"…"')),
    "removed entity": ("actors/zeta", ""),
    "claim": ("actors/acme", ACTOR + 'statement:acme-eeeeee a ctkg:Claim ; ctkg:about actor:acme ; ctkg:claim "Big."@en ; prov:wasDerivedFrom source:gazette-2024 .'),
}  # fmt: skip


@pytest.mark.parametrize("spoilt", SPOILT)
def test_each_file_alone_has_the_findings_that_it_has_among_all(data: Path, spoilt: str) -> None:
    """Also the files that were not touched: an edit may break what points at it."""
    file, text = SPOILT[spoilt]
    touched = write(data / "curated" / f"{file}.ttl", text)
    among = findings(data)
    assert among, "the case spoils nothing"
    for path in sorted({touched, *(Path(finding.path) for finding in among)}):
        here = [finding for finding in among if Path(finding.path) == path]
        alone = [finding for finding in findings(data, path) if Path(finding.path) == path]
        assert alone == here, path.name


def test_each_file_of_the_world_alone_has_the_findings_that_it_has_among_all() -> None:
    """A tenth of the real files, warnings included."""
    chosen = settings(WORLD)
    among = validate(chosen).findings
    paths = sorted(WORLD.rglob("*.ttl"))[::10]
    assert len(paths) > 20
    here = [finding for finding in among if Path(finding.path).absolute() in paths]
    assert here
    assert list(validate(chosen, paths).findings) == here
    for path in paths[:6]:
        assert list(validate(chosen, [path]).findings) == [f for f in here if Path(f.path).absolute() == path]
