"""Check the data: syntax, layout, shapes, checks; each finding with file, line, rule and remedy.

Shapes run in pyshacl over an in-memory rdflib graph of what is asserted, with
the ontology; checks are SELECT queries over the built graph, whose first column
is the subject at fault.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode, Store, Triple

from ctkg.build import Progress, assemble
from ctkg.catalog import Catalog, DataFile, open_catalog
from ctkg.derive import describe_subjects
from ctkg.errors import DataError, QueryError, display_path
from ctkg.layout import misplacements
from ctkg.messages import language, tr
from ctkg.namespaces import PREFIXES, curie
from ctkg.ontology import Ontology, read_ontology
from ctkg.settings import Settings
from ctkg.shapes import CLASS_TREE, narrow, shapes_graph
from ctkg.turtle import lines, parse, value

__all__ = ["Finding", "Report", "validate"]

VIOLATION, WARNING = "violation", "warning"


class Finding(NamedTuple):
    """Something to mend: ``severity`` is ``violation`` or ``warning``; ``line`` is 1-based."""

    severity: str
    path: str
    line: int | None
    rule: str
    subject: str
    message: str
    remedy: str

    def text(self) -> str:
        """Two lines as compilers write them: place, severity, message, rule; then the remedy."""
        place = f"{self.path}:{self.line}" if self.line else self.path
        severity = tr(self.severity)
        return f"{place}: {severity}: {self.message} [{self.rule}]\n    {tr('remedy')}: {self.remedy}"


class Report(NamedTuple):
    """All findings, by file and line, and how much was looked at."""

    findings: tuple[Finding, ...]
    files: int
    triples: int

    @property
    def violations(self) -> int:
        return sum(finding.severity == VIOLATION for finding in self.findings)

    @property
    def warnings(self) -> int:
        return len(self.findings) - self.violations

    def to_json(self) -> str:
        """The report as one JSON document."""
        document = {
            "files": self.files,
            "triples": self.triples,
            "violations": self.violations,
            "warnings": self.warnings,
            "findings": [finding._asdict() for finding in self.findings],
        }
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"

    def to_sarif(self) -> str:
        """The report as SARIF 2.1.0, which code hosts show on the lines of a pull request."""
        levels = {VIOLATION: "error", WARNING: "warning"}
        results = [
            {
                "ruleId": finding.rule,
                "level": levels[finding.severity],
                "message": {"text": f"{finding.message}\n{finding.remedy}"},
                "locations": [
                    {
                        "physicalLocation": {
                            "artifactLocation": {"uri": Path(finding.path).as_posix()},
                            "region": {"startLine": finding.line or 1},
                        }
                    }
                ],
            }
            for finding in self.findings
        ]
        rules = [{"id": rule} for rule in sorted({finding.rule for finding in self.findings})]
        document = {
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{"tool": {"driver": {"name": "ctkg validate", "rules": rules}}, "results": results}],
        }
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


class _File(NamedTuple):
    path: Path
    data: DataFile | None  # None for a file outside the data folder
    triples: list[Triple]


def validate(settings: Settings, paths: Sequence[Path] = (), progress: Progress | None = None) -> Report:
    """Check the data folder, or of it only what stands in ``paths`` (files or folders).

    A file outside the data folder is checked against the shapes by itself.
    Raises `DataError` where a path does not exist or the ontology is unreadable.
    """
    catalog = open_catalog(settings)
    ontology_triples = [triple for path in catalog.ontology for triple in parse(path)]
    ontology = read_ontology(ontology_triples)
    wanted, foreign = _selected(catalog, paths)
    found: list[Finding] = []
    inside = _read([(file.path, file) for file in catalog.data], found, wanted, progress)
    outside = _read([(path, None) for path in foreign], found, None, None)
    chosen = [file for file in inside if wanted is None or file.path in wanted]
    for file in chosen:
        found += _layout(file, ontology)
    triples = [triple for file in inside for triple in file.triples]
    if chosen:
        found += _shapes(catalog, ontology_triples, triples, chosen, whole=wanted is None)
    for file in outside:
        found += _shapes(catalog, ontology_triples, file.triples, [file], whole=True)
    if chosen and len(inside) == len(catalog.data):
        found += _checks(catalog, inside, chosen)
    checked = chosen + outside
    unique = sorted(set(found), key=lambda f: (f.path, f.line or 0, f.severity, f.rule, f.subject, f.message))
    return Report(tuple(unique), len(checked), sum(len(file.triples) for file in checked))


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
    found: list[Finding],
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
                found.append(Finding(VIOLATION, error.path, error.line, "syntax", "", error.reason, error.hint or ""))
    return parsed


def _layout(file: _File, ontology: Ontology) -> Iterator[Finding]:
    if file.data is None:
        return
    for misplaced in misplacements(file.data, file.triples, describe_subjects(file.triples), ontology):
        yield Finding(
            VIOLATION,
            display_path(file.path),
            lines(file.path).get((misplaced.subject, None)),
            "layout",
            curie(misplaced.subject),
            misplaced.message,
            misplaced.hint,
        )


class _Places:
    """Subject and predicate → file and line; a file's lines are read when first asked for."""

    def __init__(self, files: Iterable[_File]) -> None:
        self._files: dict[str, Path] = {}
        for file in files:
            for triple in file.triples:
                if isinstance(triple.subject, NamedNode):
                    self._files.setdefault(triple.subject.value, file.path)
        self._lines: dict[Path, dict[tuple[str, str | None], int]] = {}

    def __contains__(self, subject: str) -> bool:
        return subject in self._files

    def find(self, subject: str, predicate: str | None = None) -> tuple[str, int | None]:
        path = self._files.get(subject)
        if path is None:
            return "", None
        if path not in self._lines:
            self._lines[path] = lines(path)
        known = self._lines[path]
        return display_path(path), known.get((subject, predicate)) or known.get((subject, None))


