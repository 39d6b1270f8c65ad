"""What the build adds to the asserted data, in a graph of its own.

Day bounds of partial dates, the day from which a statement was public, one
compact text per sum and share, the superclasses of each thing, and which of
rival statements stand today. The simple links follow by ``queries/rules/``.
See ``docs/decisions/0003-time.md`` for how unknown bounds are read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache, lru_cache

from pyoxigraph import Literal, NamedNode, Triple

from ctkg.amounts import Money, Stake, plain_number
from ctkg.dates import FIRST_DAY, LAST_DAY, PartialDate, day_after
from ctkg.namespaces import CTKG
from ctkg.ontology import RDF_TYPE, Ontology

__all__ = ["Description", "UnderivableError", "derived", "describe_subjects"]

Description = dict[str, list[str]]
"""Predicate IRI → lexical forms and IRIs of its objects."""


class UnderivableError(ValueError):
    """A date or number that cannot be read; says of which subject."""

    def __init__(self, subject: str, reason: str) -> None:
        super().__init__(reason)
        self.subject = subject


_SOURCE_OF = "http://www.w3.org/ns/prov#wasDerivedFrom"
_ISSUED = "http://purl.org/dc/terms/issued"
_DAY = NamedNode("http://www.w3.org/2001/XMLSchema#date")
_TYPE = NamedNode(RDF_TYPE)
_TRUE = Literal(True)


def describe_subjects(triples: Iterable[Triple]) -> dict[str, Description]:
    """The triples, gathered by subject and predicate."""
    subjects: dict[str, Description] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value in triples:
        if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
            subjects[subject.value][predicate.value].append(value.value)
    return subjects


def derived(subjects: dict[str, Description], ontology: Ontology, data_date: str) -> Iterator[Triple]:
    """The derived triples of the data described by ``subjects``, as known on ``data_date``.

    Raises `UnderivableError` where a date or number cannot be read.
    """
    public = dict(_public_days(subjects, data_date))
    gone = _not_current(subjects, public, data_date)

    @cache
    def implications(types: tuple[str, ...]) -> tuple[frozenset[str], list[NamedNode]]:
        """All superclasses of these classes, and those of them that are added."""
        implied = frozenset().union(*(ontology.superclasses.get(name, frozenset()) for name in types))
        return implied, [NamedNode(name) for name in sorted(implied - set(types)) if name.startswith(CTKG)]

    for iri, description in subjects.items():
        subject = NamedNode(iri)
        implied, added = implications(tuple(description.get(RDF_TYPE, ())))
        for class_ in added:
            yield Triple(subject, _TYPE, class_)
        if iri in public:
            yield Triple(subject, _ctkg("publicFrom"), _day(public[iri]))
        if f"{CTKG}Statement" not in implied:
            continue
        try:
            for name, bound in _bounds(description, implied, public.get(iri, data_date)).items():
                yield Triple(subject, _ctkg(name), _day(bound))
            yield from _sums(subject, description)
        except ValueError as error:
            raise UnderivableError(iri, str(error)) from error
        if iri not in gone:
            yield Triple(subject, _ctkg("current"), _TRUE)


@lru_cache(maxsize=256)
def _ctkg(name: str) -> NamedNode:
    return NamedNode(CTKG + name)


@lru_cache(maxsize=16384)
def _day(text: str) -> Literal:
    return Literal(text, datatype=_DAY)


def _decimal(number: Decimal) -> Literal:
    return Literal(f"{number:f}", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))


def _public_days(subjects: dict[str, Description], data_date: str) -> Iterator[tuple[str, str]]:
    """The first day on which each source, and so each statement, can be taken to have been public."""
    sources: dict[str, str] = {}
    for iri, description in subjects.items():
        if f"{CTKG}Source" in description.get(RDF_TYPE, []):
            try:
                dates = description.get(_ISSUED) or description.get(f"{CTKG}readOn") or [data_date]
                sources[iri] = _latest(dates)
            except ValueError as error:
                raise UnderivableError(iri, str(error)) from error
    yield from sources.items()
    for iri, description in subjects.items():
        days = [sources[source] for source in description.get(_SOURCE_OF, []) if source in sources]
        if days:
            yield iri, min(days)


def _latest(dates: list[str]) -> str:
    return max(PartialDate(date).latest for date in dates)


def _bounds(description: Description, classes: frozenset[str], public: str) -> dict[str, str]:
    """Earliest and latest first day; for a state also the earliest and latest day on which it no longer holds."""
    first, last = (description.get(CTKG + name) for name in ("from", "until"))
    start = first or description.get(f"{CTKG}date") or description.get(f"{CTKG}observedOn")
    if start:
        bounds = {
            "startEarliest": PartialDate(start[0]).earliest,
            "startLatest": PartialDate(start[0]).latest,
        }
    else:  # it was so by the day it was reported
        bounds = {"startEarliest": FIRST_DAY, "startLatest": public}
    if f"{CTKG}State" not in classes:
        return bounds
    if last:
        bounds |= {"endEarliest": PartialDate(last[0]).earliest, "endLatest": PartialDate(last[0]).latest}
    else:  # certain up to and on the day on which it was last seen to hold
        seen = max([public, *(PartialDate(day).latest for day in description.get(f"{CTKG}checkedOn", []))])
        bounds |= {"endEarliest": max(day_after(seen), bounds["startLatest"]), "endLatest": LAST_DAY}
    return bounds


def _sums(subject: NamedNode, description: Description) -> Iterator[Triple]:
    def number(*names: str) -> Decimal | None:
        values = [value for name in names for value in description.get(CTKG + name, [])]
        return plain_number(values[0]) if values else None

    def holds(*names: str) -> bool:
        return any("true" in description.get(CTKG + name, []) for name in names)

    about = holds("approximate")
    least, greatest = number("amount", "amountMin"), number("amount", "amountMax")
    if least is not None or greatest is not None:
        strict = holds("amountMinExclusive", "amountMaxExclusive")
        money = Money(description.get(f"{CTKG}currency", ["?"])[0], least, greatest, strict, about)
        yield Triple(subject, _ctkg("money"), Literal(money.compact()))
        if least is not None:
            yield Triple(subject, _ctkg("amountLeast"), _decimal(least))
        if greatest is not None:
            yield Triple(subject, _ctkg("amountGreatest"), _decimal(greatest))
    elif holds("amountUndisclosed"):
        yield Triple(subject, _ctkg("money"), Literal(Money(None, None, None).compact()))
    least, greatest = number("share", "shareMin"), number("share", "shareMax")
    if least is not None or greatest is not None:
        stake = Stake(least, greatest, holds("shareMinExclusive", "shareMaxExclusive"), about)
        yield Triple(subject, _ctkg("stake"), Literal(stake.compact()))


def _not_current(subjects: dict[str, Description], public: dict[str, str], data_date: str) -> set[str]:
    """Statements superseded, or set aside in favour of a preferred rival, by ``data_date``."""
    gone: set[str] = set()
    for iri, description in subjects.items():
        if public.get(iri, data_date) <= data_date:
            gone.update(description.get(f"{CTKG}supersedes", []))
        preferred = description.get(f"{CTKG}preferred", [])
        if preferred and max(description.get(f"{CTKG}decidedOn", [data_date])) <= data_date:
            gone.update(rival for rival in description.get(f"{CTKG}rival", []) if rival not in preferred)
    return gone
