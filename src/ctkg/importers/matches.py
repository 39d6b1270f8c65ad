"""Which upstream name is which of our things: an SSSOM table beside the dataset, read, kept and added to.

A row says that a subject (an upstream name) is an object (an IRI of ours), or,
with ``predicate_modifier`` ``Not``, that it is not; with which justification
and confidence, when, and by whom. What stands in the table decides; names that
are the same but for spelling are matched and written into it.
See https://mapping-commons.github.io/sssom/ for the format.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from ctkg.errors import DataError, display_path
from ctkg.messages import tr
from ctkg.namespaces import ID, PREFIXES, expand

__all__ = ["BY_HAND", "BY_IDENTIFIER", "BY_NAME", "Match", "Matches", "read_matches", "subject_id"]

BY_NAME = "semapv:LexicalMatching"
BY_HAND = "semapv:ManualMappingCuration"
BY_IDENTIFIER = "semapv:BackgroundKnowledgeBasedMatching"
_JUSTIFICATIONS = (BY_NAME, BY_HAND, BY_IDENTIFIER)
_SAME = "skos:exactMatch"
_COLUMNS = (
    "subject_id", "subject_label", "predicate_modifier", "predicate_id", "object_id", "mapping_justification",
    "confidence", "mapping_date", "comment",
)  # fmt: skip


class Match(NamedTuple):
    """One row; ``negated`` says that the two are kept apart."""

    subject: str
    label: str
    negated: bool
    object: str
    """A CURIE."""
    justification: str
    confidence: str
    day: str
    comment: str

    @property
    def iri(self) -> str:
        """The IRI of the object."""
        return expand(self.object) or self.object


def subject_id(dataset: str, kind: str, name: str) -> str:
    """The CURIE of an upstream name, whose prefix is the dataset's.

    >>> subject_id("epoch-models", "model", "Qwen 3.7 Max")
    'epoch-models:model/Qwen%203.7%20Max'
    """
    return f"{dataset}:{kind}/{quote(name, safe='')}"


class Matches:
    """The rows of one dataset."""

    def __init__(self, dataset: str, rows: list[Match]) -> None:
        self.dataset = dataset
        self._rows = rows
        self._same = {row.subject: row for row in rows if not row.negated}
        self._apart = {(row.subject, row.iri) for row in rows if row.negated}
        self.used: set[str] = set()
        """Subjects that were asked for."""

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self._rows)

    def same(self, subject: str) -> str | None:
        """The IRI that the subject is, by the table."""
        self.used.add(subject)
        row = self._same.get(subject)
        return row.iri if row else None

    def apart(self, subject: str, iri: str) -> bool:
        """Whether the table keeps the two apart."""
        self.used.add(subject)
        return (subject, iri) in self._apart

    def apart_from(self, subject: str) -> list[str]:
        """The IRIs from which the table keeps a subject apart."""
        return sorted(iri for name, iri in self._apart if name == subject)

    def add(self, match: Match) -> None:
        """Add a row that was found."""
        self._rows.append(match)
        self._same[match.subject] = match
        self.used.add(match.subject)

    def text(self) -> str:
        """The table as SSSOM/TSV, ordered by subject."""
        out = io.StringIO()
        prefixes = {kind: PREFIXES[kind] for kind in sorted({row.object.partition(":")[0] for row in self._rows})}
        out.write("#curie_map:\n")
        out.write(f'#  {self.dataset}: "{ID}dataset/{self.dataset}#"\n')
        for prefix, namespace in {**prefixes, "semapv": _SEMAPV, "skos": PREFIXES["skos"]}.items():
            out.write(f'#  {prefix}: "{namespace}"\n')
        out.write('#license: "https://creativecommons.org/licenses/by/4.0/"\n')
        out.write(f'#mapping_set_id: "{ID}dataset/{self.dataset}/matches"\n')
        writer = csv.writer(out, delimiter="\t", lineterminator="\n")
        writer.writerow(_COLUMNS)
        for row in sorted(self._rows):
            modifier = "Not" if row.negated else ""
            writer.writerow(
                (row.subject, row.label, modifier, _SAME, row.object, row.justification, row.confidence, row.day,
                 row.comment)
            )  # fmt: skip
        return out.getvalue()


_SEMAPV = "https://w3id.org/semapv/vocab/"


def read_matches(path: Path, dataset: str) -> Matches:
    """The table of a dataset; empty where there is none yet.

    Raises `DataError`, with line, for a row that cannot be understood or that
    says of one subject that it is two things.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return Matches(dataset, [])
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(tr("cannot be read: {reason}", reason=error), path=display_path(path)) from error
    start = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    rows: list[Match] = []
    subjects: dict[str, int] = {}
    for number, cells in enumerate(csv.reader(lines[start:], delimiter="\t"), start + 1):
        if number == start + 1:
            if tuple(cells) != _COLUMNS:
                raise _bad(path, number, tr("is no header of matches: wanted {names}", names=" ".join(_COLUMNS)))
            continue
        row = _row(path, number, cells, dataset)
        if not row.negated and subjects.setdefault(row.subject, number) != number:
            raise _bad(path, number, tr("{subject} is matched twice; first on line {line}",
                                        subject=row.subject, line=subjects[row.subject]))  # fmt: skip
        rows.append(row)
    return Matches(dataset, rows)


def _row(path: Path, number: int, cells: list[str], dataset: str) -> Match:
    if len(cells) != len(_COLUMNS):
        raise _bad(path, number, tr("has {found} cells where the header has {wanted}",
                                    found=len(cells), wanted=len(_COLUMNS)))  # fmt: skip
    subject, label, modifier, predicate, object_, justification, confidence, day, comment = cells
    if not subject.startswith(f"{dataset}:"):
        raise _bad(path, number, tr("{subject} has not the prefix {prefix}", subject=subject, prefix=f"{dataset}:"))
    if modifier not in ("", "Not") or predicate != _SAME:
        raise _bad(path, number, tr("only {same}, with or without Not, is read", same=_SAME))
    if expand(object_) is None:
        raise _bad(path, number, tr("{object} is no CURIE of ours", object=object_))
    if justification not in _JUSTIFICATIONS:
        raise _bad(path, number, tr("the justification is one of {names}", names=", ".join(_JUSTIFICATIONS)))
    try:
        sure = 0 <= float(confidence) <= 1
    except ValueError:
        sure = False
    if not sure:
        raise _bad(path, number, tr("the confidence is a number from 0 to 1"))
    return Match(subject, label, modifier == "Not", object_, justification, confidence, day, comment)


def _bad(path: Path, line: int, message: str) -> DataError:
    return DataError(message, tr("mend the line; docs/data.md explains the table"), path=display_path(path), line=line)
