"""Validation: ``ctkg validate`` against pyshacl alone, on data with known faults."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyshacl
import rdflib
from rdflib.namespace import RDF, SH

from bench.measure import ratio, take_turns
from bench.section import Bar, Section
from ctkg.catalog import open_catalog
from ctkg.namespaces import curie
from ctkg.settings import settings
from ctkg.validate import validate

__all__ = ["measure_validation"]

_TEXT = """\
Ten files of the generated data are given a fault each. `ctkg validate` checks syntax, layout, shapes and the checks of
`queries/checks/`, and says file, line and remedy; pyshacl alone parses the same Turtle with rdflib and runs the same
shapes, which ctkg first rewrites to a form that pyshacl works through faster. What the shapes find is checked equal.
"""


def measure_validation(data: Path, size: int, folder: Path, rounds: int, limit: float) -> Section:
    """Validate a copy of the data with faults, both ways in turn."""
    shutil.copytree(data, folder)
    for path in sorted((folder / "curated" / "capital").iterdir())[:10]:
        path.write_text(path.read_text(encoding="utf-8").replace("ctkg:locator", "ctkg:position", 1), encoding="utf-8")
    chosen = settings(folder)
    found: dict[str, set[str]] = {}

    def ours() -> None:
        report = validate(chosen)
        found["ctkg"] = {finding.subject for finding in report.findings if finding.rule.startswith("shape:")}

    def alone() -> None:
        catalog = open_catalog(chosen)
        graph, shapes = rdflib.Graph(), rdflib.Graph()
        for path in (*catalog.ontology, *(file.path for file in catalog.data)):
            graph.parse(path)
        for path in catalog.shapes:
            shapes.parse(path)
        _, report, _ = pyshacl.validate(graph, shacl_graph=shapes)
        subjects = {report.value(result, SH.focusNode) for result in report.subjects(RDF.type, SH.ValidationResult)}
        ontology = {str(s) for path in catalog.ontology for s in rdflib.Graph().parse(path).subjects()}
        found["pyshacl"] = {curie(str(subject)) for subject in subjects if str(subject) not in ontology}

    took = take_turns(
        {"ctkg validate": ours, "pyshacl alone": alone}, rounds, limit=limit, patience=limit / 4, warm=False
    )
    assert found["ctkg"]
    assert found.get("pyshacl", found["ctkg"]) == found["ctkg"]
    first = took["ctkg validate"]
    rows = [(name, str(measured), ratio(measured, first)) for name, measured in took.items()]
    peer = took["pyshacl alone"]
    bars = [
        Bar("validation", "pyshacl alone", (peer.median if peer.seconds else limit) / first.median, not peer.seconds)
    ]
    return Section("Validation", size, _TEXT, ("", "time", "× ctkg validate"), rows, bars)
