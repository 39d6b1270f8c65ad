"""What the graph knows of its things directly: names, identifiers, and what is derived from statements.

These are the properties of the reconciliation service. Their ids are the local
names of the ontology; ``identifies`` are those that no two things share.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode

from ctkg.backend import Backend
from ctkg.messages import language
from ctkg.name_keys import folded
from ctkg.names import labels_of
from ctkg.namespaces import CTKG, ID, PREFIXES, slug
from ctkg.results import Resource

__all__ = ["KnownProperties", "Property", "Value"]

_IDENTIFIERS = {"wikidata", "ror", "lei", "ticker", "unifiedSocialCreditCode", "huggingFace", "homepage"}
_MORE = {f"{PREFIXES['skos']}altLabel", f"{PREFIXES['foaf']}homepage"}
_NAMES = {
    "name-en": {"en": "name in English", "zh": "英文名称"},
    "name-zh": {"en": "name in Chinese", "zh": "中文名称"},
}
_LABELS = {f"{PREFIXES['skos']}altLabel": {"en": "other name", "zh": "别名"},
           f"{PREFIXES['foaf']}homepage": {"en": "homepage", "zh": "主页"}}  # fmt: skip


class Property(NamedTuple):
    """One property; ``labels`` by language."""

    id: str
    iri: str
    labels: dict[str, str]
    identifies: bool

    @property
    def name(self) -> str:
        return self.labels.get(language()) or next(iter(self.labels.values()), self.id)


class Value(NamedTuple):
    """A value as text, or as a thing with its labels."""

    text: str
    thing: Resource | None = None

    def is_called(self, text: str) -> bool:
        """Whether a user's text means this value."""
        if self.thing is None:
            names = {self.text, slug(self.text.rstrip("/"))}
        else:
            iri = self.thing.iri
            names = {iri, iri.removeprefix(ID), slug(iri), *self.thing.labels.values()}
        return (
            folded(text) in {folded(name) for name in names}
            or text.rstrip("/").casefold() == self.text.rstrip("/").casefold()
        )

    def as_json(self) -> dict[str, Any]:
        """As the data extension of the API has it."""
        if self.thing is not None:
            return {"id": self.thing.iri.removeprefix(ID), "name": self.thing.label(language())}
        return {"str": self.text}


class KnownProperties(Mapping[str, Property]):
    """Properties by id, in the order of their ids but names first."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        rows = backend.select("SELECT DISTINCT ?p { ?s a ctkg:Entity ; ?p ?o }")
        iris = sorted(p.value for (p,) in rows if p.value.startswith(CTKG) or p.value in _MORE)
        labels = labels_of(backend, set(iris))
        self._by_id = {name: Property(name, f"{PREFIXES['rdfs']}label", told, False) for name, told in _NAMES.items()}
        for iri in iris:
            name = slug(iri)
            self._by_id[name] = Property(name, iri, _LABELS.get(iri) or labels.get(iri, {}), name in _IDENTIFIERS)

    def __getitem__(self, name: str) -> Property:
        return self._by_id[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

    def of_class(self, class_: str) -> list[Property]:
        """Those that things of the class (a local name) have."""
        rows = self._backend.select(f"SELECT DISTINCT ?p {{ ?s a <{CTKG}{class_}> ; a ctkg:Entity ; ?p ?o }}")
        used = {p.value for (p,) in rows}
        return [known for known in self._by_id.values() if known.iri in used]

    def bearers(self, name: str, texts: Iterable[str]) -> list[str]:
        """The things that have one of the texts as value of a property."""
        iri = self[name].iri
        found = []
        for text in texts:
            bare = text.strip()
            same = " || ".join(
                f"STR(?o) = {Literal(form)}" for form in dict.fromkeys((bare, f"{bare}/", bare.rstrip("/")))
            )
            ends = f"STRENDS(STR(?o), {Literal('/' + bare)})"
            rows = self._backend.select(
                f"""SELECT DISTINCT ?s {{ ?s <{iri}> ?o . ?s a ctkg:Entity FILTER({same} || {ends}) }}
                ORDER BY ?s LIMIT 10"""
            )
            found += [s.value for (s,) in rows]
        return found

    def values_of(self, iris: Iterable[str], names: Iterable[str]) -> dict[str, dict[str, list[Value]]]:
        """Thing → property → values."""
        wanted = [self[name] for name in names]
        subjects = " ".join(f"<{iri}>" for iri in dict.fromkeys(iris))
        if not wanted or not subjects:
            return {}
        predicates = " ".join(f"<{iri}>" for iri in dict.fromkeys(known.iri for known in wanted))
        rows = self._backend.select(
            f"""SELECT DISTINCT ?s ?p ?o {{ VALUES ?s {{ {subjects} }} VALUES ?p {{ {predicates} }} ?s ?p ?o }}
            ORDER BY ?s ?p ?o"""
        )
        things = {o.value for _, _, o in rows if isinstance(o, NamedNode) and o.value.startswith(ID)}
        labels = labels_of(self._backend, things)
        found: dict[str, dict[str, list[Value]]] = {}
        for s, p, o in rows:
            value = Value(o.value, Resource(o.value, labels.get(o.value, {})) if o.value in things else None)
            for known in wanted:
                spoken = getattr(o, "language", None)
                if known.iri == p.value and (known.id not in _NAMES or known.id == f"name-{spoken}"):
                    found.setdefault(s.value, {}).setdefault(known.id, []).append(value)
        return found
