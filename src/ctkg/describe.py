"""The card of an entity: what is stated of it, by theme and date, rivals marked, sources numbered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode

from ctkg.amounts import Money, Stake
from ctkg.backend import Backend
from ctkg.citations import cite
from ctkg.messages import tr
from ctkg.names import find_entity, labels_of
from ctkg.namespaces import CTKG, ID, PREFIXES
from ctkg.ontology import RDF_TYPE
from ctkg.results import Citation, Resource

__all__ = ["Card", "Line", "describe"]

_RDFS = PREFIXES["rdfs"]
_HIDDEN = {
    RDF_TYPE,
    f"{_RDFS}label",
    f"{_RDFS}comment",
    f"{PREFIXES['prov']}wasDerivedFrom",
    *(
        CTKG + name
        for name in (
            "startEarliest", "startLatest", "endEarliest", "endLatest", "publicFrom", "current", "money",
            "amountLeast", "amountGreatest", "stake", "locator", "polarity", "supersedes", "currency", "amount",
            "amountMin", "amountMax", "amountMinExclusive", "amountMaxExclusive", "amountUndisclosed",
            "approximate", "share", "shareMin", "shareMax", "shareMinExclusive", "shareMaxExclusive",
            "date", "from", "until", "observedOn", "endKind", "checkedOn", "queries",
        )
    ),
}  # fmt: skip


class Line(NamedTuple):
    """One statement: its class, when, what it says beside the entity itself, and how it stands."""

    statement: str
    theme: str
    class_: Resource
    when: str
    values: tuple[tuple[Resource, str | Resource], ...]
    denied: bool
    current: bool
    dispute: Resource | None
    preferred: bool
    citations: tuple[int, ...]

    def told(self, spoken: str) -> Iterator[tuple[Resource, str | Resource]]:
        """Property and value, in the words of a reader of ``spoken``: of a text in several languages that one alone."""
        for property_, value in self.values:
            if isinstance(value, Resource):
                yield property_, value
            elif getattr(value, "language", None) in (None, spoken) or not self._has(property_, spoken):
                yield property_, _amount(property_, value, spoken)

    def marks(self) -> list[str]:
        """What has to be said beside it: denied, disputed, no longer current."""
        found = [tr("denied")] if self.denied else []
        if self.dispute is not None:
            found.append(tr("preferred among rivals") if self.preferred else tr("has rivals"))
        return found if self.current else [*found, tr("superseded or set aside")]

    def _has(self, property_: Resource, spoken: str) -> bool:
        return any(other == property_ and getattr(text, "language", None) == spoken for other, text in self.values)


def _amount(property_: Resource, text: str, spoken: str) -> str:
    if property_.slug == "money":
        return Money.parse(text).words(spoken)
    return Stake.parse(text).words(spoken) if property_.slug == "stake" else text


class Card(NamedTuple):
    """All that the graph holds of one entity."""

    entity: Resource
    class_: Resource
    facts: tuple[tuple[Resource, str], ...]
    lines: tuple[Line, ...]
    reasons: tuple[tuple[Resource, dict[str, str]], ...]
    citations: tuple[Citation, ...]

    def to_json(self) -> str:
        """The card as the JSON document that every door gives."""
        return json.dumps(_plain(self), ensure_ascii=False, indent=2)


def _plain(value: Any) -> Any:
    if isinstance(value, Resource):
        return {"iri": value.iri, "label": value.labels}
    if hasattr(value, "_asdict"):
        return {name: _plain(item) for name, item in value._asdict().items()}
    return [_plain(item) for item in value] if isinstance(value, tuple | list) else value


def describe(backend: Backend, name: str) -> Card:
    """The card of the entity, statement, source or dispute that ``name`` means.

    Raises `NotFound` with the nearest names, `QueryError` where the name is ambiguous.
    """
    iri = find_entity(backend, name).iri
    about = _triples(backend, f"<{iri}>", "")
    statements = _statements(backend, iri)
    iris = {iri} | {term.value for _, p, o in statements + about for term in (p, o) if isinstance(term, NamedNode)}
    disputes = _disputes(backend, {subject.value for subject, _, _ in statements})
    iris |= {dispute for dispute, _, _ in disputes.values()}
    labels = labels_of(backend, iris)
    themes = _themes(backend)
    by_statement: dict[str, list[tuple[str, Any]]] = {}
    for subject, predicate, value in statements:
        by_statement.setdefault(subject.value, []).append((predicate.value, value))
    drafts = [_line(iri, key, pairs, labels, themes, disputes) for key, pairs in by_statement.items()]
    drafts.sort(key=lambda line: (line.theme, line.when, line.class_.iri, line.statement))
    citations, numbers = cite(backend, [line.statement for line in drafts])
    lines = tuple(line._replace(citations=numbers.get(line.statement, ())) for line in drafts)
    return Card(
        Resource(iri, labels.get(iri, {})),
        _class(about, labels),
        _facts(about, labels),
        lines,
        _reasons(backend, lines),
        citations,
    )


_Triples = list[tuple[Any, Any, Any]]


def _triples(backend: Backend, subject: str, pattern: str) -> _Triples:
    rows = backend.select(f"SELECT ?p ?o {{ {subject} ?p ?o {pattern} }}")
    return [(subject, row[0], row[1]) for row in rows]


def _statements(backend: Backend, iri: str) -> _Triples:
    """Every triple of every statement that concerns the entity, or of the statement that it is."""
    rows = backend.select(
        f"""SELECT ?s ?p ?o {{
          {{ SELECT DISTINCT ?s {{
              {{ ?s ?any <{iri}> }} UNION {{ BIND(<{iri}> AS ?s) }} UNION {{ <{iri}> ctkg:rival ?s }}
              ?s a ctkg:Statement }} }}
          ?s ?p ?o }}"""
    )
    return [(row[0], row[1], row[2]) for row in rows]


def _disputes(backend: Backend, statements: set[str]) -> dict[str, tuple[str, bool, bool]]:
    """Statement → its dispute, whether one rival is preferred, and whether it is this one."""
    if not statements:
        return {}
    values = " ".join(f"<{statement}>" for statement in sorted(statements))
    rows = backend.select(
        f"""SELECT ?s ?dispute ?preferred {{ VALUES ?s {{ {values} }}
          ?dispute ctkg:rival ?s OPTIONAL {{ ?dispute ctkg:preferred ?preferred }} }}"""
    )
    found: dict[str, tuple[str, bool, bool]] = {}
    for statement, dispute, preferred in rows:
        found[statement.value] = (dispute.value, preferred is not None, preferred == statement)
    return found


def _themes(backend: Backend) -> dict[str, str]:
    """Statement class → its theme; what is at home everywhere (an absence, a claim) counts as evidence."""
    rows = backend.select("SELECT ?class ?theme { ?class ctkg:homeTheme ?theme } ORDER BY ?class ?theme")
    found: dict[str, list[str]] = {}
    for class_, theme in rows:
        found.setdefault(class_.value, []).append(theme.value)
    return {class_: "evidence" if len(themes) > 4 else themes[0] for class_, themes in found.items()}


def _line(
    entity: str,
    statement: str,
    pairs: list[tuple[str, Any]],
    labels: dict[str, dict[str, str]],
    themes: dict[str, str],
    disputes: dict[str, tuple[str, bool, bool]],
) -> Line:
    def resource(iri: str) -> Resource:
        return Resource(iri, labels.get(iri, {}))

    def texts(name: str) -> list[str]:
        return [value.value for predicate, value in pairs if predicate == CTKG + name]

    types = [value.value for predicate, value in pairs if predicate == RDF_TYPE and value.value in themes]
    class_ = types[0] if types else f"{CTKG}Statement"
    values: list[tuple[Resource, str | Resource]] = []
    for predicate, value in sorted(pairs, key=_reading_order):
        if predicate in _HIDDEN or (isinstance(value, NamedNode) and value.value == entity):
            continue
        if isinstance(value, NamedNode):
            values.append((resource(predicate), resource(value.value)))
        elif isinstance(value, Literal):
            values.append((resource(predicate), _Text(value)))
    for name in ("money", "stake"):
        values += [(resource(CTKG + name), text) for text in texts(name)]
    dispute, decided, preferred = disputes.get(statement, (None, False, False))
    return Line(
        statement,
        themes.get(class_, ""),
        resource(class_),
        _when(texts),
        tuple(values),
        f"{CTKG}Denied" in texts("polarity"),
        "true" in texts("current"),
        resource(dispute) if dispute else None,
        decided and preferred,
        (),
    )


def _reading_order(pair: tuple[str, Any]) -> tuple[int, str, str]:
    """Who first, then in which deal, then how, then in which words."""
    predicate, value = pair
    iri = value.value if isinstance(value, NamedNode) else None
    rank = 3 if iri is None else 2 if not iri.startswith(ID) else 1 if iri.startswith(f"{ID}deal/") else 0
    return rank, predicate, str(value)


class _Text(str):
    """A literal's text that remembers its language, so that a card can show one language of two."""

    language: str | None

    def __new__(cls, literal: Literal) -> _Text:
        text = super().__new__(cls, literal.value)
        text.language = literal.language
        return text