def _shapes(
    catalog: Catalog, ontology: list[Triple], data: list[Triple], chosen: list[_File], *, whole: bool
) -> Iterator[Finding]:
    """Findings of the SHACL shapes on the chosen files, seen within all the data."""
    import pyshacl
    import rdflib
    from rdflib.namespace import SH

    from ctkg.rdflib_dataset import to_rdflib

    shapes = shapes_graph(tuple((path, path.stat().st_mtime_ns) for path in catalog.shapes))
    graph = rdflib.Graph()
    for triple in (*(t for t in ontology if t.predicate.value in CLASS_TREE), *data):
        graph.add((to_rdflib(triple.subject), to_rdflib(triple.predicate), to_rdflib(triple.object)))
    places = _Places(chosen)
    if not whole:
        shapes = rdflib.Graph() + shapes  # narrowed for this run only
        narrow(shapes, graph, {value(triple.subject) for file in chosen for triple in file.triples})
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inplace=True)
    for result in report.subjects(rdflib.RDF.type, SH.ValidationResult):
        focus_node = str(report.value(result, SH.focusNode))
        if focus_node not in places:
            continue
        path = report.value(result, SH.resultPath)
        shape = report.value(result, SH.sourceShape)
        where, line = places.find(focus_node, str(path) if path else None)
        severity = VIOLATION if report.value(result, SH.resultSeverity) == SH.Violation else WARNING
        message = _chosen(list(report.objects(result, SH.resultMessage)))
        fault = report.value(result, SH.value)
        if isinstance(fault, rdflib.Literal | rdflib.URIRef):
            shown = curie(str(fault)) if isinstance(fault, rdflib.URIRef) else str(fault)
            message += tr(" (found: {value})", value=shown[:120])
        remedy = _chosen(list(shapes.objects(shape, rdflib.URIRef(f"{PREFIXES['ctkg']}remedy"))))
        yield Finding(
            severity,
            where,
            line,
            curie(str(shape)),
            curie(focus_node),
            message,
            remedy or tr("see docs/model.md"),
        )


def _chosen(texts: Sequence[Any]) -> str:
    """The text in the user's language, else in any."""
    by_language = {getattr(text, "language", None) or "": str(text) for text in texts}
    return by_language.get(language()) or by_language.get("en") or next(iter(by_language.values()), "")


_FIELD = re.compile(r"\{\?(\w+)\}")


def _checks(catalog: Catalog, files: list[_File], chosen: list[_File]) -> Iterator[Finding]:
    """Findings of ``queries/checks/`` on the built graph."""
    try:
        assembly = assemble(catalog)
    except DataError as error:
        if not any(file.path.name in error.path for file in files):
            raise
        yield Finding(VIOLATION, error.path, error.line, "build", "", error.reason, error.hint or "")
        return
    store = Store()
    store.bulk_extend(assembly.quads())
    places = _Places(chosen)
    for path in catalog.checks:
        header, query = _read_check(path)
        answer: Any = store.query(query, use_default_graph_as_union=True)
        names = [variable.value for variable in answer.variables]
        for row in answer:
            values = dict(zip(names, row, strict=True))
            subject = values.get("subject")
            if not isinstance(subject, NamedNode) or subject.value not in places:
                continue
            where, line = places.find(subject.value)
            yield Finding(
                header["severity"],
                where,
                line,
                path.stem,
                curie(subject.value),
                _filled(_spoken(header, "problem"), values),
                _spoken(header, "solution"),
            )


def _filled(message: str, values: dict[str, Any]) -> str:
    return _FIELD.sub(lambda match: _shown(values.get(match[1])), message)


def _shown(term: Any) -> str:
    if isinstance(term, NamedNode):
        return curie(term.value)
    return " ".join(curie(word) for word in term.value.split()) if isinstance(term, Literal) else "?"


def _spoken(header: dict[str, str], key: str) -> str:
    return header.get(f"{key}-zh", header[key]) if language() == "zh" else header[key]


def _read_check(path: Path) -> tuple[dict[str, str], str]:
    text = path.read_text(encoding="utf-8")
    header = dict(
        line[2:].strip().split(": ", 1) for line in text.splitlines() if line.startswith("#+") and ": " in line
    )
    missing = {"severity", "problem", "solution"} - set(header)
    if missing:
        raise QueryError(f"{display_path(path)}:1: {tr('the header lacks {key!r}', key=min(missing))}")
    return header, text
