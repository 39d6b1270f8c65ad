"""``ctkg view``: write the graph of a view to a file, or list the views."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ctkg.cli.opening import ask
from ctkg.cli.query import matched, own_parameters
from ctkg.errors import QueryError
from ctkg.export import DRAWN, FORMATS, Options, format_of, render, written_to
from ctkg.export.picture import seconds_to_draw
from ctkg.graph import KnowledgeGraph
from ctkg.messages import language, tr
from ctkg.queries import find_view
from ctkg.results.edges import EdgeTable

_FILES_ONLY = ("csv", "parquet", "png")
"""Two files, or bytes that are no text."""
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
    parser.add_argument("--as-of", metavar="DATE", help=tr("the day asked about; default: the data's own date"))
    parser.add_argument("--known-at", metavar="DATE", help=tr("use only what was public by this day"))
    parser.add_argument("--from", dest="since", metavar="DATE", help=tr("nothing that ended before this day"))
    parser.add_argument("--until", metavar="DATE", help=tr("the last day asked about; the same as --as-of"))
    parser.add_argument("--possible", action="store_true", help=tr("keep what is possible and not certain, too"))
    parser.add_argument("--merged", action="store_true", help=tr("one link for each two nodes, with count and sums"))
    parser.add_argument("--type", metavar="TYPE", help=tr("links that touch an actor of this type, or a class"))
    parser.add_argument("--layer", metavar="LAYER", help=tr("links that touch an actor in this layer of the stack"))
    parser.add_argument(
        "--min-weight", metavar="N", type=int, default=1, help=tr("links between nodes that so many deals join")
    )
    parser.add_argument("--ego", metavar="ENTITY", help=tr("links near this entity"))
    parser.add_argument("--hops", metavar="N", type=int, default=1, help=tr("how near; default: 1"))
    parser.add_argument("--dated", action="store_true", help=tr("GEXF: with the days on which each link holds"))


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
            tr("--dated is of GEXF only"), tr("the other formats hold the days as attributes of each link")
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
    given = dict(arguments.parameters)
    if arguments.until is not None and arguments.as_of is not None:
        raise QueryError(tr("--until and --as-of say the same"), tr("give one of them"))
    days = {"as_of": arguments.as_of or arguments.until, "known_at": arguments.known_at, "since": arguments.since}
    given |= {name: day for name, day in days.items() if day is not None}
    wanted = {
        "merged": arguments.merged,
        "actor_type": arguments.type,
        "layer": arguments.layer,
        "min_weight": arguments.min_weight,
        "ego": arguments.ego,
        "hops": arguments.hops,
    }
    find_view(kg.views, arguments.name)
    table = kg.view(arguments.name, matched, possible=arguments.possible, **wanted, **given)
    possible = 0
    if not arguments.possible:
        possible = len(kg.view(arguments.name, possible=True, **wanted, **given).edges) - len(table.edges)
        if possible > 0 and table.edges:
            print(tr("{count} more are possible, not certain: --possible", count=possible), file=sys.stderr)
    if not table.edges:
        _refuse_empty(kg, arguments, given, possible)
    return table


def _refuse_empty(kg: KnowledgeGraph, arguments: argparse.Namespace, given: dict[str, str], possible: int) -> None:
    """Say why there is nothing to write."""
    message = tr("the view {name} has no links here", name=arguments.name)
    if possible > 0:
        raise QueryError(message, tr("{count} more are possible, not certain: --possible", count=possible))
    if any((arguments.type, arguments.layer, arguments.ego, arguments.min_weight > 1)):
        whole = len(kg.view(arguments.name, possible=True, **given).edges)  # type: ignore[arg-type]
        hint = tr("of its {count} links, none are left by --type, --layer, --min-weight and --ego", count=whole)
        raise QueryError(message, hint)
    raise QueryError(message, tr("no statement falls into these days; ask about others, or about none"))


def _list(kg: KnowledgeGraph) -> None:
    views = list(kg.views.values())
    if sys.stdout.isatty():
        from ctkg.cli.terminal import print_rows

        print_rows([tr("name"), tr("links")], [[view.name, view.summary[language()]] for view in views])
        print(tr("write one: ctkg view NAME -o FILE; what it takes: ctkg view --help"))
        return
    for view in views:
        print(f"{view.name}\t{view.summary[language()]}")
