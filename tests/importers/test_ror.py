"""From the registry's rows to statements about what we hold. All rows are made up."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from ctkg.errors import DataError
from ctkg.importers import Summary, import_dataset
from ctkg.namespaces import curie
from ctkg.settings import settings
from ctkg.turtle import parse, value
from tests.conftest import write

COLUMNS = ["ror_id", "name", "all_names", "types", "established", "city", "wikidata", "status", "ror_release", "path"]
HEADER = """
@prefix actor: <https://w3id.org/ctkg/id/actor/> .
@prefix ctkg: <https://w3id.org/ctkg/ontology#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix source: <https://w3id.org/ctkg/id/source/> .
@prefix statement: <https://w3id.org/ctkg/id/statement/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
FIRST, SECOND = "https://ror.org/0aaaaaa01", "https://ror.org/0bbbbbb02"


def held(data: Path, slug: str, class_: str, en: str, zh: str, more: str = "") -> None:
    """Declare something that we hold."""
    text = f'{HEADER}actor:{slug} a ctkg:{class_} ; rdfs:label "{en}"@en , "{zh}"@zh {more} .\n'
    write(data / "curated" / "actors" / f"{slug}.ttl", text)


def row(ror: str, name: str, names: str, **cells: str) -> dict[str, str]:
    return {"ror_id": ror, "name": name, "all_names": names, "types": "education", "status": "active"} | cells


def ror(data: Path, *rows: dict[str, str], day: str = "2026-06-23", accept_loss: bool = False) -> Summary:
    path = data.parent / f"ror-{day}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return import_dataset(settings(data), "ror", [f"{path}@{day}"], accept_loss=accept_loss)


def table(data: Path, *lines: str) -> None:
    columns = "subject_id subject_label predicate_modifier predicate_id object_id mapping_justification confidence mapping_date comment"
    text = "\n".join("\t".join(line.split("|")) for line in (columns.replace(" ", "|"), *lines)) + "\n"
    write(data / "ror" / "matches.sssom.tsv", text)


def told(data: Path) -> set[tuple[str, str, str]]:
    """What the layer says, but for the source and where each statement is from."""
    return {
        (curie(value(t.subject)).partition("-")[0] if "/statement/" in value(t.subject) else curie(value(t.subject)),
         curie(t.predicate.value), curie(value(t.object)))
        for t in parse(data / "ror" / "statements.ttl")
        if "/source/" not in value(t.subject) and not t.predicate.value.endswith(("#wasDerivedFrom", "#locator", "#type"))
    }  # fmt: skip


TURING = row(
    FIRST,
    "University of Wuhu",
    "University of Wuhu; Turing University; 蕪湖大學; 芜湖大学",
    established="1951",
    wikidata="Q900000001",
)


def test_a_row_becomes_identifiers_links_names_and_a_founding(data: Path) -> None:
    held(data, "wuhu-university", "University", "Wuhu University", "芜湖大学")
    summary = ror(data, TURING)
    thing = "actor:wuhu-university"
    assert told(data) == {
        (thing, "ctkg:ror", FIRST),
        (thing, "ctkg:wikidata", "Q900000001"),
        (thing, "schema:sameAs", FIRST),
        (thing, "schema:sameAs", "http://www.wikidata.org/entity/Q900000001"),
        *(("statement:wuhu", "ctkg:name", name) for name in ("University of Wuhu", "Turing University", "蕪湖大學")),
        ("statement:wuhu", "ctkg:named", thing),
        ("statement:wuhu", "ctkg:organisation", thing),
        ("statement:wuhu", "ctkg:date", "1951"),
    }
    assert summary.matched == {"name": 1, "hand": 0, "identifier": 0, "apart": 0}


def test_a_name_with_accents_is_no_english_name(data: Path) -> None:
    held(data, "wuhu-university", "University", "University of Wuhu", "芜湖大学")
    ror(data, row(FIRST, "University of Wuhu", "University of Wuhu; Wúhú Dàxué; Universität Wuhu; Wuhu U"))
    assert {name for _, predicate, name in told(data) if predicate == "ctkg:name"} == {"Wuhu U"}


