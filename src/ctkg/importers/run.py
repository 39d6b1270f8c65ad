"""Import a dataset: read, match, write whole or not at all, and say what changed."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, serialize

from ctkg.build import Progress
from ctkg.catalog import open_catalog
from ctkg.derive import Description, describe_subjects
from ctkg.errors import DataError, NotFound, display_path, nearest
from ctkg.formatting import formatted
from ctkg.importers.draft import Draft, Publication
from ctkg.importers.known import known
from ctkg.importers.matches import BY_HAND, BY_IDENTIFIER, BY_NAME, Matches, read_matches
from ctkg.importers.rivals import disputes
from ctkg.importers.upstream import Row, Upstream, read_upstream
from ctkg.messages import tr
from ctkg.namespaces import CTKG, curie
from ctkg.ontology import RDF_TYPE
from ctkg.settings import Settings
from ctkg.turtle import parse, value

__all__ = ["IMPORTERS", "Importer", "Summary", "import_dataset"]

IMPORTERS = {
    "us-screening-list": "US Consolidated Screening List: entries on AI, chips, computing, surveillance, universities",
    "epoch-models": "Epoch AI, Data on AI Models: developers, dates, sizes, compute, hardware, base models",
    "epoch-hardware": "Epoch AI, Data on Machine Learning Hardware: Chinese chips, their designers and performance",
    "models-dev": "models.dev: access to the weights and context length of models offered as services",
    "llms-in-china": "awesome-LLMs-In-China: developers that no other layer names, with their city and model",
    "ror": "Research Organization Registry: identifiers, names and founding years of organisations that we hold",
}
"""Datasets that can be imported, with what is in them; each has a module of its name, with an ``IMPORTER``.

In the order of docs/decisions/0009-layers.md: each may contradict the curated data and the layers before it."""

_LOSS = 0.1
"""A file that would drop more than this share of the statements is taken for a broken one."""


class Importer(NamedTuple):
    """How one dataset becomes statements."""

    publication: Publication
    columns: tuple[str, ...]
    """Columns that a file must have."""
    key: tuple[str, ...]
    """The columns that tell one row from another."""
    draft_row: Callable[[Row, NamedNode, Draft], None]
    """Writes what a row says into the draft, with the source that stands for its file; raises ``ValueError``
    for a cell that cannot be read."""


class Summary(NamedTuple):
    """What an import changed: statements and entities by IRI, and how the names were matched."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    dropped: tuple[str, ...]
    classes: dict[str, int]
    """Class without namespace → how many there are now."""
    matched: dict[str, int]
    """``name``, ``hand``, ``identifier``, ``apart`` → rows of the table of matches."""
    undecided: tuple[tuple[str, list[str]], ...]
    unused: tuple[str, ...]
    """Subjects in the table of matches that the files no longer name."""
    skipped: tuple[tuple[Row, str], ...]
    disputes: int
    path: Path


def import_dataset(
    settings: Settings,
    name: str,
    files: Sequence[str],
    *,
    dry_run: bool = False,
    accept_loss: bool = False,
    progress: Progress | None = None,
) -> Summary:
    """Write ``data/<name>/statements.ttl`` and the table of matches anew from the upstream files.

    ``files`` are paths, or ``PATH@DAY`` with the day the publisher made them.
    Raises `NotFound` for a dataset without importer; `DataError` for a file that
    cannot be used, a name whose IRI is taken, a loss of more than a tenth of
    the statements unless ``accept_loss``, and where nothing can be written.
    Whatever is raised, the data stay as they were.
    """
    importer = _importer(name)
    folder = Path(settings.data) / name
    target, table = folder / "statements.ttl", folder / "matches.sssom.tsv"
    before = describe_subjects(parse(target)) if target.exists() else {}
    days = {d["digest"]: d for d in _read_before(before)}
    upstream = []
    for done, file in enumerate(files):
        _report(progress, tr("reading"), done, len(files) + 1)
        known_days = {digest: source["issued"] for digest, source in days.items()}
        upstream.append(read_upstream(file, importer.columns, importer.key, known_days))
    upstream.sort(key=lambda file: file.issued, reverse=True)
    _report(progress, tr("reading"), len(files), len(files) + 1)
    matches = read_matches(table, name)
    have = known(open_catalog(settings), name, after=list(IMPORTERS)[list(IMPORTERS).index(name) + 1 :])
    read_on = {digest: source["readOn"] for digest, source in days.items()}
    draft = Draft(name, importer.publication, have, matches, read_on, folder)
    _draft_rows(importer, upstream, draft)
    _refuse_conflicts(draft, table)
    _report(progress, tr("matching"), 0, 1)
    rivals = list(disputes(draft.triples, have))
    triples = [*draft.triples, *rivals]
    after = describe_subjects(triples)
    summary = _summary(draft, matches, before, after, len(rivals), target)
    _refuse_loss(summary, before, target, accept_loss)
    if not dry_run:
        content = formatted(_turtle(triples), target)
        _write(table, matches.text().encode())  # first: matches without a statement harm nobody
        _write(target, content)
    _report(progress, tr("matching"), 1, 1)
    return summary


