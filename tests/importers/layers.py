"""Upstream files with made-up rows, and what a layer says after their import."""

from __future__ import annotations

import csv
from pathlib import Path

from ctkg.derive import describe_subjects
from ctkg.importers import Summary, import_dataset
from ctkg.namespaces import CTKG, ID, PREFIXES
from ctkg.settings import settings
from ctkg.turtle import parse
from tests.conftest import write

MATCH_COLUMNS = (
    "subject_id", "subject_label", "predicate_modifier", "predicate_id", "object_id", "mapping_justification",
    "confidence", "mapping_date", "comment",
)  # fmt: skip


def take(
    data: Path, dataset: str, columns: tuple[str, ...], *rows: dict[str, str], day: str = "2033-01-01",
    accept_loss: bool = False,
) -> Summary:  # fmt: skip
    """Import the rows as a file of that day, in the published columns."""
    path = data.parent / f"{dataset}-{day}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return import_dataset(settings(data), dataset, [f"{path}@{day}"], accept_loss=accept_loss)


def matches(data: Path, dataset: str, *rows: tuple[str, str, str]) -> None:
    """Write the table by hand: subject, ``Not`` or "", object."""
    lines = [
        (f"{dataset}:{subject}", subject, modifier, "skos:exactMatch", object_, "semapv:ManualMappingCuration", "0.9",
         "2033-01-01", "made up")
        for subject, modifier, object_ in rows
    ]  # fmt: skip
    text = "\n".join("\t".join(cells) for cells in (MATCH_COLUMNS, *lines)) + "\n"
    write(data / dataset / "matches.sssom.tsv", text)


def said(data: Path, dataset: str) -> dict[str, dict[str, list[str]]]:
    """What the layer says of each subject, ours without their namespace."""
    described = describe_subjects(parse(data / dataset / "statements.ttl"))
    return {
        _short(iri): {_short(name): [_short(value) for value in values] for name, values in about.items()}
        for iri, about in described.items()
    }


def of_class(data: Path, dataset: str, class_: str) -> list[dict[str, list[str]]]:
    """The layer's subjects of a class."""
    return [about for about in said(data, dataset).values() if class_ in about.get("type", [])]


def _short(iri: str) -> str:
    for namespace in (ID, CTKG, PREFIXES["rdf"], PREFIXES["rdfs"]):
        iri = iri.removeprefix(namespace)
    return iri
