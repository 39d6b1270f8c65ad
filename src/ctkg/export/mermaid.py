"""Mermaid, for Markdown pages; statements and sources stand beside each edge as a comment."""

from __future__ import annotations

from ctkg.export import Options
from ctkg.export.about import attribution, counts, licence, standing, title
from ctkg.results import Evidence, words
from ctkg.results.edges import EdgeTable
from ctkg.visible import visible

__all__ = ["render"]


def render(table: EdgeTable, options: Options) -> dict[str, bytes]:
    """One Mermaid flowchart."""
    spoken = options.language
    told = "; ".join(part for part in (standing(table), counts(table), licence(table)) if part)
    lines = [f"%% {visible(text)}" for text in (title(table, spoken), told, *attribution(table))]
    lines.append("flowchart LR")
    places = {iri: f"n{n}" for n, iri in enumerate(table.nodes)}
    for iri, node in table.nodes.items():
        kind = f", {node.class_.label('en')}" if node.class_ is not None else ""
        layers = ", ".join(layer.label("en") for layer in node.layers)
        lines.append(f"  %% {places[iri]}: {iri}{kind}{f', {layers}' if layers else ''}")
        labels = "<br/>".join(_escaped(label) for label in dict.fromkeys((node.label("en"), node.label("zh"))))
        lines.append(f'  {places[iri]}["{labels}"]')
    for edge, row in zip(table.edges, table.edges_flat().rows, strict=True):
        evidence: Evidence = edge.evidence
        urls = [table.citations[number - 1].url for number in evidence.citations]
        lines.append(f"  %% {visible(' '.join([*evidence.statements, *urls]))}")
        named = row.get(f"kind_{spoken}") or row["kind"]
        amount = words(getattr(edge, "amount", None) or getattr(edge, "stake", None), spoken)
        date = row.get("date") or row.get("start_earliest") or ""
        label = _escaped(" ".join(part for part in (named, amount, date.replace("\n", ", ")) if part))
        possible = row.get("certainty") == "Possible"
        arrow = ("-.->" if possible else "-->") if table.directed else ("-.-" if possible else "---")
        lines.append(f'  {places[row["source"]]} {arrow}|"{label}"| {places[row["target"]]}')
    return {"": ("\n".join(lines) + "\n").encode()}


def _escaped(text: str) -> str:
    """Entities of Mermaid for what would end or open something."""
    signs = {"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "|": "#124;", "`": "#96;"}
    return "".join(signs.get(sign, sign) for sign in visible(text))
