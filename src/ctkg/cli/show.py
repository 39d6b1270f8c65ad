"""``ctkg show``: the card of an entity."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from ctkg.cli.opening import ask
from ctkg.messages import language, tr
from ctkg.results import Resource
from ctkg.visible import visible

if TYPE_CHECKING:
    from ctkg.describe import Card, Line

EXAMPLES = """examples:
  ctkg show moonshot-ai
  ctkg show 智谱 --lang zh
  ctkg show deal:moonshot-ai-2024-02
  ctkg show person:yang-zhilin --format json
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("entity", metavar="ENTITY", help=tr("a slug, a label in en or zh, a CURIE or an IRI"))
    parser.add_argument("--format", choices=("text", "json"), default="text", help=tr("default: text"))


def run(arguments: argparse.Namespace) -> int:
    """Print the card; returns 0."""
    card = ask(arguments, lambda kg: kg.describe(arguments.entity))
    if arguments.format == "json":
        print(card.to_json())
    else:
        _print(card)
    return 0


def _print(card: Card) -> None:
    style = _Style(sys.stdout.isatty())
    spoken = language()
    others = [
        label for code, label in card.entity.labels.items() if code != spoken and label != card.entity.label(spoken)
    ]
    title = " · ".join([card.entity.label(spoken), *others])
    print(style("1", visible(title)) + visible(f"  ({card.class_.label(spoken)})"))
    print(style("2", visible(card.entity.iri)))
    for property_, text in card.facts:
        print(visible(f"  {property_.label(spoken)}: {text}"))
    theme = None
    for line in card.lines:
        if line.theme != theme:
            theme = line.theme
            print("\n" + style("1", tr(theme) if theme else tr("other")))
        print(_line(line, spoken, style))
    if card.reasons:
        print("\n" + style("1", tr("Disputes")))
        for dispute, reasons in card.reasons:
            reason = reasons.get(spoken) or next(iter(reasons.values()), tr("no version is preferred"))
            print(visible(f"  {dispute.label(spoken)}: {reason}"))
    if card.citations:
        print("\n" + style("1", tr("Sources")))
        for citation in card.citations:
            print(citation.line())


def _line(line: Line, spoken: str, style: _Style) -> str:
    values = [
        f"{property_.label(spoken)}: {value.label(spoken) if isinstance(value, Resource) else value}"
        for property_, value in line.told(spoken)
    ]
    marks = line.marks()
    evidence = " ".join(f"[{number}]" for number in line.citations)
    mark = style("33", f" ({'; '.join(marks)})") if marks else ""
    said = visible(f"  {line.when or '—':<11} {line.class_.label(spoken)}: {'; '.join(values)}")
    return f"{said}{mark} {style('36', evidence)}".rstrip()


class _Style:
    """Colours on a terminal, plain text in a pipe."""

    def __init__(self, on: bool) -> None:
        self._on = on

    def __call__(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._on and text else text
