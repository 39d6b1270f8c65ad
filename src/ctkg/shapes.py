"""The SHACL shapes as pyshacl works through them fastest, without a change in what they find."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from ctkg.ontology import RDF_TYPE, SUBCLASS
from ctkg.turtle import parse

__all__ = ["CLASS_TREE", "narrow", "shapes_graph"]

CLASS_TREE = frozenset({RDF_TYPE, SUBCLASS})
"""What shapes need of the ontology: which things it declares, and which class is below which."""


def narrow(shapes: Any, graph: Any, subjects: set[str]) -> None:
    """Let the shapes target these subjects only, by name instead of by class.

    pyshacl's own ``focus_nodes`` also skips the nodes that a nested shape looks
    at (``sh:not``, ``sh:node``), and so finds fault where there is none.
    """
    from rdflib.namespace import RDF, RDFS, SH

    for shape, class_ in list(shapes.subject_objects(SH.targetClass)):
        shapes.remove((shape, SH.targetClass, class_))
        for narrower in graph.transitive_subjects(RDFS.subClassOf, class_):
            for node in graph.subjects(RDF.type, narrower):
                if str(node) in subjects:
                    shapes.add((shape, SH.targetNode, node))


@lru_cache(maxsize=1)
def shapes_graph(files: tuple[tuple[Path, int], ...]) -> Any:
    """The shapes of these files, ready for pyshacl; read anew where a file was touched."""
    import rdflib

    from ctkg.rdflib_dataset import to_rdflib

    shapes = rdflib.Graph()
    for path, _ in files:
        for triple in parse(path):
            shapes.add((to_rdflib(triple.subject), to_rdflib(triple.predicate), to_rdflib(triple.object)))
    _flatten(shapes)
    return shapes


def _flatten(shapes: Any) -> None:
    """Let each property shape find its focus nodes itself, by the class that its node shape targets.

    The findings are the same; but pyshacl enters a nested property shape once
    for every focus node, and one with a target of its own once for all of them.
    """
    from rdflib import BNode
    from rdflib.collection import Collection
    from rdflib.namespace import RDF, SH

    for node in list(shapes.subjects(SH.closed, None)):
        rules = list(shapes.objects(node, SH.property))
        allowed = BNode()
        Collection(shapes, allowed, [RDF.type, *{shapes.value(rule, SH.path) for rule in rules}])
        shapes.set((node, SH.ignoredProperties, allowed))
        shapes.remove((node, SH.property, None))
        for rule in rules:
            for class_ in shapes.objects(node, SH.targetClass):
                shapes.add((rule, SH.targetClass, class_))
