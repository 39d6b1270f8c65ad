"""Cytoscape JSON (``.cyjs``), for Cytoscape, Cytoscape.js and networkx."""

from __future__ import annotations

import json

from ctkg.export import Options
from ctkg.export.node_link import document
from ctkg.results.edges import EdgeTable

__all__ = ["render"]


def render(table: EdgeTable, options: Options) -> dict[str, bytes]:
    """One JSON document; ``value`` repeats the id, which networkx asks for."""
    plain = document(table)
    nodes = [{"data": {**node, "value": node["id"], "name": node["label_en"]}} for node in plain["nodes"]]
    edges = [{"data": {"id": f"e{n}", **edge}} for n, edge in enumerate(plain["edges"])]
    elements = {
        "data": plain["graph"],
        "directed": table.directed,
        "multigraph": True,
        "elements": {"nodes": nodes, "edges": edges},
    }
    return {"": (json.dumps(elements, ensure_ascii=False, indent=1) + "\n").encode()}
