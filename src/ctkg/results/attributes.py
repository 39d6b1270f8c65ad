"""Typed cells as plain attributes, for formats that know text, numbers and truth only.

An ``iri`` column becomes three attributes (the IRI, or the bare name of a term
of the ontology, and its label in en and zh), an amount four, evidence three.
Names avoid all that some format or library keeps for itself, see `RESERVED`.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from ctkg.amounts import Money, Stake
from ctkg.dates import FIRST_DAY, LAST_DAY
from ctkg.namespaces import CTKG
from ctkg.results.cells import Cell, Column, Evidence, Resource

if TYPE_CHECKING:
    from ctkg.results.nodes import Node
    from ctkg.results.table import Citation

__all__ = ["RESERVED", "Attributes", "edge_attributes", "node_attributes"]

RESERVED = frozenset(
    {"id", "key", "name", "label", "type", "parent", "layer", "start", "end", "for", "class", "shape", "color", "style",
     "size", "data", "viz", "pid", "networkx_key", "interaction", "selected", "position", "pos", "width", "height"}
)  # fmt: skip
"""Words that GraphML, GEXF, DOT, Cytoscape, node-link JSON, networkx or igraph read as their own."""


class Attributes(NamedTuple):
    """Attribute name → ``string``, ``integer``, ``double`` or ``boolean``, and rows that have every name."""

    types: dict[str, str]
    rows: list[dict[str, Any]]


def node_attributes(nodes: Iterable[Node]) -> Attributes:
    """Identity, labels, class, types and layers of each node."""
    names = ["id", "label_en", "label_zh"]
    names += [f"{name}{end}" for name in ("entity_type", "actor_type", "stack_layer") for end in ("", "_en", "_zh")]
    rows = []
    for node in nodes:
        class_ = [node.class_] if node.class_ is not None else []
        cells: list[str | None] = [node.iri, node.label("en"), node.label("zh")]
        cells += [*_named(class_), *_named(node.actor_types), *_named(node.layers)]
        rows.append(dict(zip(names, cells, strict=True)))
    return Attributes(dict.fromkeys(names, "string"), rows)


def edge_attributes(
    view: str, columns: tuple[Column, ...], edges: Iterable[tuple[Cell, ...]], citations: tuple[Citation, ...]
) -> Attributes:
    """The cells of each edge; evidence as statement IRIs, source addresses and citations, each parted by a break."""
    types = {name: type_ for column in columns for name, type_ in _types(column).items()}
    kind = {} if any(column.name == "kind" for column in columns) else {"kind": view}
    types |= dict.fromkeys(kind, "string")
    rows = []
    for edge in edges:
        row: dict[str, Any] = {}
        for column, cell in zip(columns, edge, strict=True):
            row |= dict(zip(_types(column), _values(column, cell, citations), strict=True))
        rows.append(row | kind)
    return Attributes(types, rows)


def _types(column: Column) -> dict[str, str]:
    name, type_ = column
    if name in ("source", "target"):
        return {name: "string"}
    if type_ in ("iri", "iris"):
        return dict.fromkeys((name, f"{name}_en", f"{name}_zh"), "string")
    if type_ == "money":
        return {
            name: "string",
            f"{name}_currency": "string",
            f"{name}_least": "double",
            f"{name}_greatest": "double",
        }
    if type_ == "stake":
        return {name: "string", f"{name}_least": "double", f"{name}_greatest": "double"}
    if type_ == "statement":
        return {"statements": "string", "sources": "string", "citations": "string"}
    return {name: {"integer": "integer", "decimal": "double", "boolean": "boolean"}.get(type_, "string")}


def _values(column: Column, cell: Cell, citations: tuple[Citation, ...]) -> list[Any]:
    if column.name in ("source", "target"):
        assert isinstance(cell, Resource)
        return [cell.iri]
    width = len(_types(column))
    if cell is None:
        return [None] * width
    if column.type in ("iri", "iris"):
        found = cell if isinstance(cell, list) else [cell]
        return _named(resource for resource in found if isinstance(resource, Resource))
    if isinstance(cell, Money):
        return [cell.compact(), cell.currency, _double(cell.least), _double(cell.greatest)]
    if isinstance(cell, Stake):
        return [cell.compact(), _double(cell.least), _double(cell.greatest)]
    if isinstance(cell, Evidence):
        cited = [citations[number - 1] for number in cell.citations]
        lines = [f"{c.title}. {c.publisher}{f', {c.issued}' if c.issued else ''}" for c in cited]
        return ["\n".join(cell.statements), "\n".join(c.url for c in cited), "\n".join(lines)]
    if isinstance(cell, Decimal):
        return [float(cell)]
    if cell in (FIRST_DAY, LAST_DAY):  # a bound that nobody knows
        return [None]
    plain = cell if isinstance(cell, bool | int) else str(cell)
    return [plain, *[None] * (width - 1)]  # text where an amount was announced stays text


def _named(resources: Iterable[Resource]) -> list[str | None]:
    found = list(resources)
    if not found:
        return [None, None, None]
    names = [resource.iri.removeprefix(CTKG) for resource in found]
    return ["\n".join(part) for part in (names, *([r.label(code) for r in found] for code in ("en", "zh")))]


def _double(number: Decimal | None) -> float | None:
    return None if number is None else float(number)
