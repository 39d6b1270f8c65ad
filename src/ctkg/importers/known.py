"""What the other datasets already hold: the things an upstream name may mean, and the statements it may contradict."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from ctkg.catalog import Catalog
from ctkg.derive import Description, describe_subjects
from ctkg.name_keys import name_key
from ctkg.namespaces import CTKG, PREFIXES
from ctkg.ontology import RDF_TYPE, Ontology, read_ontology
from ctkg.turtle import parse

__all__ = ["Known", "known"]

_LABELS = (f"{PREFIXES['rdfs']}label", f"{PREFIXES['skos']}altLabel")


class Known(NamedTuple):
    """The subjects of all datasets but one, and the names that their entities bear."""

    ontology: Ontology
    subjects: dict[str, Description]
    named: dict[str, set[str]]
    """`name_key` → IRIs of what bears such a name."""

    def class_of(self, iri: str) -> str | None:
        """The class of an entity without its namespace; ``None`` for what is not there."""
        types = self.subjects.get(iri, {}).get(RDF_TYPE, [])
        return types[0].removeprefix(CTKG) if types else None

    def bearing(self, names: list[str], classes: frozenset[str]) -> set[str]:
        """The entities of these classes that bear one of the names."""
        found = set().union(*(self.named.get(name_key(name), set()) for name in names))
        return {iri for iri in found if self.class_of(iri) in classes}

    def says(self, class_: str, **values: str) -> bool:
        """Whether a statement of this class has these values, by local name of ``ctkg:``."""
        return any(
            CTKG + class_ in description.get(RDF_TYPE, [])
            and all(value in description.get(CTKG + name, []) for name, value in values.items())
            for description in self.subjects.values()
        )


def known(catalog: Catalog, dataset: str) -> Known:
    """What all datasets but this one hold; raises `DataError` for a file that cannot be read."""
    ontology = read_ontology(triple for path in catalog.ontology for triple in parse(path))
    subjects = describe_subjects(
        triple for file in catalog.data if file.dataset != dataset for triple in parse(file.path)
    )
    named: dict[str, set[str]] = defaultdict(set)
    for iri, description in subjects.items():
        for predicate in _LABELS:
            for name in description.get(predicate, []):
                named[name_key(name)].add(iri)
        for name in description.get(f"{CTKG}name", []):
            for entity in description.get(f"{CTKG}named", []):
                named[name_key(name)].add(entity)
    return Known(ontology, subjects, named)
