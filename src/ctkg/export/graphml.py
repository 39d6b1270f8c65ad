"""GraphML: nodes, edges and typed keys; what is said of the whole is data of the graph.

An id is an NMTOKEN, which an IRI is not: nodes go by their CURIE, and ``iri`` holds the IRI.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

from ctkg.export import Options
from ctkg.export.about import about
from ctkg.export.xml import plain, written
from ctkg.namespaces import curie
from ctkg.results.edges import EdgeTable

__all__ = ["render"]

_TYPES = {"string": "string", "integer": "long", "double": "double", "boolean": "boolean"}


def render(table: EdgeTable, options: Options) -> dict[str, bytes]:
    """One GraphML document."""
    nodes, edges = table.nodes_flat(), table.edges_flat()
    root = Element(
        "graphml",
        {
            "xmlns": "http://graphml.graphdrawing.org/xmlns",
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": "http://graphml.graphdrawing.org/xmlns "
            "http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd",
        },
    )
    ids = {iri: _token(iri, n) for n, iri in enumerate(table.nodes)}
    keys: dict[tuple[str, str], str] = {}
    groups = {
        "graph": dict.fromkeys(about(table), "string"),
        "node": {"iri": "string", **nodes.types},
        "edge": edges.types,
    }
    for group, types in groups.items():
        for name, type_ in types.items():
            if name not in ("id", "source", "target"):
                keys[group, name] = f"{group}_{name}"
                named = {"attr.name": name, "attr.type": _TYPES[type_]}
                SubElement(root, "key", {"id": keys[group, name], "for": group, **named})
    graph = SubElement(root, "graph", {"id": table.view, "edgedefault": "directed" if table.directed else "undirected"})
    _data(graph, "graph", about(table), keys)
    for row in nodes.rows:
        _data(SubElement(graph, "node", {"id": ids[row["id"]]}), "node", {"iri": row["id"], **row}, keys)
    for n, row in enumerate(edges.rows):
        ends = {"id": f"e{n}", "source": ids[row["source"]], "target": ids[row["target"]]}
        _data(SubElement(graph, "edge", ends), "edge", row, keys)
    return written(root)


def _token(iri: str, place: int) -> str:
    """The CURIE, where it is an NMTOKEN."""
    return name if re.fullmatch(r"[\w.:-]+", name := curie(iri)) else f"n{place}"


def _data(parent: Element, group: str, values: dict[str, str], keys: dict[tuple[str, str], str]) -> None:
    for name, value in values.items():
        if value is not None and (group, name) in keys:
            SubElement(parent, "data", {"key": keys[group, name]}).text = plain(value)
