"""What a row of Epoch AI's hardware table becomes. The rows are made up; the columns are the published ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctkg.errors import DataError
from ctkg.importers import Summary
from ctkg.importers.epoch_hardware import IMPORTER
from tests.importers.layers import matches, of_class, said, take

NAME = "epoch-hardware"


def row(name: str, maker: str = "Huawei", **cells: str) -> dict[str, str]:
    named = {
        "day": "Release date", "memory": "Memory (bytes)", "bandwidth": "Memory bandwidth (byte/s)", "power": "TDP (W)",
        "foundry": "Foundry", "process": "Process size (nm)", "area": "Die Size (mm^2)", "link": "Link to datasheet",
        "fp8": "FP8 performance (FLOP/s)", "int8": "INT8 performance (OP/s)",
    }  # fmt: skip
    return {"Hardware name": name, "Manufacturer": maker} | {named[cell]: value for cell, value in cells.items()}


def hardware(data: Path, *rows: dict[str, str], day: str = "2033-01-01") -> Summary:
    return take(data, NAME, IMPORTER.columns, *rows, day=day, accept_loss=True)


def one(data: Path, class_: str) -> dict[str, list[str]]:
    [found] = of_class(data, NAME, class_)
    return found


def test_a_row_becomes_designer_day_foundry_and_figures(data: Path) -> None:
    told = row("Huawei Turing 1", day="2031-05-06", memory="64000000000.0", bandwidth="1600000000000.0", power="310",
               foundry="Acme Foundry", process="7.0", area="665.5", link="https://example.org/t1")  # fmt: skip
    hardware(data, told)
    development, release, made = one(data, "Development"), one(data, "Release"), one(data, "Fabrication")
    assert (development["developed"], development["developer"]) == (["chip/turing-1"], ["actor/huawei"])
    assert development["reference"] == ["https://example.org/t1"]
    assert release["date"] == ["2031-05-06"]
    assert (made["fabricated"], made["fabricator"], made["process"]) == (
        ["chip/turing-1"], ["actor/acme-foundry"], ["7 nm"],
    )  # fmt: skip
    figures = one(data, "ChipSpecification")
    assert figures["memoryCapacity"] == ["64000000000"]
    assert figures["memoryBandwidth"] == ["1600000000000"]
    assert (figures["thermalDesignPower"], figures["dieArea"]) == (["310.0"], ["665.5"])
    assert "process" not in figures, "told with the foundry"


def test_each_rate_stands_in_a_statement_with_its_number_format(data: Path) -> None:
    hardware(data, row("Huawei Turing 1", fp8="1000000000000000.0", int8="2e15"))
    rates = {
        about["numberFormat"][0]: about["operationsPerSecond"] for about in of_class(data, NAME, "ChipPerformance")
    }
    assert rates == {"FP8": ["1.0e15"], "INT8": ["2.0e15"]}


def test_a_first_of_january_is_a_year(data: Path) -> None:
    hardware(data, row("Huawei Turing 1", day="2031-01-01"), row("Huawei Turing 2", day="2031-01-02"))
    days = {about["released"][0]: about["date"] for about in of_class(data, NAME, "Release")}
    assert days == {"chip/turing-1": ["2031"], "chip/turing-2": ["2031-01-02"]}


def test_the_process_stands_with_the_chip_where_no_foundry_is_named(data: Path) -> None:
    hardware(data, row("Huawei Turing 1", process="14"))
    assert of_class(data, NAME, "Fabrication") == []
    assert one(data, "ChipSpecification")["process"] == ["14 nm"]


def test_two_foundries_are_two_statements(data: Path) -> None:
    hardware(data, row("Huawei Turing 1", foundry="TSMC,SMIC"))
    makers = sorted(about["fabricator"][0] for about in of_class(data, NAME, "Fabrication"))
    assert makers == ["actor/smic", "actor/tsmc"]


def test_a_designer_that_is_not_held_is_new_and_a_university_is_one(data: Path) -> None:
    hardware(data, row("Lamp 1", maker="Lamp Chips"), row("Owl 1", maker="Wuhu University"))
    told = said(data, NAME)
    assert told["actor/lamp-chips"]["type"] == ["Company"]
    assert told["actor/wuhu-university"]["type"] == ["University"]


def test_a_row_that_rests_on_a_rumour_is_left_out_with_its_reason(data: Path) -> None:
    summary = hardware(data, row("Huawei Ascend 920"), row("Huawei Turing 1"))
    assert [reason for _, reason in summary.skipped] == ["rests on a rumour"]
    assert [about["label"] for about in of_class(data, NAME, "Chip")] == [["Turing 1"]]


def test_a_bandwidth_that_cannot_be_right_is_left_out(data: Path) -> None:
    hardware(data, row("MetaX MXC500 (PCIe)", maker="MetaX", bandwidth="18000000000000", memory="64000000000"))
    assert "memoryBandwidth" not in one(data, "ChipSpecification")
    assert one(data, "ChipSpecification")["memoryCapacity"] == ["64000000000"]


def test_the_table_says_which_chip_is_meant(data: Path) -> None:
    matches(
        data, NAME, ("chip/Huawei%20Turing%201", "", "chip:enigma"), ("chip/Huawei%20Turing%201", "Not", "chip:bombe")
    )
    hardware(data, row("Huawei Turing 1", day="2031-05-06"))
    assert one(data, "Release")["released"] == ["chip/enigma"]
    assert said(data, NAME)["chip/enigma"]["keptApartFrom"] == ["chip/bombe"]


def test_a_second_run_changes_nothing_and_a_newer_file_what_changed(data: Path) -> None:
    rows = [row("Huawei Turing 1", memory="64000000000"), row("Huawei Turing 2")]
    hardware(data, *rows)
    again = hardware(data, *rows)
    assert (again.added, again.changed, again.dropped) == ((), (), ())
    newer = hardware(data, row("Huawei Turing 1", memory="96000000000"), row("Huawei Turing 3"), day="2034-01-01")
    assert any("turing-3" in iri for iri in newer.added)
    assert any("turing-1" in iri for iri in newer.changed)
    assert any("turing-2" in iri for iri in newer.dropped)


@pytest.mark.parametrize("cells", [{"memory": "64 GB"}, {"day": "May 2031"}, {"fp8": "1 PFLOP"}])
def test_a_cell_that_cannot_be_read_names_its_line_and_leaves_the_data(data: Path, cells: dict[str, str]) -> None:
    hardware(data, row("Huawei Turing 1"))
    before = (data / NAME / "statements.ttl").read_bytes()
    with pytest.raises(DataError, match=r"epoch-hardware-2034-01-01\.csv:3: cannot be read"):
        hardware(data, row("Huawei Turing 1"), row("Huawei Turing 2", **cells), day="2034-01-01")
    assert (data / NAME / "statements.ttl").read_bytes() == before
