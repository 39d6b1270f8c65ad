"""What a search looks through: every name of every entity, source and dispute, Chinese ones with their pinyin.

Asking the store and spelling out pinyin takes seconds, so the first search of a
snapshot leaves what it gathered beside the store, as ``names.json``. A snapshot
is named after its content and never changes, so the file cannot go stale.
"""

from __future__ import annotations

import contextlib
import json
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

from ctkg.backend import Backend
from ctkg.errors import EndpointError
from ctkg.name_keys import folded, is_han
from ctkg.namespaces import CTKG, slug

__all__ = ["Name", "Named", "Names", "gather", "kept_names"]

_LAYOUT = 1
"""Of ``names.json``: a file of another layout is written anew."""


class Name(NamedTuple):
    """One name, its `folded` words, and ``pinyin`` with a capital for each syllable where any of it is Chinese."""

    text: str
    language: str | None
    words: str
    pinyin: str


class Named(NamedTuple):
    """A thing that bears names: labels first, the slug last; with the IRIs that it replaced."""

    iri: str
    labels: dict[str, str]
    class_: str  # the most telling one
    classes: tuple[str, ...]
    statements: int
    replaced: tuple[str, ...]
    names: tuple[Name, ...]


class Names(NamedTuple):
    """All things that bear names, and the labels of their classes."""

    things: list[Named]
    classes: dict[str, dict[str, str]]


def kept_names(folder: str, backend: Backend) -> Names:
    """The names of the snapshot in ``folder``, gathered from its store where nobody searched it before."""
    path = Path(folder, "names.json")
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError):  # whatever is wrong, it can be written anew
        return _read(json.loads(path.read_bytes()))
    names = gather(backend)
    with contextlib.suppress(OSError):  # a cache that cannot be written costs time and nothing else
        from ctkg.snapshot_writer import write_whole

        write_whole(str(path), json.dumps({"layout": _LAYOUT, **names._asdict()}, ensure_ascii=False))
    return names


def _read(document: dict[str, Any]) -> Names:
    if document["layout"] != _LAYOUT:
        raise ValueError(document["layout"])
    things = [
        Named(iri, labels, class_, tuple(classes), statements, tuple(replaced), tuple(Name(*name) for name in names))
        for iri, labels, class_, classes, statements, replaced, names in document["things"]
    ]
    return Names(things, document["classes"])


def gather(backend: Backend) -> Names:
    """Ask the store for all names; what was replaced lends its names to what replaced it.

    Raises `EndpointError` as the backend does.
    """
    classes: dict[str, list[str]] = defaultdict(list)
    for iri, class_ in _rows(backend, _CLASSES, "?iri ?class"):
        if class_.value.startswith(CTKG):
            classes[iri.value].append(class_.value)
    statements = {iri.value: int(count.value) for iri, count in _rows(backend, _STATEMENTS, "?iri")}
    labels = _texts(backend, _LABELS)
    others = _texts(backend, _OTHER_NAMES)
    replaced = _replaced(backend, set(classes))
    deposed = {old for olds in replaced.values() for old in olds}
    above = _above(backend)
    things = []
    for iri in sorted(classes.keys() - deposed):
        bearers = [iri, *replaced.get(iri, ())]
        texts = [text for found in (labels, others) for bearer in bearers for text in found.get(bearer, ())]
        texts += [("", slug(bearer)) for bearer in bearers]
        things.append(
            Named(
                iri,
                _by_language(labels.get(iri, [])),
                _most_telling(sorted(classes[iri]), above),
                tuple(sorted(classes[iri])),
                sum(statements.get(bearer, 0) for bearer in bearers),
                tuple(bearers[1:]),
                tuple(_name(text, language) for language, text in dict.fromkeys(texts)),
            )
        )
    return Names(things, _class_labels(backend))


_CLASSES = """SELECT DISTINCT ?iri ?class {
  VALUES ?root { ctkg:Entity ctkg:Source ctkg:Dispute } ?iri a ?root ; a ?class }"""
_LABELS = """SELECT DISTINCT ?iri ?name { { ?iri a ctkg:Entity ; rdfs:label ?name }
  UNION { ?iri a ctkg:Dispute ; rdfs:label ?name } UNION { ?iri a ctkg:Source ; dcterms:title ?name } }"""
