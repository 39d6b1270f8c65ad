"""Node-link JSON, as networkx and D3 read it; what is not known is left out."""

from __future__ import annotations

import json
from typing import Any

from ctkg.export import Options
from ctkg.export.about import about
from ctkg.results.edges import EdgeTable

__all__ = ["document", "render"]


def render(table: EdgeTable, options: Options) -> dict[str, bytes]:
    """One JSON document."""
    return {"": (json.dumps(document(table), ensure_ascii=False, indent=1) + "\n").encode()}


def document(table: EdgeTable) -> dict[str, Any]:
    """What ``networkx.node_link_graph`` takes; ``key`` tells edges between the same nodes apart."""
    return {
        "directed": table.directed,
        "multigraph": True,
        "graph": about(table),
        "nodes": [_known(row) for row in table.nodes_flat().rows],
        "edges": [{**_known(row), "key": n} for n, row in enumerate(table.edges_flat().rows)],
    }


def _known(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}
