"""``/id/KIND/SLUG``, which stands for a thing, and ``/entities/KIND/SLUG``, which describes it."""

from __future__ import annotations

from urllib.parse import quote

from pyoxigraph import NamedNode

from ctkg.describe import describe
from ctkg.errors import NotFound
from ctkg.http.documents import DOCUMENT, located, moved, rdf_reply, see_other, split_ending
from ctkg.http.exchange import Reply, Request, reply
from ctkg.http.pages import entity_page
from ctkg.http.site import Site
from ctkg.messages import tr
from ctkg.names import find_entity
from ctkg.namespaces import DERIVED_GRAPH, ID, KINDS, curie
from ctkg.rdf_card import rdf_card

__all__ = ["FORMS", "entity", "thing"]

FORMS = {**DOCUMENT, "json": "application/json"}


def thing(site: Site, request: Request, kind: str, slug: str) -> Reply:
    """303 to its description, 308 to what replaced it."""
    iri = _existing(site, kind, slug)
    if iri == DERIVED_GRAPH:  # no card speaks of it
        return see_other(request, "/dataset", DOCUMENT)
    new = _replacement(site, iri)
    if new is not None:
        return moved(request, f"/id/{quote(new.removeprefix(ID))}" if new.startswith(ID) else new)
    return see_other(request, f"/entities/{kind}/{slug}", FORMS)


def entity(site: Site, request: Request, kind: str, slug: str) -> Reply:
    """The description: in RDF, as the JSON that ``ctkg show`` prints, or as a page."""
    name, ending = split_ending(slug, FORMS)
    if ending and _exists(site, kind, slug):  # its own name ends so
        name, ending = slug, None
    iri = _existing(site, kind, name)
    if iri == DERIVED_GRAPH:
        return moved(request, f"/dataset{f'.{ending}' if ending else ''}")
    new = _replacement(site, iri)
    if new is not None:
        tail = f".{ending}" if ending else ""
        return moved(request, f"/entities/{quote(new.removeprefix(ID))}{tail}" if new.startswith(ID) else new)
    key = request.choose(FORMS, ending)
    headers = located(request, f"/entities/{kind}/{name}", key, ending)
    if key == "json":
        return reply(request, describe(site.kg.backend, iri).to_json() + "\n", headers=headers)
    if key == "html":
        return reply(request, entity_page(request, describe(site.kg.backend, iri)), headers=headers)
    return rdf_reply(site, request, rdf_card(site.kg.backend, site.dumps, iri), key, headers)


def _existing(site: Site, kind: str, slug: str) -> str:
    """The IRI of a thing that is there; raises `NotFound` with the kinds, or with the nearest names."""
    if kind not in KINDS:
        raise NotFound(
            tr("no kind of thing is called {name!r}", name=kind), tr("kinds: {names}", names=", ".join(KINDS))
        )
    if _exists(site, kind, slug) or f"{ID}{kind}/{slug}" == DERIVED_GRAPH:
        return f"{ID}{kind}/{slug}"
    try:
        NamedNode(f"{ID}{kind}/{slug}")
    except ValueError:
        raise NotFound(tr("no {kind} is called {name!r}", kind=kind, name=slug)) from None
    find_entity(site.kg.backend, curie(f"{ID}{kind}/{slug}"))  # tells what is near
    raise NotFound(tr("no {kind} is called {name!r}", kind=kind, name=slug))


def _exists(site: Site, kind: str, slug: str) -> bool:
    return bool(site.dumps.graphs_of(f"{ID}{kind}/{slug}"))


def _replacement(site: Site, iri: str) -> str | None:
    rows = site.kg.backend.select(
        f"SELECT ?new {{ <{iri}> dcterms:isReplacedBy ?new FILTER(ISIRI(?new)) }} ORDER BY ?new"
    )
    return rows[0][0].value if rows else None
