"""A view of what lies around one entity, asked anew from each neighbour for every further hop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ctkg.results import Citation, Resource, ResultTable

__all__ = ["CENTRE", "around"]

CENTRE = "entity"
"""The parameter of a view whose edges all start from one entity."""


def around(ask: Callable[[Mapping[str, str]], ResultTable], hops: int) -> ResultTable:
    """The edges on the ways of at most ``hops`` steps from the entity; each statement joins two things once."""
    first = ask({})
    centre = first.parameters[CENTRE]
    assert isinstance(centre, Resource)
    rows: dict[tuple[Any, ...], Any] = {}
    citations: dict[str, Citation] = {}
    asked: set[str] = set()
    rim = {centre.iri}
    for _ in range(hops):
        tables = [first if iri == centre.iri else ask({CENTRE: iri}) for iri in sorted(rim)]
        asked |= rim
        rim = set()
        for table in tables:
            for citation in table.citations:
                citations.setdefault(citation.source, citation._replace(number=len(citations) + 1))
            for row in table.rows:
                edge: Any = row
                ends = frozenset((edge.source.iri, edge.target.iri))
                roles = frozenset((edge.source_role.iri, edge.target_role.iri))
                if (ends, roles, edge.evidence.statements) not in rows:
                    sources = [table.citations[number - 1].source for number in edge.evidence.citations]
                    numbers = tuple(sorted(citations[source].number for source in sources))
                    evidence = edge.evidence._replace(citations=numbers)
                    rows[ends, roles, edge.evidence.statements] = edge._replace(evidence=evidence)
                rim.add(edge.target.iri)
        rim -= asked
    return first._replace(rows=list(rows.values()), citations=tuple(citations.values()))
