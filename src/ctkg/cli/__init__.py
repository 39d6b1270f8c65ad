"""The command line: ``ctkg COMMAND …``; one module per command, imported only when it is called."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from ctkg.errors import CtkgError
from ctkg.messages import tr, use_language

__all__ = ["COMMANDS", "main"]

COMMANDS = {
    "query": "run a stored query, or list them",
    "sparql": "ask a SPARQL query of your own",
    "show": "the card of an entity, with all its sources",
    "validate": "check the Turtle files",
    "build": "build the snapshot",
    "info": "what the graph holds, and where the snapshot lies",
}

_EXAMPLES = """examples:
  ctkg query                                     list the stored questions
  ctkg query investors-of --investee zhipu-ai    who invested in Zhipu AI?
  ctkg query investors-of --investee 月之暗面     names work in Chinese, too
  ctkg show moonshot-ai                          all that is stated of Moonshot AI
  ctkg sparql 'SELECT ?c { ?c a ctkg:Company }'  ask a question of your own

exit codes: 0 fine, 1 findings, 2 usage, 3 error, 130 interrupted
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code. Errors go to stderr as ``error:`` and ``hint:``."""
    try:
        return _run(sys.argv[1:] if argv is None else list(argv))
    except CtkgError as error:
        sys.stdout.flush()
        print(f"{tr('error')}: {error}", file=sys.stderr)
        if error.hint:
            print(f"{tr('hint')}: {error.hint}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print(tr("interrupted"), file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader has seen enough, such as head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _run(argv: list[str]) -> int:
    _speak(argv)
    command = _command_in(argv)
    parser = _parser(command)
    if command is None:
        parser.parse_args(argv)
        parser.print_help()
        return 2
    module = import_module(f"ctkg.cli.{command}")
    if hasattr(module, "parse"):  # query: its options depend on the question
        arguments = module.parse(parser, argv)
    else:
        arguments = parser.parse_args(argv)
    return int(module.run(arguments))


def _speak(argv: list[str]) -> None:
    from ctkg.settings import LANGUAGES, locale_language

    for name, value in zip(argv, [*argv[1:], ""], strict=True):
        chosen = value if name == "--lang" else name.removeprefix("--lang=")
        if chosen in LANGUAGES and name.startswith("--lang"):
            use_language(chosen)
            return
    use_language(locale_language())


def _command_in(argv: list[str]) -> str | None:
    """The first word that is no option and no option's value."""
    takes_value = False
    for word in argv:
        if takes_value:
            takes_value = False
        elif word in ("--data", "--lang"):
            takes_value = True
        elif not word.startswith("-"):
            return word if word in COMMANDS else None
    return None


def _parser(command: str | None) -> argparse.ArgumentParser:
    """The parser of all commands, of which only the wanted one knows its own options."""
    parser = argparse.ArgumentParser(
        prog="ctkg",
        description=tr("The open knowledge graph of China's AI ecosystem: every fact with its source and date."),
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    _common(parser)
    parser.add_argument("--version", action=_Version, nargs=0, help=tr("print the version and exit"))
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title=tr("commands"))
    for name, summary in COMMANDS.items():
        if name == command:
            module = import_module(f"ctkg.cli.{name}")
            child = commands.add_parser(
                name,
                help=tr(summary),
                description=tr(summary),
                epilog=module.EXAMPLES,
                formatter_class=argparse.RawDescriptionHelpFormatter,
                allow_abbrev=False,
            )
            _common(child)
            module.arguments(child)
        else:
            commands.add_parser(name, help=tr(summary))
    return parser


def _common(parser: argparse.ArgumentParser) -> None:
    """Options that stand before or after the command alike."""
    parser.add_argument(
        "--data", metavar="DIR", default=argparse.SUPPRESS, help=tr("folder of Turtle files laid out like data/")
    )
    parser.add_argument(
        "--lang", choices=("en", "zh"), default=argparse.SUPPRESS, help=tr("language of labels and messages")
    )


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from ctkg import __version__

        print(f"ctkg {__version__}")
        parser.exit()
