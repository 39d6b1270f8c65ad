"""The SHACL shapes as pyshacl works through them fastest, without a change in what they find.

No shape looks further than from a thing to its values (``tests/test_shapes.py``
holds that), so a few files are checked among what they name, not among all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from pyoxigraph import BlankNode, NamedNode, Triple

from ctkg.messages import language
from ctkg.namespaces import CTKG, PREFIXES
from ctkg.ontology import RDF_TYPE, SUBCLASS, Ontology
from ctkg.turtle import parse, value

__all__ = ["Breach", "breaches"]

CLASS_TREE = frozenset({RDF_TYPE, SUBCLASS})
"""What shapes need of the ontology: which things it declares, and which class is below which."""
_SH = PREFIXES["sh"]


class Breach(NamedTuple):
    """What breaks a shape: subject, path (if it is one property's), value (if it is one value's)."""

    shape: str
    subject: str
    path: str | None
    value: Any
    violation: bool
    message: str
    remedy: str


def breaches(
    files: Iterable[Path],
    ontology: Ontology,
    ontology_triples: Iterable[Triple],
    data: Iterable[Triple],
    subjects: set[str] | None,
) -> Iterator[Breach]:
    """What in ``data`` breaks the shapes of ``files``; of these subjects only, unless ``None``."""
    import pyshacl
    import rdflib
    from rdflib.namespace import SH

    if subjects is not None:
        data = _surroundings(data, subjects)
    shapes = _graph(_that_apply(files, ontology, data, subjects))
    _flatten(shapes)
    graph = _graph([*(t for t in ontology_triples if t.predicate.value in CLASS_TREE), *data])
    if subjects is not None:
        _narrow(shapes, graph, subjects)
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inplace=True)
    for result in report.subjects(rdflib.RDF.type, SH.ValidationResult):
        path = report.value(result, SH.resultPath)
        shape = report.value(result, SH.sourceShape)
        yield Breach(
            str(shape),
            str(report.value(result, SH.focusNode)),
            str(path) if path else None,
            report.value(result, SH.value),
            report.value(result, SH.resultSeverity) == SH.Violation,
            _chosen(report.objects(result, SH.resultMessage)),
            _chosen(shapes.objects(shape, rdflib.URIRef(f"{CTKG}remedy"))),
        )


def _chosen(texts: Iterable[Any]) -> str:
    """The text in the user's language, else in any."""
    by_language = {getattr(text, "language", None) or "": str(text) for text in texts}
    return by_language.get(language()) or by_language.get("en") or next(iter(by_language.values()), "")


def _graph(triples: Iterable[Triple]) -> Any:
    import rdflib

    from ctkg.rdflib_dataset import to_rdflib

    graph = rdflib.Graph()
    for triple in triples:
        graph.add((to_rdflib(triple.subject), to_rdflib(triple.predicate), to_rdflib(triple.object)))
    return graph


def _surroundings(data: Iterable[Triple], subjects: set[str]) -> list[Triple]:
    """What is said of the subjects and of their values."""
    everything = list(data)
    near = set(subjects)
    near.update(value(t.object) for t in everything if value(t.subject) in subjects and isinstance(t.object, NamedNode))
    return [triple for triple in everything if value(triple.subject) in near]


@lru_cache(maxsize=1)
def _described(files: tuple[tuple[Path, int], ...]) -> dict[str, list[Triple]]:
    """What the files say by subject; read anew where one was touched."""
    described: dict[str, list[Triple]] = defaultdict(list)
    for path, _ in files:
        for triple in parse(path):
            described[value(triple.subject)].append(triple)
    return described


def _that_apply(
    files: Iterable[Path], ontology: Ontology, data: Iterable[Triple], subjects: set[str] | None
) -> Iterator[Triple]:
    """The shapes that target one of the subjects, and what these shapes refer to."""
    described = _described(tuple((path, path.stat().st_mtime_ns) for path in files))
    if subjects is None:
        for triples in described.values():
            yield from triples
        return
    about = [triple for triple in data if value(triple.subject) in subjects]
    classes = {value(triple.object) for triple in about if triple.predicate.value == RDF_TYPE}
    classes.update(*(ontology.superclasses.get(name, frozenset()) for name in list(classes)))
    targets = {f"{_SH}targetClass": classes, f"{_SH}targetSubjectsOf": {t.predicate.value for t in about}}
    queue = [
        name
        for name, triples in described.items()
        if any(value(t.object) in targets.get(t.predicate.value, ()) for t in triples)
    ]
    seen = set(queue)
    while queue:
        triples = described[queue.pop()]
        yield from triples
        for triple in triples:
            name = value(triple.object)
            if isinstance(triple.object, NamedNode | BlankNode) and name in described and name not in seen:
                seen.add(name)
                queue.append(name)


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


def _narrow(shapes: Any, graph: Any, subjects: set[str]) -> None:
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
