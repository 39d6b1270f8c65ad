"""A dataset while it is written: things get their one IRI, statements their name, everything its source."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from ctkg.dates import PartialDate
from ctkg.importers.known import Known
from ctkg.importers.matches import BY_IDENTIFIER, BY_NAME, Match, Matches, subject_id
from ctkg.importers.upstream import Row, Upstream
from ctkg.name_keys import name_key, slugged
from ctkg.namespaces import CTKG, ID, PREFIXES, curie, slug

__all__ = ["Draft", "Name", "Publication", "Term", "Values", "address", "day", "decimal", "double", "integer", "text"]

Term = NamedNode | Literal
Values = Mapping[str, Term | Sequence[Term] | None]
"""Local name of ``ctkg:``, or CURIE, → what it says; ``None`` is left out."""
_XSD = PREFIXES["xsd"]
_ADDRESS = re.compile(r"https?://[!-+\--:<-~]+")
"""ASCII without space, comma and semicolon, which part several addresses."""
_DERIVED = NamedNode(f"{PREFIXES['prov']}wasDerivedFrom")


class Name(NamedTuple):
    """A name and its language, ``en`` or ``zh``."""

    text: str
    language: str = "en"


def text(value: str, language: str | None = None) -> Literal:
    """A text, with its language where it has one."""
    return Literal(value, language=language) if language else Literal(value)


def address(value: str) -> Literal | None:
    """The address where the text is one, and nothing else; ``None`` for several, for none, or with words beside."""
    if not _ADDRESS.fullmatch(value):
        return None
    return Literal(value, datatype=NamedNode(f"{_XSD}anyURI"))


def day(value: str) -> Literal:
    """A year, month or day with the precision it has; raises ``ValueError`` where it is none."""
    _ = PartialDate(value).latest
    kind = {4: "gYear", 7: "gYearMonth", 10: "date"}[len(value)]
    return Literal(value, datatype=NamedNode(_XSD + kind))


def integer(value: str) -> Literal:
    """A whole number, from text such as ``671000000000.0`` or one that misses it by a rounding error.

    Raises ``ValueError`` where it is not whole.
    """
    number = float(value)
    whole = round(number)
    if abs(number - whole) > 1e-9 * abs(number):
        raise ValueError(f"not a whole number: {value!r}")
    return Literal(str(whole), datatype=NamedNode(f"{_XSD}integer"))


def decimal(value: str) -> Literal:
    """A decimal number without an exponent."""
    digits = f"{float(value):.10f}".rstrip("0")
    return Literal(f"{digits}0" if digits.endswith(".") else digits, datatype=NamedNode(f"{_XSD}decimal"))


def double(value: str) -> Literal:
    """A number with an exponent, for what is too large for stores to compare as an integer."""
    digits, _, exponent = f"{float(value):.6e}".partition("e")
    digits = digits.rstrip("0")
    return Literal(
        f"{digits}{'0' if digits.endswith('.') else ''}e{int(exponent)}", datatype=NamedNode(f"{_XSD}double")
    )


class Publication(NamedTuple):
    """What the sources of a dataset say of it: ``licence`` and ``url`` are addresses."""

    title: str
    publisher: str
    licence: str
    url: str
    language: str = "en"


class Draft:
    """The triples of one dataset, and which names were matched, undecided or new on the way."""

    def __init__(
        self, dataset: str, publication: Publication, known: Known, matches: Matches, read_on: Mapping[str, str],
        folder: Path,
    ) -> None:  # fmt: skip
        """``read_on`` gives the day on which a file was first read, by digest; others are read today.

        ``folder`` is where the dataset lies, with the tables that are decided by hand.
        """
        self.dataset, self.known, self.matches, self.folder = dataset, known, matches, folder
        self.issued: dict[str, str] = {}
        """Source → the day its publisher made it."""
        self._publication, self._read_on = publication, read_on
        self.triples: dict[Triple, None] = {}
        self.undecided: list[tuple[str, list[str]]] = []
        """Upstream names that several of our things bear."""
        self.conflicts: dict[str, str] = {}
        """Upstream names for which no IRI of their own is free, and the IRI they would have had."""
        self.skipped: list[tuple[Row, str]] = []
        """Rows left out, each with the reason."""
        self._sources: dict[str, str] = {}
        self._labels: dict[tuple[str, str], tuple[Name, NamedNode]] = {}
        self._iris: dict[str, str] = {}
        self._statements: dict[str, str] = {}
        self._named: set[tuple[str, str]] = set()
        self._class_of: dict[str, str] = {}
        """IRI → class of what this dataset declares."""
        self._own: dict[str, set[str]] = {}
        """`name_key` → IRIs of what this dataset declares."""
        self._spoken: set[str] = set()
        self._held: dict[str, str] = {}

    def source(self, file: Upstream) -> NamedNode:
        """The source that stands for a file."""
        name = f"{self.dataset}-{file.issued.replace('-', '')}"
        iri = NamedNode(f"{ID}source/{name}")
        if iri.value in self._sources and self._sources[iri.value] != file.digest:
            iri = NamedNode(f"{iri.value}-{file.digest[7:13]}")
        self._sources[iri.value] = file.digest
        self.issued[iri.value] = file.issued
        for predicate, value in (
            ("rdf:type", NamedNode(f"{CTKG}Source")),
            ("dcterms:title", text(self._publication.title, "en")),
            ("dcterms:publisher", text(self._publication.publisher, "en")),
            ("dcterms:language", text(self._publication.language)),
            ("dcterms:issued", day(file.issued)),
            ("dcterms:license", NamedNode(self._publication.licence)),
            ("schema:url", Literal(self._publication.url, datatype=NamedNode(f"{_XSD}anyURI"))),
            ("ctkg:readOn", day(self._read_on.get(file.digest, date.today().isoformat()))),
            ("ctkg:sourceType", NamedNode(f"{CTKG}DatasetSource")),
            ("ctkg:contentDigest", text(file.digest)),
        ):
            self._add(iri, predicate, value)
        if file.copied_from:
            self._add(iri, "ctkg:readAt", Literal(file.copied_from, datatype=NamedNode(f"{_XSD}anyURI")))
        return iri

    def entity(self, class_: str, name: str, names: Sequence[Name], source: NamedNode, *,
               among: frozenset[str] | None = None) -> NamedNode:  # fmt: skip
        """The IRI of what the dataset calls ``name``: by the table of matches, by its name, or a new one.

        ``among`` are the classes that what we already hold may have; where it is
        empty, nothing is matched by its name, only by the table. What it is
        called beyond what we call it becomes a Naming. Where a new IRI would be
        that of another thing, the name joins ``conflicts``: the table has to decide.
        """
        kind = self.known.ontology.kinds[CTKG + class_]
        subject = subject_id(self.dataset, kind, name)
        iri = self._iris.get(subject) or self.matches.same(subject)
        iri = iri or self._by_name(subject, name, names, frozenset({class_}) if among is None else among)
        if iri is None:
            iri = f"{ID}{kind}/{slugged(names[0].text)}"
            if slug(iri) == "" or self.known.class_of(iri) or iri in self._class_of:
                self.conflicts.setdefault(subject, iri)
                return NamedNode(iri)
        self._iris[subject] = iri
        if self.known.class_of(iri) is None:
            self._declare(NamedNode(iri), class_, names, source)
        self._name(NamedNode(iri), names, source)
        for other in self.matches.apart_from(subject):
            if not self._are_apart(iri, other):
                self._add(NamedNode(iri), "ctkg:keptApartFrom", NamedNode(other))
        return NamedNode(iri)

    def _are_apart(self, one: str, other: str) -> bool:
        """Whether what came before keeps the two apart already."""
        predicate, subjects = f"{CTKG}keptApartFrom", self.known.before
        return other in subjects.get(one, {}).get(predicate, []) or one in subjects.get(other, {}).get(predicate, [])

    def first(self, thing: NamedNode) -> bool:
        """Whether this is asked of a thing for the first time: a dataset may list one thing under two spellings."""
        new = thing.value not in self._spoken
        self._spoken.add(thing.value)
        return new

    def held(self, kind: str, key: str, names: Sequence[Name], identifiers: Mapping[str, str],
             among: frozenset[str]) -> NamedNode | None:  # fmt: skip
        """The IRI of what we hold already, for a dataset that brings nothing new: ``None`` where we do not hold it.

        By the table of matches, by an identifier, or by a name that one thing
        bears which has no other identifier and was not matched before. ``key`` is
        what the dataset knows it by, ``identifiers`` are by local name of
        ``ctkg:``, and the first of ``names`` is its label.
        """
        subject = subject_id(self.dataset, kind, key)
        iri = self.matches.same(subject) or self._by_identifier(subject, names[0].text, identifiers)
        if iri is None:
            bearing = self.known.bearing([name.text for name in names], among)
            bearing = {iri for iri in bearing if not self._other_identifier(iri, identifiers)}
            if taken := sorted(bearing & self._held.keys()):
                self.undecided.append((subject, taken))
                return None
            iri = self._one_of(subject, names[0].text, bearing)
        if iri is None or self.known.class_of(iri) is None:
            return None
        if self._held.setdefault(iri, subject) != subject:
            self.undecided.append((subject, [iri]))
            return None
        return NamedNode(iri)

    def _other_identifier(self, iri: str, identifiers: Mapping[str, str]) -> bool:
        ours = self.known.subjects[iri]
        return any(identifier not in ours.get(CTKG + name, [identifier]) for name, identifier in identifiers.items())

    def _by_identifier(self, subject: str, label: str, identifiers: Mapping[str, str]) -> str | None:
        for identifier in identifiers.values():
            iri = self.known.identified.get(identifier)
            if iri is not None and not self.matches.apart(subject, iri):
                today = date.today().isoformat()
                self.matches.add(
                    Match(subject, label, False, curie(iri), BY_IDENTIFIER, "1.0", today, f"both have {identifier}")
                )
                return iri
        return None

    def _by_name(self, subject: str, name: str, names: Sequence[Name], classes: frozenset[str]) -> str | None:
        bearing = self.known.bearing([entry.text for entry in names], classes)
        for entry in names:
            bearing |= {iri for iri in self._own.get(name_key(entry.text), ()) if self._class_of[iri] in classes}
        return self._one_of(subject, name, bearing)

    def _one_of(self, subject: str, name: str, bearing: set[str]) -> str | None:
        """The one of those that bear the name, written into the table; ``None`` where none or several do."""
        found = sorted(iri for iri in bearing if not self.matches.apart(subject, iri))
        if len(found) > 1:
            self.undecided.append((subject, found))
        if len(found) != 1:
            return None
        today = date.today().isoformat()
        self.matches.add(
            Match(subject, name, False, curie(found[0]), BY_NAME, "0.95", today, "the same but for spelling")
        )
        return found[0]

    def _declare(self, iri: NamedNode, class_: str, names: Sequence[Name], source: NamedNode) -> None:
        """Type and labels; of several spellings the one that the IRI is made of is the label, else the first."""
        self._add(iri, "rdf:type", NamedNode(CTKG + self._class_of.setdefault(iri.value, class_)))
        replaced: list[tuple[Name, NamedNode]] = []
        for entry in names:
            self._own.setdefault(name_key(entry.text), set()).add(iri.value)
            earlier = self._labels.get((iri.value, entry.language))
            if earlier is None or slugged(entry.text) == slug(iri.value) != slugged(earlier[0].text):
                self._labels[iri.value, entry.language] = entry, source
                self._add(iri, "rdfs:label", text(*entry))
                if earlier is not None:
                    self.triples.pop(Triple(iri, NamedNode(PREFIXES["rdfs"] + "label"), text(*earlier[0])))
                    replaced.append(earlier)
        for name, told_by in replaced:
            self._name(iri, [name], told_by)

    def _name(self, iri: NamedNode, names: Sequence[Name], source: NamedNode) -> None:
        """What the dataset calls a thing whose label is another name."""
        labels = {
            name_key(self._labels[found][0].text)
            for language in ("en", "zh")
            if (found := (iri.value, language)) in self._labels
        }
        for entry in names:
            key = name_key(entry.text)
            if iri.value in self.known.told.get(key, set()) or key in labels or (iri.value, key) in self._named:
                continue
            self._named.add((iri.value, key))
            name = text(entry.text, entry.language)
            self.statement("Naming", iri, f"{iri.value} {key}", {"named": iri, "name": name}, source)

    def statement(self, class_: str, root: NamedNode, key: str,
                  values: Values, source: NamedNode,
                  locator: str | None = None) -> NamedNode:  # fmt: skip
        """Write a statement about ``root``; its name follows from dataset, ``key`` and class, never from values.

        ``values`` are by local name of ``ctkg:`` or by CURIE; ``None`` is left out.
        """
        digest = hashlib.blake2b("\0".join((self.dataset, key, class_)).encode()).digest()
        tail = base64.b32encode(digest)[:6].decode().lower()
        iri = NamedNode(f"{ID}statement/{slug(root.value)}-{tail}")
        told = f"{class_} {key}"
        if self._statements.setdefault(iri.value, told) != told or iri.value in self.known.subjects:
            raise AssertionError(f"two statements would be called {iri.value}")
        self._add(iri, "rdf:type", NamedNode(CTKG + class_))
        for name, value in values.items():
            for term in () if value is None else (value,) if isinstance(value, NamedNode | Literal) else value:
                self._add(iri, name if ":" in name else f"ctkg:{name}", term)
        self.triples[Triple(iri, _DERIVED, source)] = None
        if locator:
            self._add(iri, "ctkg:locator", text(locator))
        return iri

    def add(self, subject: NamedNode, predicate: str, value: Term) -> None:
        """Write one more triple of a thing, such as an identifier; ``predicate`` is a CURIE."""
        self._add(subject, predicate, value)

    def skip(self, row: Row, reason: str) -> None:
        """Leave a row out and say why."""
        self.skipped.append((row, reason))

    def _add(self, subject: NamedNode, predicate: str, value: Term) -> None:
        prefix, _, local = predicate.partition(":")
        self.triples[Triple(subject, NamedNode(PREFIXES[prefix] + local), value)] = None
