"""``ctkg serve``: the graph on the web."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from ctkg.backend import DamagedStoreError
from ctkg.cli.complaint import complain
from ctkg.errors import CtkgError, SettingsError
from ctkg.messages import tr

if TYPE_CHECKING:
    from ctkg.http.app import Application

EXAMPLES = """examples:
  ctkg serve                                     http://127.0.0.1:8000/
  ctkg serve --port 0                            on any free port
  ctkg serve --data data --host 0.0.0.0          another data folder, for other machines, too
  curl 'http://127.0.0.1:8000/queries/investors-of?investee=moonshot-ai'
  ctkg query investors-of --endpoint http://127.0.0.1:8000/sparql
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    local = tr("address to listen on; default: 127.0.0.1, this machine only")
    free = tr("port to listen on; default: 8000; 0: any that is free")
    longest = tr("the longest that an answer may take; default: 30")
    most = tr("the most memory that an answer may take; default: 1024")
    parser.add_argument("--host", default="127.0.0.1", help=local)
    parser.add_argument("--port", type=int, default=8000, help=free)
    parser.add_argument("--timeout", metavar="SECONDS", type=float, default=30, help=longest)
    parser.add_argument("--memory", metavar="MB", type=int, default=1024, help=most)
    parser.add_argument("--quiet", action="store_true", help=tr("no access log"))


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted; returns 0."""
    try:
        from ctkg.http.pool import Limits
        from ctkg.http.server import serve
    except ImportError as error:
        raise SettingsError(tr("{name} is not installed", name=error.name), "pip install 'ctkg[serve]'") from error
    for name, least, most in (("timeout", 0.1, 3600), ("memory", 64, 1 << 20), ("port", 0, 65535)):
        if not least <= (value := getattr(arguments, name)) <= most:
            raise SettingsError(
                tr("--{name} cannot be {value:g}", name=name, value=value),
                tr("choose a number from {least:g} to {most:g}", least=least, most=most),
            )
    limits = Limits(deadline=arguments.timeout, memory=arguments.memory << 20)
    data = getattr(arguments, "data", None)
    return serve(
        lambda: _load(data),
        arguments.host,
        arguments.port,
        limits,
        log=not arguments.quiet,
        listening=lambda address: print(tr("serving at {address}", address=address), file=sys.stderr, flush=True),
    )


def _load(data: str | None) -> Application:
    """Runs in the nursery: what it cannot read is said there."""
    from ctkg.cli.opening import progress
    from ctkg.graph import KnowledgeGraph
    from ctkg.http.app import Application
    from ctkg.http.site import Site
    from ctkg.settings import settings
    from ctkg.snapshot_folder import discard

    try:
        folder = settings(data).data  # the files are served, even where CTKG_ENDPOINT lets others ask elsewhere
        for last in (False, True):
            with progress() as report:
                kg = KnowledgeGraph.open(folder, progress=report)
            try:
                return Application(Site(kg))
            except DamagedStoreError:
                if last or kg.snapshot is None:
                    raise
                print(tr("the snapshot is damaged; building it anew"), file=sys.stderr)
                discard(kg.snapshot.path)
    except CtkgError as error:
        complain(error)
        raise SystemExit(error.exit_code) from error
    raise AssertionError
