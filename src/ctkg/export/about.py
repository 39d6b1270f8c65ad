"""What every export says of itself: the view, its days, its counts, its licence."""

from __future__ import annotations

from ctkg.messages import tr
from ctkg.results import Cell, Resource
from ctkg.results.edges import EdgeTable

__all__ = ["about", "attribution", "counts", "licence", "standing", "title"]

_CURATED = "CC BY 4.0"
"""The licence of the curated data: what is said where the store does not tell of which datasets the links are."""


def title(table: EdgeTable, language: str) -> str:
    """The view's question, and the entity in whose surroundings it was asked."""
    centre = table.parameters.get("ego") or table.parameters.get("entity")
    name = centre.label(language) if isinstance(centre, Resource) else ""
    mark = "：" if language == "zh" else ": "
    return f"{name}{mark}{table.summary[language]}" if name else table.summary[language]


def standing(table: EdgeTable) -> str:
    """The days for which the view holds, and what narrowed it."""
    parts = [tr("as of {day}", day=table.as_of)] if table.as_of else []
    if table.known_at and table.known_at != table.as_of:
        parts.append(tr("as known on {day}", day=table.known_at))
    parts += [
        f"{tr(name.replace('_', ' '))}: {_word(cell)}"
        for name, cell in table.parameters.items()
        if cell and name not in ("ego", "entity", "language")
    ]
    return "; ".join(parts)


def counts(table: EdgeTable) -> str:
    """How many nodes, edges, statements and sources there are."""
    statements = {iri for edge in table.edges for iri in edge.evidence.statements}
    return tr(
        "{nodes} nodes, {edges} links, {statements} statements, {sources} sources",
        nodes=len(table.nodes),
        edges=len(table.edges),
        statements=len(statements),
        sources=len(table.citations),
    )


def licence(table: EdgeTable) -> str:
    """The licences of the datasets that the links come from."""
    return "; ".join(dict.fromkeys(dataset.terms for dataset in table.datasets)) or _CURATED


def attribution(table: EdgeTable) -> list[str]:
    """One line a dataset: its name, who published it, its licence, and how it asks to be cited."""
    return [
        ". ".join(part for part in (f"{dataset.line()}, {dataset.licence}", dataset.citation) if part)
        for dataset in table.datasets
    ]


def about(table: EdgeTable) -> dict[str, str]:
    """Name and text of what a file says of itself, in English."""
    told = {
        "view": table.view,
        "title": table.summary["en"],
        "as_of": table.as_of or "",
        "known_at": table.known_at or "",
        "parameters": "; ".join(f"{name}={_word(cell)}" for name, cell in table.parameters.items() if cell),
        "nodes": str(len(table.nodes)),
        "edges": str(len(table.edges)),
        "sources": str(len(table.citations)),
        "creator": "ctkg",
        "licence": licence(table),
        "attribution": "\n".join(attribution(table)),
    }
    return {name: text for name, text in told.items() if text}


def _word(cell: Cell) -> str:
    return cell.slug if isinstance(cell, Resource) else tr("yes") if cell is True else str(cell)
