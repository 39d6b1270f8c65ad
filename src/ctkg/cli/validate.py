"""``ctkg validate``: check the Turtle files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ctkg.cli.opening import progress, quiet_rdflib
from ctkg.messages import tr
from ctkg.settings import settings

EXAMPLES = """examples:
  ctkg validate                                        all of data/
  ctkg validate data/curated/capital/moonshot-ai.ttl   only what stands in this file
  ctkg validate --format json | jq '.findings[].message'
  ctkg validate --format sarif > ctkg.sarif            for code hosts: shown on the line of a pull request

exit codes: 0 no violations (there may be warnings), 1 violations, 3 nothing could be checked
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help=tr("files or folders; default: all data"))
    parser.add_argument("--format", choices=("text", "json", "sarif"), default="text", help=tr("default: text"))


def run(arguments: argparse.Namespace) -> int:
    """Print the findings; returns 1 where there are violations."""
    from ctkg.validate import validate

    quiet_rdflib()
    with progress() as report:
        found = validate(settings(getattr(arguments, "data", None)), arguments.paths, report)
    if arguments.format == "json":
        sys.stdout.write(found.to_json())
    elif arguments.format == "sarif":
        sys.stdout.write(found.to_sarif())
    else:
        for finding in found.findings:
            print(finding.text())
        print(
            tr(
                "{files} files, {triples} triples: {violations} violations, {warnings} warnings",
                files=found.files,
                triples=found.triples,
                violations=found.violations,
                warnings=found.warnings,
            ),
            file=sys.stderr,
        )
    return 1 if found.violations else 0
