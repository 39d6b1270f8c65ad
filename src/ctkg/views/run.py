"""Run a view: bind and ask as any stored query, learn what its nodes are, keep the part that is wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from ctkg.answers import answer
from ctkg.backend import Backend
from ctkg.errors import NotFound, QueryError, nearest
from ctkg.messages import tr
from ctkg.names import find_entity, labels_of
from ctkg.namespaces import CTKG, slug
from ctkg.queries import StoredQuery
from ctkg.results import Cell, Resource, ResultTable
from ctkg.results.edges import EdgeTable, Node
from ctkg.views.around import CENTRE, around
from ctkg.views.merge import merged
from ctkg.views.narrow import certain, ego, of_layer, of_type, weighing
from ctkg.views.provenance import datasets_of

__all__ = ["UNDIRECTED", "Narrowing", "view"]

UNDIRECTED = "undirected"
"""The tag of a view whose edges have no direction."""


class Narrowing(NamedTuple):
    """Which part of a view is wanted, see `ctkg.KnowledgeGraph.view`."""

    possible: bool = False
    merged: bool = False
    actor_type: str | None = None
    layer: str | None = None
    min_weight: int = 1
    ego: str | None = None
    hops: int = 1


EVERYTHING_CERTAIN = Narrowing()


def view(
    backend: Backend,
    query: StoredQuery,
    arguments: Mapping[str, str],
    data_date: str,
    narrowing: Narrowing = EVERYTHING_CERTAIN,
    matched: Callable[[str, str, Resource], None] | None = None,
) -> EdgeTable:
    """The view's edges for the given arguments.

    Raises `QueryError` for an unknown or ill-typed parameter and `NotFound` for
    an entity, type or layer that is not there.
    """
    for name, number, least in (("min-weight", narrowing.min_weight, 1), ("hops", narrowing.hops, 0)):
        if number < least:
            raise QueryError(tr("{name} is at least {least}", name=name, least=least))
    centred = any(parameter.name == CENTRE for parameter in query.params)
    if centred:
        centre = {CENTRE: narrowing.ego} if narrowing.ego is not None else {}
        rows = around(
            lambda given: answer(
                backend, query, {**arguments, **centre, **given}, data_date, None if given else matched
            ),
            narrowing.hops,
        )
    else:
        rows = answer(backend, query, arguments, data_date, matched)
    table = _with_nodes(backend, query, rows, data_date)
    asked: dict[str, Cell] = {}
    if not narrowing.possible:
        table = certain(table)
    asked["possible"] = narrowing.possible
    if narrowing.actor_type is not None:
        asked["actor_type"] = wanted = _term(backend, narrowing.actor_type, _TYPES, tr("type of actor"))
        table = of_type(table, wanted.iri)
    if narrowing.layer is not None:
        asked["layer"] = wanted = _term(backend, narrowing.layer, _LAYERS, tr("layer"))
        table = of_layer(table, wanted.iri)
    if narrowing.min_weight > 1:
        asked["min_weight"] = narrowing.min_weight
        table = weighing(table, narrowing.min_weight)
    if narrowing.ego is not None and not centred:
        found = find_entity(backend, narrowing.ego).iri
        asked["ego"] = centre_ = Resource(found, labels_of(backend, {found}).get(found, {}))
        if matched is not None:
            matched("ego", narrowing.ego, centre_)
        table = ego(table, found, narrowing.hops)
    if centred or narrowing.ego is not None:
        asked["hops"] = narrowing.hops
    if narrowing.merged:
        asked["merged"] = True
        table = merged(table)
    statements = {statement for edge in table.edges for statement in edge.evidence.statements}
    return table._replace(parameters={**table.parameters, **asked}, datasets=datasets_of(backend, statements))


def _term(backend: Backend, name: str, where: str, kind: str) -> Resource:
    """The term that bears a name or label; raises `NotFound` with the nearest."""
    rows = backend.select(f"SELECT DISTINCT ?term ?label {{ {where} ?term rdfs:label ?label }} ORDER BY ?term ?label")
    names = {label.value: iri.value for iri, label in rows} | {slug(iri.value): iri.value for iri, _ in rows}
    wanted = {text.casefold(): iri for text, iri in names.items()}.get(slug(name).removeprefix("ctkg:").casefold())
    if wanted is not None:
        return Resource(wanted, labels_of(backend, {wanted}).get(wanted, {}))
    near = nearest(name, list(names)) or sorted({slug(iri) for iri in names.values()})
    raise NotFound(
        tr("no {kind} is called {name!r}", kind=kind, name=name), tr("choose one of: {names}", names=", ".join(near))
    )


def _with_nodes(backend: Backend, query: StoredQuery, table: ResultTable, data_date: str) -> EdgeTable:
    ends = {end.iri for row in table.rows for end in row[:2] if isinstance(end, Resource)}
    nodes = _nodes(backend, ends, table.as_of or data_date, table.known_at or data_date)
    return EdgeTable(
        query.name,
        query.summary,
        UNDIRECTED not in query.tags,
        table.parameters,
        table.as_of,
        table.known_at,
        query.columns,
        tuple(table.rows),
        nodes,
        table.citations,
    )


def _nodes(backend: Backend, ends: set[str], day: str, known: str) -> dict[str, Node]:
    iris = sorted(ends)
    if not iris:
        return {}
    classes = _narrowest(backend, iris, day, known)
    types = _grouped(backend, iris, _STATE.replace("PATTERN", _TYPE), day, known)
    layers = _grouped(backend, iris, _STATE.replace("PATTERN", _LAYER), day, known)
    named = {iri for found in (classes, types, layers) for values in found.values() for iri in values}
    labels = labels_of(backend, {*iris, *named})

    def resources(found: dict[str, list[str]], iri: str) -> tuple[Resource, ...]:
        return tuple(Resource(value, labels.get(value, {})) for value in found.get(iri, ()))

    return {
        iri: Node(
            iri,
            labels.get(iri, {}),
            next(iter(resources(classes, iri)), None),
            resources(types, iri),
            resources(layers, iri),
        )
        for iri in iris
    }


def _narrowest(backend: Backend, iris: list[str], day: str, known: str) -> dict[str, list[str]]:
    """The class of each thing, without those above it; of a concept its scheme."""
    found = _grouped(backend, iris, "?iri skos:inScheme ?value", day, known)
    below: dict[str, set[str]] = {}
    for narrow, wide in backend.select("SELECT ?narrow ?wide { ?narrow rdfs:subClassOf ?wide }"):
        below.setdefault(wide.value, set()).add(narrow.value)
    for iri, classes in _grouped(backend, iris, "?iri a ?value", day, known).items():
        own = [name for name in classes if name.startswith(CTKG) and not below.get(name, set()) & set(classes)]
        found.setdefault(iri, own)
    return found


def _grouped(backend: Backend, iris: list[str], pattern: str, day: str, known: str) -> dict[str, list[str]]:
    values = " ".join(f"<{iri}>" for iri in iris)
    where = pattern.replace("$DAY", f'"{day}"^^xsd:date').replace("$KNOWN", f'"{known}"^^xsd:date')
    rows = backend.select(f"SELECT DISTINCT ?iri ?value {{ VALUES ?iri {{ {values} }} {where} }} ORDER BY ?iri ?value")
    found: dict[str, list[str]] = {}
    for iri, value in rows:
        found.setdefault(iri.value, []).append(value.value)
    return found


_TYPE = "a ctkg:Typing ; ctkg:typed ?iri ; ctkg:actorType ?value"
_LAYER = "a ctkg:StackPosition ; ctkg:actor ?iri ; ctkg:layer ?value"
_STATE = """
  ?statement PATTERN ; ctkg:startEarliest ?start ; ctkg:endLatest ?end ; ctkg:publicFrom ?public .
  FILTER(?start <= $DAY && $DAY < ?end && ?public <= $KNOWN)
  FILTER NOT EXISTS { ?statement ctkg:polarity ctkg:Denied }
  FILTER NOT EXISTS { ?newer ctkg:supersedes ?statement
    FILTER EXISTS { ?newer ctkg:publicFrom ?newerPublic FILTER(?newerPublic <= $KNOWN) } }
  FILTER NOT EXISTS { ?dispute ctkg:rival ?statement ; ctkg:preferred ?preferred ; ctkg:decidedOn ?decided .
    FILTER(?preferred != ?statement && ?decided <= $KNOWN) }
"""
_TYPES = "{ ?term skos:inScheme ctkg:actor-types } UNION { ?term rdfs:subClassOf+ ctkg:Entity }"
_LAYERS = "?term skos:inScheme ctkg:stack-layers ."
