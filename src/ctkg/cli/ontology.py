"""``ctkg ontology``: explain a term."""

from __future__ import annotations

import argparse
import sys

from ctkg.catalog import open_catalog
from ctkg.cli.opening import ask
from ctkg.graph import KnowledgeGraph
from ctkg.messages import language, tr
from ctkg.namespaces import curie
from ctkg.results import Resource
from ctkg.results.formats import columns_of_text
from ctkg.visible import visible

EXAMPLES = """examples:
  ctkg ontology                    every class, property and scheme
  ctkg ontology Investment         what it means, what it carries, what is asked of it
  ctkg ontology 投资 --lang zh
  ctkg ontology ctkg:amountMin
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("term", nargs="?", metavar="TERM", help=tr("a name, a label in en or zh, a CURIE or an IRI"))


def run(arguments: argparse.Namespace) -> int:
    """Print the explanation, or the list; returns 0."""
    ask(arguments, lambda kg: _list(kg) if arguments.term is None else _explain(kg, arguments.term))
    return 0


def _list(kg: KnowledgeGraph) -> None:
    from ctkg.terms import list_terms

    rows = [[curie(term.iri), kind, term.label(language())] for term, kind in list_terms(kg.backend)]
    print("\n".join(columns_of_text(rows)))


def _explain(kg: KnowledgeGraph, name: str) -> None:
    from ctkg.terms import explain

    spoken = language()
    term = explain(kg.backend, open_catalog(kg.settings), name)
    print(visible(f"{curie(term.term.iri)} · {' · '.join(term.term.labels.values())}  ({', '.join(term.kinds)})"))
    print(visible(term.definition.get(spoken) or next(iter(term.definition.values()), "")))
    for title, resources in (
        (tr("above it"), term.above),
        (tr("below it"), term.below),
        (tr("its statements carry"), term.properties),
        (tr("its concepts"), term.members),
    ):
        if resources:
            print(f"\n{title}\n" + "\n".join(columns_of_text([_row(resource, spoken) for resource in resources])))
    if term.rules:
        print(f"\n{tr('what the shapes ask')}")
        for rule in term.rules:
            message = rule.message.get(spoken) or next(iter(rule.message.values()))
            print(f"  {rule.shape} ({tr(rule.severity)}): {message}")
    print("\n" + tr("used {count} times", count=term.uses))
    sys.stdout.flush()


def _row(resource: Resource, spoken: str) -> list[str]:
    return [f"  {curie(resource.iri)}", resource.label(spoken)]
