"""``ctkg build``: build the snapshot."""

from __future__ import annotations

import argparse
import sys

from ctkg.cli.opening import progress
from ctkg.messages import tr
from ctkg.settings import settings

EXAMPLES = """examples:
  ctkg build                  build the snapshot of the package's data
  ctkg build --data my-data   of a folder of your own

Other commands build the snapshot themselves when the files have changed.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options of its own."""


def run(arguments: argparse.Namespace) -> int:
    """Build, print where the snapshot lies; returns 0."""
    from ctkg.snapshot import build

    with progress() as report:
        snapshot = build(settings(getattr(arguments, "data", None)), report)
    print(snapshot.path)
    print(
        tr("{count} triples, data of {day}", count=len(snapshot.store), day=snapshot.data_date),
        file=sys.stderr,
    )
    return 0
