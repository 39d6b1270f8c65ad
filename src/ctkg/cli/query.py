"""``ctkg query``: run a stored query, or list them."""

from __future__ import annotations

import argparse
import sys

from ctkg.answers import taken_for
from ctkg.cli.opening import ask
from ctkg.errors import QueryError
from ctkg.graph import KnowledgeGraph
from ctkg.messages import language, tr
from ctkg.queries import StoredQuery, find_query
from ctkg.results import FORMATS, Resource, ResultTable, render
from ctkg.results.formats import standing

EXAMPLES = """examples:
  ctkg query                                                list the questions by theme
  ctkg query investors-of --help                            what a question takes and answers
  ctkg query investors-of --investee moonshot-ai
  ctkg query investors-of --investee 智谱 --as-of 2024-06-30  as things stood on a day
  ctkg query timeline --known-at 2023-12-31                 as it was publicly known on a day
  ctkg query shared-backers --minimum 3 --format csv > backers.csv
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options that every question has; its own parameters are read from its header."""
    parser.add_argument("name", nargs="?", metavar="NAME", help=tr("the question; without it they are listed"))
    parser.add_argument("--format", choices=FORMATS, default="table", help=tr("default: table"))
    parser.add_argument("--as-of", metavar="DATE", help=tr("the day asked about; default: the data's own date"))
    parser.add_argument("--known-at", metavar="DATE", help=tr("use only what was public by this day"))
    parser.usage = "ctkg query [NAME] [--PARAM VALUE …] [--as-of DATE] [--known-at DATE] [--format FORMAT]"


def parse(parser: argparse.ArgumentParser, argv: list[str]) -> argparse.Namespace:
    """Read the known options; what is left are the question's own parameters."""
    known, rest = known_options(parser, argv)
    known.parameters = own_parameters(rest)
    return known


def run(arguments: argparse.Namespace) -> int:
    """Print the answer; returns 0."""
    if arguments.name is None:
        if arguments.parameters:
            raise QueryError(tr("which question?"), tr("list them: ctkg query"))
        ask(arguments, lambda kg: _list(kg, arguments.format))
        return 0
    if arguments.help:
        ask(arguments, lambda kg: _help(find_query(kg.queries, arguments.name)))
        return 0
    given = dict(arguments.parameters)
    for name in ("as_of", "known_at"):
        if getattr(arguments, name) is not None:
            given[name] = getattr(arguments, name)
    print_answer(ask(arguments, lambda kg: kg.query(arguments.name, matched, **given)), arguments.format)
    return 0


def known_options(parser: argparse.ArgumentParser, argv: list[str]) -> tuple[argparse.Namespace, list[str]]:
    """The options that the parser knows, and the other words; ``help`` is whether help on the named thing is wanted."""
    wants_help = any(word in ("-h", "--help") for word in argv)
    named = wants_help and any(not word.startswith("-") for word in argv)
    if named:
        argv = [word for word in argv if word not in ("-h", "--help")]
    known, rest = parser.parse_known_args(argv)
    known.help = named
    return known, rest


def own_parameters(words: list[str]) -> dict[str, str]:
    """``--name VALUE`` pairs of a question or analysis; raises `QueryError` for what is no such pair."""
    parameters: dict[str, str] = {}
    queue = list(words)
    while queue:
        word = queue.pop(0)
        if not word.startswith("--") or word == "--":
            raise QueryError(tr("unexpected argument {word!r}", word=word), tr("parameters are written --name VALUE"))
        name, equals, value = word[2:].partition("=")
        if not equals:
            if not queue:
                raise QueryError(tr("--{name} needs a value", name=name))
            value = queue.pop(0)
        name = name.replace("-", "_")
        if name in parameters:
            raise QueryError(tr("--{name} is given twice", name=name))
        parameters[name] = value
    return parameters


def matched(parameter: str, given: str, entity: Resource) -> None:
    """Say what a name was taken for."""
    print(taken_for(parameter, given, entity), file=sys.stderr)


def print_answer(table: ResultTable, format_: str) -> None:
    """The answer on stdout; what is said beside it goes to stderr where the format has no place for it."""
    if format_ == "table" and sys.stdout.isatty():
        from ctkg.cli.terminal import print_table

        print_table(table)
        return
    if format_ in ("csv", "tsv"):
        for line in filter(None, (standing(table), *(note.line() for note in table.notes))):
            print(line, file=sys.stderr)
    sys.stdout.write(render(table, format_))


def _list(kg: KnowledgeGraph, format_: str) -> None:
    queries = list(kg.queries.values())
    if format_ == "json":
        import json

        entries = [
            {
                "name": query.name,
                "theme": query.theme,
                "question": query.summary[language()],
                "params": [parameter._asdict() for parameter in query.params],
            }
            for query in queries
        ]
        print(json.dumps(entries, ensure_ascii=False, indent=2))
    elif sys.stdout.isatty() and format_ == "table":
        from ctkg.cli.terminal import print_rows

        rows = [[query.theme, query.name, query.summary[language()]] for query in queries]
        print_rows([tr("theme"), tr("name"), tr("question")], rows)
        print(tr("run one: ctkg query NAME; what it takes: ctkg query NAME --help"))
    else:
        separator = "," if format_ == "csv" else "\t"
        for query in queries:
            question = query.summary[language()]
            print(f"{query.name}{separator}" + (f'"{question}"' if separator == "," else question))


def _help(query: StoredQuery) -> None:
    spoken = language()
    print(f"ctkg query {query.name} — {query.summary[spoken]}\n")
    if query.description[spoken]:
        print(query.description[spoken] + "\n")
    print(tr("parameters") + ":")
    for parameter in query.params:
        kind = (parameter.class_ or parameter.type).removeprefix("ctkg:")
        default = parameter.default if parameter.default != "UNDEF" else tr("not set")
        if parameter.name in ("as_of", "known_at"):
            default = tr("the data's own date")
        option = f"--{parameter.name.replace('_', '-')} {kind.upper()}"
        print(f"  {option:<28} {parameter.description[spoken]} ({tr('default')}: {default})")
    print("\n" + tr("columns") + ": " + ", ".join(column.name for column in query.columns))
