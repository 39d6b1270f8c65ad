"""What a Turtle text says together with where its comments stand, read from its tokens.

Only for text that has been parsed already: this does not look for errors, and
refuses what it cannot follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from ctkg.errors import DataError, display_path
from ctkg.messages import tr
from ctkg.namespaces import ID, PREFIXES
from ctkg.turtle import tokens
from ctkg.turtle_order import RDF_TYPE, Term

__all__ = ["Document", "Object", "Predicate", "Subject", "read"]

_XSD = PREFIXES["xsd"]
_NUMBER = re.compile(r"[+-]?(?:(?P<integer>[0-9]+)|(?P<decimal>[0-9]*\.[0-9]+)|(?P<double>[0-9.]+[eE][+-]?[0-9]+))")
_LANGUAGE = re.compile(r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_CONTROL = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


Token = re.Match[str]


class Node:
    """A place that comments can have: ``lead`` stand on lines before it, ``trail`` behind it on its line."""

    __slots__ = ("lead", "trail")

    def __init__(self) -> None:
        self.lead: list[str] = []
        self.trail: list[str] = []


class Object(Node):
    __slots__ = ("term",)

    def __init__(self, term: Term) -> None:
        super().__init__()
        self.term = term


class Predicate(Node):
    __slots__ = ("iri", "objects")

    def __init__(self, iri: str) -> None:
        super().__init__()
        self.iri = iri
        self.objects: dict[Term, Object] = {}


class Subject(Node):
    """``tail`` are the comments between its last object and its full stop."""

    __slots__ = ("iri", "predicates", "tail")

    def __init__(self, iri: str) -> None:
        super().__init__()
        self.iri = iri
        self.predicates: dict[str, Predicate] = {}
        self.tail: list[str] = []

    def least(self, predicate: str) -> str:
        """The least value of a property; "" where it has none."""
        found = self.predicates.get(predicate)
        return min(term.value for term in found.objects) if found else ""


class Document:
    """A text: comments above the prefixes, below them and at the end are the file's own; "" is an empty line."""

    def __init__(self) -> None:
        self.top: list[str] = []
        self.prefixes: list[tuple[str, str, list[str]]] = []
        """Prefix, namespace and the comments behind it."""
        self.below: list[str] = []
        self.subjects: dict[str, Subject] = {}
        self.end: list[str] = []

    def comments(self) -> Iterator[str]:
        """Every comment."""
        found = [*self.top, *self.below, *self.end]
        for _, _, trail in self.prefixes:
            found += trail
        for subject in self.subjects.values():
            found += [*subject.lead, *subject.trail, *subject.tail]
            for predicate in subject.predicates.values():
                found += [*predicate.lead, *predicate.trail]
                for object_ in predicate.objects.values():
                    found += [*object_.lead, *object_.trail]
        return filter(None, found)


def read(text: str, path: Path) -> Document:
    """What ``text`` says; raises `DataError`, with line, for what cannot be laid out without loss."""
    return _Reader(text, path).document


