"""One edge for each two nodes: what their statements say together."""

from __future__ import annotations

from collections import defaultdict, namedtuple
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from ctkg.amounts import Money
from ctkg.namespaces import CTKG
from ctkg.results import Cell, Column, Evidence, Resource, words
from ctkg.results.edges import EdgeTable
from ctkg.views.narrow import deal_of, pair

__all__ = ["merged"]

_MIXTURE = f"{CTKG}MixedConsideration"


def merged(table: EdgeTable) -> EdgeTable:
    """The edges of one kind between two nodes as one.

    ``weight`` counts their deals (a statement without one counts as one) and
    ``count`` their statements. Bounds of dates span all; each currency has a band
    of its own, ``amount_usd`` and so on; what differs otherwise is listed.
    """
    groups: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for edge in table.edges:
        kind = getattr(edge, "kind", None)
        groups[(*pair(table, edge), kind.iri if isinstance(kind, Resource) else "")].append(edge)
    currencies = sorted({c for edge in table.edges if (c := getattr(getattr(edge, "amount", None), "currency", None))})
    columns = tuple(_columns(table.columns, currencies))
    row_type: Any = namedtuple("Row", [column.name for column in columns])  # type: ignore[misc]
    rows = [row_type(*_cells(table.columns, edges, currencies)) for _, edges in sorted(groups.items())]
    return table.with_edges(tuple(rows), columns)


def _columns(columns: tuple[Column, ...], currencies: list[str]) -> Iterable[Column]:
    yield from columns[:2]
    yield from (Column("weight", "integer"), Column("count", "integer"))
    for column in columns[2:]:
        if column.name == "amount":
            yield from (Column(f"amount_{currency.lower()}", "money") for currency in currencies)
        elif _keeps_its_type(column):
            yield column
        elif column.name != "weight":
            yield Column(column.name, "iris" if column.type == "iri" else "text")


def _keeps_its_type(column: Column) -> bool:
    return column.name in ("kind", "certainty") or _is_bound(column) or column.type in ("boolean", "statement", "iris")


def _is_bound(column: Column) -> bool:
    return column.name.endswith(("_earliest", "_latest"))


def _cells(columns: tuple[Column, ...], edges: list[Any], currencies: list[str]) -> Iterable[Cell]:
    yield from edges[0][:2]
    weights = [edge.weight for edge in edges if hasattr(edge, "weight")]
    yield sum(weights) or len({deal_of(edge) for edge in edges})
    yield len({statement for edge in edges for statement in edge.evidence.statements})
    for n, column in enumerate(columns[2:], 2):
        if column.name == "amount":
            yield from (_band(edges, currency) for currency in currencies)
        elif column.name != "weight":
            yield _together(column, [edge[n] for edge in edges if edge[n] is not None])


def _together(column: Column, cells: list[Any]) -> Cell:
    if column.type == "statement":
        statements = {statement for cell in cells for statement in cell.statements}
        citations = {number for cell in cells for number in cell.citations}
        return Evidence(tuple(sorted(statements)), tuple(sorted(citations)))
    if not cells:
        return None
    if column.name == "certainty":
        return min(cells)  # type: ignore[no-any-return]  # ctkg:Certain comes before ctkg:Possible
    if column.name == "kind":
        return cells[0]  # type: ignore[no-any-return]
    if _is_bound(column):
        return min(cells) if column.name.endswith("_earliest") else max(cells)  # type: ignore[no-any-return]
    if column.type == "boolean":
        return any(cells)
    if column.type in ("iri", "iris"):
        found = [resource for cell in cells for resource in (cell if isinstance(cell, list) else [cell])]
        return [resource for _, resource in sorted({resource.iri: resource for resource in found}.items())]
    return "\n".join(dict.fromkeys(words(cell, "en") for cell in cells))


def _band(edges: list[Any], currency: str) -> Money | None:
    """What all deals come to in a currency: parts are added up where no statement gives the whole, rivals span a band.

    A deal whose sum is not known leaves the band open above.
    """
    deals: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for edge in edges:
        loose = not isinstance(edge.deal, Resource) and edge.disputed  # rival reports of one deal that has no name
        deals[("disputed",) if loose else deal_of(edge)].append(edge)
    sums: list[Money | None] = []
    for reports in deals.values():
        whole = [edge for edge in reports if edge.consideration is None or edge.consideration.iri == _MIXTURE]
        parts: dict[str, list[Any]] = defaultdict(list)
        for edge in whole or reports:
            parts["" if whole else edge.consideration.iri].append(edge.amount)
        sums += [
            _hull([money for money in rivals if money and money.currency == currency]) for rivals in parts.values()
        ]
    least = sum((money.least or Decimal(0) for money in sums if money), Decimal(0))
    bounds = [money.greatest if money else None for money in sums]
    greatest = None if None in bounds else sum((bound for bound in bounds if bound is not None), Decimal(0))
    known = [money for money in sums if money]
    if not known or (not least and greatest is None):
        return None
    exclusive, about = any(money.exclusive for money in known), any(money.approximate for money in known)
    return Money(currency, least or None, greatest, exclusive, about)


def _hull(rivals: list[Money]) -> Money | None:
    """The band that holds the sums of all rivals; ``None`` where there are none."""
    if not rivals:
        return None
    least = [money.least for money in rivals]
    greatest = [money.greatest for money in rivals]
    return Money(
        rivals[0].currency,
        None if None in least else min(bound for bound in least if bound is not None),
        None if None in greatest else max(bound for bound in greatest if bound is not None),
        any(money.exclusive for money in rivals),
        any(money.approximate for money in rivals),
    )
