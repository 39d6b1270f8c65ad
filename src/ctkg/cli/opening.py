"""Open the graph for a command: with progress on a terminal, silent in a pipe, mended where damaged."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, TypeVar

from ctkg.backend import DamagedStoreError
from ctkg.graph import KnowledgeGraph
from ctkg.messages import tr
from ctkg.snapshot_folder import discard

if TYPE_CHECKING:
    from ctkg.build import Progress

__all__ = ["ask", "progress", "quiet_rdflib"]

_T = TypeVar("_T")


def ask(arguments: argparse.Namespace, question: Callable[[KnowledgeGraph], _T]) -> _T:
    """What ``question`` makes of the open graph; a damaged snapshot is built anew and asked again."""
    kg = _open(arguments)
    try:
        return _interruptible(lambda: question(kg))
    except DamagedStoreError:
        if kg.snapshot is None:
            raise
        print(tr("the snapshot is damaged; building it anew"), file=sys.stderr)
        path = kg.snapshot.path
        del kg
        discard(path)
    again = _open(arguments)
    return _interruptible(lambda: question(again))


def _open(arguments: argparse.Namespace) -> KnowledgeGraph:
    data, engine, endpoint = (getattr(arguments, name, None) for name in ("data", "engine", "endpoint"))
    if engine == "rdflib":
        quiet_rdflib()
    with progress() as report:
        return KnowledgeGraph.open(data, engine=engine, endpoint=endpoint, progress=report)


def quiet_rdflib() -> None:
    """Let rdflib not log, with a traceback, each literal that it cannot turn into a Python value."""
    import logging

    logging.getLogger("rdflib.term").setLevel(logging.ERROR)


def progress() -> AbstractContextManager[Progress | None]:
    """A progress bar on stderr where that is a terminal, else nothing."""
    if not sys.stderr.isatty():
        return nullcontext(None)
    from ctkg.cli.terminal import Bar

    return Bar()


def _interruptible(work: Callable[[], _T]) -> _T:
    """Run ``work`` so that Ctrl-C ends it at once: the store itself does not listen while it answers.

    The work only reads, so the process may end in the middle of it.
    """
    from contextvars import copy_context
    from threading import Thread

    result: list[_T] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            result.append(work())
        except BaseException as error:  # handed to the caller's thread
            _forget_frames(error)
            failure.append(error)

    thread = Thread(target=copy_context().run, args=(run,), daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(3600)
    except KeyboardInterrupt:
        print(tr("interrupted"), file=sys.stderr, flush=True)
        os._exit(130)
    if failure:
        raise failure[0]
    return result[0]


def _forget_frames(error: BaseException | None) -> None:
    """Let go of what the frames of an error hold, and of those it came from.

    The store's answers may not leave the thread they were made in, and would
    with the traceback.
    """
    from traceback import clear_frames

    done: set[int] = set()
    waiting = [error]
    while waiting:
        error = waiting.pop()
        if error is not None and id(error) not in done:
            done.add(id(error))
            clear_frames(error.__traceback__)
            waiting += [error.__cause__, error.__context__]
