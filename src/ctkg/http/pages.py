"""Pages for people: plain HTML in English and Chinese that works without scripts.

Templates escape whatever they are given. An address of the data becomes a link
only where it is one of the web: ``javascript:`` and its like stay text.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

import jinja2

from ctkg.describe import Card
from ctkg.http.exchange import Request
from ctkg.http.links import address_of, web_address
from ctkg.http.schema_org import schema_of_card
from ctkg.messages import tr
from ctkg.namespaces import ID, curie
from ctkg.rdf_forms import MEDIA_TYPES
from ctkg.results import Resource
from ctkg.visible import visible

__all__ = ["entity_page", "problem_page", "render"]

_NAMES = {"ttl": "Turtle", "jsonld": "JSON-LD", "nt": "N-Triples", "rdf": "RDF/XML", "json": "JSON"}
_MOST_NEIGHBOURS = 60


def render(request: Request, template: str, path: str | None = None, **values: Any) -> str:
    """The page that a template makes; ``path`` is the address of its other forms, without an ending."""
    forms = [(_NAMES[ending], kind, f"{quote(path)}.{ending}") for ending, kind in _forms(path).items()] if path else []
    other = "zh" if request.spoken == "en" else "en"
    arguments = [(name, value) for name, value in request.args.items(multi=True) if name not in ("lang", "format")]
    return (
        _environment()
        .get_template(template)
        .render(
            values,
            spoken=request.spoken,
            keep=f"?lang={request.spoken}" if request.args.get("lang") == request.spoken else "",
            other=other,
            other_address="?" + urlencode([*arguments, ("lang", other)]),
            forms=forms,
        )
    )


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
    return render(
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
    return render(request, "problem.html", status=status, title=title, detail=detail, hint=hint)


def _forms(path: str | None) -> dict[str, str]:
    cards = {"json": "application/json"} if path and path.startswith("/entities/") else {}
    return {**MEDIA_TYPES, **cards}


@jinja2.pass_context
def _kept_address(context: jinja2.runtime.Context, iri: str) -> str | None:
    """`address_of`, in the language that the reader has asked for."""
    address = address_of(iri)
    if address is None or not address.startswith("/"):
        return address
    path, hash_, term = address.partition("#")
    return f"{path}{context['keep']}{hash_}{term}"


@cache
def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("ctkg.http"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    made.globals.update(tr=tr)
    made.filters.update(web=web_address, address=_kept_address, curie=curie, visible=visible)
    made.tests["resource"] = lambda value: isinstance(value, Resource)
    return made
