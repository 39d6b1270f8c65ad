"""What linked data needs of HTTP: a thing leads to its documents, a document has several forms.

A thing (an entity, the ontology, the dataset) is answered 303 with the address
of the document that the client likes best; documents have the address of the
thing's description with the ending of their form, or none to let the client's
``Accept`` decide.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

import werkzeug
from pyoxigraph import Triple

from ctkg.http.exchange import CACHE, Reply, Request, reply
from ctkg.http.site import Site
from ctkg.rdf_forms import MEDIA_TYPES, write_rdf

__all__ = ["DOCUMENT", "located", "moved", "rdf_reply", "see_other", "split_ending"]

DOCUMENT = {**MEDIA_TYPES, "html": "text/html"}
"""File ending → media type, in our order of preference."""


def split_ending(name: str, offers: Mapping[str, str]) -> tuple[str, str | None]:
    """The name, and its ending where that is one of ``offers``: names hold dots of their own."""
    bare, dot, ending = name.rpartition(".")
    return (bare, ending) if dot and bare and ending in offers else (name, None)


def see_other(request: Request, path: str, offers: Mapping[str, str]) -> Reply:
    """303 to the document about a thing."""
    return _redirect(request, 303, f"{quote(path)}.{request.choose(offers)}", [("Vary", "Accept")])


def moved(request: Request, address: str) -> Reply:
    """308: the thing is called otherwise now."""
    return _redirect(request, 308, address)


def located(request: Request, path: str, key: str, ending: str | None) -> list[tuple[str, str]]:
    """Where to find just this form, told where the address leaves it open."""
    return [] if ending else [("Content-Location", f"{quote(path)}.{key}{_language(request)}")]


def rdf_reply(
    site: Site,
    request: Request,
    triples: Sequence[Triple],
    key: str,
    headers: Sequence[tuple[str, str]] = (),
    prefixes: Mapping[str, str] = MappingProxyType({}),
) -> Reply:
    """The triples in the form that was chosen; ``prefixes`` are those that are not ours."""
    content = write_rdf(triples, key, _context(site.kg.settings.ontology), prefixes)
    return reply(request, content, headers=headers)


@lru_cache(1)
def _context(ontology: str) -> dict[str, Any]:
    document = json.loads((Path(ontology) / "context.jsonld").read_text(encoding="utf-8"))
    context: dict[str, Any] = document["@context"]
    return context


def _redirect(request: Request, status: int, address: str, headers: Sequence[tuple[str, str]] = ()) -> Reply:
    told = [("Location", address + _language(request)), ("Cache-Control", CACHE), *headers]
    return werkzeug.Response(b"", status, told)


def _language(request: Request) -> str:
    """A language that the address asks for goes along."""
    return f"?lang={request.spoken}" if request.args.get("lang") == request.spoken else ""
