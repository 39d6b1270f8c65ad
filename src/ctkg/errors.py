"""What can go wrong, as one tree.

::

    CtkgError  (hint, exit_code)
    ├ DataError        Turtle that cannot be read, a layout that is wrong  (path, line)
    ├ QueryError       header, syntax, unknown query, unknown or ill-typed parameter
    │ └ QueryRefused   an update, SERVICE: understood, and not done
    ├ NotFound         an entity or query that is not there, with the nearest names
    ├ EndpointError    a remote store that refuses, times out, or answers nonsense  (status)
    └ SettingsError    a folder that is missing or cannot be written

Findings of ``ctkg validate`` are values, not exceptions: an exception is for
input that cannot be worked with. Exit codes: 0 fine, 1 findings, 2 usage,
3 error, 130 interrupted.
"""

from __future__ import annotations

import os

from ctkg.visible import visible

__all__ = [
    "CtkgError",
    "DataError",
    "EndpointError",
    "NotFound",
    "QueryError",
    "QueryRefused",
    "SettingsError",
    "display_path",
    "nearest",
]


class CtkgError(Exception):
    """Base of all errors that ctkg raises on purpose: ``str()`` is one line, ``hint`` says how to mend it."""

    exit_code = 3

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


class DataError(CtkgError):
    """A file that cannot be worked with; ``str()`` starts with ``path:line:`` as editors expect it."""

    def __init__(self, message: str, hint: str | None = None, *, path: str, line: int | None = None) -> None:
        place = visible(path) if line is None else f"{visible(path)}:{line}"
        super().__init__(f"{place}: {message}", hint)
        self.path = path
        self.line = line
        self.reason = message


class QueryError(CtkgError):
    """A query, its header or a parameter that cannot be used."""

    exit_code = 2


class QueryRefused(QueryError):
    """A query that was understood and is not carried out: the graph is read-only and offline."""


class NotFound(CtkgError):
    """A name that nothing bears."""

    exit_code = 2


class EndpointError(CtkgError):
    """A remote store that cannot be reached, refuses or breaks off; ``status`` is what HTTP says, if anything."""

    def __init__(self, message: str, hint: str | None = None, *, status: int | None = None) -> None:
        super().__init__(message, hint)
        self.status = status


class SettingsError(CtkgError):
    """A setting or folder that cannot be used."""


def nearest(name: str, names: list[str], limit: int = 3) -> list[str]:
    """The names that look most like ``name``, best first; empty where none comes near."""
    from difflib import get_close_matches

    if len(name) > 100:  # comparing takes time that grows with the square of the length
        return []
    lowered = {candidate.lower(): candidate for candidate in names}
    matches = [lowered[match] for match in get_close_matches(name.lower(), list(lowered), limit, 0.6)]
    contained = [n for n in names if len(name) > 2 and name.lower() in n.lower() and n not in matches]
    return (matches + contained)[:limit]


def display_path(path: str | os.PathLike[str]) -> str:
    """The path as a user would type it: relative to the working folder where it lies below it."""
    return os.path.abspath(path).removeprefix(f"{os.getcwd()}{os.sep}")
