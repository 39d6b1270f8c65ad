"""The forms of RDF that ctkg gives away: Turtle, JSON-LD, N-Triples, RDF/XML, and the two that know named graphs.

Triples are written in the order in which they come; what comes in the order of
the data files is readable.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from ctkg.namespaces import PREFIXES, curie

__all__ = ["MEDIA_TYPES", "json_ld", "used_prefixes", "write_rdf"]

MEDIA_TYPES = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}
"""File ending → media type, of the forms of one graph."""

_FORMATS = {"ttl": RdfFormat.TURTLE, "nt": RdfFormat.N_TRIPLES, "rdf": RdfFormat.RDF_XML}
_RDF_TYPE = f"{PREFIXES['rdf']}type"
_XSD_STRING = f"{PREFIXES['xsd']}string"


def write_rdf(
    triples: Sequence[Triple], ending: str, context: dict[str, Any], more: Mapping[str, str] = MappingProxyType({})
) -> bytes:
    """The triples in the form that has the ending.

    JSON-LD holds what it uses of ``context``; ``more`` are prefixes beside ours, for Turtle and RDF/XML.
    """
    if ending == "jsonld":
        return (json.dumps(json_ld(triples, context), ensure_ascii=False, indent=1) + "\n").encode()
    text = serialize(triples, format=_FORMATS[ending], prefixes={**used_prefixes(triples), **more}) or b""
    return _spaced(text) if ending == "ttl" else text


def _spaced(turtle: bytes) -> bytes:
    """Prefixes by name, an empty line before each subject: as pyoxigraph writes them, their order is chance."""
    lines = turtle.splitlines(keepends=True)
    start = next((number for number, line in enumerate(lines) if not line.startswith(b"@prefix")), len(lines))
    body = (line if line.startswith(b"\t") else b"\n" + line for line in lines[start:])
    return b"".join((*sorted(lines[:start]), *body))


def used_prefixes(triples: Iterable[Triple]) -> dict[str, str]:
    """Those of our prefixes that shorten something."""
    iris = set()
    for triple in triples:
        for term in (triple.subject, triple.predicate, triple.object):
            iris.add(term.datatype.value if isinstance(term, Literal) else str(getattr(term, "value", "")))
    used = {curie(iri).partition(":")[0] for iri in iris}
    return {prefix: namespace for prefix, namespace in PREFIXES.items() if prefix in used}


def json_ld(triples: Sequence[Triple], context: dict[str, Any]) -> dict[str, Any]:
    """A compact JSON-LD document: one object a subject, keys and values as the context defines them.

    pyoxigraph writes the expanded form only, and rdflib rewrites literals.
    """
    subjects: dict[str, dict[str, list[Any]]] = {}
    for triple in triples:
        about = subjects.setdefault(_name(triple.subject), {})
        about.setdefault(triple.predicate.value, []).append(triple.object)
    used = {prefix: context[prefix] for prefix in used_prefixes(triples) if prefix in context}
    graph = []
    for name, about in subjects.items():
        node: dict[str, Any] = {"@id": name}
        for predicate, values in about.items():
            if predicate == _RDF_TYPE:
                node["@type"] = _one_or_many([_name(value) for value in values])
                continue
            key = curie(predicate)
            definition = context.get(key)
            if definition is None or not all(_fits(value, definition) for value in values):
                node[key if definition is None else predicate] = _one_or_many([_value(value) for value in values])
                continue
            used[key] = definition
            node[key] = _by_language(values) if "@container" in definition else _one_or_many([*map(_name, values)])
        graph.append(node)
    return {"@context": {"@version": 1.1, **used}, "@graph": graph}


def _name(term: Any) -> str:
    if isinstance(term, BlankNode):
        return f"_:{term.value}"
    return curie(term.value) if isinstance(term, NamedNode) else str(term.value)


def _fits(value: Any, definition: Any) -> bool:
    """Whether a term's definition says all of a value that its text does not say."""
    if not isinstance(definition, dict):
        return False
    if "@container" in definition:
        return definition["@container"] == "@language" and isinstance(value, Literal) and value.language is not None
    kind = definition.get("@type")
    if kind == "@id":
        return isinstance(value, NamedNode | BlankNode)
    prefixed = curie(value.datatype.value) if isinstance(value, Literal) and not value.language else None
    return kind is not None and kind == prefixed


def _value(value: Any) -> str | dict[str, str]:
    """A value that says all of itself."""
    if not isinstance(value, Literal):
        return {"@id": _name(value)}
    if value.language:
        return {"@value": value.value, "@language": value.language}
    text, datatype = str(value.value), value.datatype.value
    return text if datatype == _XSD_STRING else {"@value": text, "@type": curie(datatype)}


def _by_language(values: list[Any]) -> dict[str, Any]:
    found: dict[str, list[str]] = {}
    for value in values:
        found.setdefault(value.language, []).append(value.value)
    return {language: _one_or_many(texts) for language, texts in found.items()}


def _one_or_many(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values
