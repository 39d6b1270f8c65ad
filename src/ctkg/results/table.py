"""The answer to a stored query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ctkg.amounts import Money, Stake
from ctkg.errors import SettingsError
from ctkg.messages import tr
from ctkg.results.cells import Cell, Column, Evidence, Resource
from ctkg.visible import visible

if TYPE_CHECKING:
    import pandas

__all__ = ["Citation", "Note", "ResultTable"]


class Citation(NamedTuple):
    """A source as it is cited: ``number`` counts from 1 within one answer."""

    number: int
    source: str
    title: str
    publisher: str
    url: str
    issued: str | None

    def line(self) -> str:
        """``[1] Title. Publisher, 2024-03-05. https://…``"""
        date = f", {self.issued}" if self.issued else ""
        return visible(f"[{self.number}] {self.title}. {self.publisher}{date}. {self.url}")


class Note(NamedTuple):
    """What has to be said of an answer beside its rows: ``about`` is a word such as ``graph`` or ``limits``."""

    about: str
    text: str

    def line(self) -> str:
        """``Graph: …`` in the language spoken now."""
        return visible(f"{tr(self.about)}: {self.text}")


class ResultTable(NamedTuple):
    """Rows of typed cells, with the parameters they answer and the sources they rest on.

    ``rows`` are named tuples, one field a column. ``as_of`` and ``known_at`` are
    days, ``None`` where the query is not dated. ``total`` is the number of rows of
    the whole answer where these are a part of it.
    """

    query: str
    summary: dict[str, str]
    parameters: dict[str, Cell]
    as_of: str | None
    known_at: str | None
    columns: tuple[Column, ...]
    rows: list[tuple[Cell, ...]]
    citations: tuple[Citation, ...]
    notes: tuple[Note, ...] = ()
    total: int | None = None

    def part(self, offset: int, limit: int | None) -> ResultTable:
        """At most ``limit`` rows after ``offset``, with the sources of these rows, numbered anew."""
        rows: list[Any] = self.rows[offset:] if limit is None else self.rows[offset : offset + limit]
        used = sorted({n for row in rows for cell in row if isinstance(cell, Evidence) for n in cell.citations})
        anew = {number: place for place, number in enumerate(used, 1)}

        def numbered(cell: Cell) -> Cell:
            if isinstance(cell, Evidence):
                return cell._replace(citations=tuple(anew[number] for number in cell.citations))
            return cell

        return self._replace(
            rows=[type(row)(*(numbered(cell) for cell in row)) for row in rows],
            citations=tuple(self.citations[number - 1]._replace(number=anew[number]) for number in used),
            total=len(self.rows),
        )

    def urls(self, evidence: Evidence) -> list[str]:
        """Addresses of the sources behind a cell of evidence."""
        return [self.citations[number - 1].url for number in evidence.citations]

    def to_dataframe(self, language: str = "en") -> pandas.DataFrame:
        """A pandas DataFrame: entities as labels, money as text, evidence as source URLs.

        Raises `SettingsError` where pandas is not installed (``pip install ctkg[pandas]``).
        """
        try:
            import pandas
        except ImportError as error:
            raise SettingsError(tr("pandas is not installed"), "pip install 'ctkg[pandas]'") from error

        def plain(cell: Cell) -> Any:
            if isinstance(cell, Resource):
                return cell.label(language)
            if isinstance(cell, Evidence):
                return self.urls(cell)
            if isinstance(cell, list):
                return [resource.label(language) for resource in cell]
            if isinstance(cell, Money | Stake):
                return cell.compact()
            return cell

        names = [column.name for column in self.columns]
        return pandas.DataFrame([[plain(cell) for cell in row] for row in self.rows], columns=names)
