"""``/dataset``, which describes what is given away, and the SPARQL 1.1 Service Description of ``/sparql``."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ctkg.http.documents import DOCUMENT, rdf_reply, see_other
from ctkg.http.exchange import Reply, Request, reply
from ctkg.http.rendering import page
from ctkg.http.schema_org import schema_of_datasets
from ctkg.http.site import Site
from ctkg.namespaces import PREFIXES
from ctkg.publish import GRAPH_FORMS, WHOLE, WHOLE_FORMS, Published, catalogue, publications

__all__ = ["dataset", "dataset_document", "published", "service_description", "well_known"]

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "RDF_XML", "JSON-LD", "TriG", "N-Quads",
)  # fmt: skip
_EXAMPLE = """SELECT ?company ?label {
  ?company a ctkg:Company ; rdfs:label ?label
  FILTER(LANG(?label) = "en")
} ORDER BY ?label LIMIT 20
"""


@lru_cache(4)
def published(site: Site) -> list[Published]:
    """What the site gives away; counted once."""
    return publications(site.kg.backend, site.dumps, site.kg.data_date)


def dataset(site: Site, request: Request) -> Reply:
    return see_other(request, "/dataset", DOCUMENT)


def well_known(site: Site, request: Request) -> Reply:
    """Where VoID says that the description of a server's data is found."""
    return see_other(request, "/dataset", DOCUMENT)


def dataset_document(site: Site, request: Request, ending: str) -> Reply:
    """The description in VoID and DCAT, or a page that holds it as schema.org."""
    key = request.choose(DOCUMENT, ending)
    told = published(site)
    if key != "html":
        return rdf_reply(site, request, catalogue(told, request.root_url), key)
    parts = [
        {
            **part._asdict(),
            "title": part.title.get(request.spoken) or next(iter(part.title.values())),
            "description": part.description.get(request.spoken) or next(iter(part.description.values()), ""),
            "triples": part.counts.triples,
            "endings": WHOLE_FORMS if part.iri == WHOLE else GRAPH_FORMS,
        }
        for part in told
    ]
    schema = schema_of_datasets(told, request.root_url, request.spoken)
    return reply(request, page(request, "dataset.html", "/dataset", parts=parts, schema=schema))


def service_description(site: Site, request: Request) -> Reply:
    """What the endpoint can do, for programs; for a browser a form to ask with."""
    key = request.choose(DOCUMENT)
    if key == "html":
        content = page(request, "sparql.html", example=_EXAMPLE, formats=("json", "csv", "tsv", "xml"))
        return reply(request, content)
    triples = list(_service(published(site), request.root_url))
    return rdf_reply(site, request, triples, key, prefixes={"sd": _SD, "formats": _FORMATS})


def _service(told: list[Published], base: str) -> Iterator[Triple]:
    service, default, graph = NamedNode(f"{base}sparql"), BlankNode("dataset"), BlankNode("union")

    def tell(subject: NamedNode | BlankNode, name: str, *objects: Any) -> Iterator[Triple]:
        prefix, _, local = name.partition(":")
        predicate = NamedNode((_SD if prefix == "sd" else PREFIXES[prefix]) + local)
        yield from (Triple(subject, predicate, object_) for object_ in objects)

    def sd(name: str) -> NamedNode:
        return NamedNode(_SD + name)

    def number(count: int) -> Literal:
        return Literal(str(count), datatype=NamedNode(f"{PREFIXES['xsd']}integer"))

    yield from tell(service, "rdf:type", sd("Service"))
    yield from tell(service, "sd:endpoint", service)
    yield from tell(service, "sd:supportedLanguage", sd("SPARQL11Query"))
    yield from tell(service, "sd:feature", sd("UnionDefaultGraph"))
    yield from tell(service, "sd:resultFormat", *(NamedNode(_FORMATS + name) for name in _RESULTS))
    yield from tell(service, "sd:defaultDataset", default)
    yield from tell(default, "rdf:type", sd("Dataset"))
    yield from tell(default, "sd:defaultGraph", graph)
    names = {part.iri: BlankNode(f"graph-{part.name}") for part in told if part.iri != WHOLE}
    yield from tell(default, "sd:namedGraph", *names.values())
    yield from tell(graph, "rdf:type", sd("Graph"))
    yield from tell(graph, "void:triples", number(told[0].counts.triples))
    for part in told[1:]:
        named, held = names[part.iri], BlankNode(f"content-{part.name}")
        yield from tell(named, "rdf:type", sd("NamedGraph"))
        yield from tell(named, "sd:name", NamedNode(part.iri))
        yield from tell(named, "sd:graph", held)
        yield from tell(held, "rdf:type", sd("Graph"))
        yield from tell(held, "void:triples", number(part.counts.triples))
