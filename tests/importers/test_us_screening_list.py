"""The US Consolidated Screening List: made-up files in the published columns, the real importer, files on disk."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from ctkg.derive import Description, describe_subjects
from ctkg.errors import DataError
from ctkg.importers import Summary, import_dataset
from ctkg.namespaces import CTKG, ID
from ctkg.settings import settings
from ctkg.turtle import parse

NAME = "us-screening-list"
COLUMNS = ("name", "alt_names", "source", "type", "countries", "entity_number", "license_requirement",
           "license_policy", "programs", "federal_register_notice", "source_list_url", "source_url")  # fmt: skip
EL = "Entity List (EL) - Bureau of Industry and Security"
CMIC = "Non-SDN Chinese Military-Industrial Complex Companies List (CMIC) - Treasury Department"
UVL = "Unverified List (UVL) - Bureau of Industry and Security"
SDN = "Specially Designated Nationals (SDN) - Treasury Department"
REQUIREMENT = "For all items subject to the EAR (See § 744.11 of the EAR)"

CARD = """
@prefix ctkg: <https://w3id.org/ctkg/ontology#> .
@prefix dataset: <https://w3id.org/ctkg/id/dataset/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
dataset:curated ctkg:dataDate "2033-01-01"^^xsd:date .
"""
CURATED = """
@prefix actor: <https://w3id.org/ctkg/id/actor/> .
@prefix ctkg: <https://w3id.org/ctkg/ontology#> .
@prefix dataset: <https://w3id.org/ctkg/id/dataset/> .
@prefix list: <https://w3id.org/ctkg/id/list/> .
@prefix policy: <https://w3id.org/ctkg/id/policy/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix source: <https://w3id.org/ctkg/id/source/> .
@prefix statement: <https://w3id.org/ctkg/id/statement/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
actor:lantern a ctkg:Company ; rdfs:label "Lantern"@en .
actor:lantern-beijing a ctkg:LegalEntity ; rdfs:label "Beijing Lantern Co., Ltd."@en .
statement:rule-a-aaaaaa a ctkg:Issuance ; ctkg:policy policy:rule-a ; ctkg:date "2031-03-04"^^xsd:date ;
    prov:wasDerivedFrom source:register-a .
statement:rule-a-bbbbbb a ctkg:PolicyStatus ; ctkg:policy policy:rule-a ; ctkg:status ctkg:InForce ;
    ctkg:from "2031-03-02"^^xsd:date ; prov:wasDerivedFrom source:alert-a .
statement:rule-b-aaaaaa a ctkg:Issuance ; ctkg:policy policy:rule-b ; ctkg:date "2032-05-06"^^xsd:date ;
    prov:wasDerivedFrom source:register-b .
statement:lantern-beijing-aaaaaa a ctkg:Designation ; ctkg:designated actor:lantern-beijing ;
    ctkg:list list:ns-cmic-list ; ctkg:act policy:rule-b ; prov:wasDerivedFrom source:alert-a .
"""
ACTS = "citation\tact\taffiliates_of\n96 FR 11\tpolicy:rule-a\t\n96 FR 12\tpolicy:rule-a\tactor:lantern\n" \
       "97 FR 21\tpolicy:rule-b\t\n"  # fmt: skip


def row(name: str, other: str = "", *, on: str = EL, cited: str = "96 FR 11", number: str = "") -> dict[str, str]:
    """A made-up entry."""
    terms = {"license_requirement": REQUIREMENT, "license_policy": "Presumption of denial."} if on == EL else {}
    made_up = {"name": name, "alt_names": other, "source": on, "countries": "CN", "entity_number": number}
    return {**made_up, **terms, "federal_register_notice": cited, "source_url": "https://example.org/copy"}


def take(short: str, name: str, cited: str = "96 FR 11", class_: str = "LegalEntity", group: str = "") -> str:
    return "\t".join((short, name, cited, "take", "chips", class_, group))


class World:
    """A data folder with curated data, tables decided by hand, and the upstream files beside it."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.own = self.data / NAME
        self.own.mkdir(parents=True)
        curated = self.data / "curated" / "actors"
        curated.mkdir(parents=True)
        (curated / "all.ttl").write_text(CURATED, encoding="utf-8")
        (self.data / "curated" / "dataset.ttl").write_text(CARD, encoding="utf-8")
        (self.own / "acts.tsv").write_text(ACTS, encoding="utf-8")
        self.files = folder

    def decide(self, *lines: str) -> None:
        head = "list\tname\tcitation\tdecision\treason\tclass\tgroup"
        (self.own / "selection.tsv").write_text("\n".join((head, *lines)) + "\n", encoding="utf-8")

    def file(self, *rows: dict[str, str], day: str = "2033-01-01") -> str:
        path = self.files / f"csl-{day}.csv"
        with path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
        return f"{path}@{day}"

    def run(self, *files: str) -> Summary:
        return import_dataset(settings(str(self.data)), NAME, files, accept_loss=True)

    def told(self) -> dict[str, Description]:
        return describe_subjects(parse(self.own / "statements.ttl"))

    def statements(self, class_: str) -> list[dict[str, list[str]]]:
        """What is said in statements of a class, by local name."""
        return [
            {predicate.rpartition("#")[2].rpartition("/")[2]: values for predicate, values in said.items()}
            for iri, said in sorted(self.told().items())
            if f"{CTKG}{class_}" in said.get("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", [])
        ]

    def names(self) -> list[str]:
        """What is told in Namings."""
        return sorted(name for naming in self.statements("Naming") for name in naming["name"])


