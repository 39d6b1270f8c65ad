"""Tables in the columns of Epoch AI's, with made-up models, and a small data folder to import them into."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from pyoxigraph import Triple

from ctkg.derive import Description, describe_subjects
from ctkg.importers import Summary, import_dataset
from ctkg.importers.epoch_models import IMPORTER
from ctkg.namespaces import CTKG, ID
from ctkg.settings import settings
from ctkg.turtle import parse
from tests.conftest import write

COLUMNS = (
    "Model", "Organization", "Publication date", "Domain", "Parameters", "Parameters notes", "Training compute (FLOP)",
    "Training compute notes", "Training dataset size (total)", "Dataset size notes", "Training dataset notes", "Epochs",
    "Training hardware", "Hardware quantity", "Base model", "Model accessibility", "Confidence", "Link",
    "Country (of organization)",
)  # fmt: skip

PREFIXES = (
    "@prefix model: <https://w3id.org/ctkg/id/model/> .\n@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
)

ALPHA = """
model:alpha-7b
    a ctkg:Model ;
    rdfs:label "Alpha-7B"@en , "Alpha-7B"@zh .

statement:alpha-7b-aaaaaa
    a ctkg:Release ;
    ctkg:released model:alpha-7b ;
    ctkg:date "2024-03-05"^^xsd:date ;
    ctkg:parameters 7000000000 ;
    ctkg:weightsAccess ctkg:OpenWeights ;
    prov:wasDerivedFrom source:gazette-2024 .
"""
"""A made-up model that the data folder holds already."""


def row(model: str, **cells: str) -> dict[str, str]:
    """A row about a made-up model of Acme's; cells by the column's first word, in lower case, or its whole name."""
    names = {name.split(" (")[0].lower().replace(" ", "_"): name for name in COLUMNS}
    made = {
        "Model": model,
        "Organization": "Acme",
        "Publication date": "2024-03-05",
        "Domain": "Language",
        "Confidence": "Confident",
        "Country (of organization)": "China",
    }
    return made | {names[name]: value for name, value in cells.items()}


def table(*rows: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> str:
    """The rows as a CSV file in the published columns."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def small_data(data: Path, alpha: str = ALPHA) -> Path:
    """The data folder of the fixture ``data`` with one model more."""
    write(data / "curated" / "models" / "alpha-7b.ttl", PREFIXES + alpha)
    return data


def take(
    data: Path, *tables: str, days: tuple[str, ...] = ("2026-07-23",), accept_loss: bool = False, dry_run: bool = False
) -> Summary:
    """Import the tables, each with its day; the first is the newest."""
    files = []
    for day, content in zip(days, tables, strict=True):
        path = data.parent / f"table-{day}.csv"
        path.write_text(content, encoding="utf-8")
        files.append(f"{path}@{day}")
    return import_dataset(settings(data), "epoch-models", files, accept_loss=accept_loss, dry_run=dry_run)


def imported(data: Path) -> dict[str, Description]:
    """What the import wrote, by subject."""
    return describe_subjects(triples(data))


def triples(data: Path) -> list[Triple]:
    return list(parse(data / "epoch-models" / "statements.ttl"))


def of_class(data: Path, class_: str) -> list[dict[str, list[str]]]:
    """The statements of a class: property without namespace → values, ours shortened to their last part."""
    found = []
    for description in imported(data).values():
        if CTKG + class_ in description["http://www.w3.org/1999/02/22-rdf-syntax-ns#type"]:
            found.append({_short(name): [_short(value) for value in values] for name, values in description.items()})
    return found


def _short(iri: str) -> str:
    if iri.startswith(ID):
        return iri.removeprefix(ID)
    return iri.removeprefix(CTKG).removeprefix("http://www.w3.org/2000/01/rdf-schema#")


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below, by name: to see that nothing changed."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


assert set(IMPORTER.columns) <= set(COLUMNS)
