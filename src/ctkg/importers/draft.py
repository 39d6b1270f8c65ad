"""A dataset while it is written: things get their one IRI, statements their name, everything its source."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from ctkg.dates import PartialDate
from ctkg.importers.known import Known
from ctkg.importers.matches import BY_NAME, Match, Matches, subject_id
from ctkg.importers.upstream import Row, Upstream
from ctkg.name_keys import name_key, slugged
from ctkg.namespaces import CTKG, ID, PREFIXES, curie, slug

__all__ = ["Draft", "Name", "Publication", "Term", "Values", "day", "decimal", "double", "integer", "text"]

Term = NamedNode | Literal
Values = Mapping[str, Term | Sequence[Term] | None]
"""Local name of ``ctkg:``, or CURIE, → what it says; ``None`` is left out."""
_XSD = PREFIXES["xsd"]
_DERIVED = NamedNode(f"{PREFIXES['prov']}wasDerivedFrom")


class Name(NamedTuple):
    """A name and its language, ``en`` or ``zh``."""

    text: str
    language: str = "en"


def text(value: str, language: str | None = None) -> Literal:
    """A text, with its language where it has one."""
    return Literal(value, language=language) if language else Literal(value)


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
    return Literal(f"{float(value):.10f}".rstrip("0") + "0", datatype=NamedNode(f"{_XSD}decimal"))


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
        self._labels: set[tuple[str, str]] = set()
        self._minted: dict[str, str] = {}
        self._statements: dict[str, str] = {}
        self._named: set[tuple[str, str]] = set()

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
            ("dcterms:language", text("en")),
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

        ``among`` are the classes that what we already hold may have. What it is
        called beyond what we call it becomes a Naming. Where a new IRI would be
        that of another thing, the name joins ``conflicts``: the table has to decide.
        """
        kind = self.known.ontology.kinds[CTKG + class_]
        subject = subject_id(self.dataset, kind, name)
        iri = self.matches.same(subject) or self._by_name(subject, name, names, among or frozenset({class_}))
        if iri is None:
            iri = f"{ID}{kind}/{slugged(name)}"
            if slug(iri) == "" or self.known.class_of(iri) or self._minted.get(iri, subject) != subject:
                self.conflicts.setdefault(subject, iri)
                return NamedNode(iri)
        if self.known.class_of(iri) is None:
            self._minted[iri] = subject
            self._declare(NamedNode(iri), class_, names)
        else:
            self._name(NamedNode(iri), names, source)
        return NamedNode(iri)

    def _by_name(self, subject: str, name: str, names: Sequence[Name], classes: frozenset[str]) -> str | None:
        bearing = self.known.bearing([entry.text for entry in names], classes)
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

    def _declare(self, iri: NamedNode, class_: str, names: Sequence[Name]) -> None:
        self._add(iri, "rdf:type", NamedNode(CTKG + class_))
        for entry in names:
            if (iri.value, entry.language) not in self._labels:
                self._labels.add((iri.value, entry.language))
                self._add(iri, "rdfs:label", text(entry.text, entry.language))

    def _name(self, iri: NamedNode, names: Sequence[Name], source: NamedNode) -> None:
        """What the dataset calls a thing that has another name with us."""
        for entry in names:
            key = name_key(entry.text)
            if iri.value not in self.known.named.get(key, set()) and (iri.value, key) not in self._named:
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
