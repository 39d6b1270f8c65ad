"""Check the data: syntax, layout, shapes, checks; each finding with file, line, rule and remedy.

Shapes look at what is asserted and at the ontology, checks at the built graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pyoxigraph import Store, Triple

from ctkg.build import Progress, assemble
from ctkg.catalog import Catalog, DataFile, open_catalog
from ctkg.checks import read_check
from ctkg.derive import describe_subjects
from ctkg.errors import DataError, display_path
from ctkg.findings import VIOLATION, WARNING, Finding, Report, Rule
from ctkg.layout import misplacements
from ctkg.messages import tr
from ctkg.namespaces import curie
from ctkg.ontology import Ontology, read_ontology
from ctkg.places import Places
from ctkg.settings import Settings
from ctkg.shapes import breaches
from ctkg.text_faults import comment_faults, text_faults
from ctkg.turtle import BOM, lines, parse, read_bytes, value
from ctkg.twins import find_twins

__all__ = ["Finding", "Report", "validate"]


class _File(NamedTuple):
    path: Path
    data: DataFile | None  # None for a file outside the data folder
    triples: list[Triple]


_Found = Iterator[tuple[Finding, Rule]]


def validate(settings: Settings, paths: Sequence[Path] = (), progress: Progress | None = None) -> Report:
    """Check the data folder, or of it only what stands in ``paths`` (files or folders).

    A file outside the data folder is checked against the shapes by itself.
    Raises `DataError` where a path does not exist or the ontology is unreadable.
    """
    catalog = open_catalog(settings)
    ontology_triples = [triple for path in catalog.ontology for triple in parse(path)]
    ontology = read_ontology(ontology_triples)
    wanted, foreign = _selected(catalog, paths)
    found: list[tuple[Finding, Rule]] = []
    inside = _read([(file.path, file) for file in catalog.data], found, wanted, progress)
    outside = _read([(path, None) for path in foreign], found, None, None)
    chosen = [file for file in inside if wanted is None or file.path in wanted]
    for file in chosen:
        found += _layout(file, ontology)
    for file in (*chosen, *outside):
        found += _texts(file)
    triples = [triple for file in inside for triple in file.triples]
    if chosen:
        found += _shapes(catalog, ontology, ontology_triples, triples, chosen, whole=wanted is None)
    for file in outside:
        found += _shapes(catalog, ontology, ontology_triples, file.triples, [file], whole=False)
    if chosen:
        found += _twins(chosen, triples, ontology)
    if chosen and len(inside) == len(catalog.data):
        found += _checks(catalog, inside, chosen)
    checked = chosen + outside
    findings = sorted(
        {finding for finding, _ in found},
        key=lambda f: (f.path, f.line or 0, f.severity, f.rule, f.subject, f.message),
    )
    rules = {rule.id: rule for _, rule in found}
    return Report(
        tuple(findings),
        tuple(rules[name] for name in sorted(rules)),
        len(checked),
        sum(len(file.triples) for file in checked),
    )


def _selected(catalog: Catalog, paths: Sequence[Path]) -> tuple[set[Path] | None, list[Path]]:
    """The data files meant (``None`` for all), and Turtle files from elsewhere."""
    if not paths:
        return None, []
    known = {file.path.resolve(): file.path for file in catalog.data}
    wanted: set[Path] = set()
    foreign: list[Path] = []
    for path in paths:
        if not path.exists():
            raise DataError(tr("is not there"), path=display_path(path))
        for file in sorted(path.rglob("*.ttl")) if path.is_dir() else [path]:
            if file.resolve() in known:
                wanted.add(known[file.resolve()])
            else:
                foreign.append(file)
    return wanted, foreign


def _read(
    files: Iterable[tuple[Path, DataFile | None]],
    found: list[tuple[Finding, Rule]],
    wanted: set[Path] | None,
    progress: Progress | None,
) -> list[_File]:
    """Parse the files; those that are no Turtle become findings."""
    parsed = []
    listed = list(files)
    for done, (path, data) in enumerate(listed, 1):
        if progress is not None:
            progress(tr("reading"), done, len(listed))
        try:
            parsed.append(_File(path, data, parse(path)))
        except DataError as error:
            if wanted is None or path in wanted:
                found.append(_refused("syntax", error, tr("A file is readable Turtle.")))
    return parsed


def _refused(rule: str, error: DataError, asks: str) -> tuple[Finding, Rule]:
    remedy = error.hint or ""
    return (
        Finding(VIOLATION, error.path, error.line, rule, "", error.reason, remedy),
        Rule(rule, asks, tr("see docs/model.md")),
    )


def _layout(file: _File, ontology: Ontology) -> _Found:
    if file.data is None:
        return
    rule = Rule(
        "layout",
        tr("Every thing stands in the file where a reader would look for it."),
        tr("see docs/model.md"),
    )
    for misplaced in misplacements(file.data, file.triples, describe_subjects(file.triples), ontology):
        yield (
            Finding(
                VIOLATION,
                display_path(file.path),
                lines(file.path).get((misplaced.subject, None)),
                rule.id,
                curie(misplaced.subject),
                misplaced.message,
                misplaced.hint,
            ),
            rule,
        )


def _twins(chosen: list[_File], triples: list[Triple], ontology: Ontology) -> _Found:
    """Pairs that may be one thing, on the line of the one that comes last."""
    places = Places((file.path, file.triples) for file in chosen)
    remedy = tr("if so, say dcterms:isReplacedBy, or add a line to matches.sssom.tsv; if not, ctkg:keptApartFrom")
    rule = Rule("twins", tr("two things of one kind bear one name"), remedy)
    for one, other, name, other_name in find_twins(triples, ontology):
        if other not in places:
            continue
        where, line = places.find(other)
        message = tr("{one} ({name}) and {other} ({other_name}) may be one thing",
                     one=curie(one), name=name, other=curie(other), other_name=other_name)  # fmt: skip
        yield Finding(WARNING, where, line, rule.id, curie(other), message, remedy), rule


def _texts(file: _File) -> _Found:
    """Characters that hide, turn or imitate others, in texts and comments."""
    content = read_bytes(file.path).removeprefix(BOM).decode(errors="replace")
    faults = [*text_faults(file.triples), *comment_faults(content)]
    known = lines(file.path) if faults else {}
    for fault in faults:
        line = fault.line or known.get((fault.subject, fault.predicate)) or known.get((fault.subject, None))
        subject = curie(fault.subject)
        found = Finding(fault.severity, display_path(file.path), line, fault.rule, subject, fault.message, fault.hint)
        yield found, Rule(fault.rule, fault.message, fault.hint)


def _shapes(
    catalog: Catalog,
    ontology: Ontology,
    ontology_triples: list[Triple],
    data: list[Triple],
    chosen: list[_File],
    *,
    whole: bool,
) -> _Found:
    """Findings of the SHACL shapes on the chosen files, seen within all the data."""
    places = Places((file.path, file.triples) for file in chosen)
    subjects = None if whole else {value(triple.subject) for file in chosen for triple in file.triples}
    for breach in breaches(catalog.shapes, ontology, ontology_triples, data, subjects):
        if breach.subject not in places:
            continue
        where, line = places.find(breach.subject, breach.path)
        rule = Rule(curie(breach.shape), breach.message, breach.remedy or tr("see docs/model.md"))
        yield (
            Finding(
                VIOLATION if breach.violation else WARNING,
                where,
                line,
                rule.id,
                curie(breach.subject),
                breach.message + _at_fault(breach.value),
                rule.remedy,
            ),
            rule,
        )


def _at_fault(found: Any) -> str:
    import rdflib

    if isinstance(found, rdflib.Literal | rdflib.URIRef):
        shown = curie(str(found)) if isinstance(found, rdflib.URIRef) else str(found)
        return tr(" (found: {value})", value=shown[:120])
    return ""


def _checks(catalog: Catalog, files: list[_File], chosen: list[_File]) -> _Found:
    """Findings of ``queries/checks/`` on the built graph."""
    try:
        assembly = assemble(catalog, parsed={file.path: file.triples for file in files})
    except DataError as error:
        if not any(file.path.name in error.path for file in files):
            raise
        yield _refused("build", error, tr("The graph can be built from the files."))
        return
    store = Store()
    store.bulk_extend(assembly.quads())
    places = Places((file.path, file.triples) for file in chosen)
    for path in catalog.checks:
        check = read_check(path)
        for subject, problem in check.run(store):
            if subject in places:
                where, line = places.find(subject)
                finding = Finding(check.severity, where, line, check.name, curie(subject), problem, check.solution)
                yield finding, Rule(check.name, check.asks, check.solution)
