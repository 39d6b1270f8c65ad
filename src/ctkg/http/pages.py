"""The pages of an entity and of a problem."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ctkg.describe import Card
from ctkg.http.exchange import Request
from ctkg.http.rendering import page
from ctkg.http.schema_org import schema_of_card
from ctkg.namespaces import ID
from ctkg.results import Resource

__all__ = ["entity_page", "problem_page"]

_MOST_NEIGHBOURS = 60


def entity_page(request: Request, card: Card) -> str:
    """The card of an entity."""
    kind, _, slug = card.entity.iri.removeprefix(ID).partition("/")
    told = [value for line in card.lines for _, value in line.values if isinstance(value, Resource)]
    known = {resource.iri: resource for resource in told if resource.iri.startswith(ID)}
    met = Counter(resource.iri for resource in told if resource.iri in known)
    facts: dict[str, list[str]] = {}
    for property_, text in card.facts:
        facts.setdefault(property_.label(request.spoken), []).append(text)
    themes: dict[str, list[Any]] = {}
    for line in card.lines:
        themes.setdefault(line.theme, []).append(line)
    return page(
        request,
        "entity.html",
        f"/entities/{kind}/{slug}",
        card=card,
        facts=facts,
        themes=themes,
        neighbours=[known[iri] for iri, _ in met.most_common(_MOST_NEIGHBOURS)],
        schema=schema_of_card(card),
    )


def problem_page(request: Request, status: int, title: str, detail: str, hint: str | None) -> str:
    """What is wrong, for a browser."""
    return page(request, "problem.html", status=status, title=title, detail=detail, hint=hint)