@pytest.fixture
def made(tmp_path: Path) -> World:
    return World(tmp_path)


def test_an_entry_becomes_a_designation_with_the_day_of_its_first_act(made: World) -> None:
    made.decide(take("EL", "Harbour Chip Co., Ltd."))
    made.run(made.file(row("Harbour Chip Co., Ltd.", "Harbour Chip; HC.", cited="96 FR 11, 97 FR 21; 98 FR")))
    (said,) = made.statements("Designation")
    assert said["designated"] == [f"{ID}actor/harbour-chip-co-ltd"]
    assert said["list"] == [f"{ID}list/entity-list"]
    assert said["act"] == [f"{ID}policy/rule-a"]
    assert sorted(said["citation"]) == ["96 FR 11", "97 FR 21"], "what is cut short is no citation"
    assert said["from"] == ["2031-03-02"]
    assert said["checkedOn"] == ["2033-01-01"]
    assert said["licenceRequirement"] == [REQUIREMENT]
    assert said["licencePolicy"] == ["Presumption of denial"]
    assert said["basis"] == [f"{CTKG}Inferred"]
    assert sorted(iri.rpartition("/")[2] for iri in said["wasDerivedFrom"]) == [
        "alert-a", "register-a", "us-screening-list-20330101",
    ]  # fmt: skip
    assert made.names() == ["HC", "Harbour Chip"]


def test_an_act_whose_day_of_effect_was_not_read_gives_no_first_day(made: World) -> None:
    made.decide(take("EL", "Quay Chip Co., Ltd.", "97 FR 21"))
    made.run(made.file(row("Quay Chip Co., Ltd.", cited="97 FR 21")))
    (said,) = made.statements("Designation")
    assert "from" not in said
    assert said["act"] == [f"{ID}policy/rule-b"]


def test_a_citation_that_no_act_of_ours_has_stays_a_citation(made: World) -> None:
    made.decide(take("EL", "Pier Chip Co., Ltd.", "50 FR 7"))
    made.run(made.file(row("Pier Chip Co., Ltd.", cited="50 FR 7 (no. 182)")))
    (said,) = made.statements("Designation")
    assert (said["citation"], said["basis"]) == (["50 FR 7"], [f"{CTKG}Stated"])
    assert not {"from", "act"} & said.keys()


def test_an_entry_without_citation_rests_on_the_act_of_its_list(made: World) -> None:
    made.decide(take("CMIC", "Tower Group", ""), take("UVL", "Tower University", "", "University"))
    made.run(made.file(row("Tower Group", on=CMIC, cited="", number="123"), row("Tower University", on=UVL, cited="")))
    treasury, commerce = made.statements("Designation")
    assert (treasury["act"], treasury["entryNumber"]) == ([f"{ID}policy/executive-order-13959"], ["123"])
    assert commerce["act"] == [f"{ID}policy/export-administration-regulations"]


def test_what_was_decided_to_leave_and_other_lists_are_left_in_silence(made: World) -> None:
    made.decide("EL\tShip Parts Ltd.\t96 FR 11\tleave\toutside the topics\t\t")
    summary = made.run(made.file(row("Ship Parts Ltd."), row("A Person", on=SDN)))
    assert not made.statements("Designation")
    assert not summary.skipped


def test_an_entry_that_nobody_decided_is_reported_and_left_out(made: World) -> None:
    made.decide(take("EL", "Harbour Chip Co., Ltd."))
    summary = made.run(made.file(row("Harbour Chip Co., Ltd."), row("New Chip Co., Ltd.")))
    assert len(made.statements("Designation")) == 1
    assert [(line.get("name"), reason) for line, reason in summary.skipped] == [
        ("New Chip Co., Ltd.", "New Chip Co., Ltd. (EL) is new: decide in selection.tsv")
    ]


def test_running_again_changes_nothing_and_a_newer_file_tells_what_changed(made: World) -> None:
    made.decide(take("EL", "Harbour Chip Co., Ltd."), take("EL", "Quay Chip Co., Ltd.", "97 FR 21"))
    old = made.file(row("Harbour Chip Co., Ltd."), row("Quay Chip Co., Ltd.", cited="97 FR 21"))
    made.run(old)
    before = (made.own / "statements.ttl").read_bytes()
    again = made.run(old)
    assert [again.added, again.changed, again.dropped] == [(), (), ()]
    assert (made.own / "statements.ttl").read_bytes() == before
    amended = row("Harbour Chip Co., Ltd.", cited="96 FR 11; 99 FR 1")
    newer = made.run(made.file(amended, day="2034-01-01"))
    (said,) = made.statements("Designation")
    assert sorted(said["citation"]) == ["96 FR 11", "99 FR 1"], "the decision holds while the first citation does"
    assert f"{ID}actor/quay-chip-co-ltd" in newer.dropped


