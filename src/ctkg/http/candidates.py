"""Reconciliation: which of our things a name and what is known beside it may mean, and how surely.

The score of a candidate is that of its name in the search (100: exactly so, see
`ctkg.search`), less where the name is much longer than what was asked for. A
property that agrees brings it half of the way to 100, an identifier all the way;
one that disagrees takes a fifth, an identifier two.
``match`` is true only of a thing that nothing else comes near: the only one with
the identifier, or the only one that is called exactly so with nothing against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from ctkg.backend import Backend
from ctkg.errors import CtkgError
from ctkg.http.known_properties import KnownProperties, Value
from ctkg.messages import language
from ctkg.name_keys import folded
from ctkg.namespaces import CTKG, ID
from ctkg.search import Hit, SearchIndex

__all__ = ["Candidates", "Wanted"]

_LOOKED_AT = 25
"""So many names are weighed, however few are asked for, that a rival is not overlooked."""


class Wanted(NamedTuple):
    """One query of a batch: types as local names of classes, properties with the texts that they may have."""

    text: str
    types: tuple[str, ...]
    every_type: bool
    limit: int
    properties: tuple[tuple[str, tuple[str, ...]], ...]


class _Candidate(NamedTuple):
    hit: Hit
    score: float
    exact: bool
    identified: bool
    opposed: bool
    features: dict[str, bool]


class Candidates:
    """Finds candidates in one graph."""

    def __init__(self, backend: Backend, index: SearchIndex, properties: KnownProperties) -> None:
        self._backend = backend
        self._index = index
        self._properties = properties

    def of(self, wanted: Wanted) -> list[dict[str, Any]]:
        """The candidates as the API has them, best first."""
        known = [(name, texts) for name, texts in wanted.properties if name in self._properties]
        hits = {hit.iri: hit for hit in self._named(wanted)}
        named = set(hits)
        for hit in self._identified(known):
            if self._of_type(hit, wanted):
                hits.setdefault(hit.iri, hit)
        values = self._properties.values_of(hits, [name for name, _ in known])
        found = [
            self._weighed(hit, _resemblance(wanted.text, hit) if iri in named else 0.0, known, values.get(iri, {}))
            for iri, hit in hits.items()
        ]
        found.sort(
            key=lambda candidate: (-candidate.score, not candidate.identified)
        )  # what is alike stays in the order of the search
        sure = _sure(found)
        return [_told(candidate, candidate.hit.iri == sure) for candidate in found[: wanted.limit]]

    def _named(self, wanted: Wanted) -> list[Hit]:
        text = wanted.text.strip()
        if not text:
            return []
        # more than one type has to be looked at one by one; a thing may be of several
        filters: list[str | None] = list(wanted.types) if wanted.types and not wanted.every_type else [None]
        known = self._index.thing(ID + text)
        if known is not None:
            return [known] if self._of_type(known, wanted) else []
        hits: dict[str, Hit] = {}
        for class_ in filters:
            with suppress(CtkgError):  # no letters, or a type that we do not have: nothing can be meant
                found = self._index.search(text, class_=class_, limit=_LOOKED_AT)
                hits |= {hit.iri: hit for hit in found if self._of_type(hit, wanted)}
        return sorted(hits.values(), key=lambda hit: -hit.score)

    def _identified(self, known: Iterable[tuple[str, tuple[str, ...]]]) -> list[Hit]:
        iris = [
            iri
            for name, texts in known
            if self._properties[name].identifies
            for iri in self._properties.bearers(name, texts)
        ]
        return [hit for iri in dict.fromkeys(iris) if (hit := self._index.thing(iri)) is not None]

    def _of_type(self, hit: Hit, wanted: Wanted) -> bool:
        fits = all if wanted.every_type else any
        return not wanted.types or fits(f"{CTKG}{name}" in hit.classes for name in wanted.types)

    def _weighed(
        self, hit: Hit, score: float, known: list[tuple[str, tuple[str, ...]]], values: Mapping[str, list[Value]]
    ) -> _Candidate:
        named = score > 0
        identified = opposed = False
        features = {}
        for name, texts in known:
            own = values.get(name, [])
            if not own or not texts:
                continue
            agrees = any(value.is_called(text) for value in own for text in texts)
            features[name] = agrees
            identifies = self._properties[name].identifies
            identified |= agrees and identifies
            opposed |= not agrees
            if agrees:
                score = 100.0 if identifies else score + (100 - score) / 2
            else:
                score *= 0.6 if identifies else 0.8
        return _Candidate(hit, score, named and hit.how == "exact", identified, opposed, features)


def _resemblance(text: str, hit: Hit) -> float:
    """How good a name is: that of the search, down to half of it where most of the name is something else."""
    if hit.how == "exact":
        return float(hit.score)
    return hit.score * (1 + min(1.0, len(folded(text)) / max(1, len(folded(hit.name))))) / 2


def _sure(found: list[_Candidate]) -> str | None:
    """The one thing that must be meant, if there is one."""
    identified = [candidate for candidate in found if candidate.identified]
    exact = [candidate for candidate in found if candidate.exact]
    best = identified or exact
    rivals = {candidate.hit.iri for candidate in (*identified, *exact)}
    if identified and identified[0].exact:  # who bears the identifier is meant, whoever else bears the name
        rivals = {candidate.hit.iri for candidate in identified}
    return best[0].hit.iri if len(rivals) == 1 and not best[0].opposed else None


def _told(candidate: _Candidate, match: bool) -> dict[str, Any]:
    hit = candidate.hit
    told: dict[str, Any] = {
        "id": hit.iri.removeprefix(ID),
        "name": hit.label(language()),
        "score": round(candidate.score, 1),
        "match": match,
        "type": [{"id": hit.class_.iri.removeprefix(CTKG), "name": hit.class_.label(language())}],
    }
    others = [label for code, label in hit.labels.items() if code != language()]
    if hit.language is not None and folded(hit.name) != folded(told["name"]):
        others.insert(0, hit.name)
    if others:
        told["description"] = " · ".join(dict.fromkeys(others))
    if candidate.features:
        told["features"] = [{"id": name, "value": agrees} for name, agrees in candidate.features.items()]
    return told
