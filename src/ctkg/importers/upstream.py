"""A dataset's file as its publisher writes it: read whole, or refused with line and remedy."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ctkg.dates import PartialDate
from ctkg.errors import DataError, display_path
from ctkg.messages import tr
from ctkg.turtle import BOM, read_bytes

__all__ = ["Row", "Upstream", "read_upstream"]

COPY_COLUMN = "source_url"
"""Names, in a file that is a copy, where the copy was taken from; upstream files have no such column."""

_DATED = re.compile(r"(?P<path>.+)@(?P<day>\d{4}(?:-\d{2}(?:-\d{2})?)?)")


class Row(NamedTuple):
    """One record: the line it ends on, and its cells by column without those that are empty."""

    line: int
    cells: dict[str, str]

    def get(self, column: str) -> str:
        """The cell, "" where it is empty."""
        return self.cells.get(column, "")


class Upstream(NamedTuple):
    """A file, the day its publisher made it, and its rows."""

    path: Path
    issued: str
    digest: str
    copied_from: str | None
    rows: tuple[Row, ...]


def read_upstream(argument: str, columns: Sequence[str], key: Sequence[str], known_days: Mapping[str, str]) -> Upstream:
    """Read ``FILE`` or ``FILE@DAY``; ``known_days`` gives the day of files imported before, by digest.

    Raises `DataError` where the file is missing, no UTF-8, no CSV, cut short,
    lacks a column, has a row twice, or where its day is not known.
    """
    dated = _DATED.fullmatch(argument)
    path = Path(dated["path"] if dated and not Path(argument).exists() else argument)
    content = read_bytes(path)
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    day = dated["day"] if dated else known_days.get(digest)
    if day is None:
        raise DataError(
            tr("does not say when it was published"),
            tr("write the day behind it: {example}", example=f"{display_path(path)}@2026-07-23"),
            path=display_path(path),
        )
    try:
        _ = PartialDate(day).latest
    except ValueError as error:
        raise DataError(
            tr("{day!r} is no day", day=day), tr("write a day, such as 2026-07-23"), path=display_path(path)
        ) from error
    rows = _rows(path, _decoded(path, content), columns)
    _refuse_twice(path, rows, key)
    copies = {row.get(COPY_COLUMN) for row in rows} - {""}
    return Upstream(path, day, digest, copies.pop() if len(copies) == 1 else None, rows)


def _decoded(path: Path, content: bytes) -> str:
    try:
        return content.removeprefix(BOM).decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DataError(
            tr("is not UTF-8"), tr("download it again, and do not save it from a spreadsheet"),
            path=display_path(path), line=line,
        ) from error  # fmt: skip


def _rows(path: Path, text: str, columns: Sequence[str]) -> tuple[Row, ...]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    header: list[str] | None = None
    try:
        for cells in reader:
            if header is None:
                header = cells
                _refuse_columns(path, header, columns)
            elif len(cells) != len(header):
                raise DataError(
                    tr("has {found} cells where the header has {wanted}", found=len(cells), wanted=len(header)),
                    tr("the file may be cut short: download it again"),
                    path=display_path(path),
                    line=reader.line_num,
                )
            else:
                pairs = zip(header, (cell.strip() for cell in cells), strict=True)
                rows.append(Row(reader.line_num, {column: cell for column, cell in pairs if cell}))
    except csv.Error as error:
        raise DataError(
            tr("is not CSV: {reason}", reason=error),
            tr("the file may be cut short: download it again"),
            path=display_path(path),
            line=reader.line_num,
        ) from error
    if not rows:
        raise DataError(tr("holds no rows"), tr("download it again"), path=display_path(path))
    return tuple(rows)


def _refuse_columns(path: Path, header: Sequence[str], columns: Sequence[str]) -> None:
    missing = [column for column in columns if column not in header]
    if missing:
        raise DataError(
            tr("lacks the column {names}", names=", ".join(repr(name) for name in missing)),
            tr("is it the right file? if its publisher renamed columns, the importer has to learn them"),
            path=display_path(path),
            line=1,
        )


def _refuse_twice(path: Path, rows: Sequence[Row], key: Sequence[str]) -> None:
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        name = tuple(row.get(column) for column in key)
        if name in seen:
            raise DataError(
                tr("has {name!r} twice; first on line {line}", name=" · ".join(name), line=seen[name]),
                tr("remove one of the two rows from the file"),
                path=display_path(path),
                line=row.line,
            )
        seen[name] = row.line
