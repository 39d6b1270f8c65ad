"""One end of an edge of a graph view."""

from __future__ import annotations

from typing import NamedTuple

from ctkg.results.cells import Resource

__all__ = ["Node"]


class Node(NamedTuple):
    """One end of an edge: its class, and its types and layers of the stack on the day asked about."""

    iri: str
    labels: dict[str, str]
    class_: Resource | None
    actor_types: tuple[Resource, ...] = ()
    layers: tuple[Resource, ...] = ()

    def label(self, language: str = "en") -> str:
        """The label in ``language``, else in another, else the CURIE."""
        return Resource(self.iri, self.labels).label(language)