_OTHER_NAMES = """SELECT DISTINCT ?iri ?name {
  { ?iri a ctkg:Entity ; skos:altLabel ?name } UNION { ?naming ctkg:named ?iri ; ctkg:name ?name } }"""
_STATEMENTS = """SELECT ?iri (COUNT(DISTINCT ?s) AS ?count) { ?s a ctkg:Statement ; ?p ?iri FILTER(ISIRI(?iri)) }
GROUP BY ?iri"""
_ABOVE = """SELECT DISTINCT ?class ?above {
  ?class a owl:Class ; rdfs:subClassOf ?above FILTER(ISIRI(?above) && ?class != ?above) }"""
_CLASS_LABELS = "SELECT DISTINCT ?iri ?name { ?iri a owl:Class ; rdfs:label ?name }"


def _rows(backend: Backend, query: str, order: str) -> list[tuple[Any, ...]]:
    """The rows, asked for without an order, which costs our own store four times as long."""
    try:
        return backend.select(query)
    except EndpointError as error:
        if error.status is not None:
            raise
        return backend.select(f"{query} ORDER BY {order}")  # what a store cuts it sends in pages, if ordered


def _texts(backend: Backend, query: str) -> dict[str, list[tuple[str, str]]]:
    """IRI → language ("" for none) and text of each name, in order."""
    texts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for iri, text in _rows(backend, query, "?iri LANG(?name) ?name"):
        texts[iri.value].append((text.language or "", text.value))
    return {iri: sorted(found) for iri, found in texts.items()}


def _replaced(backend: Backend, known: set[str]) -> dict[str, list[str]]:
    """Thing → what it replaced, through others, too."""
    rows = backend.select("SELECT DISTINCT ?old ?new { ?old dcterms:isReplacedBy ?new } ORDER BY ?old DESC(?new)")
    replacing = {old.value: new.value for old, new in rows}
    replaced: dict[str, list[str]] = defaultdict(list)
    for old in sorted(replacing):
        new = _followed(old, replacing)
        if new != old and new in known:
            replaced[new].append(old)
    return replaced


def _followed(iri: str, replacing: dict[str, str]) -> str:
    """What stands at the end of the chain; the thing itself where the chain is a circle."""
    passed = {iri}
    last = iri
    while last in replacing:
        last = replacing[last]
        if last in passed:
            return iri
        passed.add(last)
    return last


def _above(backend: Backend) -> dict[str, set[str]]:
    """Class → the classes right above it."""
    above: dict[str, set[str]] = defaultdict(set)
    for class_, other in _rows(backend, _ABOVE, "?class ?above"):
        above[class_.value].add(other.value)
    return above


def _most_telling(classes: list[str], above: dict[str, set[str]]) -> str:
    """The first class that stands above no other of them."""
    general = {other for class_ in classes for other in above.get(class_, ())}
    return next((class_ for class_ in classes if class_ not in general), f"{CTKG}Entity")


def _class_labels(backend: Backend) -> dict[str, dict[str, str]]:
    found = _texts(backend, _CLASS_LABELS)
    return {class_: _by_language(labels) for class_, labels in found.items() if class_.startswith(CTKG)}


def _by_language(texts: list[tuple[str, str]]) -> dict[str, str]:
    """The first text of each language; the texts are sorted."""
    labels: dict[str, str] = {}
    for language, text in texts:
        labels.setdefault(language, text)
    return labels


def _name(text: str, language: str) -> Name:
    words = folded(text)
    return Name(text, language or None, words, _pinyin(words.split()))


def _pinyin(words: list[str]) -> str:
    """A capital for each syllable, and for every Latin letter: so 智谱AI has the initials zpai. ``ü`` is ``u``."""
    if not any(map(is_han, words)):
        return ""
    from pypinyin import lazy_pinyin  # a third of a second, and only Chinese names need it

    spelled = (
        "".join(syllable.capitalize() for syllable in lazy_pinyin(word)) if is_han(word) else word.upper()
        for word in words
    )
    return "".join(spelled).replace("V", "U").replace("v", "u")
