"""``ctkg import``: bring in an open dataset, or a newer file of it."""

from __future__ import annotations

import argparse
import sys

from ctkg.cli.opening import progress
from ctkg.messages import tr
from ctkg.namespaces import curie
from ctkg.settings import settings

EXAMPLES = """examples:
  ctkg import                                                    the datasets that can be imported
  ctkg import epoch-models notable_ai_models.csv@2026-07-23      a file, and the day it was published
  ctkg import epoch-models notable.csv@2026-07-23 all.csv@2025-04-23 --dry-run

The result stands in data/<dataset>/: statements.ttl is written by the importer
only; matches.sssom.tsv says which name is which of our things and may be edited.
stdout tells what was added, changed and dropped, a line each.

exit codes: 0 done (or nothing to do), 2 no such dataset, 3 a file cannot be used (the data are as they were)
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dataset", nargs="?", metavar="DATASET", help=tr("the dataset; without it they are listed"))
    parser.add_argument("files", nargs="*", metavar="FILE[@DAY]", help=tr("its upstream files, with their day"))
    parser.add_argument("--dry-run", action="store_true", help=tr("write nothing; say what would change"))
    parser.add_argument(
        "--accept-loss", action="store_true", help=tr("go on where more than a tenth of the data would be dropped")
    )


def run(arguments: argparse.Namespace) -> int:
    """Print what changed; returns 0, or 2 where files are missing."""
    from ctkg.importers import IMPORTERS, import_dataset

    if arguments.dataset is None:
        for name, what in IMPORTERS.items():
            print(f"{name}\t{tr(what)}")
        return 0
    if not arguments.files:
        print(f"{tr('error')}: {tr('name the files of {dataset}', dataset=arguments.dataset)}", file=sys.stderr)
        return 2
    with progress() as report:
        summary = import_dataset(
            settings(getattr(arguments, "data", None)),
            arguments.dataset,
            arguments.files,
            dry_run=arguments.dry_run,
            accept_loss=arguments.accept_loss,
            progress=report,
        )
    for change in ("added", "changed", "dropped"):
        for iri in getattr(summary, change):
            print(f"{change}\t{curie(iri)}")
    sys.stdout.flush()
    _tell(summary)
    return 0


def _tell(summary: object) -> None:
    from ctkg.errors import display_path
    from ctkg.importers import Summary

    assert isinstance(summary, Summary)
    lines = [
        tr(
            "{added} added, {changed} changed, {dropped} dropped in {path}",
            added=len(summary.added),
            changed=len(summary.changed),
            dropped=len(summary.dropped),
            path=display_path(summary.path),
        ),
        ", ".join(f"{name} {count}" for name, count in summary.classes.items()),
        tr("matched by name {name}, by hand {hand}, by identifier {identifier}; kept apart {apart}", **summary.matched),
        tr("{count} disputes with other datasets", count=summary.disputes),
    ]
    for row, reason in summary.skipped:
        lines.append(tr("left out line {line}: {reason}", line=row.line, reason=reason))
    for subject, found in summary.undecided:
        names = ", ".join(curie(iri) for iri in found)
        lines.append(tr("undecided: {subject} may be {names}; decide in the table", subject=subject, names=names))
    for subject in summary.unused:
        lines.append(tr("in the table, and no longer in the files: {subject}", subject=subject))
    for line in lines:
        print(line, file=sys.stderr)
