"""``ctkg search``: find things by name."""

from __future__ import annotations

import argparse

from ctkg.cli.opening import ask
from ctkg.cli.query import print_answer
from ctkg.messages import tr
from ctkg.namespaces import curie
from ctkg.results import Cell, Column, Resource, ResultTable
from ctkg.search import SEARCHED_KINDS, Hit

EXAMPLES = """examples:
  ctkg search moonshot                                what is called so, or begins so
  ctkg search 暗面                                    a part of a Chinese name
  ctkg search yzam                                    pinyin, or its initials
  ctkg search zhipuu                                  typing errors are seen through
  ctkg search shanghai laboratory --class ctkg:ResearchLab
  ctkg search "entity list" --kind source --format json
"""

FORMATS = ("table", "json", "csv", "tsv")

_COLUMNS = (
    Column("thing", "iri"), Column("class", "iri"), Column("id", "text"), Column("name", "text"),
    Column("matched", "text"), Column("score", "integer"), Column("statements", "integer"),
)  # fmt: skip


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs="+", metavar="WORDS", help=tr("a name, a part of it, pinyin or its initials"))
    parser.add_argument("--kind", help=tr("only this kind: {names}", names=", ".join(SEARCHED_KINDS)))
    parser.add_argument("--class", dest="class_", metavar="CLASS", help=tr("only this class of the ontology"))
    parser.add_argument("--limit", type=int, default=20, metavar="N", help=tr("at most so many; default: 20"))
    parser.add_argument("--format", choices=FORMATS, default="table", help=tr("default: table"))


def run(arguments: argparse.Namespace) -> int:
    """Print what was found; returns 0, also where that is nothing."""
    text = " ".join(arguments.words)
    asked = {"kind": arguments.kind, "class_": arguments.class_, "limit": arguments.limit}
    hits = ask(arguments, lambda kg: kg.search(text, **asked))
    print_answer(_table(text, arguments, hits), arguments.format)
    return 0


def _table(text: str, arguments: argparse.Namespace, hits: list[Hit]) -> ResultTable:
    told = tr if arguments.format == "table" else str  # a program reads one word in every language
    rows: list[tuple[Cell, ...]] = [
        (Resource(hit.iri, hit.labels), hit.class_, curie(hit.iri), hit.name, told(hit.how), hit.score, hit.statements)
        for hit in hits
    ]
    summary = {"en": "Things by name", "zh": "按名称查找"}
    parameters = {"text": text, "kind": arguments.kind, "class": arguments.class_}
    return ResultTable("search", summary, parameters, None, None, _COLUMNS, rows, ())
