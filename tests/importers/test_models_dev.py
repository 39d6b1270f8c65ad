"""What a row of models.dev becomes. The rows are made up; the columns are the published ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctkg.errors import DataError
from ctkg.importers import Summary
from ctkg.importers.models_dev import IMPORTER
from tests.conftest import write
from tests.importers.epoch_tables import PREFIXES
from tests.importers.layers import matches, of_class, said, take

NAME = "models-dev"
HELD = (
    PREFIXES
    + """
model:turing-1 a ctkg:Model ; rdfs:label "Turing 1"@en , "Turing 1"@zh .
statement:turing-1-aaaaaa
    a ctkg:Release ;
    ctkg:released model:turing-1 ;
    ctkg:date "2031-05-06"^^xsd:date ;
    ctkg:contextLength 100000 ;
    prov:wasDerivedFrom source:gazette-2024 .
statement:turing-1-bbbbbb
    a ctkg:Development ;
    ctkg:developed model:turing-1 ;
    ctkg:developer actor:acme ;
    prov:wasDerivedFrom source:gazette-2024 .
"""
)


def row(id_: str, name: str, **cells: str) -> dict[str, str]:
    return {
        "lab": "deepseek", "id": id_, "name": name, "release_date": "2031-05-06", "last_updated": "2031-05-06",
        "open_weights": "True", "context": "131072", "path": f"models/deepseek/{id_}.toml",
    } | cells  # fmt: skip


def models(data: Path, *rows: dict[str, str], day: str = "2033-01-01") -> Summary:
    return take(data, NAME, IMPORTER.columns, *rows, day=day, accept_loss=True)


def one(data: Path, class_: str) -> dict[str, list[str]]:
    [found] = of_class(data, NAME, class_)
    return found


def test_a_row_becomes_developer_day_access_and_context(data: Path) -> None:
    models(data, row("turing-2", "Turing 2"))
    assert one(data, "Development")["developer"] == ["actor/deepseek"]
    release = one(data, "Release")
    assert (release["released"], release["date"]) == (["model/turing-2"], ["2031-05-06"])
    assert (release["weightsAccess"], release["contextLength"]) == (["OpenWeights"], ["131072"])
    assert release["locator"] == ["models/deepseek/turing-2.toml"]


def test_weights_that_are_not_open_are_a_service(data: Path) -> None:
    models(data, row("turing-2", "Turing 2", open_weights="False"))
    assert one(data, "Release")["weightsAccess"] == ["ApiOnly"]


@pytest.mark.parametrize(
    "days", [("2031-05-06", "2031-06-01"), ("2031-05", "2031-05")], ids=["updated since", "a month alone"]
)
def test_a_day_that_may_be_that_of_the_product_is_not_read(data: Path, days: tuple[str, str]) -> None:
    models(data, row("turing-2", "Turing 2", release_date=days[0], last_updated=days[1]))
    assert "date" not in one(data, "Release")


@pytest.mark.parametrize(
    ("id_", "reason"),
    [
        ("qwen-max", "stands for a model that changes"),
        ("deepseek-chat", "stands for a model that changes"),
        ("turing-2-highspeed", "is faster service of another model"),
        ("glm-4.7-flashx", "may be faster service of another model"),
    ],
)
def test_what_is_no_model_of_its_own_is_left_out_with_its_reason(data: Path, id_: str, reason: str) -> None:
    summary = models(data, row(id_, "Some Name"), row("turing-2", "Turing 2"))
    assert [told for _, told in summary.skipped] == [f"Some Name {reason}"]
    assert [about["label"] for about in of_class(data, NAME, "Model")] == [["Turing 2", "Turing 2"]]


def test_a_laboratory_that_nobody_matched_is_left_out(data: Path) -> None:
    summary = models(data, row("turing-2", "Turing 2", lab="bletchley"))
    assert len(summary.skipped) == 1
    assert of_class(data, NAME, "Release") == []


def test_a_model_that_is_held_gets_no_second_developer_and_a_dispute_where_values_differ(data: Path) -> None:
    write(data / "curated" / "models" / "turing-1.ttl", HELD)
    summary = models(data, row("turing-1", "Turing-1"))
    assert of_class(data, NAME, "Development") == []
    assert of_class(data, NAME, "Model") == []
    assert one(data, "Release")["released"] == ["model/turing-1"]
    [rivals] = [about["rival"] for about in of_class(data, NAME, "Dispute")]
    assert "statement/turing-1-aaaaaa" in rivals
    assert (summary.matched["name"], summary.disputes) == (1, 1)


def test_the_table_keeps_a_variant_apart(data: Path) -> None:
    write(data / "curated" / "models" / "turing-1.ttl", HELD)
    matches(data, NAME, ("model/turing-1", "Not", "model:turing-1"), ("model/turing-1", "", "model:turing-1-instruct"))
    models(data, row("turing-1", "Turing 1"))
    assert one(data, "Development")["developed"] == ["model/turing-1-instruct"]
    assert said(data, NAME)["model/turing-1-instruct"]["keptApartFrom"] == ["model/turing-1"]


def test_a_second_run_changes_nothing_and_a_newer_file_what_changed(data: Path) -> None:
    rows = [row("turing-2", "Turing 2"), row("turing-3", "Turing 3")]
    models(data, *rows)
    again = models(data, *rows)
    assert (again.added, again.changed, again.dropped) == ((), (), ())
    newer = models(data, row("turing-2", "Turing 2", context="262144"), row("turing-4", "Turing 4"), day="2034-01-01")
    assert any("turing-4" in iri for iri in newer.added)
    assert any("turing-2" in iri for iri in newer.changed)
    assert any("turing-3" in iri for iri in newer.dropped)


@pytest.mark.parametrize(
    "cells",
    [{"open_weights": "perhaps"}, {"context": "128k"}, {"release_date": "2031-13-45", "last_updated": "2031-13-45"}],
)
def test_a_cell_that_cannot_be_read_names_its_line(data: Path, cells: dict[str, str]) -> None:
    with pytest.raises(DataError, match=r"models-dev-2033-01-01\.csv:2: cannot be read"):
        models(data, row("turing-2", "Turing 2", **cells))
    assert not (data / NAME).exists()