def test_an_organisation_that_we_do_not_hold_is_not_taken_in(data: Path) -> None:
    summary = ror(data, TURING)
    assert told(data) == set()
    assert set(summary.classes) == {"Source"}


def test_the_identifier_goes_before_the_name_and_is_not_written_twice(data: Path) -> None:
    held(
        data,
        "wuhu-university",
        "University",
        "Quite Another",
        "别名",
        f'; ctkg:ror "{FIRST}" ; ctkg:wikidata "Q900000001"',
    )
    held(data, "turing", "University", "Turing University", "图灵")
    summary = ror(data, TURING)
    assert summary.matched["identifier"] == 1
    written = told(data)
    assert {subject for subject, predicate, _ in written if predicate == "schema:sameAs"} == {"actor:wuhu-university"}
    assert not {predicate for _, predicate, _ in written} & {"ctkg:ror", "ctkg:wikidata"}


def test_a_name_that_something_else_bears_is_not_given_away(data: Path) -> None:
    held(data, "wuhu-university", "University", "Wuhu University", "芜湖大学")
    held(data, "turing", "Company", "Turing University Co., Ltd.", "图灵")
    ror(data, TURING)
    assert {name for _, predicate, name in told(data) if predicate == "ctkg:name"} == {"University of Wuhu", "蕪湖大學"}


def test_a_company_of_the_registry_is_the_firm_and_no_legal_entity(data: Path) -> None:
    held(data, "acme-labs", "LegalEntity", "Acme Labs", "甲")
    company = row(FIRST, "Acme Labs (China)", "Acme Labs (China)", types="Company", established="2001")
    assert set(ror(data, company).classes) == {"Source"}
    held(data, "acme-firm", "Company", "ACME Labs", "乙")
    ror(data, company)
    assert ("actor:acme-firm", "ctkg:ror", FIRST) in told(data)


def test_an_acronym_is_no_ground_for_a_match(data: Path) -> None:
    held(data, "wuhu-university", "University", "Wuhu University", "芜湖大学", '; skos:altLabel "WHU"@en')
    assert set(ror(data, row(FIRST, "Weihai Union", "Weihai Union; WHU")).classes) == {"Source"}


def test_two_rows_of_one_name_are_left_to_the_table(data: Path) -> None:
    held(data, "wuhu-university", "University", "Wuhu University", "芜湖大学")
    second = row(SECOND, "Wuhu University Press", "Wuhu University Press; 芜湖大学")
    summary = ror(data, TURING, second)
    assert summary.undecided == (("ror:actor/0bbbbbb02", ["https://w3id.org/ctkg/id/actor/wuhu-university"]),)
    assert {value for _, predicate, value in told(data) if predicate == "ctkg:ror"} == {FIRST}
    assert summary.matched["name"] == 1


def test_the_table_decides_and_refuses_names_and_identifiers(data: Path) -> None:
    held(data, "turing-place", "University", "Turing Place", "图灵")
    hand = "skos:exactMatch|actor:turing-place|semapv:ManualMappingCuration|0.9|2026-11-26|seen"
    table(
        data,
        f"ror:actor/0aaaaaa01|University of Wuhu||{hand}",
        f"ror:wikidata/Q900000001|Q900000001|Not|{hand}",
        f"ror:name/Turing%20University|Turing University|Not|{hand}",
    )
    summary = ror(data, TURING)
    values = {value for _, _, value in told(data)}
    assert FIRST in values
    assert not values & {"Q900000001", "http://www.wikidata.org/entity/Q900000001", "Turing University"}
    assert summary.unused == ()


def test_another_identifier_of_ours_forbids_a_match_by_name_and_stops_one_by_hand(data: Path) -> None:
    held(data, "wuhu-university", "University", "Wuhu University", "芜湖大学", f'; ctkg:ror "{SECOND}"')
    assert ror(data, TURING).matched["name"] == 0
    hand = "skos:exactMatch|actor:wuhu-university|semapv:ManualMappingCuration|0.9|2026-11-26|seen"
    table(data, f"ror:actor/0aaaaaa01|University of Wuhu||{hand}")
    summary = ror(data, TURING)
    assert [SECOND in reason for _, reason in summary.skipped] == [True]
    assert told(data) == set()


