"""Begin a new entity, statement, source or dispute: the right file, a fresh name, and what is left to fill in.

What the user did not give and the shapes ask for, or most things of the class
carry, stands there as comments: nothing that is not known becomes a fact, and
``ctkg validate`` names what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Store, Triple

from ctkg.backend import EmbeddedBackend
from ctkg.build import assemble
from ctkg.catalog import CURATED, DataFile, open_catalog
from ctkg.derive import describe_subjects
from ctkg.errors import NotFound, QueryError, nearest
from ctkg.fields import Field, Shapes, fields_of, read_shapes
from ctkg.formatting import create_file, formatted, replace_file
from ctkg.homes import Homes
from ctkg.layout import misplacements
from ctkg.messages import tr
from ctkg.namespaces import PREFIXES, curie, slug
from ctkg.ontology import RDF_TYPE, Ontology, read_ontology
from ctkg.settings import Settings
from ctkg.turtle import parse, parse_bytes, read_bytes, value
from ctkg.turtle_order import predicate_key
from ctkg.values import read_value

__all__ = ["Kind", "Skeletons", "Started"]

_LABEL = f"{PREFIXES['rdfs']}label"


class Kind(NamedTuple):
    """A class of which there can be new things; ``name`` is how a user writes it."""

    name: str
    class_: str
    labels: dict[str, str]
    definition: dict[str, str]
    themes: tuple[str, ...]


class Started(NamedTuple):
    """What was begun: its IRI, the file, and what to fill in: those that ``ctkg validate`` asks for, and usual ones."""

    iri: str
    path: Path
    missing: tuple[Field, ...]
    usual: tuple[Field, ...]


class Skeletons:
    """Begins new things in a data folder; raises `DataError` where the folder cannot be worked with."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        catalog = open_catalog(settings)
        self._said = [triple for path in catalog.ontology for triple in parse(path)]
        self._ontology: Ontology = read_ontology(self._said)
        self._shapes: Shapes = read_shapes(catalog.shapes)

    def kinds(self) -> list[Kind]:
        """Every class with a home, by theme and name."""
        skos = PREFIXES["skos"]
        texts: dict[tuple[str, str], dict[str, str]] = {}
        for triple in self._said:
            if isinstance(triple.object, Literal) and triple.object.language:
                about = texts.setdefault((value(triple.subject), triple.predicate.value), {})
                about[triple.object.language] = triple.object.value
        found = [
            Kind(
                _kebab(slug(class_)), class_, texts.get((class_, _LABEL), {}),
                texts.get((class_, f"{skos}definition"), {}), tuple(sorted(themes)),
            )
            for class_, themes in self._ontology.themes.items()
        ]  # fmt: skip
        return sorted(found, key=lambda kind: (kind.themes if len(kind.themes) == 1 else ("~",), kind.name))

    def kind(self, name: str) -> Kind:
        """The kind called so: ``funding-round``, ``FundingRound``, ``ctkg:FundingRound`` or its label in en or zh."""
        kinds = self.kinds()
        wanted = name.strip().casefold()
        for kind in kinds:
            names = {kind.name, slug(kind.class_), curie(kind.class_), *kind.labels.values()}
            if wanted in {text.casefold() for text in names}:
                return kind
        near = nearest(name, [kind.name for kind in kinds])
        hint = tr("did you mean: {names}", names=", ".join(near)) if near else tr("list them: ctkg new")
        raise NotFound(tr("no kind is called {name!r}", name=name), hint)

    def fields(self, kind: Kind) -> list[Field]:
        """What things of this kind may carry, in the order in which files are written."""
        fields = fields_of(kind.class_, self._shapes, self._ontology).values()
        return sorted(fields, key=lambda field: predicate_key(field.property))

    def start(
        self, kind: Kind, given: Sequence[tuple[str, str]], name: str | None = None, theme: str | None = None
    ) -> Started:
        """Write the skeleton of a new thing: option names and texts in ``given``, as `fields` names them.

        Raises `QueryError` and `NotFound` for what cannot be taken, `DataError`
        where a file cannot be read or written; then nothing was written.
        """
        catalog = open_catalog(self._settings)
        files = {file: parse(file.path) for file in catalog.data}
        homes = Homes(files, self._ontology)
        store = Store()
        store.bulk_extend(assemble(catalog, parsed={f.path: triples for f, triples in files.items()}).quads())
        backend = EmbeddedBackend(store)
        fields = self.fields(kind)
        values: dict[str, list[NamedNode | Literal]] = {}
        for option, text in given:
            field, spoken = _meant(option, fields)
            known = homes.publisher(text) if field.name == "publisher" else None
            found = known[1] if known else [read_value(backend, field, text, spoken)]
            held = values.setdefault(field.property, [])
            held += [term for term in found if term not in held]
        for field in fields:
            if not field.many and len(values.get(field.property, ())) > 1:
                raise QueryError(
                    tr("--{name} is given twice", name=field.name), tr("two reports of one fact are two statements")
                )
        if name is None:
            self._refuse_namesake(homes, kind, values)
        home = homes.find(kind.class_, values, name, theme)
        path = catalog.root / CURATED / home.theme / f"{home.file}.ttl"
        lacking = [field for field in fields if _lacks(field, values)]
        usual = self._usual(files, kind.class_)
        shown = [field for field in lacking if field.needed or _missing(field, values) or field.property in usual]
        self._write(DataFile(path, CURATED, home.theme), home.iri, self._block(home.iri, kind, fields, values, shown))
        asked = tuple(field for field in shown if field.needed or _missing(field, values))
        return Started(home.iri, path, asked, tuple(field for field in shown if field not in asked))

    def _refuse_namesake(self, homes: Homes, kind: Kind, values: dict[str, list[NamedNode | Literal]]) -> None:
        if not self._ontology.is_a(kind.class_, "Entity"):
            return
        for label in values.get(_LABEL, []):
            there = homes.bearer(label.value)
            if there is not None:
                raise QueryError(
                    tr("{name!r} is there already: {place}", name=label.value, place=curie(there)),
                    tr("if yours is another thing, give it a name of its own: --slug …"),
                )

    def _usual(self, files: dict[DataFile, list[Triple]], class_: str) -> set[str]:
        """The properties that at least half of the things of this class carry."""
        counts: dict[str, int] = {}
        carriers = 0
        for triples in files.values():
            these = {t.subject for t in triples if t.predicate.value == RDF_TYPE and value(t.object) == class_}
            carriers += len(these)
            for _, property_ in {(t.subject, t.predicate.value) for t in triples if t.subject in these}:
                counts[property_] = counts.get(property_, 0) + 1
        return {property_ for property_, count in counts.items() if count * 2 >= carriers}

    def _block(
        self,
        iri: str,
        kind: Kind,
        fields: list[Field],
        values: dict[str, list[NamedNode | Literal]],
        shown: list[Field],
    ) -> str:
        """The thing as Turtle; comments stand before a property, so that each works when its ``#`` is taken off."""
        lines = [f"<{iri}>", f"a <{kind.class_}>"]
        pending: list[str] = []
        for field in fields:
            if field in shown:
                pending += [f"# {line}" for line in self._placeholders(field, values)]
            if field.property in values:
                lines += [*pending, f"<{field.property}> {' , '.join(map(str, values[field.property]))}"]
                pending = []
        lines[-1:-1] = pending
        properties = [place for place, line in enumerate(lines) if not line.startswith("#")][1:]
        ended = dict.fromkeys(properties[:-1], " ;") | {properties[-1]: " ."}
        return "\n".join(line + ended.get(place, "") for place, line in enumerate(lines)) + "\n"

    def _placeholders(self, field: Field, values: dict[str, list[NamedNode | Literal]]) -> list[str]:
        name = curie(field.property)
        if field.languages:
            spoken = _missing(field, values) or ([] if field.property in values else field.languages[:1])
            return [f'{name} "…"@{code} ;' for code in spoken]
        if field.choices:
            first = field.choices[0]
            concept = f"{curie(first.value).partition(':')[0]}:…"
            return [f"{name} {concept if isinstance(first, NamedNode) else first.value} ;"]
        if field.classes:
            kinds = {
                self._ontology.kinds.get(name, "statement")
                for name in self._ontology.themes
                if name in field.classes or self._ontology.superclasses.get(name, frozenset()) & set(field.classes)
            }
            return [f"{name} {min(kinds, default='actor')}:… ;"]
        if field.any_iri:
            return [f"{name} <…> ;"]
        datatype = slug(field.datatypes[0]) if field.datatypes else "string"
        if datatype in ("integer", "decimal"):
            return [f"{name} … ;"]
        return [f'{name} "…" ;' if datatype == "string" else f'{name} "…"^^xsd:{datatype} ;']

    def _write(self, file: DataFile, iri: str, block: str) -> None:
        """Add the block to its file, whole or not at all."""
        before = read_bytes(file.path) if file.path.exists() else None
        header = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
        whole = header + "\n" + (before or b"").decode("utf-8-sig") + "\n" + block
        after = formatted(whole.encode(), file.path)
        triples = parse_bytes(after, file.path)
        for misplaced in misplacements(file, triples, describe_subjects(triples), self._ontology):
            if misplaced.subject == iri:
                raise QueryError(misplaced.message, misplaced.hint)
        if before is None:
            create_file(file.path, after)
        else:
            replace_file(file.path, before, after)


def _meant(option: str, fields: list[Field]) -> tuple[Field, str | None]:
    """The field that an option names, and the language of its text, if it has one: ``label``, ``label-zh``."""
    bare, _, code = option.rpartition("-")
    for field in fields:
        names = {field.name, _kebab(slug(field.property))}
        if option in names:
            return field, field.languages[0] if field.languages else None
        if bare in names and code in field.languages:
            return field, code
    known = [field.name for field in fields]
    near = nearest(option, known) or known
    raise QueryError(
        tr("this kind has no --{name}", name=option),
        tr("it has: {names}", names=", ".join(f"--{name}" for name in near)),
    )


def _missing(field: Field, values: dict[str, list[NamedNode | Literal]]) -> list[str]:
    """The languages in which it is asked for and not there."""
    there = {getattr(term, "language", None) for term in values.get(field.property, [])}
    return [code for code in field.needed_in if code not in there]


def _lacks(field: Field, values: dict[str, list[NamedNode | Literal]]) -> bool:
    return field.property not in values or bool(_missing(field, values))


def _kebab(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()
