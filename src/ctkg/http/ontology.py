"""``/ontology`` and ``/shapes``: every term and every rule, as RDF and as a page on which each has an anchor."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from ctkg.catalog import turtle_files
from ctkg.errors import NotFound
from ctkg.http.documents import DOCUMENT, rdf_reply, see_other
from ctkg.http.exchange import Reply, Request, reply
from ctkg.http.rendering import page
from ctkg.http.site import Site
from ctkg.messages import tr
from ctkg.namespaces import CTKG, ONTOLOGY_GRAPH, PREFIXES, curie, expand, slug
from ctkg.results import Resource
from ctkg.turtle import parse, value

__all__ = ["ontology", "ontology_document", "ontology_version", "shapes", "shapes_document"]

_SHAPES = PREFIXES["shape"]
_TELLING = (
    "rdfs:subClassOf", "rdfs:subPropertyOf", "owl:equivalentClass", "owl:inverseOf", "rdfs:domain",
    "schema:domainIncludes", "rdfs:range", "schema:rangeIncludes", "skos:broader", "owl:disjointWith",
    "skos:exactMatch", "skos:closeMatch", "rdfs:seeAlso", "skos:altLabel", "skos:scopeNote", "skos:example",
)  # fmt: skip
_OF_SHAPE = (
    "sh:targetClass", "sh:path", "sh:property", "sh:severity", "sh:datatype", "sh:class", "sh:minCount", "sh:maxCount",
)  # fmt: skip

_About = dict[str, list[Any]]


class _Term(NamedTuple):
    anchor: str
    about: Resource
    definition: str
    relations: list[tuple[str, list[Any]]]


class _Group(NamedTuple):
    anchor: str
    title: str
    terms: list[_Term]


def ontology(site: Site, request: Request) -> Reply:
    return see_other(request, "/ontology", DOCUMENT)


def ontology_version(site: Site, request: Request, version: str) -> Reply:
    """The IRI of this version leads to it; others are gone."""
    about = _described(site.dumps.triples([ONTOLOGY_GRAPH]))[ONTOLOGY_GRAPH]
    if f"{ONTOLOGY_GRAPH}/{version}" not in _texts(about, "owl:versionIRI"):
        raise NotFound(tr("this server has no version {name!r} of the ontology", name=version), "GET /ontology")
    return see_other(request, "/ontology", DOCUMENT)


def ontology_document(site: Site, request: Request, ending: str) -> Reply:
    key = request.choose(DOCUMENT, ending)
    triples = _ontology(site)
    if key != "html":
        return rdf_reply(site, request, triples, key)
    described = _described(triples)
    groups: dict[str, list[_Term]] = {}
    titles = {"Class": tr("Classes"), "ObjectProperty": tr("Properties that lead to things")}
    titles |= {"DatatypeProperty": tr("Properties with values"), "AnnotationProperty": tr("Annotations")}
    for iri, about in described.items():
        if not iri.startswith(CTKG):
            continue
        kinds = {slug(kind) for kind in _texts(about, "rdf:type")}
        schemes = _texts(about, "skos:inScheme")
        place = next((kind for kind in titles if kind in kinds), schemes[0] if schemes else None)
        if place is not None:
            groups.setdefault(place, []).append(_term(iri, described, request.spoken, _TELLING))
    named = [_Group(slug(iri), title, groups.pop(iri)) for iri, title in titles.items() if iri in groups]
    named += [_Group(slug(iri), _label(iri, described, request.spoken), terms) for iri, terms in groups.items()]
    return _page(request, "/ontology", ONTOLOGY_GRAPH, described, named)


def shapes(site: Site, request: Request) -> Reply:
    return see_other(request, "/shapes", DOCUMENT)


def shapes_document(site: Site, request: Request, ending: str) -> Reply:
    key = request.choose(DOCUMENT, ending)
    triples = _shapes(site)
    if key != "html":
        return rdf_reply(site, request, triples, key)
    described = _described(triples)
    labels = {iri: about for iri, about in _described(_ontology(site)).items() if iri not in described}
    groups: dict[str, list[_Term]] = {}
    for iri in described:
        if iri.startswith(_SHAPES):
            term = _term(iri, described | labels, request.spoken, _OF_SHAPE)
            groups.setdefault(term.anchor.partition("-")[0], []).append(term)
    anchors = {term.anchor for terms in groups.values() for term in terms}
    named = [_Group(f"of-{name}" if name in anchors else name, name, terms) for name, terms in groups.items()]
    return _page(request, "/shapes", _SHAPES.rstrip("#"), described, named)


def _page(request: Request, path: str, iri: str, described: dict[str, _About], groups: list[_Group]) -> Reply:
    about = described[iri]
    content = page(
        request,
        "ontology.html",
        path,
        title=_text(about, "dcterms:title", request.spoken),
        description=_text(about, "dcterms:description", request.spoken),
        version=next(iter(_texts(about, "owl:versionInfo")), ""),
        iri=iri,
        groups=groups,
    )
    return reply(request, content)


@lru_cache(4)
def _ontology(site: Site) -> list[Triple]:
    return site.dumps.all_triples(slug(ONTOLOGY_GRAPH))


@lru_cache(4)
def _shapes(site: Site) -> list[Triple]:
    """No graph holds them: they speak of the data, not of China."""
    return [triple for path in turtle_files([Path(site.kg.settings.ontology) / "shapes"]) for triple in parse(path)]


def _described(triples: Iterable[Triple]) -> dict[str, _About]:
    found: dict[str, _About] = {}
    for triple in triples:
        about = found.setdefault(value(triple.subject), {})
        about.setdefault(curie(triple.predicate.value), []).append(triple.object)
    return found


def _term(iri: str, described: dict[str, _About], spoken: str, telling: tuple[str, ...]) -> _Term:
    about = described[iri]

    def shown(term: NamedNode | Literal) -> Resource | str:
        iri = term.value
        return Resource(iri, _labels(described.get(iri, {}))) if isinstance(term, NamedNode) else iri

    relations: list[tuple[str, list[Any]]] = []
    for property_ in telling:
        told = [shown(term) for term in about.get(property_, []) if _understood(term, spoken)]
        if told:
            relations.append((_label(expand(property_) or property_, described, spoken), told))
    definition = _text(about, "skos:definition", spoken) or _text(about, "sh:message", spoken)
    return _Term(slug(iri), Resource(iri, _labels(about)), definition, relations)


def _understood(term: Any, spoken: str) -> bool:
    return isinstance(term, NamedNode) or (isinstance(term, Literal) and term.language in (None, spoken))


def _labels(about: _About) -> dict[str, str]:
    return {label.language or "": label.value for label in about.get("rdfs:label", [])}


def _label(iri: str, described: dict[str, _About], spoken: str) -> str:
    return Resource(iri, _labels(described.get(iri, {}))).label(spoken)


def _texts(about: _About, name: str) -> list[str]:
    return [value.value for value in about.get(name, [])]


def _text(about: _About, name: str, spoken: str) -> str:
    """In the language spoken, else in any."""
    values = about.get(name, [])
    return next((value.value for value in values if value.language == spoken), values[0].value if values else "")
