"""The stored queries as RDF, in the words of SHACL that SPARQL editors read: ``sh:SPARQLSelectExecutable``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Triple

from ctkg.namespaces import PREFIXES, expand
from ctkg.ontology import RDF_TYPE
from ctkg.queries import Parameter, StoredQuery

__all__ = ["QUERIES", "executables"]

QUERIES = "https://w3id.org/ctkg/queries"
"""The IRI of the list; that of a query is below it."""
_DECLARED = re.compile(r"(?im)^\s*PREFIX\s+(\w*):\s*<([^>]*)>")
_LANGUAGES = ("en", "zh")


def executables(queries: Iterable[StoredQuery], endpoint: str) -> Iterator[Triple]:
    """What is said of each query: names, text, parameters and the address that answers it."""
    declared: dict[str, str] = {}
    for query in queries:
        declared |= dict(_DECLARED.findall(query.text))
        yield from _query(query, endpoint)
    for prefix, namespace in sorted(declared.items()):
        declaration = f"{QUERIES}#prefix-{prefix}"
        yield _triple(QUERIES, "sh:declare", NamedNode(declaration))
        yield _triple(declaration, "rdf:type", _named("sh:PrefixDeclaration"))
        yield _triple(declaration, "sh:prefix", Literal(prefix))
        yield _triple(declaration, "sh:namespace", Literal(namespace, datatype=_named("xsd:anyURI")))


def _query(query: StoredQuery, endpoint: str) -> Iterator[Triple]:
    iri = f"{QUERIES}/{query.name}"
    for class_ in ("sh:SPARQLExecutable", "sh:SPARQLSelectExecutable"):
        yield _triple(iri, "rdf:type", _named(class_))
    for code in _LANGUAGES:
        yield _triple(iri, "rdfs:label", Literal(query.summary[code], language=code))
        described = query.description[code]
        yield _triple(iri, "rdfs:comment", Literal(described or query.summary[code], language=code))
    yield _triple(iri, "sh:prefixes", NamedNode(QUERIES))
    yield _triple(iri, "sh:select", Literal(query.text))
    yield _triple(iri, "schema:target", NamedNode(endpoint))
    for tag in query.tags:
        yield _triple(iri, "schema:keywords", Literal(tag))
    for place, parameter in enumerate(query.params):
        yield from _parameter(iri, place, parameter)


def _parameter(query: str, place: int, parameter: Parameter) -> Iterator[Triple]:
    iri = f"{query}#{parameter.name}"
    yield _triple(query, "sh:parameter", NamedNode(iri))
    yield _triple(iri, "rdf:type", _named("sh:Parameter"))
    yield _triple(iri, "sh:path", NamedNode(f"{QUERIES}#{parameter.name}"))
    yield _triple(iri, "sh:name", Literal(parameter.name))
    yield _triple(iri, "sh:order", Literal(place))
    yield _triple(iri, "sh:optional", Literal(value=True))
    for code in _LANGUAGES:
        if parameter.description[code]:
            yield _triple(iri, "sh:description", Literal(parameter.description[code], language=code))
    if parameter.type == "iri":
        yield _triple(iri, "sh:nodeKind", _named("sh:IRI"))
        if parameter.class_:
            yield _triple(iri, "sh:class", _named(parameter.class_))
    else:
        yield _triple(iri, "sh:datatype", _named(f"xsd:{parameter.type}"))
    default = _term(parameter)
    if default is not None:
        yield _triple(iri, "sh:defaultValue", default)


def _term(parameter: Parameter) -> NamedNode | Literal | None:
    """The default as the file writes it: a CURIE, a number, a word in quotes."""
    text = parameter.default
    if text == "UNDEF":
        return None
    if parameter.type == "iri":
        iri = expand(text)
        return None if iri is None else NamedNode(iri)
    return Literal(text.strip('"'), datatype=_named(f"xsd:{parameter.type}"))


def _named(curie: str) -> NamedNode:
    prefix, _, local = curie.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


def _triple(subject: str, predicate: str, value: NamedNode | Literal) -> Triple:
    return Triple(NamedNode(subject), NamedNode(RDF_TYPE) if predicate == "rdf:type" else _named(predicate), value)
