"""GEXF 1.3, for Gephi: static, or with the days from which and up to which each edge holds.

Intervals are closed: the last day belongs to them. An occurrence begins on its
first possible day and has no end; a bound that nobody knows is left open.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from ctkg.dates import FIRST_DAY, LAST_DAY
from ctkg.export import Options
from ctkg.export.about import attribution, counts, licence, standing
from ctkg.export.xml import plain, written
from ctkg.results.attributes import Attributes
from ctkg.results.edges import EdgeTable

__all__ = ["render"]

_TYPES = {"string": "string", "integer": "long", "double": "double", "boolean": "boolean"}
_OWN = ("id", "source", "target", "weight")
_RENAMED = {"kind": "edge_kind"}
"""GEXF gives edges a ``kind`` of its own."""


def render(table: EdgeTable, options: Options) -> dict[str, bytes]:
    """One GEXF document."""
    nodes, edges = table.nodes_flat(), table.edges_flat()
    root = Element(
        "gexf",
        {
            "xmlns": "http://gexf.net/1.3",
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": "http://gexf.net/1.3 http://gexf.net/1.3/gexf.xsd",
            "version": "1.3",
        },
    )
    meta = SubElement(root, "meta")
    SubElement(meta, "creator").text = "ctkg"
    told = [table.summary["en"], standing(table), counts(table), licence(table), *attribution(table)]
    SubElement(meta, "description").text = plain("; ".join(told))
    kind = {"defaultedgetype": "directed" if table.directed else "undirected"}
    time = {"mode": "dynamic", "timeformat": "date", "timerepresentation": "interval"}
    graph = SubElement(root, "graph", {**kind, **(time if options.dated else {"mode": "static"})})
    for group, flat in (("node", nodes), ("edge", edges)):
        attributes = SubElement(graph, "attributes", {"class": group})
        for name, type_ in flat.types.items():
            if name not in _OWN:
                named = {"id": name, "title": _RENAMED.get(name, name), "type": _TYPES[type_]}
                SubElement(attributes, "attribute", named)
    _nodes(SubElement(graph, "nodes"), nodes)
    edges_element = SubElement(graph, "edges")
    for n, (row, edge) in enumerate(zip(edges.rows, table.edges, strict=True)):
        own = {"id": str(n), "source": plain(row["source"]), "target": plain(row["target"])}
        own |= {"label": plain(row.get("kind_en") or row["kind"]), "weight": plain(row.get("weight") or 1)}
        _values(SubElement(edges_element, "edge", own | (_interval(edge) if options.dated else {})), row)
    return written(root)


def _nodes(parent: Element, nodes: Attributes) -> None:
    for row in nodes.rows:
        _values(SubElement(parent, "node", {"id": plain(row["id"]), "label": plain(row["label_en"])}), row)


def _values(parent: Element, row: dict[str, Any]) -> None:
    values = SubElement(parent, "attvalues")
    for name, value in row.items():
        if value is not None and name not in _OWN:
            SubElement(values, "attvalue", {"for": name, "value": plain(value)})


def _interval(edge: Any) -> dict[str, str]:
    interval = {}
    if (start := getattr(edge, "start_earliest", None)) not in (None, FIRST_DAY):
        interval["start"] = str(start)
    if (end := getattr(edge, "end_latest", None)) not in (None, LAST_DAY):
        interval["end"] = str(date.fromisoformat(str(end)) - timedelta(days=1))
    return interval
