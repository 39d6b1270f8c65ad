"""Which entity a user means: by slug, label in any language, former name, CURIE or IRI."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from pyoxigraph import NamedNode

from ctkg.backend import Backend
from ctkg.errors import NotFound, QueryError, nearest
from ctkg.messages import tr
from ctkg.namespaces import CTKG, ID, KINDS, PREFIXES, curie, expand, slug

__all__ = ["Match", "find_entity", "labels_of"]


class Match(NamedTuple):
    """The entity that a name was taken for, and whether by ``iri``, ``slug`` or ``label``."""

    iri: str
    by: str


def find_entity(backend: Backend, name: str, class_: str | None = None) -> Match:
    """The one entity of ``class_`` (a CURIE; any where ``None``) that bears the name.

    Raises `NotFound` with the nearest names, `QueryError` where several things
    bear the name or it has an unknown prefix or the form of no IRI.
    """
    wanted = name.strip()
    iri = _as_iri(wanted)
    if iri is not None:
        if _exists(backend, [iri], class_):
            return Match(_followed(backend, iri), "iri")
        raise _nothing(backend, name, class_)
    candidates = [f"{ID}{kind}/{wanted}" for kind in KINDS] + [CTKG + wanted]
    slugs = _exists(backend, candidates, class_) if _is_slug(wanted) else []
    if slugs:
        return Match(_followed(backend, _only(slugs, name)), "slug")
    key = _key(wanted)
    found = sorted({iri for iri, label in _labels(backend, class_) if _key(label) == key})
    if found:
        return Match(_followed(backend, _only(found, name)), "label")
    raise _nothing(backend, name, class_)


def labels_of(backend: Backend, iris: set[str]) -> dict[str, dict[str, str]]:
    """IRI → language → label, for those of the IRIs that have labels."""
    labels: dict[str, dict[str, str]] = {}
    if not iris:
        return labels
    values = " ".join(f"<{iri}>" for iri in sorted(iris))
    rows = backend.select(f"SELECT ?iri ?label {{ VALUES ?iri {{ {values} }} ?iri rdfs:label ?label }}")
    for iri, label in rows:
        language = getattr(label, "language", None) or ""
        labels.setdefault(iri.value, {})[language] = label.value
    return {iri: dict(sorted(texts.items())) for iri, texts in labels.items()}


def _as_iri(name: str) -> str | None:
    """The IRI that the name spells out, if it is one; raises `QueryError` for a malformed one."""
    bare = name.removeprefix("<").removesuffix(">") if name.startswith("<") else name
    if "://" in bare:
        return _checked(bare)
    prefix, colon, local = bare.partition(":")
    if not colon or not prefix.isidentifier() or not local:
        return None
    iri = expand(bare)
    if iri is None and prefix.isascii():
        near = nearest(prefix, list(PREFIXES)) or [*KINDS[:6]]
        raise QueryError(
            tr("unknown prefix {prefix}: in {name!r}", prefix=prefix, name=name),
            tr("known: {names}", names=", ".join(f"{item}:" for item in near)),
        )
    return None if iri is None else _checked(iri)


def _checked(iri: str) -> str:
    try:
        return NamedNode(iri).value
    except ValueError as error:
        raise QueryError(tr("not an IRI: {iri!r}", iri=iri), tr("write a slug, such as moonshot-ai")) from error


def _is_slug(name: str) -> bool:
    return name.isascii() and name.replace("-", "").isalnum()


def _exists(backend: Backend, iris: list[str], class_: str | None) -> list[str]:
    values = " ".join(f"<{iri}>" for iri in iris)
    pattern = f"?iri a {class_}" if class_ else "?iri ?p ?o"
    rows = backend.select(f"SELECT DISTINCT ?iri {{ VALUES ?iri {{ {values} }} {pattern} }} ORDER BY ?iri")
    return [row[0].value for row in rows]


def _labels(backend: Backend, class_: str | None) -> list[tuple[str, str]]:
    rows = backend.select(
        f"""SELECT ?iri ?label {{
          {{ ?iri rdfs:label|skos:altLabel ?label }} UNION {{ ?naming ctkg:named ?iri ; ctkg:name ?label }}
          ?iri a {class_ or "ctkg:Entity"} }}"""
    )
    return [(row[0].value, row[1].value) for row in rows]


def _only(iris: list[str], name: str) -> str:
    if len(iris) > 1:
        raise QueryError(
            tr("{name!r} may be several things", name=name),
            tr("say which: {names}", names=", ".join(curie(iri) for iri in iris)),
        )
    return iris[0]


def _followed(backend: Backend, iri: str) -> str:
    """The entity that replaced this one, if any did."""
    rows = backend.select(f"SELECT ?new {{ <{iri}> dcterms:isReplacedBy ?new }} ORDER BY ?new LIMIT 1")
    return str(rows[0][0].value) if rows else iri


def _nothing(backend: Backend, name: str, class_: str | None) -> NotFound:
    labels = _labels(backend, class_)
    by_name = {label: iri for iri, label in labels} | {slug(iri): iri for iri, _ in labels}
    bare = slug(name.strip("<>")).rpartition(":")[2] or name
    near = list(dict.fromkeys(slug(by_name[match]) for match in nearest(bare, list(by_name), 5)))[:3]
    kind = class_.partition(":")[2] if class_ else tr("entity")
    hint = tr("did you mean: {names}", names=", ".join(near)) if near else tr("give a slug, a label, a CURIE or an IRI")
    return NotFound(tr("no {kind} is called {name!r}", kind=kind, name=name), hint)


def _key(label: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", label).casefold().split())