@pytest.mark.parametrize(
    "ours",
    [
        {"wuhu-university": '; ctkg:wikidata "Q900000009"'},
        {"wuhu-university": "", "other": '; ctkg:wikidata "Q900000001"'},
    ],
)
def test_a_wikidata_identifier_that_contradicts_ours_is_reported_and_left_out(data: Path, ours: dict[str, str]) -> None:
    for slug, more in ours.items():
        held(data, slug, "University", slug.replace("-", " "), "芜湖大学" if slug != "other" else "它", more)
    summary = ror(data, TURING)
    assert len(summary.skipped) == 1
    assert not {predicate for _, predicate, _ in told(data)} & {"ctkg:wikidata"}
    assert ("actor:wuhu-university", "ctkg:ror", FIRST) in told(data)


def test_a_record_that_is_no_longer_active_is_left_out(data: Path) -> None:
    held(data, "wuhu-university", "University", "Wuhu University", "芜湖大学", f'; ctkg:ror "{FIRST}"')
    summary = ror(data, TURING | {"status": "withdrawn"})
    assert ["withdrawn" in reason for _, reason in summary.skipped] == [True]
    assert told(data) == set()


def test_a_year_before_1000_has_four_digits(data: Path) -> None:
    held(data, "wuhu-university", "University", "Wuhu University", "芜湖大学")
    ror(data, TURING | {"established": "976"})
    assert ("statement:wuhu", "ctkg:date", "0976") in told(data)


@pytest.mark.parametrize(
    ("cells", "message"), [({"types": "circus"}, "circus"), ({"established": "long ago"}, "long ago")]
)
def test_a_cell_that_cannot_be_read_names_its_line_and_leaves_the_data(
    data: Path, cells: dict[str, str], message: str
) -> None:
    held(data, "wuhu-university", "University", "Wuhu University", "芜湖大学")
    ror(data, TURING)
    before = (data / "ror" / "statements.ttl").read_bytes()
    with pytest.raises(DataError, match=message) as error:
        ror(data, TURING | cells, day="2026-07-23")
    assert error.value.line == 2
    assert (data / "ror" / "statements.ttl").read_bytes() == before


FOUNDED = """
statement:wuhu-university-aaaaaa a ctkg:Founding ; ctkg:organisation actor:wuhu-university ;
    ctkg:date "%s"^^xsd:gYear ; prov:wasDerivedFrom source:gazette-2024 .
"""


@pytest.mark.parametrize(("year", "disputes"), [("1951", 0), ("1921", 1)])
def test_another_year_of_ours_is_disputed_and_the_same_is_not(data: Path, year: str, disputes: int) -> None:
    held(
        data,
        "wuhu-university",
        "University",
        "Wuhu University",
        "芜湖大学",
        "." + FOUNDED % year + "\nactor:x a ctkg:Company",
    )
    assert ror(data, TURING).disputes == disputes


def test_a_second_run_changes_nothing_and_a_newer_file_what_changed(data: Path) -> None:
    held(data, "wuhu-university", "University", "Wuhu University", "芜湖大学")
    ror(data, TURING)
    before = [path.read_bytes() for path in sorted((data / "ror").iterdir())]
    again = ror(data, TURING)
    assert (again.added, again.changed, again.dropped) == ((), (), ())
    assert [path.read_bytes() for path in sorted((data / "ror").iterdir())] == before
    newer = ror(
        data,
        TURING | {"established": "1952", "all_names": "University of Wuhu; 芜湖大学"},
        day="2026-09-01",
        accept_loss=True,
    )
    assert [curie(iri).partition("-")[0] for iri in newer.dropped if "/statement/" in iri] == ["statement:wuhu"] * 2
    founding = next(t for t in parse(data / "ror" / "statements.ttl") if t.predicate.value.endswith("#date"))
    assert (founding.object.value, founding.subject.value in newer.changed) == ("1952", True)  # type: ignore[union-attr]
