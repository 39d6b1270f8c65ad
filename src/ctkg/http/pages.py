"""Pages for people: plain HTML in English and Chinese that works without scripts.

Templates escape whatever they are given. An address of the data becomes a link
only where it is one of the web: ``javascript:`` and its like stay text.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import jinja2

from ctkg.describe import Card
from ctkg.http.exchange import Request
from ctkg.messages import tr
from ctkg.namespaces import CTKG, ID, KINDS, curie
from ctkg.rdf_forms import MEDIA_TYPES
from ctkg.results import Resource
from ctkg.visible import visible

__all__ = ["entity_page", "problem_page", "render"]

_NAMES = {"ttl": "Turtle", "jsonld": "JSON-LD", "nt": "N-Triples", "rdf": "RDF/XML", "json": "JSON"}
_SCHEMA_TYPES = {
    "actor": "Organization", "person": "Person", "model": "SoftwareApplication", "framework": "SoftwareApplication",
    "chip": "Product", "product": "Product", "centre": "Place", "place": "Place", "policy": "Legislation",
    "source": "CreativeWork", "dataset": "Dataset", "statement": "Claim",
}  # fmt: skip
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
        schema=_schema(card, _SCHEMA_TYPES.get(kind, "Thing")),
    )


def problem_page(request: Request, status: int, title: str, detail: str, hint: str | None) -> str:
    """What is wrong, for a browser."""
    return render(request, "problem.html", status=status, title=title, detail=detail, hint=hint)


def _forms(path: str | None) -> dict[str, str]:
    cards = {"json": "application/json"} if path and path.startswith("/entities/") else {}
    return {**MEDIA_TYPES, **cards}


def _schema(card: Card, type_: str) -> dict[str, Any]:
    """What search engines read, in their own vocabulary: names and addresses."""
    names = [*card.entity.labels.values()]
    others = [text for property_, text in card.facts if property_.slug == "altLabel"]
    pages = [text for property_, text in card.facts if property_.slug == "homepage" and web_address(text)]
    found: dict[str, Any] = {"@context": "https://schema.org", "@type": type_, "@id": card.entity.iri}
    found["name"] = names[0] if names else card.entity.label()
    if names[1:] or others:
        found["alternateName"] = [*names[1:], *others]
    return found | ({"url": pages[0]} if pages else {})


def web_address(text: str) -> str | None:
    """The text, where it is an address that a reader can follow safely."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    sound = parts.scheme in ("http", "https") and parts.netloc and text.isprintable() and " " not in text
    return text if sound else None


def address_of(iri: str) -> str | None:
    """Where an IRI is explained: on this server, for ours; ``None`` where nowhere."""
    if iri.startswith(ID) and iri.removeprefix(ID).partition("/")[0] in KINDS:
        return f"/entities/{quote(iri.removeprefix(ID))}"
    if iri.startswith(CTKG):
        return f"/ontology#{quote(iri.removeprefix(CTKG))}"
    return web_address(iri)


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
    made.filters.update(web=web_address, address=address_of, curie=curie, visible=visible)
    made.tests["resource"] = lambda value: isinstance(value, Resource)
    return made
