"""``/``: what this is, and where to go from here."""

from __future__ import annotations

import json
from functools import lru_cache

from ctkg import __version__
from ctkg.http.exchange import Reply, Request, reply
from ctkg.http.rendering import page
from ctkg.http.site import Site
from ctkg.messages import tr
from ctkg.names import labels_of
from ctkg.namespaces import ID
from ctkg.results import Resource

__all__ = ["landing"]

_COUNTED = {"Entity": "entities", "Statement": "statements", "Source": "sources"}


def landing(site: Site, request: Request) -> Reply:
    """The front page; as JSON, the same addresses."""
    key = request.choose({"json": "application/json", "html": "text/html"})
    counts, examples = _counts(site), _examples(site)
    if key == "html":
        named = [(tr("entities"), counts["entities"]), (tr("statements"), counts["statements"])]
        named.append((tr("sources"), counts["sources"]))
        content = page(
            request,
            "landing.html",
            data_date=site.kg.data_date,
            counts=named,
            addresses=_addresses(),
            examples=examples,
        )
        return reply(request, content)
    document = {
        "name": "ctkg",
        "version": __version__,
        "data_date": site.kg.data_date,
        "counts": counts,
        "addresses": [{"address": address, "what": what} for address, what in _addresses()],
    }
    return reply(request, json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def _addresses() -> list[tuple[str, str]]:
    return [
        ("/search?q={name}", tr("find an entity by name")),
        ("/queries", tr("stored queries, with parameters")),
        ("/views", tr("graph views for network tools")),
        ("/sparql", tr("SPARQL 1.1 Protocol")),
        ("/id/{kind}/{slug}", tr("an entity, in RDF, JSON or as a page")),
        ("/dataset", tr("what is given away, and under which licences")),
        ("/dumps/", tr("everything to download")),
        ("/ontology", tr("every term with its definition")),
        ("/shapes", tr("what the data is checked for")),
        ("/openapi.json", tr("this interface, described for programs")),
    ]


@lru_cache(4)
def _counts(site: Site) -> dict[str, int]:
    found = {}
    for class_, name in _COUNTED.items():
        rows = site.kg.backend.select(f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s a ctkg:{class_} }}")
        found[name] = int(rows[0][0].value)
    return found


@lru_cache(4)
def _examples(site: Site) -> list[Resource]:
    """The entities of which most is said, of each kind one or two."""
    rows = site.kg.backend.select(
        """SELECT ?e (COUNT(DISTINCT ?s) AS ?n) { ?p rdfs:subPropertyOf* ctkg:party . ?s ?p ?e . ?s a ctkg:Statement .
          ?e a ctkg:Entity } GROUP BY ?e ORDER BY DESC(?n) ?e"""
    )
    kinds: dict[str, list[str]] = {}
    for row in rows:
        kinds.setdefault(row[0].value.removeprefix(ID).partition("/")[0], []).append(row[0].value)
    chosen_ = [
        iri for kind in ("actor", "person", "model", "chip", "policy", "deal") for iri in kinds.get(kind, [])[:2]
    ]
    labels = labels_of(site.kg.backend, set(chosen_))
    return [Resource(iri, labels.get(iri, {})) for iri in chosen_]
