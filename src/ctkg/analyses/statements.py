"""The statements that stand on a day, each with its parties: the graph beneath all views."""

from __future__ import annotations

from typing import NamedTuple

from ctkg.analyses.analysis import Inputs
from ctkg.namespaces import CTKG

__all__ = ["Standing", "standing"]


class Standing(NamedTuple):
    """A statement that holds, or may hold, on the day asked about; ``parties`` by property, as bare names."""

    iri: str
    kind: str
    certain: bool
    parties: dict[str, list[str]]

    def one(self, role: str) -> str | None:
        """The party in that role, if there is one."""
        return next(iter(self.parties.get(role, [])), None)


def standing(inputs: Inputs, *kinds: str, also: tuple[str, ...] = ()) -> list[Standing]:
    """The statements of these classes (all, where none is given) that stand on the day, as known on the day.

    Not those denied, abandoned, superseded or set aside for a preferred rival. A
    state holds on the day, an occurrence has happened by then; certain and
    possible are told apart as ``docs/decisions/0003-time.md`` says. ``also`` names
    properties whose values are wanted beside the parties.
    """
    backend = inputs.backend
    classes = [f"{CTKG}{kind}" for kind in kinds] or [kind.value for (kind,) in backend.select(_KINDS)]
    roles = [role.value for (role,) in backend.select(_ROLES)] + [f"{CTKG}{name}" for name in also]
    rows = backend.select(
        _QUERY.replace("KINDS", " ".join(f"<{kind}>" for kind in classes))
        .replace("ROLES", ", ".join(f"<{role}>" for role in roles))
        .replace("$DAY", f'"{inputs.as_of}"^^xsd:date')
        .replace("$KNOWN", f'"{inputs.known_at}"^^xsd:date')
    )
    found: dict[str, Standing] = {}
    for statement, kind, role, party, sure in rows:
        iri = statement.value
        if iri not in found:
            certain = sure.value in ("true", "1")
            found[iri] = Standing(iri, kind.value.removeprefix(CTKG), certain, {})
        found[iri].parties.setdefault(role.value.removeprefix(CTKG), []).append(party.value)
    return list(found.values())


_KINDS = """SELECT ?kind {
  ?kind rdfs:subClassOf+ ctkg:Statement FILTER NOT EXISTS { ?narrower rdfs:subClassOf ?kind } } ORDER BY ?kind"""
_ROLES = "SELECT ?role { ?role rdfs:subPropertyOf ctkg:party } ORDER BY ?role"
_QUERY = """SELECT ?statement ?kind ?role ?party ?sure WHERE {
  VALUES ?kind { KINDS }
  ?statement a ?kind ; ctkg:startEarliest ?start ; ctkg:startLatest ?started ; ctkg:publicFrom ?public .
  FILTER(?start <= $DAY && ?public <= $KNOWN)
  OPTIONAL { ?statement ctkg:endEarliest ?ending ; ctkg:endLatest ?end }
  FILTER(!BOUND(?end) || $DAY < ?end)
  OPTIONAL { ?statement ctkg:stage ?stage }
  FILTER(!BOUND(?stage) || ?stage != ctkg:Abandoned)
  BIND(?started <= $DAY && (!BOUND(?ending) || $DAY < ?ending)
    && (!BOUND(?stage) || ?stage IN (ctkg:Completed, ctkg:Signed)) AS ?sure)
  FILTER NOT EXISTS { ?statement ctkg:polarity ctkg:Denied }
  FILTER NOT EXISTS { ?newer ctkg:supersedes ?statement
    FILTER EXISTS { ?newer ctkg:publicFrom ?newerPublic FILTER(?newerPublic <= $KNOWN) } }
  FILTER NOT EXISTS { ?dispute ctkg:rival ?statement ; ctkg:preferred ?preferred ; ctkg:decidedOn ?decided .
    FILTER(?preferred != ?statement && ?decided <= $KNOWN) }
  ?statement ?role ?party .
  FILTER(?role IN (ROLES))
} ORDER BY ?statement ?role ?party"""
