"""What the other datasets already hold: the things an upstream name may mean, and the statements it may contradict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import NamedTuple

from ctkg.catalog import Catalog
from ctkg.derive import Description, describe_subjects
from ctkg.name_keys import name_key, organisation_key
from ctkg.namespaces import CTKG, PREFIXES
from ctkg.ontology import RDF_TYPE, Ontology, read_ontology
from ctkg.turtle import parse

__all__ = ["Known", "known"]

_IDENTIFIERS = tuple(
    f"{CTKG}{name}" for name in ("doi", "huggingFace", "lei", "ror", "unifiedSocialCreditCode", "wikidata")
)
_LABELS = (f"{PREFIXES['rdfs']}label", f"{PREFIXES['skos']}altLabel")


class Known(NamedTuple):
    """The subjects of all datasets but one, and the names that their entities bear."""

    ontology: Ontology
    subjects: dict[str, Description]
    before: dict[str, Description]
    """The subjects of the curated data and of the layers that come before this one: what it may contradict, and
    need not say again. Whatever comes after looks back at this one, so that nothing is told from both sides."""
    named: dict[str, set[str]]
    """`name_key` → IRIs of what bears such a name."""
    told: dict[str, set[str]]
    """The same of what came before."""
    alike: dict[str, set[str]]
    """The same by `organisation_key`: too loose for a match, and enough to doubt a name."""
    identified: dict[str, str]
    """Identifier → IRI of what has it."""

    def class_of(self, iri: str) -> str | None:
        """The class of an entity without its namespace; ``None`` for what is not there."""
        types = self.subjects.get(iri, {}).get(RDF_TYPE, [])
        return types[0].removeprefix(CTKG) if types else None

    def bearing(self, names: list[str], classes: frozenset[str]) -> set[str]:
        """The entities of these classes that bear one of the names."""
        found = set().union(*(self.named.get(name_key(name), set()) for name in names))
        return {iri for iri in found if self.class_of(iri) in classes}

    def says(self, class_: str, **values: str) -> bool:
        """Whether a statement that came before has this class and these values, by local name of ``ctkg:``."""
        return any(
            CTKG + class_ in description.get(RDF_TYPE, [])
            and all(value in description.get(CTKG + name, []) for name, value in values.items())
            for description in self.before.values()
        )


def known(catalog: Catalog, dataset: str, after: Collection[str] = ()) -> Known:
    """What all datasets but this one hold, and of it what came before: all but the layers ``after``.

    Raises `DataError` for a file that cannot be read.
    """
    ontology = read_ontology(triple for path in catalog.ontology for triple in parse(path))
    parsed = [(file.dataset, list(parse(file.path))) for file in catalog.data if file.dataset != dataset]
    subjects = describe_subjects(triple for _, triples in parsed for triple in triples)
    before = describe_subjects(triple for name, triples in parsed if name not in after for triple in triples)
    named: dict[str, set[str]] = defaultdict(set)
    told: dict[str, set[str]] = defaultdict(set)
    alike: dict[str, set[str]] = defaultdict(set)
    for name, entity in _names(subjects):
        named[name_key(name)].add(entity)
        alike[organisation_key(name)].add(entity)
    for name, entity in _names(before):
        told[name_key(name)].add(entity)
    identified: dict[str, str] = {}
    for iri, description in subjects.items():
        for predicate in _IDENTIFIERS:
            identified.update(dict.fromkeys(description.get(predicate, []), iri))
    return Known(ontology, subjects, before, named, told, alike, identified)


def _names(subjects: dict[str, Description]) -> Iterator[tuple[str, str]]:
    """Each name with what bears it: labels, and what a Naming tells."""
    for iri, description in subjects.items():
        for predicate in _LABELS:
            yield from ((name, iri) for name in description.get(predicate, []))
        for entity in description.get(f"{CTKG}named", []):
            yield from ((name, entity) for name in description.get(f"{CTKG}name", []))
