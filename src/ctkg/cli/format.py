"""``ctkg format``: canonical Turtle."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ctkg.cli.complaint import complain
from ctkg.cli.opening import progress
from ctkg.messages import tr
from ctkg.settings import settings
from ctkg.visible import visible

EXAMPLES = """examples:
  ctkg format                                        all of data/
  ctkg format data/curated/capital/moonshot-ai.ttl   one file
  ctkg format --check                                change nothing, name what would change

exit codes: 0 fine, 1 files would change (--check), 3 a file cannot be formatted (it is left as it was)
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help=tr("files or folders; default: all data"))
    parser.add_argument("--check", action="store_true", help=tr("write nothing; exit 1 where a file would change"))


def run(arguments: argparse.Namespace) -> int:
    """Print the files that changed, or would; returns 1 where some would, 3 where one was refused."""
    from ctkg.catalog import turtle_files
    from ctkg.errors import DataError, display_path
    from ctkg.formatting_many import format_files

    paths = arguments.paths or [Path(settings(getattr(arguments, "data", None)).data)]
    files = turtle_files(paths)
    changed = 0
    refused: list[DataError] = []
    with progress() as report:
        for done, (path, outcome) in enumerate(format_files(files, write=not arguments.check), 1):
            if isinstance(outcome, DataError):
                refused.append(outcome)
            elif outcome:
                changed += 1
                print(visible(display_path(path)) if sys.stdout.isatty() else display_path(path))
            if report and (done % 100 == 0 or done == len(files)):
                report(tr("formatting"), done, len(files))
    sys.stdout.flush()
    for refusal in refused:
        complain(refusal)
    counts = {"files": len(files), "changed": changed, "refused": len(refused)}
    if arguments.check:
        print(tr("{files} files: {changed} would change, {refused} refused", **counts), file=sys.stderr)
    else:
        print(tr("{files} files: {changed} changed, {refused} refused", **counts), file=sys.stderr)
    if refused:
        return DataError.exit_code
    return 1 if arguments.check and changed else 0
