"""``ctkg new``: begin a new entity, statement, source or dispute."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from ctkg.cli.query import known_options
from ctkg.errors import QueryError, display_path
from ctkg.messages import language, tr
from ctkg.namespaces import curie, slug
from ctkg.settings import settings

if TYPE_CHECKING:
    from ctkg.fields import Field
    from ctkg.skeleton import Kind, Skeletons

EXAMPLES = """examples:
  ctkg new                                                     list the kinds
  ctkg new investment --help                                   what one kind takes
  ctkg new company --label "Zeta Capital" --label-zh 泽塔资本   data/curated/actors/zeta-capital.ttl
  ctkg new source --publisher Caixin --issued 2026-10-12 --url https://example.org/a
  ctkg new funding-round --slug moonshot-ai-2026-10 --label "Moonshot AI round of October 2026"
  ctkg new investment --investee moonshot-ai --investor alibaba --stage completed
  $EDITOR "$(ctkg new investment --investee 月之暗面)"          fill in the rest

What you do not give stands in the file as comments. The path goes to stdout,
what is left to fill in to stderr. Nothing is overwritten.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options that every kind has; its own are read from the shapes."""
    parser.add_argument("kind", nargs="?", metavar="KIND", help=tr("what to begin; without it the kinds are listed"))
    parser.add_argument("--slug", help=tr("the name in its IRI; default: made from its label, publisher and date"))
    parser.add_argument("--theme", help=tr("the folder, where a kind has several"))
    parser.usage = "ctkg new [KIND] [--PROPERTY VALUE …] [--slug SLUG] [--theme THEME]"


def parse(parser: argparse.ArgumentParser, argv: list[str]) -> argparse.Namespace:
    """Read the known options; what is left are the kind's own properties."""
    known, rest = known_options(parser, argv)
    known.given = _given(rest)
    return known


def run(arguments: argparse.Namespace) -> int:
    """Write the skeleton and print its path; returns 0."""
    from ctkg.skeleton import Skeletons

    skeletons = Skeletons(settings(getattr(arguments, "data", None)))
    if arguments.kind is None:
        if arguments.given or arguments.slug or arguments.theme:
            raise QueryError(tr("which kind?"), tr("list them: ctkg new"))
        for kind in skeletons.kinds():
            print(f"{kind.name}\t{_spoken(kind.labels)}\t{', '.join(kind.themes)}")
        return 0
    kind = skeletons.kind(arguments.kind)
    if arguments.help:
        _help(skeletons, kind)
        return 0
    begun = skeletons.start(kind, arguments.given, arguments.slug, arguments.theme)
    print(display_path(begun.path), flush=True)
    print(tr("{name} is begun", name=curie(begun.iri)), file=sys.stderr)
    for title, fields in (
        (tr("to fill in"), begun.missing),
        (tr("usual; delete what the source does not say"), begun.usual),
    ):
        if fields:
            print(f"{title}:", file=sys.stderr)
        for field in fields:
            print(f"  {curie(field.property):<24} {_spoken(field.message)}", file=sys.stderr)
    return 0


def _given(words: list[str]) -> list[tuple[str, str]]:
    given: list[tuple[str, str]] = []
    queue = list(words)
    while queue:
        word = queue.pop(0)
        if not word.startswith("--") or word == "--":
            raise QueryError(tr("unexpected argument {word!r}", word=word), tr("properties are written --name VALUE"))
        name, equals, value = word[2:].partition("=")
        if not equals:
            if not queue:
                raise QueryError(tr("--{name} needs a value", name=name))
            value = queue.pop(0)
        given.append((name, value))
    return given


def _help(skeletons: Skeletons, kind: Kind) -> None:
    print(f"ctkg new {kind.name} — {_spoken(kind.labels)}: {_spoken(kind.definition)}\n")
    print(tr("properties") + f" (* {tr('asked for')}):")
    for field in skeletons.fields(kind):
        mark = "*" if field.needed else " "
        print(f" {mark}{_option(field):<34} {_spoken(field.message)}")
        if field.choices:
            print(f"  {'':<34} {' | '.join(slug(choice.value) for choice in field.choices)}")


def _option(field: Field) -> str:
    return f"--{field.name}" + "".join(f"/--{field.name}-{code}" for code in field.languages[1:])


def _spoken(texts: dict[str, str]) -> str:
    return texts.get(language()) or texts.get("en") or next(iter(texts.values()), "")
