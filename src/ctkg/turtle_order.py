"""The one order in which canonical Turtle is written: subjects, predicates, objects.

``docs/decisions/0007-canonical-turtle.md`` says why.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from ctkg.namespaces import CTKG, ID, KINDS, PREFIXES, curie, expand

__all__ = ["RDF_TYPE", "Term", "object_key", "predicate_key", "subject_key"]

RDF_TYPE = f"{PREFIXES['rdf']}type"

# First what it is called, then whom it concerns, when, and how much …
_FIRST = """
    rdf:type rdfs:label skos:altLabel dcterms:title dcterms:description
    rival preferred lane about chip derived base derivationKind designated developer developed family model member
    group investor investee deal list entryNumber act citation organisation founder person position owner owned interest
    directness released role series share shareMin shareMax specified numberFormat observedOn estimator quantity policy
    issuer relation relatedPolicy finding sought searches queries stage status
    date from until endKind checkedOn
    amount amountMin amountMax amountMinExclusive amountMaxExclusive amountUndisclosed currency approximate
    amountAsReported
"""
# … then all others by name, and last where it is from.
_LAST = """
    decidedOn basis sourceConfidence supersedes dcterms:publisher prov:wasDerivedFrom locator reference schema:url
    dcterms:language dcterms:issued readOn readAt contentDigest repeats sourceType dcterms:license dcterms:modified
    dcterms:source dcterms:bibliographicCitation dataDate expectedStatements rdfs:comment
"""


class Term(NamedTuple):
    """An IRI, or a literal with its lexical form; an IRI has neither datatype nor language."""

    value: str
    datatype: str = ""
    language: str = ""

    @property
    def is_iri(self) -> bool:
        return not self.datatype and not self.language


def _iris(names: str) -> list[str]:
    return [expand(name) or CTKG + name for name in names.split()]


_RANK = {iri: rank for rank, iri in enumerate(_iris(_FIRST))}
_OTHERS = len(_RANK)
_RANK |= {iri: _OTHERS + 1 + rank for rank, iri in enumerate(_iris(_LAST))}
_DAYS = _iris("date from observedOn")
_INVESTEE = f"{CTKG}investee"
_KIND = {kind: rank for rank, kind in enumerate(KINDS)}


@cache
def predicate_key(iri: str) -> tuple[int, str]:
    """`_FIRST`, then what neither names, then `_LAST`."""
    rank = _RANK.get(iri, _OTHERS)
    return rank, curie(iri) if rank == _OTHERS else ""


def object_key(term: Term) -> tuple[bool, str, str, str, str]:
    """IRIs before literals; these by language, so that English stands before Chinese."""
    return not term.is_iri, term.language.lower(), term.value, term.datatype, term.language


def subject_key(iri: str, least: Callable[[str], str]) -> tuple[int, str, str, str, str]:
    """By kind in the order of `KINDS` (entities, statements, sources, disputes), class, day and name.

    What tells of money for an investee is one story and goes by the day alone.
    ``least`` gives a property's least value, or "".
    """
    kind = iri.removeprefix(ID).partition("/")[0] if iri.startswith(ID) else ""
    class_ = least(RDF_TYPE)
    day = next(filter(None, map(least, _DAYS)), "")
    return _KIND.get(kind, len(_KIND)), "" if least(_INVESTEE) else class_, day, class_, iri
