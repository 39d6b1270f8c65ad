"""What a table of matches keeps apart is said in the data, where the twin check and everybody else can read it."""

from __future__ import annotations

import csv
from pathlib import Path

from ctkg.importers import import_dataset
from ctkg.importers.epoch_models import IMPORTER
from ctkg.namespaces import curie
from ctkg.settings import settings
from ctkg.turtle import parse, value
from ctkg.validate import validate
from tests.conftest import write

TABLE = (
    "subject_id|subject_label|predicate_modifier|predicate_id|object_id|mapping_justification|confidence|mapping_date|comment\n"
    "epoch-models:model/Turing|Turing|Not|skos:exactMatch|model:turing|semapv:ManualMappingCuration|0.9|2026-11-26|two\n"
    "epoch-models:model/Turing|Turing||skos:exactMatch|model:turing-2024|semapv:ManualMappingCuration|0.9|2026-11-26|new\n"
)
OURS = """
@prefix ctkg: <https://w3id.org/ctkg/ontology#> .
@prefix model: <https://w3id.org/ctkg/id/model/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
model:turing a ctkg:Model ; rdfs:label "Turing"@en , "图灵"@zh .
"""


def test_a_not_line_becomes_kept_apart_from_and_ends_the_warning(data: Path) -> None:
    write(data / "curated" / "models" / "turing.ttl", OURS)
    write(data / "epoch-models" / "matches.sssom.tsv", TABLE.replace("|", "\t"))
    path = data.parent / "models.csv"
    cells = {"Model": "Turing", "Organization": "Acme", "Country (of organization)": "China"}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*IMPORTER.columns, "Country (of organization)"])
        writer.writeheader()
        writer.writerow(cells)
    import_dataset(settings(data), "epoch-models", [f"{path}@2026-07-23"])
    said = {
        (curie(value(t.subject)), curie(value(t.object)))
        for t in parse(data / "epoch-models" / "statements.ttl")
        if curie(t.predicate.value) == "ctkg:keptApartFrom"
    }
    assert said == {("model:turing-2024", "model:turing")}
    assert [f for f in validate(settings(data)).findings if f.rule == "twins"] == []
    statements = data / "epoch-models" / "statements.ttl"
    lines = statements.read_text(encoding="utf-8").replace(" ;\n    ctkg:keptApartFrom model:turing .", " .")
    write(statements, lines)
    assert [f.subject for f in validate(settings(data)).findings if f.rule == "twins"] == ["model:turing-2024"]
