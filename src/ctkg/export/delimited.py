"""CSV: the edges, and beside them the nodes and the datasets that the edges come from."""

from __future__ import annotations

import csv
import io

from ctkg.export import Options
from ctkg.export.about import licence
from ctkg.results.attributes import Attributes
from ctkg.results.edges import EdgeTable

__all__ = ["render"]


def render(table: EdgeTable, options: Options) -> dict[str, bytes]:
    """Three CSV files in UTF-8; what is not known is empty."""
    names = ("id", "label_en", "label_zh", "publisher", "licence", "licence_address", "citation")
    cells = (
        (d.iri, d.labels.get("en"), d.labels.get("zh"), d.publisher, d.terms, d.licence, d.citation)
        for d in table.datasets
    )
    datasets = [dict(zip(names, row, strict=True)) for row in cells] or [{"licence": licence(table)}]
    return {
        "": _csv(table.edges_flat()),
        "-nodes": _csv(table.nodes_flat()),
        "-datasets": _csv(Attributes(dict.fromkeys(names, "string"), datasets)),
    }


def _csv(flat: Attributes) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(flat.types), lineterminator="\n")
    writer.writeheader()
    for row in flat.rows:
        writer.writerow({name: str(v).lower() if isinstance(v, bool) else v for name, v in row.items()})
    return out.getvalue().encode()
