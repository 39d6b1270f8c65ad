"""``ctkg analyse``: run an analysis of the graph, or list them."""

from __future__ import annotations

import argparse
import sys

from ctkg.analyses import ANALYSES, Analysis, find_analysis
from ctkg.cli.opening import ask
from ctkg.cli.query import known_options, matched, own_parameters, print_answer
from ctkg.errors import QueryError
from ctkg.messages import language, tr
from ctkg.results import FORMATS

EXAMPLES = """examples:
  ctkg analyse                                                      list the analyses
  ctkg analyse paths --help                                         what one takes and answers
  ctkg analyse paths --source alibaba --target zhipu-ai
  ctkg analyse control-exposure --list entity-list --as-of 2025-11-09
  ctkg analyse control-exposure --list entity-list --as-of 2025-11-10 --compared-with 2025-11-09
  ctkg analyse ownership-roll-up --owner alibaba --format json
  ctkg analyse state-share --since 2023-01-01 --format csv > state.csv
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options that every analysis has; its own parameters are its module's."""
    parser.add_argument("name", nargs="?", metavar="NAME", help=tr("the analysis; without it they are listed"))
    parser.add_argument("--format", choices=FORMATS, default="table", help=tr("default: table"))
    parser.add_argument("--as-of", metavar="DATE", help=tr("the day asked about; default: the data's own date"))
    parser.add_argument("--known-at", metavar="DATE", help=tr("use only what was public by this day"))
    parser.usage = "ctkg analyse [NAME] [--PARAM VALUE …] [--as-of DATE] [--known-at DATE] [--format FORMAT]"


def parse(parser: argparse.ArgumentParser, argv: list[str]) -> argparse.Namespace:
    """Read the known options; what is left are the analysis' own parameters."""
    known, rest = known_options(parser, argv)
    known.parameters = own_parameters(_spelled_out(known.name, rest))
    return known


def _spelled_out(name: str | None, words: list[str]) -> list[str]:
    """``--possible`` alone means ``--possible true``."""
    analysis = ANALYSES.get(name or "")
    flags = (
        {f"--{parameter.name}" for parameter in analysis.params if parameter.type == "boolean"} if analysis else set()
    )
    full = []
    for word, following in zip(words, [*words[1:], "--"], strict=False):
        full += [word, "true"] if word in flags and following.startswith("--") else [word]
    return full


def run(arguments: argparse.Namespace) -> int:
    """Print the answer; returns 0."""
    if arguments.name is None:
        if arguments.parameters:
            raise QueryError(tr("which analysis?"), tr("list them: ctkg analyse"))
        _list(arguments.format)
        return 0
    analysis = find_analysis(arguments.name)
    if arguments.help:
        _help(analysis)
        return 0
    given = dict(arguments.parameters)
    for name in ("as_of", "known_at"):
        if getattr(arguments, name) is not None:
            given[name] = getattr(arguments, name)
    print_answer(ask(arguments, lambda kg: kg.analyse(analysis.name, matched, _warn, **given)), arguments.format)
    return 0


def _warn(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _list(format_: str) -> None:
    rows = [(analysis.name, analysis.summary[language()]) for analysis in ANALYSES.values()]
    if format_ == "json":
        import json

        print(json.dumps([{"name": name, "summary": summary} for name, summary in rows], ensure_ascii=False, indent=2))
    elif sys.stdout.isatty() and format_ == "table":
        from ctkg.cli.terminal import print_rows

        print_rows([tr("name"), tr("analysis")], [list(row) for row in rows])
        print(tr("run one: ctkg analyse NAME; what it takes: ctkg analyse NAME --help"))
    else:
        separator = "," if format_ == "csv" else "\t"
        for name, summary in rows:
            print(f"{name}{separator}" + (f'"{summary}"' if separator == "," else summary))


def _help(analysis: Analysis) -> None:
    spoken = language()
    print(f"ctkg analyse {analysis.name} — {analysis.summary[spoken]}\n")
    print(f"{analysis.meaning[spoken]}\n{tr('limits')}: {analysis.limits[spoken]}\n")
    print(tr("parameters") + ":")
    for parameter in analysis.every_parameter:
        kind = (parameter.class_ or parameter.type).removeprefix("ctkg:")
        default = parameter.default if parameter.default != "UNDEF" else tr("not set")
        if parameter.name in ("as_of", "known_at"):
            default = tr("the data's own date")
        default = tr("required") if parameter.name in analysis.required else f"{tr('default')}: {default}"
        choice = f"; {tr('choose one of: {names}', names=', '.join(parameter.values))}" if parameter.values else ""
        option = f"--{parameter.name.replace('_', '-')} {kind.upper()}"
        print(f"  {option:<28} {parameter.description[spoken]} ({default}{choice})")
    print("\n" + tr("columns") + ": " + ", ".join(column.name for column in analysis.columns))
