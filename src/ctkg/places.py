"""Where in the files a subject and its properties stand."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import NamedNode, Triple

from ctkg.errors import display_path
from ctkg.turtle import lines

__all__ = ["Places"]


class Places:
    """Subject and predicate → file and line; a file's lines are read when first asked for."""

    def __init__(self, files: Iterable[tuple[Path, Iterable[Triple]]]) -> None:
        self._files: dict[str, Path] = {}
        for path, triples in files:
            for triple in triples:
                if isinstance(triple.subject, NamedNode):
                    self._files.setdefault(triple.subject.value, path)
        self._lines: dict[Path, dict[tuple[str, str | None], int]] = {}

    def __contains__(self, subject: str) -> bool:
        return subject in self._files

    def find(self, subject: str, predicate: str | None = None) -> tuple[str, int | None]:
        """The path as shown and the line of the property, else of the subject; "" where it is in no file."""
        path = self._files.get(subject)
        if path is None:
            return "", None
        if path not in self._lines:
            self._lines[path] = lines(path)
        known = self._lines[path]
        return display_path(path), known.get((subject, predicate)) or known.get((subject, None))
