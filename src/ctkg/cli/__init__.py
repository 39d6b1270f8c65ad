"""The command line: ``ctkg COMMAND …``; one module per command, imported only when it is called."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType
from typing import NoReturn

from ctkg.cli.complaint import complain
from ctkg.errors import CtkgError, NotFound, nearest
from ctkg.messages import tr, use_language
from ctkg.visible import visible

__all__ = ["COMMANDS", "main", "run"]

COMMANDS = {
    "query": "run a stored query, or list them",
    "search": "find things by name in English, Chinese or pinyin",
    "analyse": "analyse the graph: paths, ownership, exposure to controls and more",
    "sparql": "ask a SPARQL query of your own",
    "view": "write a graph view for network tools and reports, or list the views",
    "show": "the card of an entity, with all its sources",
    "ontology": "explain a term of the ontology",
    "new": "begin a new entity, statement, source or dispute",
    "validate": "check the Turtle files",
    "format": "write the Turtle files in canonical form",
    "import": "bring in an open dataset, or a newer file of it",
    "build": "build the snapshot",
    "info": "what the graph holds, and where the snapshot lies",
    "load": "put the graph into a remote store",
    "serve": "serve the graph on the web: SPARQL, linked data, stored queries",
}

_MODULES = {"import": "importing"}
"""Commands whose name Python keeps for itself."""
_READING = ("query", "search", "analyse", "view", "sparql", "show", "info")

_EXAMPLES = """examples:
  ctkg query                                     list the stored questions
  ctkg query investors-of --investee zhipu-ai    who invested in Zhipu AI?
  ctkg query investors-of --investee 月之暗面     names work in Chinese, too
  ctkg search yuezhianmian                       find things by any of their names
  ctkg view investments -o investments.graphml   the network of investments
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
        complain(error)
        return error.exit_code
    except KeyboardInterrupt:
        print(tr("interrupted"), file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader has seen enough, such as head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if error.filename is not None or error.errno not in _FULL:
            raise
        return _broken_off(error)


_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF)
"""What a file that stdout was sent to may refuse."""


def _broken_off(error: OSError) -> int:
    complain(CtkgError(tr("the answer broke off: {reason}", reason=error.strerror)))
    return CtkgError.exit_code


def run() -> NoReturn:
    """The installed ``ctkg``: `main`, then leave at once.

    Nothing is left to tidy (the store is read-only, files are closed when they
    are written), and taking an interpreter apart costs a tenth of an answer.
    """
    _mend_streams()
    code = main()
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        code = 0
    except OSError as error:
        code = _broken_off(error)
    sys.stderr.flush()
    os._exit(code)


def _mend_streams() -> None:
    """No command breaks off because a stream is closed, or has no letters for Chinese: these are escaped."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - open until the end
        else:
            stream.reconfigure(errors="backslashreplace")


def _run(argv: list[str]) -> int:
    _speak(argv)
    place = _command_at(argv)
    if place is None:
        parser = _overview()
        parser.parse_args(argv)  # may print help or version and leave
        parser.print_help()
        return 2
    module = import_module(f"ctkg.cli.{_MODULES.get(argv[place], argv[place])}")
    parser = _parser(argv[place], module)
    words = argv[:place] + argv[place + 1 :]
    # query parses for itself: its options depend on the question
    arguments = module.parse(parser, words) if hasattr(module, "parse") else parser.parse_args(words)
    return int(module.run(arguments))


def _speak(argv: list[str]) -> None:
    from ctkg.settings import LANGUAGES, locale_language

    for name, value in zip(argv, [*argv[1:], ""], strict=False):
        chosen = value if name == "--lang" else name.removeprefix("--lang=")
        if chosen in LANGUAGES and name.startswith("--lang"):
            use_language(chosen)
            return
    use_language(locale_language())


def _command_at(argv: list[str]) -> int | None:
    """Where the command stands: the first word that is no option and no option's value.

    Raises `NotFound` where that word is no command.
    """
    takes_value = False
    for place, word in enumerate(argv):
        if takes_value:
            takes_value = False
        elif word in ("--data", "--lang", "--engine", "--endpoint"):
            takes_value = True
        elif not word.startswith("-"):
            if word in COMMANDS:
                return place
            near = nearest(word, list(COMMANDS)) or list(COMMANDS)
            raise NotFound(tr("no command is called {name!r}", name=word), tr("known: {names}", names=", ".join(near)))
    return None


def _overview() -> argparse.ArgumentParser:
    """The parser of ``ctkg`` without a command: help and version."""
    width = max(map(len, COMMANDS))
    commands = "\n".join(f"  {name:<{width}}  {tr(summary)}" for name, summary in COMMANDS.items())
    parser = _Parser(
        prog="ctkg",
        usage="ctkg [--data DIR] [--lang {en,zh}] COMMAND …",
        description=tr("The open knowledge graph of China's AI ecosystem: every fact with its source and date."),
        epilog=f"{tr('commands')}:\n{commands}\n\n{_EXAMPLES}",
        formatter_class=_Formatter,
        allow_abbrev=False,
    )
    _common(parser)
    parser.add_argument("--version", action=_Version, nargs=0, help=tr("print the version and exit"))
    return parser


def _parser(command: str, module: ModuleType) -> argparse.ArgumentParser:
    parser = _Parser(
        prog=f"ctkg {command}",
        description=tr(COMMANDS[command]),
        epilog=module.EXAMPLES,
        formatter_class=_Formatter,
        allow_abbrev=False,
    )
    _common(parser)
    if command in _READING:
        _answering(parser)
    module.arguments(parser)
    return parser


def _common(parser: argparse.ArgumentParser) -> None:
    """Options that stand before or after the command alike."""
    parser.add_argument(
        "--data",
        metavar="DIR",
        default=argparse.SUPPRESS,
        help=tr("folder of Turtle files laid out like data/"),
    )
    parser.add_argument(
        "--lang", choices=("en", "zh"), default=argparse.SUPPRESS, help=tr("language of labels and messages")
    )


def _answering(parser: argparse.ArgumentParser) -> None:
    """Which engine answers: one of ours over the files, or a remote store."""
    parser.add_argument(
        "--engine",
        choices=("oxigraph", "rdflib"),
        help=tr("answer from the snapshot (oxigraph), or from an rdflib dataset in memory; default: oxigraph"),
    )
    parser.add_argument(
        "--endpoint",
        metavar="URL",
        help=tr("answer from the remote store with this SPARQL query address; default: CTKG_ENDPOINT, if set"),
    )


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        super().error(visible(message))


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Knows its width itself: argparse would import shutil to ask for it, for every option that is added."""

    def __init__(self, prog: str) -> None:
        try:
            columns = int(os.environ.get("COLUMNS") or os.get_terminal_size().columns)
        except (OSError, ValueError):
            columns = 80
        super().__init__(prog, width=columns - 2)


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from ctkg import __version__

        print(f"ctkg {__version__}")
        parser.exit()
