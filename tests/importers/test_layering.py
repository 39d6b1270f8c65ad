"""Layers imported one after another: each looks back only, and they settle whatever the order. All rows are made up."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pytest

from ctkg.importers import IMPORTERS, Summary
from ctkg.importers.epoch_models import IMPORTER as EPOCH
from ctkg.importers.models_dev import IMPORTER as MODELS_DEV
from ctkg.importers.ror import IMPORTER as ROR
from ctkg.settings import settings
from ctkg.turtle import parse
from ctkg.validate import validate
from tests.importers.layers import of_class, said, take

EPOCH_COLUMNS = (*EPOCH.columns, "Country (of organization)")
DEEPSEEK = "Turing University"


def epoch(data: Path) -> Summary:
    told = {
        "Model": "Turing 1", "Organization": DEEPSEEK, "Country (of organization)": "China",
        "Publication date": "2031-05-06", "Model accessibility": "API access",
    }  # fmt: skip
    return take(data, "epoch-models", EPOCH_COLUMNS, told, accept_loss=True)


def models_dev(data: Path) -> Summary:
    told = {
        "lab": "deepseek", "id": "turing-1", "name": "Turing-1", "release_date": "2031-05-09",
        "last_updated": "2031-05-09", "open_weights": "True", "context": "1000", "path": "turing-1.toml",
    }  # fmt: skip
    return take(data, "models-dev", MODELS_DEV.columns, told, accept_loss=True)


def ror(data: Path) -> Summary:
    told = {
        "ror_id": "https://ror.org/0aaaaaa01", "name": DEEPSEEK, "all_names": f"{DEEPSEEK}; TU; 图灵大学",
        "types": "education", "established": "1951", "status": "active",
    }  # fmt: skip
    return take(data, "ror", (*ROR.columns,), told, accept_loss=True)


RUNS: dict[str, Callable[[Path], Summary]] = {"epoch-models": epoch, "models-dev": models_dev, "ror": ror}


def test_the_order_of_the_layers_is_that_of_the_page_of_decisions() -> None:
    page = Path(__file__).parents[2].joinpath("docs/decisions/0009-layers.md").read_text(encoding="utf-8")
    places = [page.index(f"`{name}`") for name in IMPORTERS]
    assert places == sorted(places)


@pytest.mark.parametrize("order", list(permutations(RUNS)), ids=" ".join)
def test_in_any_order_two_rounds_settle_and_each_thing_is_told_once(data: Path, order: tuple[str, ...]) -> None:
    for _ in range(2):
        for name in order:
            RUNS[name](data)
    for name in order:
        again = RUNS[name](data)
        assert (again.added, again.changed, again.dropped) == ((), (), ()), name
    told = [str(triple) for name in RUNS for triple in parse(data / name / "statements.ttl")]
    assert sorted(told) == sorted(set(told)), "no triple stands in two graphs"
    assert [f.rule for f in validate(settings(data)).findings if f.rule in ("build", "twins")] == []
    assert {name: len(of_class(data, name, "Dispute")) for name in RUNS} == {
        "epoch-models": 0, "models-dev": 1, "ror": 0,
    }, "a layer disputes what came before it, whenever it was imported"  # fmt: skip


def test_a_thing_without_a_chinese_label_gets_the_registrys(data: Path) -> None:
    epoch(data)
    ror(data)
    assert said(data, "ror")["actor/turing-university"]["label"] == ["图灵大学"]
