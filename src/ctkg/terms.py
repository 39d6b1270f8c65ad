"""A term of the ontology explained: what it means, what stands above and below, what the shapes ask of it."""

from __future__ import annotations

import unicodedata
from typing import Any, NamedTuple

from ctkg.backend import Backend
from ctkg.catalog import Catalog
from ctkg.errors import NotFound, nearest
from ctkg.messages import tr
from ctkg.namespaces import CTKG, PREFIXES, curie, slug
from ctkg.results import Resource
from ctkg.turtle import parse, value

__all__ = ["Rule", "Rules", "Term", "explain", "list_terms", "read_rules"]

_SH = PREFIXES["sh"]


class Rule(NamedTuple):
    """What one shape asks: its name, severity and message by language."""

    shape: str
    severity: str
    message: dict[str, str]


class Term(NamedTuple):
    """All that the ontology and the shapes say of a term; lists are in the order of their names."""

    term: Resource
    kinds: tuple[str, ...]
    definition: dict[str, str]
    above: tuple[Resource, ...]
    below: tuple[Resource, ...]
    properties: tuple[Resource, ...]
    members: tuple[Resource, ...]
    rules: tuple[Rule, ...]
    uses: int


def list_terms(backend: Backend) -> list[tuple[Resource, str]]:
    """Every class, property and concept scheme of ctkg with its kind, classes first."""
    kinds = {"Class": 0, "ObjectProperty": 1, "DatatypeProperty": 2, "AnnotationProperty": 3, "ConceptScheme": 4}
    rows = backend.select(
        f"SELECT ?term ?kind ?label {{ ?term a ?kind ; rdfs:label ?label FILTER(STRSTARTS(STR(?term), '{CTKG}')) }}"
    )
    found: dict[tuple[str, str], dict[str, str]] = {}
    for term, kind, label in rows:
        if slug(kind.value) in kinds:
            found.setdefault((term.value, slug(kind.value)), {})[label.language or ""] = label.value
    ordered = sorted(found.items(), key=lambda item: (kinds[item[0][1]], item[0][0]))
    return [(Resource(iri, dict(sorted(labels.items()))), kind) for (iri, kind), labels in ordered]


def explain(backend: Backend, catalog: Catalog, name: str) -> Term:
    """The term that ``name`` means: a local name, a CURIE, an IRI or a label in en or zh.

    Raises `NotFound` with the nearest names.
    """
    iri = _find(backend, name)

    def resources(pattern: str) -> tuple[Resource, ...]:
        rows = backend.select(
            f"SELECT DISTINCT ?t ?l {{ {pattern} FILTER(ISIRI(?t)) OPTIONAL {{ ?t rdfs:label ?l }} }}"
        )
        found: dict[str, dict[str, str]] = {}
        for term, label in rows:
            labels = found.setdefault(term.value, {})
            if label is not None:
                labels[label.language or ""] = label.value
        return tuple(Resource(iri, dict(sorted(labels.items()))) for iri, labels in sorted(found.items()))

    rules = read_rules(catalog)
    of_class = rules.properties.get(iri, ())
    texts = backend.select(f"SELECT ?d {{ <{iri}> skos:definition ?d }}")
    uses = backend.select(
        f"SELECT (COUNT(*) AS ?n) {{ {{ ?s a <{iri}> }} UNION {{ ?s <{iri}> ?o }} UNION {{ ?s ?p <{iri}> }} }}"
    )
    return Term(
        next(iter(resources(f"BIND(<{iri}> AS ?t)"))),
        tuple(sorted(slug(row[0].value) for row in backend.select(f"SELECT ?k {{ <{iri}> a ?k }}"))),
        {row[0].language or "": row[0].value for row in texts},
        resources(f"{{ <{iri}> rdfs:subClassOf|rdfs:subPropertyOf|skos:broader|skos:inScheme ?t }}"),
        resources(f"{{ ?t rdfs:subClassOf|rdfs:subPropertyOf|skos:broader <{iri}> }}"),
        resources(" UNION ".join(f"{{ BIND(<{path}> AS ?t) }}" for path in sorted(of_class)) or "{ FILTER(false) }"),
        resources(f"{{ ?t skos:inScheme <{iri}> }}"),
        tuple(rules.rules.get(iri, ())),
        int(uses[0][0].value),
    )


def _find(backend: Backend, name: str) -> str:
    wanted = unicodedata.normalize("NFKC", name).strip().casefold()
    rows = backend.select(
        f"SELECT ?term ?label {{ ?term rdfs:label ?label FILTER(STRSTARTS(STR(?term), '{CTKG}')) }} ORDER BY ?term"
    )
    names: dict[str, str] = {}
    exact: dict[str, str] = {}
    for term, label in rows:
        iri = term.value
        exact.update({slug(iri): iri, curie(iri): iri, iri: iri})
        for text in (label.value, slug(iri)):
            names.setdefault(text.casefold(), iri)
    if name.strip() in exact:  # Role is a class, role a property
        return exact[name.strip()]
    if wanted in names:
        return names[wanted]
    near = nearest(name, sorted({*names, *(key for key in exact if ":" not in key)}))
    hint = tr("did you mean: {names}", names=", ".join(near)) if near else tr("list them: ctkg ontology")
    raise NotFound(tr("the ontology has no term {name!r}", name=name), hint)


class Rules(NamedTuple):
    """What the shapes say, by term IRI.

    ``rules``: term → what is asked of it; ``properties``: class → what it may
    carry; ``points_to``: class → property and class of its value.
    """

    rules: dict[str, list[Rule]]
    properties: dict[str, set[str]]
    points_to: dict[str, set[tuple[str, str]]]


def read_rules(catalog: Catalog) -> Rules:
    """Gather what the shape files say; raises `DataError` where one cannot be read."""
    described: dict[str, dict[str, list[Any]]] = {}
    for path in catalog.shapes:
        for triple in parse(path):
            about = described.setdefault(value(triple.subject), {})
            about.setdefault(triple.predicate.value, []).append(triple.object)
    found = Rules({}, {}, {})
    for shape, about in described.items():
        messages = {m.language or "": m.value for m in about.get(f"{_SH}message", [])}
        severity = next((slug(s.value).lower() for s in about.get(f"{_SH}severity", [])), "")
        targets = [target.value for target in about.get(f"{_SH}targetClass", [])]
        for term in [*targets, *(path.value for path in about.get(f"{_SH}path", []) if hasattr(path, "value"))]:
            if messages and severity:
                found.rules.setdefault(term, []).append(Rule(curie(shape), severity, messages))
        for class_ in targets:
            for rule in about.get(f"{_SH}property", []):
                asked = described.get(rule.value, {})
                if any(most.value == "0" for most in asked.get(f"{_SH}maxCount", [])):
                    continue  # it says that the class does not carry it
                paths = asked.get(f"{_SH}path", [])
                found.properties.setdefault(class_, set()).update(path.value for path in paths)
                pairs = {(path.value, kind.value) for path in paths for kind in asked.get(f"{_SH}class", [])}
                found.points_to.setdefault(class_, set()).update(pairs)
    return found
