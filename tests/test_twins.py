"""Likely twins: planted ones are found, and what only looks like one is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctkg.name_keys import organisation_key
from ctkg.settings import settings
from ctkg.validate import Finding, validate
from tests.conftest import write

PREFIXES = """
@prefix actor: <https://w3id.org/ctkg/id/actor/> .
@prefix ctkg: <https://w3id.org/ctkg/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix model: <https://w3id.org/ctkg/id/model/> .
@prefix place: <https://w3id.org/ctkg/id/place/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix source: <https://w3id.org/ctkg/id/source/> .
@prefix statement: <https://w3id.org/ctkg/id/statement/> .
"""


def entity(iri: str, class_: str, en: str, zh: str, *more: str) -> str:
    return f'{iri} a ctkg:{class_} ; rdfs:label "{en}"@en , "{zh}"@zh {"".join(f"; {text} " for text in more)}.\n'


def twins(data: Path, *entities: str) -> list[Finding]:
    """What is found where the entities stand in the layer of a dataset, which has no layout of its own."""
    write(data / "made-up" / "statements.ttl", PREFIXES + "".join(entities))
    return [finding for finding in validate(settings(data)).findings if finding.rule == "twins"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Wuhu Turing Institute", "芜湖图灵研究院"), ("Turing Institute of Wuhu", "蕪湖圖靈研究院")),
        (("Wuhu Turing Technology Co., Ltd.", "甲"), ("WuHu Turing Technology", "乙")),
        (("First", "芜湖图灵科技股份有限公司"), ("Second", "芜湖图灵科技")),
        (("First", "芜湖图灵（集团）有限责任公司"), ("Second", "芜湖图灵集团")),
        (("The Turing Institute", "甲"), ("Turing Institute", "乙")),
        (("Turing & Sons Inc.", "甲"), ("Turing and Sons", "乙")),
    ],
)
def test_names_that_differ_by_legal_form_script_or_article_are_reported(
    data: Path, one: tuple[str, str], other: tuple[str, str]
) -> None:
    found = twins(data, entity("actor:one", "Company", *one), entity("actor:two", "LegalEntity", *other))
    assert len(found) == 1
    assert (found[0].severity, found[0].subject) == ("warning", "actor:two")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("First", "上海人工智能研究院"), ("Second", "上海人工智能实验室")),
        (("First", "北京智谱"), ("Second", "杭州智谱")),
        (("First", "北京智谱华章科技有限公司"), ("Second", "杭州智谱华章科技有限公司")),
        (("Beijing Turing Co., Ltd.", "甲"), ("Hangzhou Turing Co., Ltd.", "乙")),
        (("Turing Holdings Limited", "甲"), ("Turing Limited", "乙")),
        (("Limited", "有限公司"), ("Company", "公司")),
    ],
)
def test_another_place_or_word_is_another_body(data: Path, one: tuple[str, str], other: tuple[str, str]) -> None:
    assert twins(data, entity("actor:one", "Company", *one), entity("actor:two", "Company", *other)) == []


def test_alternative_labels_and_namings_are_names_too(data: Path) -> None:
    one = entity("actor:one", "Company", "First", "甲", 'skos:altLabel "Turing"@en')
    two = entity("actor:two", "Company", "Second", "乙")
    assert twins(data, one, two) == []
    naming = 'statement:two-aaaaaa a ctkg:Naming ; ctkg:named actor:two ; ctkg:name "TURING Ltd"@en .\n'
    found = twins(data, one, two, naming)
    assert ["Turing" in f.message and "TURING Ltd" in f.message for f in found] == [True]


def test_a_finding_has_file_line_names_and_remedy(data: Path) -> None:
    found = twins(data, entity("actor:one", "Company", "Turing", "甲"), entity("actor:two", "Company", "Turing", "乙"))
    assert len(found) == 1
    written = (data / "made-up" / "statements.ttl").read_text(encoding="utf-8").splitlines()
    assert written[(found[0].line or 0) - 1].startswith("actor:two")
    assert "actor:one (Turing)" in found[0].message
    assert "ctkg:keptApartFrom" in found[0].remedy


ONE = entity("actor:one", "LegalEntity", "Turing", "甲")
TWO = entity("actor:two", "Company", "Turing", "乙")


@pytest.mark.parametrize(
    "tie",
    [
        "actor:one ctkg:keptApartFrom actor:two .",
        "actor:two ctkg:keptApartFrom actor:one .",
        "actor:two dcterms:isReplacedBy actor:one .",
        "statement:one-aaaaaa a ctkg:PartOfGroup ; ctkg:member actor:one ; ctkg:group actor:two .",
    ],
)
def test_what_is_tied_or_told_apart_is_no_finding(data: Path, tie: str) -> None:
    assert len(twins(data, ONE, TWO)) == 1
    assert twins(data, ONE, TWO, tie) == []


def test_a_model_and_its_family_may_share_a_name_and_two_models_may_not(data: Path) -> None:
    models = (
        entity("model:one", "Model", "Turing-1", "图灵一号"),
        entity("model:two", "ModelFamily", "Turing 1", "图灵系列"),
    )
    assert len(twins(data, *models)) == 1
    tie = "statement:one-aaaaaa a ctkg:FamilyMembership ; ctkg:model model:one ; ctkg:family model:two ."
    assert twins(data, *models, tie) == []


def test_things_of_different_kinds_may_share_a_name(data: Path) -> None:
    assert (
        twins(data, entity("actor:one", "GovernmentBody", "Wuhu", "芜湖"), entity("place:one", "Place", "Wuhu", "芜湖"))
        == []
    )


def test_a_run_over_one_folder_reports_the_twins_that_stand_in_it(data: Path) -> None:
    assert len(twins(data, ONE, TWO)) == 1

    def found(folder: str) -> list[Finding]:
        findings = validate(settings(data), [data / folder]).findings
        return [finding for finding in findings if finding.rule == "twins"]

    assert len(found("made-up")) == 1
    assert found("curated") == []


@pytest.mark.parametrize(
    "name",
    [
        "Limited",
        "公司",
        "Co., Ltd.",
        "有限公司",
        "Telco",
        "Cosco",
        "株",
        "The",
        "Ａｃｍｅ　Ｃｏ．，Ｌｔｄ．",
        "(有限合伙)",
    ],
)
def test_a_key_is_never_empty_and_a_key_of_its_own(name: str) -> None:
    key = organisation_key(name)
    assert key
    assert organisation_key(key) == key


def test_a_name_is_cut_only_at_whole_words() -> None:
    assert organisation_key("Telco") == "telco"
    assert organisation_key("Simplex") == "simplex"
