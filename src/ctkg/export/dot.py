"""Graphviz DOT; what Graphviz itself does not know stays readable as attributes."""

from __future__ import annotations

from typing import Any

from ctkg.export import Options
from ctkg.export.about import about, counts, standing, title
from ctkg.results.edges import EdgeTable
from ctkg.visible import visible

__all__ = ["render"]


def render(table: EdgeTable, options: Options) -> dict[str, bytes]:
    """One DOT document."""
    spoken = options.language
    caption = f"{title(table, spoken)}\n{standing(table)}\n{counts(table)}"
    lines = [f"{'digraph' if table.directed else 'graph'} {_quoted(table.view)} {{"]
    lines.append(f"  graph [{_attributes({**about(table), 'label': caption, 'charset': 'UTF-8', 'rankdir': 'LR'})}];")
    lines.append('  node [shape=box, style=rounded, fontname="Noto Sans CJK SC, sans-serif"];')
    lines.append('  edge [fontname="Noto Sans CJK SC, sans-serif", fontsize=9];')
    for row in table.nodes_flat().rows:
        both = dict.fromkeys((row["label_en"], row["label_zh"]))
        lines.append(f"  {_quoted(row['id'])} [{_attributes({**row, 'id': None, 'label': chr(10).join(both)})}];")
    arrow = "->" if table.directed else "--"
    for row in table.edges_flat().rows:
        label = row.get("amount") or row.get("stake") or row.get(f"kind_{spoken}") or ""
        style = "dashed" if row.get("certainty") == "Possible" else "solid"
        told = {**row, "source": None, "target": None, "label": label, "style": style}
        lines.append(f"  {_quoted(row['source'])} {arrow} {_quoted(row['target'])} [{_attributes(told)}];")
    return {"": ("\n".join([*lines, "}"]) + "\n").encode()}


def _attributes(values: dict[str, Any]) -> str:
    return ", ".join(f"{name}={_quoted(value)}" for name, value in values.items() if value is not None)


def _quoted(value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    lines = [visible(line).replace("\\", "\\\\").replace('"', '\\"') for line in text.split("\n")]
    return '"' + "\\n".join(lines) + '"'
