"""What a row of Epoch AI's tables becomes. The rows are made up; the columns are the published ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctkg.importers.epoch_names import class_of_organisation
from tests.conftest import write
from tests.importers.epoch_tables import PREFIXES, of_class, row, small_data, table, take


def one(data: Path, class_: str) -> dict[str, list[str]]:
    [found] = of_class(data, class_)
    return found


def test_a_row_becomes_development_and_release_with_its_day_size_access_and_link(data: Path) -> None:
    told = row(
        "Beta 1",
        parameters="284000000000.0",
        parameters_notes="284B total, 13B active",
        model_accessibility="Open weights (restricted use)",
        link="https://example.org/beta",
    )
    take(small_data(data), table(told))
    development, release = one(data, "Development"), one(data, "Release")
    assert development["developer"] == ["actor/acme"]
    assert development["developed"] == ["model/beta-1"]
    assert release["date"] == ["2024-03-05"]
    assert release["parameters"] == ["284000000000"]
    assert release["activeParameters"] == ["13000000000"]
    assert release["weightsAccess"] == ["OpenWeights"]
    assert release["sourceConfidence"] == ["Confident"]
    assert development["reference"] == release["reference"] == ["https://example.org/beta"]
    assert "basis" not in release
    assert one(data, "Source")["http://purl.org/dc/terms/issued"] == ["2026-07-23"]


@pytest.mark.parametrize(
    "link", ["https://a.example, https://b.example", "https://a.example\nhttps://b.example", "arxiv.org/1"]
)
def test_a_link_that_is_not_one_clean_address_is_left_out(data: Path, link: str) -> None:
    take(small_data(data), table(row("Beta 1", link=link)))
    assert "reference" not in one(data, "Development")


def test_compute_is_an_estimate_in_a_statement_of_its_own(data: Path) -> None:
    told = row("Beta 1", training_compute="4.42e+24", training_hardware="NVIDIA X1", hardware_quantity="512.0")
    take(small_data(data), table(told))
    by_basis = {tuple(training.get("basis", [])): training for training in of_class(data, "Training")}
    assert by_basis["Estimated",]["trainingCompute"] == ["4.42e24"]
    assert by_basis["Estimated",]["sourceConfidence"] == ["Confident"]
    assert by_basis[()]["chip"] == ["chip/nvidia-x1"]
    assert by_basis[()]["chipCount"] == ["512"]
    assert "trainingCompute" not in by_basis[()]


def test_a_size_that_epoch_reckons_itself_is_an_estimate_apart_from_the_day(data: Path) -> None:
    notes = '[Speculative] half of what was planned, as "300B" was said'
    take(small_data(data), table(row("Beta 1", parameters="150000000000.0", parameters_notes=notes)))
    by_basis = {tuple(release.get("basis", [])): release for release in of_class(data, "Release")}
    assert by_basis["Estimated",]["parameters"] == ["150000000000"]
    assert by_basis[()]["date"] == ["2024-03-05"]
    assert "parameters" not in by_basis[()]


def test_a_size_that_the_notes_quote_is_no_estimate_whatever_else_they_assume(data: Path) -> None:
    notes = '"containing 650 million parameters" Assume 40% utilization'
    take(small_data(data), table(row("Beta 1", parameters="650000000.0", parameters_notes=notes)))
    release = one(data, "Release")
    assert release["parameters"] == ["650000000"]
    assert "basis" not in release


@pytest.mark.parametrize("quoted", ["530 billion parameters", "10 billion parameters and 265 billion parameters"])
def test_a_size_chosen_beside_others_that_the_notes_quote_is_an_estimate(data: Path, quoted: str) -> None:
    notes = f'"{quoted}" were tried; I think this one was used'
    take(small_data(data), table(row("Beta 1", parameters="265000000000.0", parameters_notes=notes)))
    by_basis = {tuple(release.get("basis", [])): release for release in of_class(data, "Release")}
    assert by_basis["Estimated",]["parameters"] == ["265000000000"]


def test_a_size_added_up_from_parts_is_an_estimate(data: Path) -> None:
    notes = "7.6 billion (language model) and 675M (vision encoder)"
    take(small_data(data), table(row("Qwen2-VL-7B", parameters="8000000000.0", parameters_notes=notes)))
    by_basis = {tuple(release.get("basis", [])): release for release in of_class(data, "Release")}
    assert by_basis["Estimated",]["parameters"] == ["8000000000"]


def test_a_quotation_in_the_notes_makes_no_estimate(data: Path) -> None:
    notes = '"we assume that a model with 7B parameters suffices"'
    take(small_data(data), table(row("Beta 1", parameters="7000000000.0", parameters_notes=notes)))
    assert one(data, "Release")["parameters"] == ["7000000000"]


@pytest.mark.parametrize(
    ("notes", "active"),
    [
        ("Total Parameters: 284B\nActivated Parameters per Token: 45.9B", ["45900000000"]),
        ("30.5 billion total parameters, with only 3.3 billion activated per token", ["3300000000"]),
        ("235B total, 22B active; the lightweight variant has 3B active", None),
        ("355B in all with 32 billion active parameters (assumed)", None),
        ("activates 18.6B to 31.3B parameters", None),
        ("900B active", None),
    ],
)
def test_active_parameters_are_read_only_where_one_number_is_plain(
    data: Path, notes: str, active: list[str] | None
) -> None:
    take(small_data(data), table(row("Beta 1", parameters="284000000000.0", parameters_notes=notes)))
    assert [release.get("activeParameters") for release in of_class(data, "Release") if "parameters" in release] == [
        active
    ]


@pytest.mark.parametrize(
    ("cells", "basis"),
    [
        ({"dataset_size_notes": '"pre-trained on 36 trillion tokens"'}, []),
        ({"training_dataset_notes": "36T tokens"}, []),
        ({"dataset_size_notes": "240 GB * 150 = 36 trillion tokens"}, ["Estimated"]),
        ({"training_compute_notes": "6 * 22e9 active parameters * 36e12 tokens"}, ["Estimated"]),
        ({"training_compute_notes": "15B parameters * 36 * 10^12 tokens"}, ["Estimated"]),
    ],
)
def test_tokens_are_read_where_the_notes_call_the_size_tokens(
    data: Path, cells: dict[str, str], basis: list[str]
) -> None:
    take(small_data(data), table(row("Beta 1", training_dataset_size="36000000000000", **cells)))
    training = one(data, "Training")
    assert training["trainingTokens"] == ["36000000000000"]
    assert training.get("basis", []) == basis


@pytest.mark.parametrize(
    "cells",
    [
        {"dataset_size_notes": "36T"},
        {"dataset_size_notes": "36 trillion words, 2T tokens"},
        {"dataset_size_notes": "36T tokens", "epochs": "3.0"},
        {"dataset_size_notes": "36T tokens", "base_model": "Alpha-7B"},
        {"dataset_size_notes": "36T tokens", "domain": "Biology"},
    ],
)
def test_a_size_in_another_unit_or_of_another_training_is_no_number_of_tokens(
    data: Path, cells: dict[str, str]
) -> None:
    take(small_data(data), table(row("Beta 1", training_dataset_size="36000000000000", **cells)))
    assert of_class(data, "Training") == []


def test_each_base_is_a_derivation_inferred_to_be_a_fine_tune(data: Path) -> None:
    take(small_data(data), table(row("Beta 1", base_model="Alpha-7B,Whisper Z", training_compute="1e22")))
    derivations = of_class(data, "Derivation")
    assert sorted(derivation["base"][0] for derivation in derivations) == ["model/alpha-7b", "model/whisper-z"]
    assert {(d["derivationKind"][0], d["basis"][0]) for d in derivations} == {("FineTune", "Inferred")}
    assert [d["developed"] for d in of_class(data, "Development")] == [["model/beta-1"]]  # none for the bases
    assert "the training of the base model included" in one(data, "Training")["comment"][0]


def test_organisations_part_at_commas_that_no_space_follows(data: Path) -> None:
    take(small_data(data), table(row("Beta 1", organization="Acme,Samba Systems, Inc,Gamma University (GU)")))
    assert sorted(one(data, "Development")["developer"]) == [
        "actor/acme", "actor/gamma-university-gu", "actor/samba-systems-inc",
    ]  # fmt: skip
    assert one(data, "University")["label"] == ["Gamma University (GU)"]


def test_a_row_without_an_organisation_in_china_is_none_of_ours(data: Path) -> None:
    abroad = row("Beta 1") | {"Country (of organization)": "France,Japan"}
    joint = row("Gamma 2") | {"Country (of organization)": "France,Hong Kong"}
    take(small_data(data), table(abroad, joint))
    assert [model["label"][0] for model in of_class(data, "Model")] == ["Gamma 2"]


def test_the_newest_table_that_names_a_model_speaks_for_it(data: Path) -> None:
    old = table(row("Beta 1", publication_date="2023"), row("Gamma 2", publication_date="2022"))
    take(small_data(data), table(row("Beta 1")), old, days=("2026-07-23", "2025-04-23"))
    told = {release["released"][0]: release for release in of_class(data, "Release")}
    assert told["model/beta-1"]["date"] == ["2024-03-05"]
    assert told["model/gamma-2"]["date"] == ["2022"]
    sources = {name: told[name]["http://www.w3.org/ns/prov#wasDerivedFrom"][0] for name in told}
    assert sources == {
        "model/beta-1": "source/epoch-models-20260723",
        "model/gamma-2": "source/epoch-models-20250423",
    }


def test_a_model_under_two_spellings_is_one(data: Path) -> None:
    newer, older = table(row("Beta-1")), table(row("Beta 1", publication_date="2023"))
    summary = take(small_data(data), newer, older, days=("2026-07-23", "2025-04-23"))
    assert one(data, "Model")["label"][0] == "Beta-1"
    assert one(data, "Release")["date"] == ["2024-03-05"]
    assert [reason for _, reason in summary.skipped] == ["Beta 1 stands in a newer row under another spelling"]


def test_what_is_no_organisation_or_no_chip_is_left_out_and_told(data: Path) -> None:
    told = row(
        "Beta 1",
        organization="Acme,Guangzhou Inernational Bio Island",
        training_hardware="Huawei Ascend 800T A2",
        hardware_quantity="64",
    )
    summary = take(small_data(data), table(told))
    assert one(data, "Development")["developer"] == ["actor/acme"]
    assert of_class(data, "Training") == []
    assert len(summary.skipped) == 2


def test_the_number_of_chips_is_not_split_over_two_chips(data: Path) -> None:
    take(small_data(data), table(row("Beta 1", training_hardware="NVIDIA X1,NVIDIA X2", hardware_quantity="64")))
    training = one(data, "Training")
    assert sorted(training["chip"]) == ["chip/nvidia-x1", "chip/nvidia-x2"]
    assert "chipCount" not in training


FAMILY = """
model:qwen3
    a ctkg:ModelFamily ;
    rdfs:label "Qwen3"@en , "Qwen3"@zh .