def _when(texts: Any) -> str:
    for name in ("date", "observedOn"):
        if texts(name):
            return str(texts(name)[0])
    since, until = texts("from"), texts("until")
    if since or until:
        return f"{since[0] if since else '?'}/{until[0] if until else '..'}"
    return ""


def _class(about: _Triples, labels: dict[str, dict[str, str]]) -> Resource:
    """The most telling class: the one that no other class of the entity stands above."""
    classes = [o.value for _, p, o in about if p.value == RDF_TYPE]
    general = {
        CTKG + name for name in ("Entity", "Actor", "Policy", "Statement", "Occurrence", "State", "Observation", "Deal")
    }
    best = next((name for name in classes if name not in general), classes[0] if classes else f"{CTKG}Entity")
    return Resource(best, labels.get(best, {}))


def _facts(about: _Triples, labels: dict[str, dict[str, str]]) -> tuple[tuple[Resource, str], ...]:
    """Names, identifiers and addresses of the entity itself."""
    shown = {f"{PREFIXES['skos']}altLabel", f"{PREFIXES['foaf']}homepage"}
    facts = []
    for _, predicate, value in sorted(about, key=lambda triple: (triple[1].value, str(triple[2]))):
        literal = isinstance(value, Literal) and predicate.value not in _HIDDEN
        if predicate.value in shown or literal:
            facts.append((Resource(predicate.value, labels.get(predicate.value, {})), value.value))
    return tuple(facts)


def _reasons(backend: Backend, lines: tuple[Line, ...]) -> tuple[tuple[Resource, dict[str, str]], ...]:
    """Why each dispute of the card was decided as it was."""
    disputes = {line.dispute.iri: line.dispute for line in lines if line.dispute is not None}
    if not disputes:
        return ()
    values = " ".join(f"<{iri}>" for iri in sorted(disputes))
    rows = backend.select(  # rdflib loses rows where nothing stands between VALUES and OPTIONAL
        f"""SELECT ?d ?reason {{ VALUES ?d {{ {values} }} ?d a ctkg:Dispute
          OPTIONAL {{ ?d ctkg:reason ?reason }} }} ORDER BY ?d"""
    )
    reasons: dict[str, dict[str, str]] = {}
    for dispute, reason in rows:
        texts = reasons.setdefault(dispute.value, {})
        if isinstance(reason, Literal):
            texts[reason.language or ""] = reason.value
    return tuple((disputes[iri], texts) for iri, texts in reasons.items())
