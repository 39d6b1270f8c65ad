"""Characters in texts that a reader cannot see, or takes for others: how one could say what nobody reviewed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from ctkg.messages import tr
from ctkg.namespaces import curie
from ctkg.turtle import tokens
from ctkg.visible import visible

__all__ = ["TextFault", "comment_faults", "text_faults"]

# Those that turn the direction of text around (Trojan Source, CVE-2021-42574), and control characters but for
# line break and tabulator
_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_INVISIBLE = re.compile(
    r"[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028\u2029\u2060-\u2064\u206a-\u206f\u3164"
    r"\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_RADICAL = re.compile(r"[\u2e80-\u2fdf]")
_WORD = re.compile(r"[^\W\d_]+")
_ALIKE = frozenset({"CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU", "FULLWIDTH", "MATHEMATICAL"})
# Of Greek only what looks like Latin: μm and Δt are no forgery
_GREEK = frozenset("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧογικνρυϲϳ")


class TextFault(NamedTuple):
    """A text to mend; ``line`` only where it stands in no triple."""

    severity: str
    rule: str
    subject: str
    predicate: str | None
    line: int | None
    message: str
    hint: str


def text_faults(triples: Iterable[Triple]) -> Iterator[TextFault]:
    """What in the literals of named subjects misleads the eye."""
    for triple in triples:
        if not isinstance(triple.object, Literal) or not isinstance(triple.subject, NamedNode):
            continue
        text = triple.object.value
        if text.isascii() and text.isprintable():
            continue
        for severity, rule, what, hint in _faults(text):
            message = tr("{property} of {subject}: {what}", property=curie(triple.predicate.value),
                         subject=curie(triple.subject.value), what=what)  # fmt: skip
            yield TextFault(severity, rule, triple.subject.value, triple.predicate.value, None, message, hint)


def comment_faults(content: str) -> Iterator[TextFault]:
    """Comments of a Turtle file that show its lines in another order than they are read."""
    if not _STEERING.search(content.replace("\r\n", "\n")):
        return
    line = 1
    for match in tokens(content):
        if match.lastgroup == "comment" and (found := _STEERING.findall(match.group())):
            yield TextFault("violation", "steering-character", "", None, line, *_steering(found))
        line += match.group().count("\n")


def _faults(text: str) -> Iterator[tuple[str, str, str, str]]:
    """Severity, rule, what is wrong, how to mend it."""
    if found := _STEERING.findall(text):
        yield "violation", "steering-character", *_steering(found)
    if found := _INVISIBLE.findall(text):
        yield (
            "warning", "invisible-character",
            tr("a character that nobody sees: {characters}", characters=_shown(found)),
            tr("delete it; two names that differ by it look the same"),
        )  # fmt: skip
    if not unicodedata.is_normalized("NFC", text):
        yield (
            "warning", "not-nfc",
            tr("letters written in pieces (not Unicode NFC)"),
            tr("write it composed: {text}", text=visible(unicodedata.normalize("NFC", text))[:80]),
        )  # fmt: skip
    words = [word for word in _WORD.findall(text) if not word.isascii() and _mixes(word)]
    if words or _RADICAL.search(text):
        shown = words or _RADICAL.findall(text)
        yield (
            "warning", "look-alike",
            tr("letters that look like others: {words}", words=", ".join(map(_spelled, dict.fromkeys(shown)))),
            tr("type the word anew; do not copy it"),
        )  # fmt: skip


def _steering(found: list[str]) -> tuple[str, str]:
    return (
        tr("a character that steers how the text is shown: {characters}", characters=_shown(found)),
        tr("delete it; what is reviewed must be what is read"),
    )


def _shown(characters: list[str]) -> str:
    return ", ".join(f"U+{ord(character):04X}" for character in dict.fromkeys(characters))


def _mixes(word: str) -> bool:
    """Whether Latin letters stand beside those of a script that looks like Latin; 芯片 does not."""
    scripts = {unicodedata.name(letter, "").partition(" ")[0] for letter in word}
    return "LATIN" in scripts and bool(scripts & _ALIKE or _GREEK.intersection(word))


def _spelled(word: str) -> str:
    """The word with its foreign letters named: ``Аlibaba (А = CYRILLIC CAPITAL LETTER A)``."""
    names = {letter: unicodedata.name(letter, "?") for letter in word if not letter.isascii()}
    odd = (f"{letter} = {name}" for letter, name in names.items() if not name.startswith(("LATIN", "CJK UNIFIED")))
    return f"{word} ({', '.join(odd)})"
