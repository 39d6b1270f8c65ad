"""``ctkg load``: put the graph into a remote store."""

from __future__ import annotations

import argparse
import sys

from ctkg.cli.opening import progress
from ctkg.messages import tr
from ctkg.namespaces import curie
from ctkg.settings import settings

EXAMPLES = """examples:
  ctkg load --endpoint http://localhost:7878/store             into an Oxigraph server
  ctkg load --endpoint http://localhost:7878/store --dry-run   say what would be replaced
  ctkg query investors-of --endpoint http://localhost:7878/query

Each named graph (every dataset, the ontology, what the build derives) replaces
the one of its name; other graphs of the store are left alone. See docs/scale.md.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--endpoint", metavar="URL", required=True, help=tr("the Graph Store address of the remote store")
    )
    parser.add_argument("--dry-run", action="store_true", help=tr("change nothing; say what would be replaced"))


def run(arguments: argparse.Namespace) -> int:
    """Print each graph when it is there; returns 0."""
    from ctkg.graph_store import load

    chosen = settings(getattr(arguments, "data", None))
    count = 0
    with progress() as report:
        for graph in load(chosen, arguments.endpoint, dry_run=arguments.dry_run, progress=report):
            if arguments.dry_run:
                done = tr("would replace") if graph.replaced else tr("would add")
            else:
                done = tr("replaced") if graph.replaced else tr("added")
            print(f"{done}\t{curie(graph.graph)}\t{graph.triples}", flush=True)
            count += graph.triples
    print(tr("{count} triples", count=count), file=sys.stderr)
    return 0
