"""Pairs that may be one thing under two IRIs: of one kind, with a name in common, and nowhere told apart.

Organisations' names are compared without their legal form. What ties two things
(one replaced the other, a legal entity of a firm, a model of a family) or parts
them (``ctkg:keptApartFrom``) takes them off the list.
See ``docs/decisions/0010-twins-and-matches.md``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import NamedTuple

from pyoxigraph import Literal, Triple

from ctkg.name_keys import name_key, organisation_key
from ctkg.namespaces import CTKG, PREFIXES
from ctkg.ontology import RDF_TYPE, Ontology
from ctkg.turtle import value

__all__ = ["Twins", "find_twins"]

_LABELS = (f"{PREFIXES['rdfs']}label", f"{PREFIXES['skos']}altLabel")
_TIES = (f"{CTKG}keptApartFrom", f"{PREFIXES['dcterms']}isReplacedBy")
_TIES_BY_STATEMENT = ((f"{CTKG}member", f"{CTKG}group"), (f"{CTKG}model", f"{CTKG}family"))
_TOLD = ("name", "named", "member", "group", "model", "family")


class Twins(NamedTuple):
    """Two IRIs, in their order, and what each is called."""

    first: str
    second: str
    first_name: str
    second_name: str


def find_twins(triples: Iterable[Triple], ontology: Ontology) -> Iterator[Twins]:
    """The likely twins among the entities of ``triples``, each pair once, by IRI."""
    classes: dict[str, str] = {}
    names: dict[str, list[str]] = defaultdict(list)
    tied: set[tuple[str, str]] = set()
    told: dict[str, dict[str, str]] = {CTKG + name: {} for name in _TOLD}
    namings: list[tuple[str, str]] = []
    for triple in triples:
        predicate, subject = triple.predicate.value, value(triple.subject)
        if predicate == RDF_TYPE:
            classes[subject] = value(triple.object)
        elif predicate in _LABELS:
            names[subject].append(value(triple.object))
        elif predicate in _TIES:
            tied.add(_pair(subject, value(triple.object)))
        elif predicate in told:
            if isinstance(triple.object, Literal):
                namings.append((subject, triple.object.value))
            else:
                told[predicate][subject] = value(triple.object)
    for one, other in _TIES_BY_STATEMENT:
        tied.update(_pair(told[one][at], told[other][at]) for at in told[one].keys() & told[other].keys())
    for naming, name in namings:
        if naming in told[f"{CTKG}named"]:
            names[told[f"{CTKG}named"][naming]].append(name)
    yield from _pairs(classes, names, tied, ontology)


def _pairs(
    classes: dict[str, str], names: dict[str, list[str]], tied: set[tuple[str, str]], ontology: Ontology
) -> Iterator[Twins]:
    bearers: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for iri, borne in names.items():
        class_ = classes.get(iri, "")
        kind = ontology.kinds.get(class_)
        if kind is None or not ontology.is_a(class_, "Entity"):
            continue
        key = organisation_key if kind == "actor" else name_key
        for name in borne:
            bearers[kind, key(name)].setdefault(iri, name)
    found: dict[tuple[str, str], Twins] = {}
    for (_, name), sharing in bearers.items():
        for first, second in combinations(sorted(sharing), 2) if name else ():
            if (first, second) not in tied:
                found.setdefault((first, second), Twins(first, second, sharing[first], sharing[second]))
    yield from sorted(found.values())


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)
