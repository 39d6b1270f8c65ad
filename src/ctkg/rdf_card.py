"""The card of an entity as RDF: what the data files say of it, so that it can be read on its own."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Triple

from ctkg.backend import Backend
from ctkg.dumps import Dumps
from ctkg.namespaces import PREFIXES
from ctkg.settings import LANGUAGES
from ctkg.turtle import value
from ctkg.turtle_order import subject_key

__all__ = ["rdf_card", "with_labels"]

_LABEL = f"{PREFIXES['rdfs']}label"
_DERIVED_FROM = f"{PREFIXES['prov']}wasDerivedFrom"
_PART_OF = NamedNode(f"{PREFIXES['dcterms']}isPartOf")
_OF_SOURCE = {
    f"{PREFIXES['rdf']}type",
    f"{PREFIXES['dcterms']}title",
    f"{PREFIXES['dcterms']}publisher",
    f"{PREFIXES['schema']}url",
    f"{PREFIXES['dcterms']}issued",
}
_OF_DATASET = {_LABEL, f"{PREFIXES['dcterms']}license"}


def rdf_card(backend: Backend, dumps: Dumps, iri: str) -> list[Triple]:
    """The entity's own triples; its statements and their disputes, whole; their sources; labels of all that these name.

    Literals are as the files write them. The derived graph stays out: what it
    holds follows from the statements, serves our own queries, and is a dump of
    its own. One thing is added that no file says: each subject is
    ``dcterms:isPartOf`` its dataset, whose licence goes with it, since who takes
    a statement has to know on what terms.
    """
    statements = _subjects(
        backend,
        f"""{{ {{ ?s ?any <{iri}> }} UNION {{ BIND(<{iri}> AS ?s) }} UNION {{ <{iri}> ctkg:rival ?s }}
              ?s a ctkg:Statement }}""",
    )
    values = " ".join(f"<{statement}>" for statement in statements)
    disputes = _subjects(backend, f"{{ VALUES ?statement {{ {values} }} ?s ctkg:rival ?statement }}") if values else []
    whole = list(dict.fromkeys([iri, *statements, *disputes]))
    found = _in_reading_order(dumps.triples(whole), iri, dumps)
    sources = {value(triple.object): None for triple in found if triple.predicate.value == _DERIVED_FROM}
    sources.pop(iri, None)
    found += [triple for triple in dumps.triples(sorted(sources)) if triple.predicate.value in _OF_SOURCE]
    datasets = {value(triple.object): None for triple in found if triple.predicate == _PART_OF}
    found += [triple for triple in dumps.triples(sorted(datasets)) if triple.predicate.value in _OF_DATASET]
    return list(dict.fromkeys(with_labels(found, dumps)))


def with_labels(triples: list[Triple], dumps: Dumps) -> list[Triple]:
    """The triples, and the labels of every IRI that they name and do not label."""
    named = {
        term.value
        for triple in triples
        for term in (triple.subject, triple.predicate, triple.object)
        if isinstance(term, NamedNode)
    }
    labelled = {value(triple.subject) for triple in triples if triple.predicate.value == _LABEL}
    return triples + [
        triple
        for triple in dumps.triples(sorted(named - labelled))
        if triple.predicate.value == _LABEL
        and isinstance(triple.object, Literal)
        and triple.object.language in (*LANGUAGES, None)
    ]


def _subjects(backend: Backend, pattern: str) -> list[str]:
    return [row[0].value for row in backend.select(f"SELECT DISTINCT ?s {pattern} ORDER BY ?s")]


def _in_reading_order(triples: Iterable[Triple], first: str, dumps: Dumps) -> list[Triple]:
    """By subject as a data file is, but for the entity itself, which comes first; each with its dataset."""
    subjects: dict[str, list[Triple]] = {}
    for triple in triples:
        subjects.setdefault(value(triple.subject), []).append(triple)

    def key(iri: str) -> tuple[bool, object]:
        def least(predicate: str) -> str:
            values = (value(triple.object) for triple in subjects[iri] if triple.predicate.value == predicate)
            return min(values, default="")

        return iri != first, subject_key(iri, least)

    found: list[Triple] = []
    for iri in sorted(subjects, key=key):
        subject = NamedNode(iri)
        found += subjects[iri]
        found += [Triple(subject, _PART_OF, NamedNode(graph)) for graph in dumps.graphs_of(iri) if graph != iri]
    return found