def _draft_rows(importer: Importer, files: Sequence[Upstream], draft: Draft) -> None:
    """Row by row, the newest file first: it speaks for the rows that older files have, too."""
    seen: set[tuple[str, ...]] = set()
    for file in files:
        source = draft.source(file)
        for row in file.rows:
            key = tuple(row.get(column) for column in importer.key)
            if key in seen:
                continue
            seen.add(key)
            try:
                importer.draft_row(row, source, draft)
            except ValueError as error:
                raise DataError(
                    tr("cannot be read: {reason}", reason=error),
                    tr("is the file whole? if its publisher writes it so, the importer has to learn it"),
                    path=display_path(file.path),
                    line=row.line,
                ) from error


def _importer(name: str) -> Importer:
    if name not in IMPORTERS:
        near = nearest(name, list(IMPORTERS)) or list(IMPORTERS)
        raise NotFound(tr("no dataset is called {name!r}", name=name), tr("known: {names}", names=", ".join(near)))
    found = import_module(f"ctkg.importers.{name.replace('-', '_')}").IMPORTER
    assert isinstance(found, Importer)
    return found


def _read_before(before: dict[str, Description]) -> list[dict[str, str]]:
    """Digest, day and day read of the files that were imported before."""
    return [
        {
            "digest": description[f"{CTKG}contentDigest"][0],
            "issued": description["http://purl.org/dc/terms/issued"][0],
            "readOn": description[f"{CTKG}readOn"][0],
        }
        for description in before.values()
        if f"{CTKG}contentDigest" in description
    ]


def _summary(
    draft: Draft, matches: Matches, before: dict[str, Description], after: dict[str, Description], rivals: int,
    path: Path,
) -> Summary:  # fmt: skip
    counts = Counter(row.justification for row in matches if not row.negated)
    return Summary(
        tuple(sorted(after.keys() - before.keys())),
        tuple(sorted(iri for iri in after.keys() & before.keys() if _set(after[iri]) != _set(before[iri]))),
        tuple(sorted(before.keys() - after.keys())),
        dict(Counter(c.removeprefix(CTKG) for d in after.values() for c in d.get(RDF_TYPE, [])).most_common()),
        {
            "name": counts[BY_NAME],
            "hand": counts[BY_HAND],
            "identifier": counts[BY_IDENTIFIER],
            "apart": sum(row.negated for row in matches),
        },
        tuple(draft.undecided),
        tuple(sorted({row.subject for row in matches} - matches.used)),
        tuple(draft.skipped),
        sum(1 for iri in after if iri.partition("/id/dispute/")[1]) if rivals else 0,
        path,
    )


def _set(description: Description) -> dict[str, set[str]]:
    return {predicate: set(values) for predicate, values in description.items()}


def _refuse_conflicts(draft: Draft, table: Path) -> None:
    if draft.conflicts:
        shown = "; ".join(f"{subject} → {curie(iri)}" for subject, iri in draft.conflicts.items())
        raise DataError(
            tr("{count} names have no IRI of their own: {names}", count=len(draft.conflicts), names=shown),
            tr("add a line for each: that it is the thing of that IRI, or an IRI that is free"),
            path=display_path(table),
        )


def _refuse_loss(summary: Summary, before: dict[str, Description], path: Path, accept: bool) -> None:
    dropped, held = (sum("/id/statement/" in iri for iri in iris) for iris in (summary.dropped, before))
    if not accept and dropped > _LOSS * held:
        raise DataError(
            tr("would lose {dropped} of {before} statements", dropped=dropped, before=held),
            tr("is the file whole, and are all files given? if it is right: --accept-loss"),
            path=display_path(path),
        )


def _turtle(triples: Sequence[Triple]) -> bytes:
    quads = (Quad(triple.subject, triple.predicate, triple.object) for triple in sorted(triples, key=_order))
    return serialize(quads, format=RdfFormat.N_TRIPLES) or b""


def _order(triple: Triple) -> tuple[str, str, str]:
    return value(triple.subject), triple.predicate.value, str(triple.object)


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        raise DataError(
            tr("cannot be written: {reason}", reason=error.strerror),
            tr("make room, or give yourself the right to write in that folder"),
            path=display_path(path),
        ) from error


def _report(progress: Progress | None, step: str, done: int, total: int) -> None:
    if progress is not None:
        progress(step, done, total)
