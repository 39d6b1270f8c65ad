"""What the ontology tells the code: the class tree and the home of each class.

The code holds no list of classes of its own: a class added to ``ontology/`` is
known to the build, the layout and the checks without a line of Python.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from pyoxigraph import NamedNode, Triple

from ctkg.namespaces import CTKG

__all__ = ["RDF_TYPE", "SUBCLASS", "Ontology", "read_ontology"]

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SUBCLASS = "http://www.w3.org/2000/01/rdf-schema#subClassOf"


class Ontology(NamedTuple):
    """Class IRI → what is said of it; every value is complete (superclasses are transitive)."""

    superclasses: dict[str, frozenset[str]]
    themes: dict[str, frozenset[str]]
    root_property: dict[str, str]
    kinds: dict[str, str]
    rival_keys: dict[str, frozenset[str]]

    def is_a(self, class_: str, name: str) -> bool:
        """Whether ``class_`` is ``ctkg:name`` or below it."""
        return CTKG + name == class_ or CTKG + name in self.superclasses.get(class_, frozenset())


def read_ontology(triples: Iterable[Triple]) -> Ontology:
    """Gather from the ontology's triples what the build needs."""
    parents: dict[str, set[str]] = defaultdict(set)
    themes: dict[str, set[str]] = defaultdict(set)
    roots: dict[str, str] = {}
    kinds: dict[str, str] = {}
    rival_keys: dict[str, set[str]] = defaultdict(set)
    for triple in triples:
        if not isinstance(triple.subject, NamedNode) or not hasattr(triple.object, "value"):
            continue
        subject, predicate, value = triple.subject.value, triple.predicate.value, triple.object.value
        if predicate == SUBCLASS and isinstance(triple.object, NamedNode):
            parents[subject].add(value)
        elif predicate == f"{CTKG}homeTheme":
            themes[subject].add(value)
        elif predicate == f"{CTKG}rootProperty":
            roots[subject] = value
        elif predicate == f"{CTKG}slugKind":
            kinds[subject] = value
        elif predicate == f"{CTKG}rivalKey":
            rival_keys[subject].add(value)
    return Ontology(
        {name: _ancestors(name, parents) for name in parents},
        {name: frozenset(values) for name, values in themes.items()},
        roots,
        kinds,
        {name: frozenset(values) for name, values in rival_keys.items()},
    )


def _ancestors(name: str, parents: dict[str, set[str]]) -> frozenset[str]:
    found: set[str] = set()
    queue = [name]
    while queue:
        new = parents.get(queue.pop(), set()) - found
        found |= new
        queue.extend(new)
    return frozenset(found - {name})
