"""CSV: the edges, and the nodes in a second file beside it."""

from __future__ import annotations

import csv
import io

from ctkg.export import Options
from ctkg.results.attributes import Attributes
from ctkg.results.edges import EdgeTable

__all__ = ["render"]


def render(table: EdgeTable, options: Options) -> dict[str, bytes]:
    """Two CSV files in UTF-8; what is not known is empty."""
    return {"": _csv(table.edges_flat()), "-nodes": _csv(table.nodes_flat())}


def _csv(flat: Attributes) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(flat.types), lineterminator="\n")
    writer.writeheader()
    for row in flat.rows:
        writer.writerow({name: str(v).lower() if isinstance(v, bool) else v for name, v in row.items()})
    return out.getvalue().encode()
