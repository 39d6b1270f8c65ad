"""``ctkg view``: write the graph of a view to a file, or list the views."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ctkg.cli.opening import ask
from ctkg.cli.query import matched, own_parameters
from ctkg.errors import QueryError
from ctkg.export import DRAWN, FORMATS, Options, format_of, render, written_to
from ctkg.export.picture import seconds_to_draw
from ctkg.graph import KnowledgeGraph
from ctkg.messages import language, tr
from ctkg.queries import find_view
from ctkg.results.edges import EdgeTable
from ctkg.views.asking import OPTIONS, Asked, emptiness, more_possible

_FILES_ONLY = ("csv", "parquet", "png")
"""Two files, or bytes that are no text."""
_METAVARS = {"type": "TYPE", "layer": "LAYER", "ego": "ENTITY"}
_LONG = 10
"""Seconds of work that are announced."""

EXAMPLES = """examples:
  ctkg view                                                      list the views
  ctkg view investments -o investments.graphml                   for networkx, igraph, yEd
  ctkg view investments --as-of 2024-06-30 -o june.gexf          for Gephi, as things stood on a day
  ctkg view investments --ego 月之暗面 --hops 1 -o moonshot.svg    a picture for a report
  ctkg view co-investment --min-weight 2 --merged -o together.csv
  ctkg view neighbourhood --ego deepseek --possible -o deepseek.html
  ctkg view lineage --format mermaid                             to stdout

formats, by the file's ending or --format: {formats}
""".format(formats=", ".join(FORMATS))


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options that every view has; its own parameters are read from its header."""
    parser.add_argument("name", nargs="?", metavar="NAME", help=tr("the view; without it they are listed"))
    parser.add_argument("-o", "--output", metavar="FILE", help=tr("the file to write; without it, stdout"))
    parser.add_argument("--format", metavar="FORMAT", help=tr("default: by the file's ending"))
    for name, option in OPTIONS.items():
        kind: dict[str, Any] = {"metavar": _METAVARS.get(name, option.type.upper())}
        if option.type == "boolean":
            kind = {"action": "store_true"}
        elif option.type == "integer":
            kind = {"metavar": "N", "type": int, "default": int(option.default)}
        parser.add_argument(_spelled(name), dest=name, help=option.description[language()], **kind)


def parse(parser: argparse.ArgumentParser, argv: list[str]) -> argparse.Namespace:
    """Read the known options; what is left are the view's own parameters."""
    known, rest = parser.parse_known_args(argv)
    known.parameters = own_parameters(rest)
    return known


def run(arguments: argparse.Namespace) -> int:
    """Write the view, or list the views; returns 0."""
    if arguments.name is None:
        if arguments.output is not None or arguments.parameters:
            raise QueryError(tr("which view?"), tr("list them: ctkg view"))
        ask(arguments, _list)
        return 0
    path = Path(arguments.output) if arguments.output is not None else None
    format_ = format_of(path or Path(), arguments.format)
    if arguments.dated and format_ != "gexf":
        raise QueryError(
            tr("{option} is of GEXF only", option="--dated"),
            tr("the other formats hold the days as attributes of each link"),
        )
    if path is None and format_ in _FILES_ONLY:
        raise QueryError(tr("{format} needs a file", format=format_), tr("give it with -o"))
    table = ask(arguments, lambda kg: _ask(kg, arguments))
    options = Options(arguments.dated, language())
    if format_ in DRAWN and (seconds := seconds_to_draw(table)) >= _LONG:
        told = tr("drawing {nodes} nodes takes some {seconds} s", nodes=len(table.nodes), seconds=seconds)
        print(f"{told}; {tr('narrow the view with --ego or --min-weight')}", file=sys.stderr, flush=True)
    if path is not None:
        for file in written_to(path, render(table, format_, options)):
            print(tr("{file}: {count} links", file=file, count=len(table.edges)), file=sys.stderr)
        return 0
    sys.stdout.write(render(table, format_, options)[""].decode())
    return 0


def _ask(kg: KnowledgeGraph, arguments: argparse.Namespace) -> EdgeTable:
    asked = Asked.of(vars(arguments), arguments.parameters, _spelled)
    find_view(kg.views, arguments.name)
    table = kg.view(arguments.name, matched, possible=asked.possible, **asked.part, **asked.arguments)
    possible = more_possible(kg.view, arguments.name, asked, table)
    if not table.edges:
        raise emptiness(kg.view, arguments.name, asked, possible, _spelled)
    if possible > 0:
        told = tr("{count} more are possible, not certain: {option}", count=possible, option=_spelled("possible"))
        print(told, file=sys.stderr)
    return table


def _spelled(option: str) -> str:
    return "--" + option.replace("_", "-")


def _list(kg: KnowledgeGraph) -> None:
    views = list(kg.views.values())
    if sys.stdout.isatty():
        from ctkg.cli.terminal import print_rows

        print_rows([tr("name"), tr("links")], [[view.name, view.summary[language()]] for view in views])
        print(tr("write one: ctkg view NAME -o FILE; what it takes: ctkg view --help"))
        return
    for view in views:
        print(f"{view.name}\t{view.summary[language()]}")
