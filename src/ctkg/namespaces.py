"""The only table of prefixes, and the way from an IRI to a CURIE and back."""

from __future__ import annotations

__all__ = ["CTKG", "DERIVED_GRAPH", "ID", "KINDS", "ONTOLOGY_GRAPH", "PREFIXES", "curie", "expand", "slug"]

CTKG = "https://w3id.org/ctkg/ontology#"
ID = "https://w3id.org/ctkg/id/"

KINDS = (
    "actor", "person", "model", "framework", "chip", "centre", "product", "policy",
    "deal", "list", "place", "statement", "source", "dispute", "dataset",
)  # fmt: skip
"""Kinds of thing: the path segment under ``/id/`` and the prefix of the same name."""

PREFIXES: dict[str, str] = {
    "ctkg": CTKG,
    **{kind: f"{ID}{kind}/" for kind in KINDS},
    "shape": "https://w3id.org/ctkg/shapes#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "fair4ml": "https://w3id.org/fair4ml#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

ONTOLOGY_GRAPH = "https://w3id.org/ctkg/ontology"
DERIVED_GRAPH = f"{ID}dataset/derived"


def curie(iri: str) -> str:
    """``actor:alibaba`` for its IRI; the IRI itself where no prefix fits.

    >>> curie("https://w3id.org/ctkg/id/actor/alibaba")
    'actor:alibaba'
    """
    best = ""
    prefix = ""
    for name, namespace in PREFIXES.items():
        if iri.startswith(namespace) and len(namespace) > len(best):
            best, prefix = namespace, name
    local = iri[len(best) :]
    return f"{prefix}:{local}" if best and local and "/" not in local else iri


def expand(name: str) -> str | None:
    """The IRI of a CURIE; ``None`` where the prefix is unknown or there is none."""
    prefix, colon, local = name.partition(":")
    namespace = PREFIXES.get(prefix)
    return namespace + local if colon and namespace is not None else None


def slug(iri: str) -> str:
    """The last path segment, or what follows the ``#``.

    >>> slug("https://w3id.org/ctkg/id/actor/alibaba")
    'alibaba'
    """
    return iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
