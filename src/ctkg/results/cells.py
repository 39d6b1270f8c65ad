"""One cell of an answer, by the type that its query announces."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ctkg.amounts import Money, Stake
from ctkg.dates import PartialDate
from ctkg.messages import tr
from ctkg.namespaces import curie, slug

__all__ = ["COLUMN_TYPES", "Cell", "Column", "Evidence", "Resource", "Term", "heading", "read", "words"]

Term = NamedNode | Literal | BlankNode | Triple

COLUMN_TYPES = ("iri", "iris", "date", "text", "integer", "decimal", "boolean", "money", "stake", "statement")


_MANY_DIGITS = 10**16
"""From here on a number is read by its power of ten (3.4e24), not by its digits."""


class Column(NamedTuple):
    """A column's name and type, one of `COLUMN_TYPES`."""

    name: str
    type: str


class Resource(NamedTuple):
    """A thing with its labels by language; ``str()`` is its best label."""

    iri: str
    labels: dict[str, str]

    def label(self, language: str = "en") -> str:
        """The label in ``language``, else in another, else the CURIE."""
        return self.labels.get(language) or next(iter(self.labels.values()), curie(self.iri))

    @property
    def slug(self) -> str:
        return slug(self.iri)

    def __str__(self) -> str:
        return self.label()


class Evidence(NamedTuple):
    """The statements behind a row, and the numbers of the citations that support them."""

    statements: tuple[str, ...]
    citations: tuple[int, ...] = ()


Cell = Resource | list[Resource] | Evidence | Money | Stake | PartialDate | Decimal | int | bool | str | None


def read(term: Term | None, type_: str, labels: dict[str, dict[str, str]]) -> Cell:
    """The cell for a term; a term that is not of the announced type stays text."""
    if term is None:
        return None
    if not isinstance(term, NamedNode | Literal):
        return str(term)
    value = term.value
    if type_ == "statement":
        return Evidence(tuple(sorted(set(value.split()))))
    if type_ == "iris":
        return [Resource(iri, labels.get(iri, {})) for iri in sorted(set(value.split()))]
    if type_ == "iri" and isinstance(term, NamedNode):
        return Resource(value, labels.get(value, {}))
    try:
        if type_ == "date":
            return PartialDate(value)
        if type_ == "integer":
            return int(value)
        if type_ == "decimal":
            return Decimal(value)
        if type_ == "boolean":
            return value in ("true", "1")
        if type_ == "money":
            return Money.parse(value)
        if type_ == "stake":
            return Stake.parse(value)
    except (ValueError, ArithmeticError):
        return value
    return value


def words(cell: Cell, language: str) -> str:
    """The cell as a reader of ``language`` sees it; evidence as ``[1] [2]``."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return tr("yes") if cell else tr("no")
    if isinstance(cell, Resource):
        return cell.label(language)
    if isinstance(cell, Evidence):
        return " ".join(f"[{number}]" for number in cell.citations)
    if isinstance(cell, Money | Stake):
        return cell.words(language)
    if isinstance(cell, list):
        return ", ".join(resource.label(language) for resource in cell)
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}" if cell < _MANY_DIGITS else f"{cell.normalize():e}".replace("+", "")
    return str(cell)


def heading(column: Column) -> str:
    """The column's title in the language spoken now."""
    return tr(column.name.replace("_", " "))