actor:alibaba
    a ctkg:Company ;
    rdfs:label "Alibaba"@en , "阿里巴巴"@zh .
"""


def test_membership_of_a_family_that_we_hold_follows_from_name_and_developer(data: Path) -> None:
    write(small_data(data) / "curated" / "models" / "qwen3.ttl", PREFIXES + FAMILY)
    take(
        data, table(row("Qwen3-7T", organization="Alibaba"), row("Qwen3-9T"), row("Qwen3.9-1T", organization="Alibaba"))
    )
    membership = one(data, "FamilyMembership")
    assert (membership["model"], membership["family"]) == (["model/qwen3-7t"], ["model/qwen3"])
    assert membership["basis"] == ["Inferred"]


def test_a_model_is_not_taken_for_the_series_of_its_name(data: Path) -> None:
    write(small_data(data) / "curated" / "models" / "qwen3.ttl", PREFIXES + FAMILY)
    take(data, table(row("Qwen 3", organization="Alibaba")))
    assert one(data, "Development")["developed"] == ["model/qwen-3"]


@pytest.mark.parametrize(
    ("name", "class_"),
    [
        ("University of Chinese Academy of Sciences", "University"),
        ("Chinese Academy of Sciences", "ResearchLab"),
        ("Beijing Institute of Technology", "University"),
        ("Shenzhen Institute of Advanced Technology", "ResearchLab"),
        ("China Medical University Hospital", "ResearchLab"),
        ("Huawei Noah's Ark Lab", "ResearchLab"),
        ("Harvard Medical School", "University"),
        ("Ministry of Natural Resources (China)", "GovernmentBody"),
        ("Dahua Technology", "Company"),
        ("Hailuo AI", "Company"),
    ],
)
def test_the_class_of_an_organisation_follows_from_its_name(name: str, class_: str) -> None:
    assert class_of_organisation(name) == class_
