"""Canonical Turtle: one way to write what a file says, so that a diff shows what has changed and nothing else.

``docs/decisions/0007-canonical-turtle.md`` has the rules. A file is read by its
tokens, since comments, lexical forms and the case of language tags are no part
of the triples. Before a file is replaced its triples are compared.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Triple

from ctkg.errors import DataError, display_path
from ctkg.messages import tr
from ctkg.namespaces import PREFIXES
from ctkg.turtle import BOM, parse_bytes, read_bytes
from ctkg.turtle_layout import Document, Predicate, read
from ctkg.turtle_order import RDF_TYPE, Term, object_key, predicate_key, subject_key

__all__ = ["create_file", "format_file", "formatted", "replace_file"]

_XSD = PREFIXES["xsd"]
_SHORT = {
    f"{_XSD}integer": re.compile(r"[+-]?[0-9]+"),
    f"{_XSD}decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    f"{_XSD}double": re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)[eE][+-]?[0-9]+"),
    f"{_XSD}boolean": re.compile(r"true|false"),
}
# Control characters, line ends that only some programs see, and those that turn the direction of text around
_HIDDEN = r"\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff"
_IN_TEXT = re.compile(rf'["\\{_HIDDEN}]')
_IN_LONG_TEXT = re.compile(rf'"(?="")|"\Z|\\|(?!\n)[{_HIDDEN}]')
_IN_IRI = re.compile(rf'[<>"{{}}|^`\\ {_HIDDEN}]')
_NAMED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_LETTER = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_LOCAL = re.compile(rf"[{_LETTER}_0-9](?:[{_LETTER}_0-9.-]*[{_LETTER}_0-9-])?")


def format_file(path: Path, *, write: bool = True) -> bool:
    """Bring a file into canonical form; returns whether it was in another.

    It is replaced whole or not at all, and keeps its mode; with ``write=False``
    never. Raises `DataError` where it cannot be read, formatted without loss or
    written.
    """
    before = read_bytes(path)
    after = formatted(before, path)
    if after == before:
        return False
    if write:
        replace_file(Path(os.path.realpath(path)), before, after)
    return True


def formatted(content: bytes, path: Path) -> bytes:
    """The canonical form of what a file holds; ``path`` is for messages.

    Raises `DataError`, with line, for syntax errors and for what cannot be
    written without loss: blank nodes, ``@base``, a comment within a literal.
    """
    triples = parse_bytes(content, path)
    document = read(content.removeprefix(BOM).decode(), path)
    text = _write(document)
    after = text.encode()
    if after != content and not _says_the_same(triples, document, text, path):
        raise DataError(
            tr("formatting would change what it says; left as it was"),
            tr("this is a fault of ctkg: please report it together with the file"),
            path=display_path(path),
        )
    return after


def _says_the_same(triples: list[Triple], document: Document, text: str, path: Path) -> bool:
    try:
        again = parse_bytes(text.encode(), path)
    except DataError:
        return False
    comments = Counter(document.comments())
    return set(again) == set(triples) and all(text.count(comment) >= count for comment, count in comments.items())


def replace_file(path: Path, before: bytes, after: bytes) -> None:
    """Put ``after`` in the place of ``before``, whole or not at all.

    Raises `DataError` where the file holds something else by now, or cannot be written.
    """
    with _written_beside(path, after) as new:
        new.chmod(path.stat().st_mode & 0o7777)
        if path.read_bytes() != before:
            raise DataError(
                tr("was changed by somebody else meanwhile; left as it was"),
                tr("run the command again"),
                path=display_path(path),
            )
        new.replace(path)


def create_file(path: Path, content: bytes) -> None:
    """Write a file that is not there yet, whole or not at all; its folder is made.

    Raises `DataError` where it is there by now, or cannot be written.
    """
    with _written_beside(path, content) as new:
        new.chmod(0o666 & ~_umask())
        try:
            path.hardlink_to(new)  # unlike a rename it never replaces
        except FileExistsError as error:
            raise DataError(
                tr("was changed by somebody else meanwhile; left as it was"),
                tr("run the command again"),
                path=display_path(path),
            ) from error


@contextlib.contextmanager
def _written_beside(path: Path, content: bytes) -> Iterator[Path]:
    """A finished file in the folder of ``path``, gone afterwards unless it was moved."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            yield Path(name)
        finally:
            with contextlib.suppress(OSError):
                Path(name).unlink()
    except OSError as error:
        raise DataError(
            tr("cannot be written: {reason}", reason=error.strerror),
            tr("make room, or give yourself the right to write in that folder"),
            path=display_path(path),
        ) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


