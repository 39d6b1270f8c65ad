"""Turtle files: read them, and say on which line a statement stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from stat import S_ISREG

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple
from pyoxigraph import parse as _parse

from ctkg.errors import DataError, display_path
from ctkg.messages import tr

__all__ = ["BOM", "lines", "parse", "parse_bytes", "read_bytes", "tokens", "value"]

BOM = b"\xef\xbb\xbf"

_MOST_TRIPLE_TERMS = 100

_TOKEN = re.compile(
    r"""
    (?P<space> \s+ )
  | (?P<comment> \#[^\r\n]* )
  | (?P<iri> <[^<>"{}|^`\\\x00-\x20]*(?:\\u[0-9A-Fa-f]{4}[^<>"{}|^`\\\x00-\x20]*)*> )
  | (?P<text> \"\"\"(?:[^\\"]++|\\.|"(?!""))*+\"\"\" | '''(?:[^\\']++|\\.|'(?!''))*+'''
            | "(?:[^"\\\n]++|\\.)*+" | '(?:[^'\\\n]++|\\.)*+' )
  | (?P<mark> [;,\[\]()] | \^\^ | \.(?=\s|\#|$|<) )
  | (?P<name> (?:[^\s;,\[\]()<>"'\#.\\]++|\\.|\.+(?=[^\s;,\[\]()<>"'\#.]))++ )
  | (?P<other> . )
    """,
    re.VERBOSE | re.DOTALL,
)


def tokens(content: str) -> Iterator[re.Match[str]]:
    """The pieces of a Turtle text; joined, they are the text again.

    ``lastgroup`` is the kind of each: space, comment, iri, text (a string), mark,
    name (or number, or keyword), other (no Turtle).
    """
    return _TOKEN.finditer(content)


def read_bytes(path: Path) -> bytes:
    """What a file holds; raises `DataError` where it cannot be read, or is a pipe or device that might never end."""
    try:
        if not S_ISREG(path.stat().st_mode):
            raise DataError(tr("is no file"), tr("remove it, or put a file in its place"), path=display_path(path))
        return path.read_bytes()
    except OSError as error:
        raise DataError(
            tr("cannot be read: {reason}", reason=error.strerror),
            tr("remove it, or let it be read; a link must lead to a file"),
            path=display_path(path),
        ) from error


def parse(path: Path) -> list[Triple]:
    """The triples of a Turtle file, in the file's order.

    Raises `DataError` with file and line where it cannot be read or is not Turtle.
    """
    return parse_bytes(read_bytes(path), path)


def parse_bytes(content: bytes, path: Path) -> list[Triple]:
    """The triples of what a Turtle file holds; raises `DataError` as `parse` does."""
    _refuse_deep_terms(content, path)
    try:
        return [quad.triple for quad in _parse(content.removeprefix(BOM), format=RdfFormat.TURTLE)]
    except MemoryError as error:  # the parser's own limit: it reads no piece longer than 16 MiB
        raise DataError(
            tr("holds a text or name that is too long to be read: {reason}", reason=error),
            tr("a text that long is a document: give its address instead"),
            path=display_path(path),
        ) from error
    except SyntaxError as error:
        column = f" ({tr('column {column}', column=error.offset)})" if error.offset else ""
        reason = re.sub(r"^Parser error at .*?: ", "", str(error.msg))
        reason = reason if len(reason) <= 200 else f"{reason[:100]} … {reason[-60:]}"
        raise DataError(
            tr("not readable as Turtle: {reason}", reason=reason) + column,
            tr("mend the syntax at that place; often a full stop, semicolon or quotation mark is missing"),
            path=display_path(path),
            line=error.lineno,
        ) from error


def _refuse_deep_terms(content: bytes, path: Path) -> None:
    """Triples within triples: the parser runs out of stack on many, and takes the process with it."""
    if content.count(b"<<") <= _MOST_TRIPLE_TERMS:
        return
    before, found, line = "", 0, 1
    for match in tokens(content.decode(errors="replace")):
        token = match.group()
        found += before == token == "<"
        before = token
        if found > _MOST_TRIPLE_TERMS:
            raise DataError(
                tr("holds triples within triples (<< … >>), which data does not use"),
                tr("say it with a statement of its own; see docs/model.md"),
                path=display_path(path),
                line=line,
            )
        line += token.count("\n")


def value(term: NamedNode | BlankNode | Literal | Triple) -> str:
    """The IRI, label or lexical form of a term."""
    return str(term) if isinstance(term, Triple) else term.value


def lines(path: Path) -> dict[tuple[str, str | None], int]:
    """Where things stand: ``(subject IRI, None)`` and ``(subject IRI, predicate IRI)`` → first line.

    pyoxigraph does not tell lines, so this reads the file's tokens once more; it
    is for messages only. What it cannot follow it leaves out.
    """
    try:
        content = path.read_bytes().removeprefix(BOM).decode()
    except (OSError, UnicodeDecodeError):
        return {}
    found: dict[tuple[str, str | None], int] = {}
    prefixes: dict[str, str] = {}
    statement: list[str] = []
    subject: str | None = None
    depth, line, expects = 0, 1, "subject"
    for match in tokens(content):
        kind, token, start = match.lastgroup, match.group(), line
        line += token.count("\n")
        if kind in ("space", "comment"):
            continue
        if token in ("[", "("):
            depth += 1
        elif token in ("]", ")"):
            depth -= 1
        elif depth:
            continue
        if token == "." and depth == 0:
            _note_prefix(statement, prefixes)
            statement, expects = [], "subject"
            continue
        statement.append(token)
        if expects == "subject" and (statement[0].startswith("@") or statement[0].upper() in ("PREFIX", "BASE")):
            if not statement[0].startswith("@") and kind == "iri":  # SPARQL's form ends without a full stop
                _note_prefix(statement, prefixes)
                statement = []
        elif expects == "subject":
            subject = _iri(token, prefixes)
            expects = "predicate"
            if subject is not None:
                found.setdefault((subject, None), start)
        elif token == ";" and depth == 0:
            expects = "predicate"
        elif expects == "predicate" and depth == 0:
            predicate = _RDF_TYPE if token == "a" else _iri(token, prefixes)
            if subject is not None and predicate is not None:
                found.setdefault((subject, predicate), start)
            expects = "object"
    return found


_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def _note_prefix(statement: list[str], prefixes: dict[str, str]) -> None:
    if len(statement) >= 3 and statement[0].lstrip("@").lower() == "prefix":
        prefixes[statement[1].removesuffix(":")] = statement[2][1:-1]


def _iri(token: str, prefixes: dict[str, str]) -> str | None:
    if token.startswith("<"):
        return token[1:-1]
    prefix, colon, local = token.partition(":")
    namespace = prefixes.get(prefix)
    return namespace + re.sub(r"\\(.)", r"\1", local) if colon and namespace is not None else None
