"""Where a new thing goes and what it is called: the inverse of ``ctkg.layout``, on which it relies."""

from __future__ import annotations

import re
import secrets
import unicodedata
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from ctkg.catalog import CURATED, DataFile
from ctkg.errors import QueryError
from ctkg.layout import NAMED_AFTER_FILE
from ctkg.messages import tr
from ctkg.namespaces import CTKG, ID, PREFIXES, curie, slug
from ctkg.ontology import RDF_TYPE, Ontology
from ctkg.turtle import value

__all__ = ["Home", "Homes", "slugged"]

_TAIL = "abcdefghijklmnopqrstuvwxyz234567"
_PUBLISHER = f"{PREFIXES['dcterms']}publisher"
_ISSUED = f"{PREFIXES['dcterms']}issued"
_LABEL = f"{PREFIXES['rdfs']}label"
_NAMES = (_LABEL, f"{PREFIXES['skos']}altLabel")

Values = dict[str, list[NamedNode | Literal]]
"""Property → values."""


class Home(NamedTuple):
    """The IRI of a new thing, and theme and name of its file."""

    iri: str
    theme: str
    file: str


class Homes:
    """Finds homes among the files of a data folder and what stands in them."""

    def __init__(self, files: dict[DataFile, list[Triple]], ontology: Ontology) -> None:
        self._ontology = ontology
        self._themed = {file: triples for file, triples in files.items() if file.theme is not None}
        self._used: dict[str, DataFile] = {}
        self._types: dict[str, str] = {}
        for file, triples in self._themed.items():
            for triple in triples:
                self._used.setdefault(value(triple.subject), file)
                if isinstance(triple.object, NamedNode) and triple.object.value.startswith(ID):
                    self._used.setdefault(triple.object.value, file)
                if triple.predicate.value == RDF_TYPE:
                    self._types[value(triple.subject)] = value(triple.object)

    def find(self, class_: str, given: Values, name: str | None, theme: str | None) -> Home:
        """The home of a new thing of ``class_``; ``name`` and ``theme`` are what the user chose, if anything.

        Raises `QueryError` where they leave it open, or the name is in use or was.
        """
        themes = self._ontology.themes[class_]
        if theme is not None and theme not in themes:
            raise QueryError(
                tr("{name} cannot be {value!r}", name="--theme", value=theme),
                tr("choose one of: {names}", names=", ".join(sorted(themes))),
            )
        kind = self._ontology.kinds.get(class_, "statement")
        if kind == "statement":
            if name is not None:
                raise QueryError(
                    tr("a statement takes no --slug"),
                    tr("its name ends in six random characters, so that it never lies"),
                )
            file, near = self._file_of_statement(class_, given)
            return Home(self._fresh(kind, file), theme or self._theme(themes, near), file)
        if kind == "dispute":
            return self._beside_rivals(given, name)
        if name is None:
            name = self._named(kind, given)
        iri = f"{ID}{kind}/{name}"
        self._refuse_used(iri)
        file = self._file_of_prefixed(kind, name, given) if kind in NAMED_AFTER_FILE else name
        return Home(iri, theme or self._theme(themes, None), file)

    def publisher(self, name: str) -> tuple[str, list[Literal]] | None:
        """File name and names of the publisher that bears this name or whose file does; ``None`` for a new one."""
        wanted = _key(name)
        for file, triples in self._themed.items():
            literals = [t for t in triples if t.predicate.value == _PUBLISHER and isinstance(t.object, Literal)]
            hits = [t for t in literals if file.slug == wanted or _key(value(t.object)) == wanted]
            if hits:
                subject = hits[0].subject
                return file.slug, [t.object for t in literals if t.subject == subject and isinstance(t.object, Literal)]
        return None

    def bearer(self, name: str) -> str | None:
        """An entity that bears this name; ``None`` where there is none."""
        wanted = _key(name)
        for triples in self._themed.values():
            for triple in triples:
                iri = value(triple.subject)
                bears = triple.predicate.value in _NAMES and _key(value(triple.object)) == wanted
                if bears and self._ontology.is_a(self._types.get(iri, ""), "Entity"):
                    return iri
        return None

    def _file_of_statement(self, class_: str, given: Values) -> tuple[str, str | None]:
        root = self._ontology.root_property.get(class_, f"{CTKG}date")  # an event stands in the file of its year
        values = given.get(root)
        if not values:
            raise QueryError(
                tr("which {name}? It says in which file the statement stands", name=curie(root)),
                tr("give {option}", option=f"--{slug(root)} …"),
            )
        first = values[0]
        return (slug(first.value), first.value) if isinstance(first, NamedNode) else (first.value[:4], None)

    def _theme(self, themes: frozenset[str], near: str | None) -> str:
        """The only theme, else that of the thing that the statement is about."""
        if near is not None and len(themes) > 1:
            home = self._ontology.themes.get(self._types.get(near, ""), frozenset())
            themes = (themes & home) or themes
        if len(themes) > 1:
            raise QueryError(tr("in which theme?"), tr("give {option}", option=f"--theme {' | '.join(sorted(themes))}"))
        return next(iter(themes))

    def _beside_rivals(self, given: Values, name: str | None) -> Home:
        rivals = given.get(f"{CTKG}rival")
        if not rivals:
            raise QueryError(
                tr("which {name}? It says in which file the statement stands", name="ctkg:rival"),
                tr("give {option}", option="--rival statement:… --rival statement:…"),
            )
        file = self._used[rivals[0].value]
        if name is None:
            return Home(self._fresh("dispute", file.slug), str(file.theme), file.slug)
        iri = f"{ID}dispute/{name}"
        self._refuse_used(iri)
        return Home(iri, str(file.theme), file.slug)

    def _named(self, kind: str, given: Values) -> str:
        if kind == "source":
            publisher = self._file_of_prefixed(kind, "", given)
            day = next((found.value.replace("-", "") for found in given.get(_ISSUED, [])), None)
            if day is None:
                return slug(self._fresh(kind, publisher))
            names = (f"{publisher}-{day}{tail}" for tail in ("", *(f"-{number}" for number in range(2, 1000))))
            return next(name for name in names if f"{ID}source/{name}" not in self._used)
        if kind in NAMED_AFTER_FILE:
            raise QueryError(tr("what is it called?"), tr("give {option}", option="--slug COMPANY-2026-10"))
        labels = sorted(given.get(_LABEL, []), key=lambda found: getattr(found, "language", None) != "en")
        name = slugged(labels[0].value) if labels else ""
        if not name:
            raise QueryError(tr("what is it called?"), tr("give {option}", option='--label "…", --slug …'))
        return name

    def _file_of_prefixed(self, kind: str, name: str, given: Values) -> str:
        """The file of a source goes by its publisher, that of a deal by the company with which its slug begins."""
        if kind == "source":
            for literal in sorted(
                given.get(_PUBLISHER, []), key=lambda found: getattr(found, "language", None) != "en"
            ):
                known = self.publisher(literal.value)
                file = known[0] if known else slugged(literal.value)
                if file and (not name or name.startswith(f"{file}-")):
                    return file
            hint = tr("give {option}", option='--publisher "…"')
            raise QueryError(tr("a source is named after its publisher"), hint)
        actors = {slug(iri) for iri in self._used if iri.startswith(f"{ID}actor/")}
        companies = sorted((found for found in actors if name.startswith(f"{found}-")), key=len)
        if not companies:
            raise QueryError(
                tr("{name!r} does not begin with the slug of a company", name=name),
                tr("give {option}", option="--slug COMPANY-2026-10"),
            )
        return companies[-1]

    def _fresh(self, kind: str, file: str) -> str:
        while True:
            iri = f"{ID}{kind}/{file}-{''.join(secrets.choice(_TAIL) for _ in range(6))}"
            if iri not in self._used:
                return iri

    def _refuse_used(self, iri: str) -> None:
        if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", slug(iri)):
            raise QueryError(
                tr("{name} cannot be {value!r}", name="--slug", value=slug(iri)),
                tr("slugs are lower-case words of a-z and 0-9 joined by hyphens"),
            )
        if iri in self._used:
            file = self._used[iri]
            place = f"{CURATED}/{file.theme}/{file.path.name}"
            raise QueryError(
                tr("{name} is taken: see {place}", name=curie(iri), place=place),
                tr("a slug is never used again, not even a retired one; choose another with --slug"),
            )


def _key(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def slugged(label: str) -> str:
    """The label as a slug; "" where it has no letters that a slug can hold.

    >>> slugged("Zeta Capital (Hong Kong)")
    'zeta-capital-hong-kong'
    """
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower().replace("'", "")
    return "-".join(re.findall(r"[a-z0-9]+", plain))
