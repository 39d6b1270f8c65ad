"""``ctkg info``: what the graph holds."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from ctkg import __version__
from ctkg.cli.opening import ask
from ctkg.graph import KnowledgeGraph
from ctkg.messages import language, tr
from ctkg.names import labels_of
from ctkg.namespaces import curie, expand
from ctkg.results import Resource
from ctkg.results.formats import columns_of_text

EXAMPLES = """examples:
  ctkg info
  ctkg info --format json | jq .data_date
"""

_PLACES = {"data folder": "data", "snapshot": "snapshot", "remote store": "endpoint"}
_CLASSES = """SELECT ?class (COUNT(DISTINCT ?thing) AS ?n) {
  GRAPH ?graph { ?thing a ?class } FILTER(?graph != dataset:derived)
  ?class ctkg:homeTheme ?theme } GROUP BY ?class ORDER BY DESC(?n) ?class"""
_GRAPHS = "SELECT ?graph (COUNT(*) AS ?n) { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph ORDER BY ?graph"
_STATEMENTS = """SELECT ?graph (COUNT(DISTINCT ?statement) AS ?n) {
  GRAPH ?graph { ?statement prov:wasDerivedFrom ?source } } GROUP BY ?graph"""
_LICENCES = "SELECT DISTINCT ?graph ?licence { ?graph a dcat:Dataset ; dcterms:license ?licence }"
_VERSION = "SELECT ?version { <https://w3id.org/ctkg/ontology> owl:versionInfo ?version }"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("text", "json"), default="text", help=tr("default: text"))


def run(arguments: argparse.Namespace) -> int:
    """Print the counts; returns 0."""
    document = ask(arguments, _gather)
    if arguments.format == "json":
        print(json.dumps(document, ensure_ascii=False, indent=2))
        return 0
    rows = [
        ["ctkg", document["ctkg"]],
        [tr("ontology"), document["ontology"]],
        [tr("the data's date"), document["data_date"]],
        *([tr(place), document[key]] for place, key in _PLACES.items() if document[key] is not None),
        [tr("stored queries"), str(document["queries"])],
    ]
    print("\n".join(columns_of_text(rows)))
    print(f"\n{tr('triples and statements by graph, and licence')}")
    graphs = [[*_counted(item), str(item["statements"]), item["licence"] or ""] for item in document["graphs"]]
    print("\n".join(line.rstrip() for line in columns_of_text(graphs)))
    print(f"\n{tr('things by class')}")
    print("\n".join(columns_of_text([_counted(item) for item in document["classes"]])))
    sys.stdout.flush()
    return 0


def _counted(item: dict[str, Any]) -> list[str]:
    return ["  " + (item["label"].get(language()) or item["iri"]), str(item["count"])]


def _gather(kg: KnowledgeGraph) -> dict[str, Any]:
    def counts(query: str) -> list[dict[str, Any]]:
        rows = [(row[0].value, int(row[1].value)) for row in kg.backend.select(query)]
        labels = labels_of(kg.backend, {iri for iri, _ in rows})
        return [
            {"iri": curie(iri), "label": Resource(iri, labels.get(iri, {})).labels, "count": count}
            for iri, count in rows
        ]

    statements = {row[0].value: int(row[1].value) for row in kg.backend.select(_STATEMENTS)}
    licences = {row[0].value: row[1].value for row in kg.backend.select(_LICENCES)}
    graphs = [
        {
            **graph,
            "statements": statements.get(expand(graph["iri"]) or "", 0),
            "licence": licences.get(expand(graph["iri"]) or ""),
        }
        for graph in counts(_GRAPHS)
    ]
    versions = [row[0].value for row in kg.backend.select(_VERSION)]
    return {
        "ctkg": __version__,
        "ontology": versions[0] if versions else "?",
        "data_date": kg.data_date,
        "data": str(kg.settings.data) if kg.endpoint is None else None,
        "snapshot": str(kg.snapshot.path) if kg.snapshot is not None else None,
        "endpoint": kg.endpoint,
        "queries": len(kg.queries),
        "graphs": graphs,
        "classes": counts(_CLASSES),
    }