def test_two_files_at_once_are_refused_since_a_list_is_of_one_day(made: World) -> None:
    made.decide(take("EL", "Harbour Chip Co., Ltd."))
    old = made.file(row("Quay Chip Co., Ltd."), day="2032-01-01")
    with pytest.raises(DataError, match="newest file alone"):
        made.run(made.file(row("Harbour Chip Co., Ltd.")), old)
    assert not (made.own / "statements.ttl").exists()


def test_a_designation_told_elsewhere_is_not_told_again_but_its_other_list_is(made: World) -> None:
    name = "BEIJING LANTERN CO., LTD."
    made.decide(take("CMIC", name, ""), take("EL", "Beijing Lantern Co., Ltd."))
    made.run(made.file(row(name, "Lantern Lab", on=CMIC, cited=""), row("Beijing Lantern Co., Ltd.")))
    (said,) = made.statements("Designation")
    assert said["list"] == [f"{ID}list/entity-list"]
    assert said["designated"] == [f"{ID}actor/lantern-beijing"]
    assert [naming["name"] for naming in made.statements("Naming")] == [["Lantern Lab"]]


def test_the_name_of_the_firm_people_speak_of_stays_the_firms(made: World) -> None:
    made.decide(take("EL", "Shanghai Lantern Co., Ltd.", group="actor:lantern"))
    made.run(made.file(row("Shanghai Lantern Co., Ltd.", "Lantern; Shanghai Dengta")))
    (said,) = made.statements("Designation")
    assert said["designated"] == [f"{ID}actor/shanghai-lantern-co-ltd"], "never a Company"
    assert made.names() == ["Shanghai Dengta"]
    (belongs,) = made.statements("PartOfGroup")
    assert (belongs["group"], belongs["basis"]) == ([f"{ID}actor/lantern"], [f"{CTKG}Inferred"])
    assert len(belongs["wasDerivedFrom"]) == 1


def test_an_act_that_adds_affiliates_says_to_which_group_they_belong(made: World) -> None:
    made.decide(take("EL", "Wick Trade Co., Ltd.", "96 FR 12"))
    made.run(made.file(row("Wick Trade Co., Ltd.", cited="96 FR 12")))
    (belongs,) = made.statements("PartOfGroup")
    assert belongs["group"] == [f"{ID}actor/lantern"]
    assert f"{ID}source/register-a" in belongs["wasDerivedFrom"]


def test_the_citations_of_an_affiliate_within_an_entry_give_it_no_first_day(made: World) -> None:
    name = "Lantern Co., Ltd. (Lantern). Affiliated Entity: Wick Co., Ltd."
    made.decide(take("EL", name, group="actor:lantern"))
    made.run(made.file(row(name)))
    (said,) = made.statements("Designation")
    assert said["designated"] == [f"{ID}actor/wick-co-ltd"]
    assert not {"from", "act"} & said.keys()
    assert said["citation"] == ["96 FR 11"]


def test_institutes_of_a_university_are_no_names_of_it_and_its_short_name_is(made: World) -> None:
    name = "Tower University (TU)"
    made.decide(take("EL", name, class_="University"))
    made.run(made.file(row(name, "Tower Institute; Tower University, Robot Institute; Tower University Qingdao")))
    entity = made.told()[f"{ID}actor/tower-university"]
    assert entity["http://www.w3.org/2000/01/rdf-schema#label"] == ["Tower University"]
    assert made.names() == ["TU", "Tower Institute"]


@pytest.mark.parametrize(
    ("line", "number"),
    [("EL\tShip\t\tperhaps\t\t\t", 2), ("EL\tShip", 2)],
    ids=["a decision that is none", "cells that lack"],
)
def test_a_broken_table_is_refused_with_its_line_and_nothing_is_written(made: World, line: str, number: int) -> None:
    made.decide(line)
    with pytest.raises(DataError, match="is no line of this table") as caught:
        made.run(made.file(row("Harbour Chip Co., Ltd.")))
    assert caught.value.line == number
    assert not (made.own / "statements.ttl").exists()


def test_a_missing_table_is_refused(made: World) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        made.run(made.file(row("Harbour Chip Co., Ltd.")))


def test_a_file_without_the_column_of_citations_is_refused(made: World) -> None:
    made.decide()
    argument = made.file(row("Harbour Chip Co., Ltd."))
    path = Path(argument.partition("@")[0])
    path.write_text(path.read_text(encoding="utf-8").replace("federal_register_notice", "notice"), encoding="utf-8")
    with pytest.raises(DataError, match="lacks the column 'federal_register_notice'"):
        made.run(argument)
