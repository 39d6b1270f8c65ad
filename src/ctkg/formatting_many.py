"""Format many files on all cores.

Each helper gets its share of the files when it starts and only reports: with no
queue to wait at, none outlives a killed run by more than the files in hand.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from ctkg.errors import DataError
from ctkg.formatting import format_file
from ctkg.messages import language, use_language

__all__ = ["format_files"]

_MANY = 400
"""From so many files on, a second process is worth its start."""
_MOST_PROCESSES = 4

_Refusal = tuple[str, str | None, str, int | None]


def format_files(paths: Sequence[Path], *, write: bool = True) -> Iterator[tuple[Path, bool | DataError]]:
    """`format_file` for each, in their order: whether it was in another form, or why it was left."""
    count = min(os.cpu_count() or 1, _MOST_PROCESSES) if len(paths) >= _MANY else 1
    size = -(-len(paths) // count) if paths else 1
    shares = [paths[start : start + size] for start in range(0, len(paths), size)]
    context = get_context("spawn")
    pipes: list[Connection] = []
    try:
        for share in shares[1:]:
            ours, theirs = context.Pipe(duplex=False)
            helper = context.Process(target=_help, args=(theirs, share, write, language()), daemon=False)
            helper.start()
            theirs.close()
            pipes.append(ours)
        for path in shares[0] if shares else ():
            yield path, _outcome(path, write)
        for share, pipe in zip(shares[1:], pipes, strict=True):
            for path in share:
                yield path, _received(pipe, path, write)
    finally:
        for pipe in pipes:
            pipe.close()


def _outcome(path: Path, write: bool) -> bool | DataError:
    try:
        return format_file(path, write=write)
    except DataError as error:
        return error


def _received(pipe: Connection, path: Path, write: bool) -> bool | DataError:
    try:
        found: bool | _Refusal = pipe.recv()
    except (EOFError, OSError):  # somebody ended the helper: do it here
        return _outcome(path, write)
    if isinstance(found, bool):
        return found
    message, hint, place, line = found
    return DataError(message, hint, path=place, line=line)


def _help(pipe: Connection, paths: Sequence[Path], write: bool, code: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is the first process that says "interrupted"
    use_language(code)
    try:
        for path in paths:
            found = _outcome(path, write)
            pipe.send(found if isinstance(found, bool) else (found.reason, found.hint, found.path, found.line))
    except BrokenPipeError:  # nobody listens any more
        return
