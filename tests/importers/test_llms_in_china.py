"""What a row of awesome-LLMs-In-China becomes. The rows are made up; the columns are the published ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctkg.importers import Summary
from ctkg.importers.llms_in_china import IMPORTER
from tests.conftest import write
from tests.importers.epoch_tables import PREFIXES
from tests.importers.layers import matches, of_class, said, take

NAME = "llms-in-china"
COLUMNS = (*IMPORTER.columns, "链接")


def row(developer: str, model: str, place: str = "", number: str = "1", link: str = "") -> dict[str, str]:
    return {"序号": number, "公司": developer, "大模型": model, "省市": place, "链接": link}


def listed(data: Path, *rows: dict[str, str], day: str = "2033-01-01") -> Summary:
    return take(data, NAME, COLUMNS, *rows, day=day, accept_loss=True)


def one(data: Path, class_: str) -> dict[str, list[str]]:
    [found] = of_class(data, NAME, class_)
    return found


def test_a_row_becomes_developer_city_and_model(data: Path) -> None:
    listed(data, row("灯塔科技", "TowerGPT", "安徽芜湖"))
    told = said(data, NAME)
    assert told["actor/deng-ta-ke-ji"] == {"type": ["Company"], "label": ["Deng Ta Ke Ji", "灯塔科技"]}
    assert told["place/wuhu"] == {"type": ["Place"], "label": ["Wuhu", "芜湖"]}
    seat, development = one(data, "Seat"), one(data, "Development")
    assert (seat["organisation"], seat["place"]) == (["actor/deng-ta-ke-ji"], ["place/wuhu"])
    assert seat["checkedOn"] == ["2033-01-01"]
    assert "seatKind" not in seat
    assert (development["developed"], development["developer"]) == (["model/towergpt"], ["actor/deng-ta-ke-ji"])
    assert development["locator"] == ["1 灯塔科技"]


def test_models_of_one_name_by_two_developers_are_two(data: Path) -> None:
    listed(data, row("灯塔科技", "盘古"), row("海港软件", "盘古"), row("灯塔科技", "12333", link="x"))
    made = {about["developed"][0] for about in of_class(data, NAME, "Development")}
    assert made == {
        "model/pan-gu-deng-ta-ke-ji", "model/pan-gu-hai-gang-ruan-jian", "model/12333-deng-ta-ke-ji",
    }  # fmt: skip


def test_a_model_is_not_taken_for_one_of_that_name_that_is_held(data: Path) -> None:
    held = PREFIXES + 'model:pangu a ctkg:ModelFamily ; rdfs:label "PanGu"@en , "盘古"@zh .\n'
    write(data / "curated" / "models" / "pangu.ttl", held)
    listed(data, row("灯塔科技", "盘古"))
    assert one(data, "Development")["developed"] == ["model/pan-gu-deng-ta-ke-ji"]


def test_two_models_in_one_cell_are_two(data: Path) -> None:
    listed(data, row("灯塔科技", "无涯、TowerGPT"))
    assert {about["label"][-1] for about in of_class(data, NAME, "Model")} == {"无涯", "TowerGPT"}


def test_a_developer_that_is_held_is_left_to_the_others_by_name_or_table(data: Path) -> None:
    zh = "@prefix ctkg: <https://w3id.org/ctkg/ontology#> .\n@prefix actor: <https://w3id.org/ctkg/id/actor/> .\n"
    zh += "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    write(data / "curated" / "actors" / "tower.ttl", zh + 'actor:tower a ctkg:Company ; rdfs:label "灯塔科技"@zh .\n')
    matches(data, NAME, ("actor/%E6%B5%B7%E6%B8%AF", "", "actor:harbour"))  # 海港, of a layer that is away
    summary = listed(data, row("灯塔科技", "盘古"), row("海港", "海港"), row("山谷", "山谷"))
    assert len(summary.skipped) == 2
    assert [about["label"][-1] for about in of_class(data, NAME, "Company")] == ["山谷"]
    assert (summary.matched["name"], summary.matched["hand"]) == (1, 1)


@pytest.mark.parametrize(
    "told",
    [
        row("灯塔科技&海港软件", "盘古"),
        row("灯塔科技", ""),
        row("灯塔科技", "盘古", "台湾"),
        row("医疗算网", "Uni-talk"),
    ],
    ids=["two developers", "no model", "elsewhere", "no one body"],
)
def test_a_row_that_is_doubtful_is_left_out_with_a_reason(data: Path, told: dict[str, str]) -> None:
    summary = listed(data, told, row("山谷", "ValleyGPT"))
    assert len(summary.skipped) == 1
    assert [about["label"][-1] for about in of_class(data, NAME, "Model")] == ["ValleyGPT"]


@pytest.mark.parametrize(
    ("developer", "class_"),
    [
        ("芜湖大学", "University"),
        ("芜湖大学信息工程学院", "University"),
        ("芜湖大学语言实验室", "ResearchLab"),
        ("芜湖人工智能研究院", "ResearchLab"),
        ("芜湖广播电视总台", "GovernmentBody"),
        ("芜湖软件", "Company"),
    ],
)
def test_the_class_of_a_developer_follows_from_its_name(data: Path, developer: str, class_: str) -> None:
    listed(data, row(developer, "TowerGPT"))
    assert one(data, "Development")["developer"] == [
        subject for subject, about in said(data, NAME).items() if about.get("type") == [class_]
    ]


def test_places_and_universities_bear_their_english_names(data: Path) -> None:
    listed(data, row("吉林大学", "TowerGPT", "内蒙古呼和浩特"))
    told = said(data, NAME)
    assert told["actor/jilin-university"]["label"] == ["Jilin University", "吉林大学"]
    assert told["place/hohhot"]["label"] == ["Hohhot", "呼和浩特"]


def test_readings_that_a_dictionary_misses_are_right(data: Path) -> None:
    listed(data, row("企查查", "TowerGPT"), row("佳都科技", "HarbourGPT"), row("绿盟", "ValleyGPT"))
    labels = {about["label"][0] for about in of_class(data, NAME, "Company")}
    assert labels == {"Qi Cha Cha", "Jia Du Ke Ji", "Lü Meng"}


def test_a_second_run_changes_nothing_and_a_newer_file_what_changed(data: Path) -> None:
    rows = [row("灯塔科技", "TowerGPT", "北京"), row("山谷", "ValleyGPT")]
    listed(data, *rows)
    again = listed(data, *rows)
    assert (again.added, again.changed, again.dropped) == ((), (), ())
    newer = listed(data, row("灯塔科技", "TowerGPT", "上海"), row("海港", "HarbourGPT"), day="2034-01-01")
    assert any("hai-gang" in iri for iri in newer.added)
    assert any("deng-ta-ke-ji" in iri for iri in newer.changed)
    assert any("shan-gu" in iri for iri in newer.dropped)
