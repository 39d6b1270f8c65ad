"""Where a dataset and what we already hold contradict each other: one dispute for each pair, both sides kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Triple

from ctkg.dates import PartialDate
from ctkg.derive import Description, describe_subjects
from ctkg.importers.known import Known
from ctkg.namespaces import CTKG, ID, PREFIXES, slug
from ctkg.ontology import RDF_TYPE

__all__ = ["disputes"]

_DATES = ("date", "from", "until", "observedOn")
_NUMBERS = (
    "parameters",
    "activeParameters",
    "contextLength",
    "trainingTokens",
    "trainingCompute",
    "memoryCapacity",
    "memoryBandwidth",
    "thermalDesignPower",
    "dieArea",
    "operationsPerSecond",
)
_CHOICES = ("weightsAccess", "fabricator")
_ROUNDED = 0.02
"""Figures that differ by less are one figure, rounded."""


def disputes(drafted: Iterable[Triple], known: Known) -> Iterator[Triple]:
    """The disputes between drafted statements and those that came before: of one class and key, with other values.

    Where one side stands in a dispute already, the other joins it. A statement
    that is superseded, denied or a rumour contradicts nobody.
    """
    theirs: dict[tuple[str, ...], list[str]] = defaultdict(list)
    standing: dict[str, str] = {}
    superseded: set[str] = set()
    for iri, description in known.before.items():
        superseded.update(description.get(f"{CTKG}supersedes", []))
        for rival in description.get(f"{CTKG}rival", []):
            standing[rival] = iri
    for iri, description in known.before.items():
        if iri not in superseded and _counts(description):
            for key in _keys(description, known):
                theirs[key].append(iri)
    ours: dict[tuple[str, ...], list[tuple[str, Description]]] = defaultdict(list)
    for iri, description in sorted(describe_subjects(drafted).items()):
        for key in _keys(description, known) if _counts(description) else ():
            ours[key].append((iri, description))
    for key, statements in ours.items():
        others = [(other, known.before[other]) for other in theirs.get(key, [])]
        chosen = _excluding([d for _, d in statements], [d for _, d in others])
        for iri, description in statements:
            for other, said in others:
                if _differ(description, said) or any(name in description and name in said for name in chosen):
                    yield from _dispute(iri, other, _label(key, known), standing)
                    break


def _counts(description: Description) -> bool:
    return not (
        f"{CTKG}Denied" in description.get(f"{CTKG}polarity", [])
        or f"{CTKG}Rumoured" in description.get(f"{CTKG}stage", [])
    )


def _keys(description: Description, known: Known) -> Iterator[tuple[str, ...]]:
    """Class and key of a statement, as its class's ``ctkg:rivalKey`` says."""
    for class_ in description.get(RDF_TYPE, []):
        properties = known.ontology.rival_keys.get(class_)
        if properties and all(description.get(name) for name in properties):
            yield class_, *(",".join(sorted(description[name])) for name in sorted(properties))


def _differ(ours: Description, theirs: Description) -> bool:
    """Whether a value that both give cannot be the same."""

    def pair(name: str) -> tuple[list[str], list[str]] | None:
        here, there = ours.get(CTKG + name), theirs.get(CTKG + name)
        return (here, there) if here and there else None

    for name in _DATES:
        if found := pair(name):
            ours_day, theirs_day = (PartialDate(values[0]) for values in found)
            if ours_day.earliest > theirs_day.latest or theirs_day.earliest > ours_day.latest:
                return True
    for name in _NUMBERS:
        if found := pair(name):
            here, there = (float(values[0]) for values in found)
            if abs(here - there) > _ROUNDED * max(abs(here), abs(there)):
                return True
    return False


def _excluding(ours: list[Description], theirs: list[Description]) -> list[str]:
    """The choices of which the two sides, each taken together, have none in common: two makers are no contradiction."""

    def all_of(side: list[Description], name: str) -> set[str]:
        return {value for description in side for value in description.get(name, [])}

    names = [CTKG + name for name in _CHOICES]
    return [name for name in names if all_of(ours, name) and all_of(ours, name).isdisjoint(all_of(theirs, name))]


def _label(key: tuple[str, ...], known: Known) -> str:
    """What the dispute is about: class and the first thing of the key, by its name."""
    class_, thing = key[0], key[1].partition(",")[0]
    names = known.subjects.get(thing, {}).get(f"{PREFIXES['rdfs']}label") or [slug(thing)]
    return f"{names[0]} ({class_.removeprefix(CTKG)})"


def _dispute(ours: str, theirs: str, about: str, standing: dict[str, str]) -> Iterator[Triple]:
    rival = NamedNode(f"{CTKG}rival")
    dispute = standing.get(theirs)
    if dispute is None:
        dispute = standing[theirs] = f"{ID}dispute/{slug(theirs)}"
        node = NamedNode(dispute)
        yield Triple(node, NamedNode(RDF_TYPE), NamedNode(f"{CTKG}Dispute"))
        yield Triple(node, rival, NamedNode(theirs))
        for language, words in (("en", "two datasets differ on {}"), ("zh", "两个数据集说法不一：{}")):
            label = NamedNode(f"{PREFIXES['rdfs']}label")
            yield Triple(node, label, Literal(words.format(about), language=language))
    yield Triple(NamedNode(dispute), rival, NamedNode(ours))
