"""What the shapes ask of things of a class, property by property: the form that a contributor fills in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from ctkg.findings import VIOLATION, WARNING
from ctkg.namespaces import PREFIXES, slug
from ctkg.ontology import Ontology
from ctkg.turtle import parse, value

__all__ = ["Field", "fields_of", "read_shapes"]

_SH = PREFIXES["sh"]
_RDF = PREFIXES["rdf"]
_SAYS_WHAT = ("class", "in", "datatype", "nodeKind", "languageIn", "or")
_LANGUAGES = ("en", "zh")

Shapes = dict[str, dict[str, list[NamedNode | Literal]]]
"""Shape → local name of the predicate → its objects."""


class Field(NamedTuple):
    """One property that things of a class may carry.

    ``needed`` is the severity of leaving it out ("" where it may be),
    ``needed_in`` the same by language, ``message`` what is asked, by language.
    """

    property: str
    name: str
    needed: str
    needed_in: dict[str, str]
    many: bool
    classes: tuple[str, ...]
    any_iri: bool
    choices: tuple[NamedNode | Literal, ...]
    datatypes: tuple[str, ...]
    languages: tuple[str, ...]
    message: dict[str, str]


def read_shapes(files: Iterable[Path]) -> Shapes:
    """Everything that the shape files say; raises `DataError` where one cannot be read."""
    shapes: Shapes = defaultdict(lambda: defaultdict(list))
    for path in files:
        for triple in parse(path):
            if not isinstance(triple.object, Triple):
                shapes[value(triple.subject)][slug(triple.predicate.value)].append(triple.object)  # type: ignore[arg-type]
    return shapes


def fields_of(class_: str, shapes: Shapes, ontology: Ontology) -> dict[str, Field]:
    """Property → what the shapes ask of it, for a class and all classes above it."""
    asked: dict[str, list[str]] = defaultdict(list)
    for shape in _that_target({class_} | ontology.superclasses.get(class_, frozenset()), shapes):
        for path in shapes[shape].get("path", []):
            asked[path.value].append(shape)
    fields = {iri: _field(iri, names, shapes) for iri, names in asked.items()}
    return {iri: field for iri, field in fields.items() if field is not None}


def _that_target(classes: set[str], shapes: Shapes) -> Iterator[str]:
    """The shapes of these classes, each before its property shapes."""
    for name in list(shapes):
        if any(target.value in classes for target in shapes[name].get("targetClass", [])):
            yield name
            yield from (inner.value for inner in shapes[name].get("property", []))


def _field(iri: str, names: list[str], shapes: Shapes) -> Field | None:
    """What these property shapes ask together; ``None`` where one forbids it, and for the class itself."""
    needed, name = "", slug(iri)
    needed_in: dict[str, str] = {}
    message: dict[str, str] = {}
    classes: list[str] = []
    choices: list[NamedNode | Literal] = []
    datatypes: list[str] = []
    languages: list[str] = []
    many = True
    if iri == f"{_RDF}type" or any(_number(shapes[shape], "maxCount") == 0 for shape in names):
        return None
    for shape in names:
        about = shapes[shape]
        severity = VIOLATION if any(slug(s.value) == "Violation" for s in about.get("severity", [])) else WARNING
        if _number(about, "minCount") and needed != VIOLATION:
            needed = severity
            message = {getattr(m, "language", None) or "": m.value for m in about.get("message", [])}
        many = many and _number(about, "maxCount") != 1
        for nested in about.get("qualifiedValueShape", []):
            needed_in.update(dict.fromkeys(_values(shapes[nested.value], "languageIn", shapes), severity))
        if any(key in about for key in _SAYS_WHAT):
            name = slug(shape).partition("-")[2] or name
            message = message or {getattr(m, "language", None) or "": m.value for m in about.get("message", [])}
        for part in (about, *_parts(about, shapes)):
            classes += [found.value for found in part.get("class", [])]
            choices += _members(part, "in", shapes)
            datatypes += [found.value for found in part.get("datatype", [])]
            languages += _values(part, "languageIn", shapes)
    if f"{_RDF}langString" in datatypes or needed_in:
        languages = languages or list(_LANGUAGES)
    return Field(
        iri, _kebab(name), needed, needed_in, many,
        tuple(classes), any("nodeKind" in shapes[shape] for shape in names), tuple(choices),
        tuple(datatypes), tuple(dict.fromkeys(languages)), message,
    )  # fmt: skip


def _number(about: dict[str, list[NamedNode | Literal]], key: str) -> int | None:
    return next((int(found.value) for found in about.get(key, [])), None)


def _parts(
    about: dict[str, list[NamedNode | Literal]], shapes: Shapes
) -> Iterator[dict[str, list[NamedNode | Literal]]]:
    """The alternatives of ``sh:or``."""
    for found in _members(about, "or", shapes):
        yield shapes[found.value]


def _values(about: dict[str, list[NamedNode | Literal]], key: str, shapes: Shapes) -> list[str]:
    return [found.value for found in _members(about, key, shapes)]


def _members(about: dict[str, list[NamedNode | Literal]], key: str, shapes: Shapes) -> Iterator[NamedNode | Literal]:
    """The members of an RDF list."""
    for start in about.get(key, []):
        head = start
        while head.value != f"{_RDF}nil":
            yield shapes[head.value]["first"][0]
            head = shapes[head.value]["rest"][0]


def _kebab(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()
