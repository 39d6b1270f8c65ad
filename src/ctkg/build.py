"""From files to graphs: parse, refuse what cannot be right, derive.

Every door reads what `assemble` makes: the snapshot stores it, ``validate``
checks it, ``to_rdflib`` hands it on, literals as the files write them.
"""

from __future__ import annotations

import gc
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from pyoxigraph import NamedNode, Quad, Store, Triple

from ctkg.catalog import CURATED, Catalog
from ctkg.dates import PartialDate
from ctkg.derive import Description, UnderivableError, derived, describe_subjects
from ctkg.errors import DataError, QueryError, display_path
from ctkg.layout import misplacements
from ctkg.messages import tr
from ctkg.namespaces import CTKG, DERIVED_GRAPH, ID, ONTOLOGY_GRAPH, PREFIXES, curie, expand
from ctkg.ontology import RDF_TYPE, Ontology, read_ontology
from ctkg.turtle import lines, parse, value

__all__ = ["Assembly", "Progress", "assemble"]

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""
_NOTHING: Mapping[Path, list[Triple]] = MappingProxyType({})


class Assembly(NamedTuple):
    """The graphs of a build: graph IRI → triples, asserted and derived."""

    graphs: dict[str, list[Triple]]
    ontology: Ontology
    data_date: str

    def quads(self) -> Iterator[Quad]:
        for graph, triples in self.graphs.items():
            name = NamedNode(graph)
            for triple in triples:
                yield Quad(triple.subject, triple.predicate, triple.object, name)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Put off the garbage collector, which would walk millions of objects in search of circles that are not there."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@_uncollected()
def assemble(
    catalog: Catalog, progress: Progress | None = None, parsed: Mapping[Path, list[Triple]] = _NOTHING
) -> Assembly:
    """Parse every file, those of ``parsed`` excepted, and derive what follows.

    Raises `DataError`, with file and line, for unreadable Turtle, a subject in
    the wrong file, a triple that stands in two graphs, or a date or number that
    cannot be read; `QueryError` for a rule that is no CONSTRUCT query.
    """
    total = len(catalog.ontology) + len(catalog.data)
    ontology_triples: list[Triple] = []
    for done, path in enumerate(catalog.ontology):
        _report(progress, tr("reading"), done, total)
        ontology_triples += parse(path)
    ontology = read_ontology(ontology_triples)
    graphs: dict[str, list[Triple]] = {ONTOLOGY_GRAPH: ontology_triples}
    subjects: dict[str, Description] = {}
    for done, file in enumerate(catalog.data, len(catalog.ontology)):
        _report(progress, tr("reading"), done, total)
        triples = parsed[file.path] if file.path in parsed else parse(file.path)
        described = describe_subjects(triples)
        for misplacement in misplacements(file, triples, described, ontology):
            raise DataError(
                misplacement.message,
                misplacement.hint,
                path=display_path(file.path),
                line=lines(file.path).get((misplacement.subject, None)),
            )
        graphs.setdefault(file.graph, []).extend(triples)
        _join(subjects, described)
    _report(progress, tr("reading"), total, total)
    _refuse_doubled(graphs, catalog)
    data_date = _data_date(graphs, catalog)
    _report(progress, tr("deriving"), 0, 1)
    try:
        graphs[DERIVED_GRAPH] = list(derived(subjects, ontology, data_date))
    except UnderivableError as error:
        raise _located(error.subject, str(error), tr("write it as the data model says"), catalog) from error
    graphs[DERIVED_GRAPH] += _simple_links(graphs, catalog.rules)
    _report(progress, tr("deriving"), 1, 1)
    return Assembly(graphs, ontology, data_date)


def _join(subjects: dict[str, Description], more: dict[str, Description]) -> None:
    """Add what another file says; few subjects stand in two."""
    for subject, description in more.items():
        known = subjects.setdefault(subject, description)
        if known is not description:
            for predicate, values in description.items():
                known.setdefault(predicate, []).extend(values)


def _simple_links(graphs: dict[str, list[Triple]], rules: tuple[Path, ...]) -> list[Triple]:
    """What the rules (CONSTRUCT queries) make of the graphs.

    A rule sees the triples whose property it names, and no others: a store of
    these few, in memory, answers in a tenth of the time that the whole one takes.
    """
    texts = {path: path.read_text(encoding="utf-8") for path in rules}
    named = {expand(name) for text in texts.values() for name in re.findall(r"[\w-]+:[\w-]+", text)} | {RDF_TYPE}
    store = Store()
    store.bulk_extend(
        Quad(triple.subject, triple.predicate, triple.object)
        for triples in graphs.values()
        for triple in triples
        if triple.predicate.value in named
    )
    links: dict[Triple, None] = {}
    for path, text in texts.items():
        try:
            answer = store.query(text, prefixes=PREFIXES)
        except SyntaxError as error:
            raise QueryError(f"{display_path(path)}: {error.msg}") from error
        for triple in answer:  # type: ignore[union-attr]
            if not isinstance(triple, Triple):
                raise QueryError(f"{display_path(path)}: {tr('a rule is a CONSTRUCT query')}")
            links[triple] = None
    return list(links)


def _report(progress: Progress | None, step: str, done: int, total: int) -> None:
    if progress is not None:
        progress(step, done, total)


def _refuse_doubled(graphs: dict[str, list[Triple]], catalog: Catalog) -> None:
    """Engines disagree on how often the union of graphs counts a triple that two of them hold."""
    homes = Counter(subject for triples in graphs.values() for subject in {value(triple.subject) for triple in triples})
    shared = {subject for subject, count in homes.items() if count > 1}
    seen: dict[Triple, str] = {}
    for graph, triples in graphs.items() if shared else ():
        for triple in triples:
            if value(triple.subject) in shared and seen.setdefault(triple, graph) != graph:
                predicate = triple.predicate.value
                raise _located(
                    value(triple.subject),
                    tr(
                        "{predicate} of {subject} says the same in two datasets",
                        predicate=curie(predicate),
                        subject=curie(value(triple.subject)),
                    ),
                    tr("keep the triple in one of {first} and {second}", first=seen[triple], second=graph),
                    catalog,
                    predicate,
                    graph,
                )


def _located(
    subject: str,
    message: str,
    hint: str,
    catalog: Catalog,
    predicate: str | None = None,
    graph: str | None = None,
) -> DataError:
    for file in catalog.data:
        if graph in (None, file.graph):
            line = lines(file.path).get((subject, predicate))
            if line is not None:
                return DataError(message, hint, path=display_path(file.path), line=line)
    return DataError(message, hint, path=display_path(catalog.root))


def _data_date(graphs: dict[str, list[Triple]], catalog: Catalog) -> str:
    """The day for which the curated dataset speaks, from its card."""
    card = f"{ID}dataset/{CURATED}"
    for triple in graphs.get(card, []):
        if triple.predicate.value == f"{CTKG}dataDate" and value(triple.subject) == card:
            try:
                return PartialDate(value(triple.object)).latest
            except ValueError as error:
                raise _located(card, str(error), tr("write a day"), catalog, f"{CTKG}dataDate") from error
    raise DataError(
        tr("the dataset's card states no {name}", name="ctkg:dataDate"),
        tr("add the day for which the data speaks: {example}", example='ctkg:dataDate "2026-11-24"^^xsd:date'),
        path=display_path(catalog.root / CURATED / "dataset.ttl"),
    )
