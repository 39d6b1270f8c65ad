"""Whether each subject stands in the file where a reader would look for it.

The rules come from the ontology (``ctkg:homeTheme``, ``ctkg:rootProperty``,
``ctkg:slugKind``); only how they read as file names is written here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from pyoxigraph import BlankNode, NamedNode, Triple

from ctkg.catalog import DataFile
from ctkg.derive import Description
from ctkg.messages import tr
from ctkg.namespaces import CTKG, ID, curie, slug
from ctkg.ontology import RDF_TYPE, Ontology

__all__ = ["NAMED_AFTER_FILE", "Misplacement", "misplacements"]

_STATEMENT_TAIL = re.compile(r"-[a-z2-7]{6}")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

NAMED_AFTER_FILE = ("deal", "source", "dispute")
"""Deals are named after their company, sources after their publisher, disputes after their first statement."""


class Misplacement(NamedTuple):
    """A subject that does not belong in the file it stands in."""

    subject: str
    message: str
    hint: str


def misplacements(
    file: DataFile, triples: Iterable[Triple], subjects: Mapping[str, Description], ontology: Ontology
) -> Iterator[Misplacement]:
    """What in a curated file stands in the wrong place; nothing where all is well.

    ``subjects`` are the file's triples as `ctkg.derive.describe_subjects` gathers them.
    """
    for subject, _, value in triples:
        if isinstance(subject, BlankNode) or isinstance(value, BlankNode):
            yield Misplacement(
                subject.value if isinstance(subject, BlankNode | NamedNode) else str(subject),
                tr("blank nodes are not used in data"),
                tr("give the thing an IRI of its own under {namespace}", namespace=ID),
            )
            return
    if file.theme is None:
        return
    home = file.slug
    for iri, about in subjects.items():
        found = _misplaced(file.theme, home, iri, about, ontology)
        if found is not None:
            yield found


def _misplaced(theme: str, home: str, subject: str, about: Description, ontology: Ontology) -> Misplacement | None:
    if not subject.startswith(ID) or subject.count("/", len(ID)) != 1 or not _SLUG.fullmatch(slug(subject)):
        return Misplacement(
            subject,
            tr(
                "{subject} is not an IRI of the form {form}",
                subject=curie(subject),
                form=f"{ID}<kind>/<slug>",
            ),
            tr("slugs are lower-case words of a-z and 0-9 joined by hyphens"),
        )
    known = [name for name in about.get(RDF_TYPE, ()) if name in ontology.themes]
    if not known:
        return Misplacement(
            subject,
            tr("{subject} has no class that ctkg knows", subject=curie(subject)),
            tr("write its class, such as ctkg:Company; see docs/model.md"),
        )
    themes = frozenset().union(*(ontology.themes[name] for name in known))
    if theme not in themes:
        return _belongs(subject, themes, "<slug>")
    name = _file_name(known[0], subject, about, ontology)
    if home in name.slugs or (name.prefix and slug(subject).startswith(f"{home}-")):
        return _bad_tail(home, known[0], subject, ontology)
    return _belongs(subject, [theme], min(name.slugs, default="<first words of the slug>"))


class _Name(NamedTuple):
    slugs: frozenset[str]
    prefix: bool  # or any file whose slug starts the subject's


def _file_name(class_: str, subject: str, about: Description, ontology: Ontology) -> _Name:
    """Which slugs the file of this subject may bear."""
    if ontology.is_a(class_, "Event"):
        return _Name(frozenset(date[:4] for date in about.get(f"{CTKG}date", ())), False)
    if class_ in ontology.root_property:
        roots = about.get(ontology.root_property[class_], ())
        return _Name(frozenset(slug(root) for root in roots), False)
    prefixed = ontology.kinds.get(class_) in NAMED_AFTER_FILE
    return _Name(frozenset() if prefixed else frozenset({slug(subject)}), prefixed)


def _bad_tail(home: str, class_: str, subject: str, ontology: Ontology) -> Misplacement | None:
    if not ontology.is_a(class_, "Statement"):
        return None
    if slug(subject).startswith(home) and _STATEMENT_TAIL.fullmatch(slug(subject), len(home)):
        return None
    return Misplacement(
        subject,
        tr("{subject} is not named after its file", subject=curie(subject)),
        tr("name it {form}: six random characters of a-z and 2-7", form=f"statement:{home}-xxxxxx"),
    )


def _belongs(subject: str, themes: Iterable[str], name: str) -> Misplacement:
    places = " / ".join(f"data/curated/{theme}/{name}.ttl" for theme in sorted(themes))
    return Misplacement(
        subject,
        tr("{subject} stands in the wrong file", subject=curie(subject)),
        tr("move it to {place}", place=places),
    )