class _Names:
    """Shortens IRIs, by our own prefixes first, and notes which prefixes are used."""

    def __init__(self, declared: list[tuple[str, str]]) -> None:
        spaces = {namespace: prefix for prefix, namespace in PREFIXES.items()}
        taken = set(PREFIXES)
        for prefix, namespace in sorted(declared):
            if prefix not in taken and namespace not in spaces:
                spaces[namespace] = prefix
                taken.add(prefix)
        self._spaces = sorted(spaces.items(), key=lambda item: -len(item[0]))
        self._known: dict[str, str] = {}
        self.used: dict[str, str] = {}

    def short(self, iri: str) -> str:
        if iri not in self._known:
            self._known[iri] = self._shorten(iri)
        return self._known[iri]

    def _shorten(self, iri: str) -> str:
        for namespace, prefix in self._spaces:
            if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
                self.used[prefix] = namespace
                return f"{prefix}:{iri[len(namespace) :]}"
        return f"<{_IN_IRI.sub(_escape_code, iri)}>"

    def term(self, term: Term) -> str:
        if term.is_iri:
            return self.short(term.value)
        short = _SHORT.get(term.datatype)
        if short and short.fullmatch(term.value):
            return term.value
        text = _quoted(term.value)
        if term.language:
            return text + term.language
        return text if term.datatype == f"{_XSD}string" else f"{text}^^{self.short(term.datatype)}"


def _escape_code(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04X}"


def _escape(match: re.Match[str]) -> str:
    return _NAMED.get(match.group()) or _escape_code(match)


def _quoted(value: str) -> str:
    if "\n" in value:
        return f'"""{_IN_LONG_TEXT.sub(_escape, value)}"""'
    return f'"{_IN_TEXT.sub(_escape, value)}"'


def _write(document: Document) -> str:
    names = _Names([(prefix, namespace) for prefix, namespace, _ in document.prefixes])
    subjects = sorted(document.subjects.values(), key=lambda subject: subject_key(subject.iri, subject.least))
    blocks: list[list[str]] = []
    for subject in subjects:
        block = [*subject.lead, names.short(subject.iri) + _behind(subject.trail)]
        predicates = sorted(subject.predicates.values(), key=lambda p: predicate_key(p.iri))
        for predicate in predicates[:-1]:
            block += _predicate_lines(predicate, names, " ;")
        block += _predicate_lines(predicates[-1], names, "" if subject.tail else " .")
        if subject.tail:
            block += [*(f"    {comment}" for comment in subject.tail), "    ."]
        blocks.append(block)
    remarks = "\n".join(document.comments())
    for prefix, namespace, _ in document.prefixes:
        if PREFIXES.get(prefix) == namespace and re.search(rf"(?<![\w:-]){prefix}:[^\s:]", remarks):
            names.used[prefix] = namespace  # of a line that is commented out
    top = list(document.top)
    behind: dict[str, list[str]] = {namespace: [] for namespace in names.used.values()}
    for _, namespace, trail in document.prefixes:
        behind.get(namespace, top).extend(trail)
    header = [
        f"@prefix {prefix}: <{_IN_IRI.sub(_escape_code, namespace)}> .{_behind(behind[namespace])}"
        for prefix, namespace in sorted(names.used.items())
    ]
    blocks = [top, header, document.below, *blocks, document.end]
    return "\n\n".join("\n".join(block) for block in blocks if block) + ("\n" if any(blocks) else "")


def _predicate_lines(predicate: Predicate, names: _Names, end: str) -> list[str]:
    lines = [f"    {comment}" for comment in predicate.lead]
    objects = sorted(predicate.objects.values(), key=lambda o: object_key(o.term))
    start = f"    {'a' if predicate.iri == RDF_TYPE else names.short(predicate.iri)}"
    trail = predicate.trail
    if objects[0].lead:
        lines.append(start + _behind(trail))
        start, trail = "       ", []
    for object_ in objects:
        lines += [f"        {comment}" for comment in object_.lead]
        mark = end if object_ is objects[-1] else " ,"
        lines.append(f"{start} {names.term(object_.term)}{mark}{_behind(trail + object_.trail)}")
        start, trail = "       ", []
    return lines


def _behind(comments: list[str]) -> str:
    return "".join(f" {comment}" for comment in comments)