class _Reader:
    def __init__(self, text: str, path: Path) -> None:
        self.document = Document()
        self._path = path
        self._names: dict[str, str] = {}
        self._pending: list[str] = []  # comments on lines of their own that wait for what they stand before
        self._trail: list[str] | None = None  # where a comment behind the last thing goes
        self._on_line = False  # whether something stands before a comment on its line
        self._text = text
        self._tokens = list(tokens(text))
        self._at = 0
        self._statements()

    def _statements(self) -> None:
        while token := self._next():
            if token.group().removeprefix("@").lower() in ("prefix", "base"):
                self._directive(token)
            else:
                self._subject(token)
        self.document.top = _trimmed(self.document.top)
        self.document.end = _trimmed(self._pending)

    def _directive(self, keyword: Token) -> None:
        if keyword.group().lstrip("@").lower() == "base":
            self._refuse(
                tr("@base is not formatted: what the file says would depend on it"),
                tr("write its IRIs in full or with prefixes"),
                keyword,
            )
        if not self.document.subjects:
            self.document.top += self._pending
            self._pending = []
        self._trail = []
        name, namespace = self._expected(), self._expected()
        prefix, iri = name.group().removesuffix(":"), _unescaped(namespace.group()[1:-1])
        self._names[prefix] = iri
        self.document.prefixes.append((prefix, iri, self._trail))
        if keyword.group().startswith("@"):
            self._expected()

    def _subject(self, token: Token) -> None:
        iri = self._iri(token)
        if not self.document.subjects:
            self._head()
        subject = self.document.subjects.setdefault(iri, Subject(iri))
        self._place(subject)
        token = self._expected()
        while token.group() != ".":
            if token.group() == ";":
                token = self._expected()
                continue
            iri = RDF_TYPE if token.group() == "a" else self._iri(token)
            predicate = subject.predicates.setdefault(iri, Predicate(iri))
            self._place(predicate)
            token = self._objects(predicate)
        subject.tail += _comments(self._pending)
        self._pending = []

    def _objects(self, predicate: Predicate) -> Token:
        """Read them; returns what stands behind the last."""
        while True:
            term = self._term(self._expected())
            object_ = predicate.objects.setdefault(term, Object(term))
            self._place(object_)
            token = self._expected()
            if token.group() != ",":
                return token

    def _place(self, node: Node) -> None:
        if self._pending:
            node.lead += _comments(self._pending)
            self._pending = []
        self._trail = node.trail

    def _head(self) -> None:
        """Before the first subject: what an empty line parts from it is the file's own."""
        if "" in self._pending:
            last = len(self._pending) - self._pending[::-1].index("")
            self.document.below = _trimmed(self._pending[:last])
            self._pending = self._pending[last:]

    def _term(self, token: Token) -> Term:
        text = token.group()
        if token.lastgroup == "text":
            width = 3 if text.startswith(('"""', "'''")) else 1
            value = _unescaped(text[width:-width])
            mark = self._adjoining()
            if mark == "^^":
                self._expected()
                return Term(value, self._iri(self._expected()))
            if mark.startswith("@"):
                language = self._expected()
                if not _LANGUAGE.fullmatch(language.group()):
                    self._lost(language)
                return Term(value, "", language.group())
            return Term(value, f"{_XSD}string")
        if text in ("true", "false"):
            return Term(text, f"{_XSD}boolean")
        number = _NUMBER.fullmatch(text) if token.lastgroup == "name" else None
        return Term(text, f"{_XSD}{number.lastgroup}") if number else Term(self._iri(token))

    def _iri(self, token: Token) -> str:
        if token.lastgroup == "iri":
            return _unescaped(token.group()[1:-1])
        if token.group() in ("[", "(") or token.group().startswith("_:"):
            self._refuse(
                tr("blank nodes are not used in data"),
                tr("give the thing an IRI of its own under {namespace}", namespace=ID),
                token,
            )
        prefix, colon, local = token.group().partition(":")
        if token.lastgroup != "name" or not colon or prefix not in self._names:
            self._lost(token)
        return self._names[prefix] + re.sub(r"\\(.)", r"\1", local)

    def _lost(self, token: Token) -> NoReturn:
        self._refuse(tr("the formatter cannot follow {text!r}", text=token.group()[:40]), _simpler(), token)

    def _adjoining(self) -> str:
        """What follows a string; where that belongs to it, a comment in between has no place to go."""
        at = self._at
        while at < len(self._tokens) and self._tokens[at].lastgroup in ("space", "comment"):
            at += 1
        mark = self._tokens[at].group() if at < len(self._tokens) else ""
        between = self._tokens[self._at : at]
        comment = next((token for token in between if token.lastgroup == "comment"), None)
        if comment and (mark == "^^" or mark.startswith("@")):
            self._refuse(
                tr("this comment has no place in canonical Turtle"),
                tr("move it to a line of its own before the value"),
                comment,
            )
        return mark

    def _expected(self) -> Token:
        token = self._next()
        if token is None:  # only where our tokens and the parser's differ
            self._refuse(tr("the formatter cannot follow this file"), _simpler(), None)
        return token

    def _next(self) -> Token | None:
        """The next piece that is neither space nor comment; these are noted on the way."""
        for at in range(self._at, len(self._tokens)):
            token = self._tokens[at]
            kind = token.lastgroup
            if kind == "space":
                space = token.group()
                if space != " ":
                    breaks = max(space.count("\n"), space.count("\r"))
                    self._on_line = self._on_line and not breaks
                    if breaks > 1 and self._pending and self._pending[-1]:
                        self._pending.append("")
            elif kind == "comment":
                comment = token.group().rstrip()
                if self._on_line and self._trail is not None:
                    self._trail.append(comment)
                else:
                    self._pending.append(comment)
            else:
                self._on_line = True
                self._at = at + 1
                return token
        self._at = len(self._tokens)
        return None

    def _refuse(self, message: str, hint: str, at: Token | None) -> NoReturn:
        line = self._text.count("\n", 0, at.start()) + 1 if at else None
        raise DataError(message, hint, path=display_path(self._path), line=line)


def _simpler() -> str:
    return tr("write it more simply: @prefix, one statement after another, spaces around full stops")


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(match: re.Match[str]) -> str:
    short, long, named = match.groups()
    return _CONTROL.get(named, named) if named else chr(int(short or long, 16))


def _comments(lines: list[str]) -> list[str]:
    return [line for line in lines if line]


def _trimmed(lines: list[str]) -> list[str]:
    """Without an empty line at its end."""
    return lines[:-1] if lines and not lines[-1] else lines
