"""The checks: SELECT queries of ``queries/checks/`` over the built graph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode, Store

from ctkg.errors import QueryError, display_path
from ctkg.messages import language, tr
from ctkg.namespaces import curie

__all__ = ["Check", "read_check"]

_FIELD = re.compile(r"\{\?(\w+)\}")


class Check(NamedTuple):
    """One check, in the user's language; the query's column ``subject`` is what is at fault."""

    name: str
    severity: str
    problem: str
    solution: str
    query: str

    def run(self, store: Store) -> Iterator[tuple[str, str]]:
        """Each subject at fault, and what is wrong with it."""
        answer: Any = store.query(self.query, use_default_graph_as_union=True)
        names = [variable.value for variable in answer.variables]
        for row in answer:
            values = dict(zip(names, row, strict=True))
            subject = values.get("subject")
            if isinstance(subject, NamedNode):
                yield subject.value, _FIELD.sub(lambda match: _shown(values.get(match[1])), self.problem)  # noqa: B023

    @property
    def asks(self) -> str:
        """The problem in general: without what one finding puts into it."""
        return _FIELD.sub("…", self.problem)


def read_check(path: Path) -> Check:
    """Read a check; raises `QueryError` where its header lacks something."""
    text = path.read_text(encoding="utf-8")
    header = dict(
        line[2:].strip().split(": ", 1) for line in text.splitlines() if line.startswith("#+") and ": " in line
    )
    missing = {"severity", "problem", "solution"} - set(header)
    if missing:
        raise QueryError(f"{display_path(path)}:1: {tr('the header lacks {key!r}', key=min(missing))}")
    return Check(path.stem, header["severity"], _spoken(header, "problem"), _spoken(header, "solution"), text)


def _spoken(header: dict[str, str], key: str) -> str:
    return header.get(f"{key}-zh", header[key]) if language() == "zh" else header[key]


def _shown(term: Any) -> str:
    if isinstance(term, NamedNode):
        return curie(term.value)
    return " ".join(curie(word) for word in term.value.split()) if isinstance(term, Literal) else "?"
