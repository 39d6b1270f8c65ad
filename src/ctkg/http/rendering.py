"""Pages from templates: plain HTML in English and Chinese that works without scripts.

Templates escape whatever they are given. An address of the data becomes a link
only where it is one of the web: ``javascript:`` and its like stay text.
"""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

import jinja2

from ctkg.http.exchange import Request
from ctkg.http.links import address_of, web_address
from ctkg.messages import tr
from ctkg.namespaces import curie
from ctkg.rdf_forms import MEDIA_TYPES
from ctkg.results import Resource
from ctkg.visible import visible

__all__ = ["page"]

_NAMES = {"ttl": "Turtle", "jsonld": "JSON-LD", "nt": "N-Triples", "rdf": "RDF/XML", "json": "JSON"}


def page(request: Request, template: str, path: str | None = None, /, **values: Any) -> str:
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
