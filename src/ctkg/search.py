"""One search box for English, Chinese and pinyin: an index in memory over every name.

A text is compared with all names in ever looser ways, and the search ends with
the first way that fills the answer. Within one way, what more statements are
about comes first. Typing errors are looked for only where nothing else is found.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import islice, takewhile
from typing import TYPE_CHECKING, NamedTuple

from ctkg.errors import NotFound, QueryError, nearest
from ctkg.messages import tr
from ctkg.name_keys import folded, is_han, without_legal_form
from ctkg.namespaces import CTKG, ID, KINDS, expand, slug
from ctkg.results import Resource
from ctkg.search_names import Name, Names, gather

if TYPE_CHECKING:
    from ctkg.backend import Backend

__all__ = ["HOWS", "SEARCHED_KINDS", "Hit", "SearchIndex"]

HOWS = ("exact", "prefix", "word", "substring", "pinyin", "initials", "typo")
"""How a name matched, best first."""

SEARCHED_KINDS = tuple(kind for kind in KINDS if kind not in ("statement", "dataset"))
_ONLY_BY_KIND = ("source", "dispute")
_LONG = 300
"""Characters of a text that may be searched for, where no name has more."""


class Hit(NamedTuple):
    """A thing that was found, by which of its names, and how well: ``score`` is at most 100.

    ``how`` is one of `HOWS`. ``language`` is ``None`` where the name is a slug or an IRI.
    """

    iri: str
    labels: dict[str, str]
    class_: Resource  # the most telling one
    classes: tuple[str, ...]
    statements: int
    name: str
    language: str | None
    how: str
    score: int

    def label(self, language: str = "en") -> str:
        """The label in ``language``, else in another, else the CURIE."""
        return Resource(self.iri, self.labels).label(language)


class _Match(NamedTuple):
    row: int  # of the name
    how: str
    score: int


class SearchIndex:
    """Every name of a graph, made once and then asked often, from any thread."""

    def __init__(self, names: Names) -> None:
        self._classes = names.classes
        # in the order of the answer, so that whatever is found need not be sorted
        self._things = sorted(names.things, key=lambda t: (-t.statements, Resource(t.iri, t.labels).label(), t.iri))
        self._kinds = [_kind(thing.iri) for thing in self._things]
        rows = [(owner, name) for owner, thing in enumerate(self._things) for name in thing.names]
        self._owner = [owner for owner, _ in rows]
        self._names = [name for _, name in rows]
        self._longest = max([_LONG, *(len(name.text) for name in self._names)])
        self._compact = [name.words.replace(" ", "") for name in self._names]
        self._alphabet = sorted(zip(self._compact, range(len(rows)), strict=True))
        # all words of a thing, whichever name they stand in, each between blanks
        self._words = [f" {' '.join(name.words for name in thing.names)} " for thing in self._things]
        self._first_row = {owner: row for row, owner in reversed(list(enumerate(self._owner)))}
        self._by_iri = {
            iri: owner for owner, thing in enumerate(self._things) for iri in (*thing.replaced, thing.iri)
        }  # fmt: skip
        self._spelled = [(row, name.pinyin, name.pinyin.lower()) for row, name in enumerate(self._names) if name.pinyin]
        self._initials = [(row, re.sub(r"[a-z]", "", spelled).lower()) for row, spelled, _ in self._spelled]

    @classmethod
    def of(cls, backend: Backend) -> SearchIndex:
        """The index of all that a backend holds; raises `EndpointError` as the backend does."""
        return cls(gather(backend))

    def search(self, text: str, *, kind: str | None = None, class_: str | None = None, limit: int = 20) -> list[Hit]:
        """What bears such a name, best first, at most ``limit`` things.

        ``kind`` is one of `SEARCHED_KINDS`, such as ``actor``; sources and
        disputes are found only where it asks for them. ``class_`` is a class of
        the ontology by name, CURIE or IRI. Raises `QueryError` for a text without
        any letter or digit, one that is too long, a limit under 1 and an unknown
        kind, `NotFound` for an unknown class.
        """
        if limit < 1:
            raise QueryError(tr("the limit is {value}", value=limit), tr("write a whole number from 1"))
        wanted = self._filter(kind, class_)
        owner = self._by_iri.get(expand(text.strip()) or text.strip().removeprefix("<").removesuffix(">"))
        if owner is not None:
            return [self._hit(_Match(self._first_row[owner], "exact", 100), text.strip())] if wanted(owner) else []
        if len(text) > self._longest:
            raise QueryError(
                tr("a search of {count} characters", count=len(text)),
                tr("write at most {count}; no name is longer", count=self._longest),
            )
        words = folded(text).split()
        if not words:
            raise QueryError(tr("there is nothing to search for"), tr("write a name or a part of it, or pinyin"))
        found: dict[int, _Match] = {}
        for match in self._matches(words):
            owner = self._owner[match.row]
            if owner not in found and wanted(owner):
                found[owner] = match
                if len(found) == limit:
                    break
        return [self._hit(match) for match in found.values()] or [
            self._hit(match) for match in islice(self._misspelled(words, wanted), limit)
        ]

    def _filter(self, kind: str | None, class_: str | None) -> Callable[[int], bool]:
        if kind is not None and kind not in SEARCHED_KINDS:
            raise QueryError(
                tr("no kind is called {name!r}", name=kind),
                tr("choose one of: {names}", names=", ".join(nearest(kind, [*SEARCHED_KINDS]) or SEARCHED_KINDS)),
            )
        iri = None if class_ is None else self._class(class_)

        def wanted(owner: int) -> bool:
            own = self._kinds[owner]
            fits = own == kind if kind is not None else own not in _ONLY_BY_KIND or iri is not None
            return fits and (iri is None or iri in self._things[owner].classes)

        return wanted

    def _class(self, name: str) -> str:
        for iri in (name, expand(name), CTKG + name):
            if iri in self._classes:
                return iri
        near = nearest(slug(name).rpartition(":")[2], [slug(iri) for iri in self._classes])
        hint = tr("did you mean: {names}", names=", ".join(near)) if near else tr("list them: ctkg ontology")
        raise NotFound(tr("no class is called {name!r}", name=name), hint)

    def _hit(self, match: _Match, name: str | None = None) -> Hit:
        thing = self._things[self._owner[match.row]]
        matched: Name = self._names[match.row]
        return Hit(
            thing.iri,
            thing.labels,
            Resource(thing.class_, self._classes.get(thing.class_, {})),
            thing.classes,
            thing.statements,
            matched.text if name is None else name,
            matched.language if name is None else None,
            match.how,
            match.score,
        )

    def _matches(self, words: list[str]) -> Iterator[_Match]:
        """Names that bear the words, by ever looser ways; a thing may come more than once."""
        whole = "".join(words)
        starting = self._starting(whole)
        yield from (_Match(row, "exact", 100) for row in starting if self._compact[row] == whole)
        yield from self._but_for_legal_form(words)
        yield from (_Match(row, "prefix", 90) for row in starting)
        yield from self._with([f" {word} " for word in words], "word", 80)
        yield from self._with([f" {word}" for word in words], "word", 75)
        inside = [word if is_han(word) or len(word) > 2 else f" {word}" for word in words]
        yield from self._with(inside, "substring", 65)
        if whole.isascii():
            yield from self._spelled_out(whole.replace("v", "u"))

    def _but_for_legal_form(self, words: list[str]) -> Iterator[_Match]:
        bare = without_legal_form(" ".join(words))
        for row in self._starting(bare.replace(" ", "")):
            if without_legal_form(self._names[row].words) == bare:
                yield _Match(row, "exact", 95)

    def _starting(self, letters: str) -> list[int]:
        place = bisect_left(self._alphabet, (letters, 0))
        return sorted(
            row for _, row in takewhile(lambda pair: pair[0].startswith(letters), islice(self._alphabet, place, None))
        )

    def _with(self, parts: list[str], how: str, score: int) -> Iterator[_Match]:
        """The things with all of these parts in their words, whatever the order and the name."""
        rarest = max(parts, key=len)
        for owner in [owner for owner, words in enumerate(self._words) if rarest in words]:
            if all(part in self._words[owner] for part in parts):
                yield _Match(self._best_row(owner, parts), how, score)

    def _best_row(self, owner: int, parts: Iterable[str]) -> int:
        """The first of a thing's names that has the most of these parts."""
        start = self._first_row[owner]
        rows = range(start, start + len(self._things[owner].names))
        return max(rows, key=lambda row: (sum(part in f" {self._names[row].words} " for part in parts), -row))

    def _spelled_out(self, letters: str) -> Iterator[_Match]:
        """Chinese names whose pinyin, or its initials, are or contain the letters."""
        near = [(row, spelled, lower) for row, spelled, lower in self._spelled if letters in lower]
        yield from (_Match(row, "pinyin", 60) for row, _, lower in near if lower == letters)
        yield from (_Match(row, "pinyin", 55) for row, _, lower in near if lower.startswith(letters))
        if len(letters) > 1:
            yield from (_Match(row, "initials", 50) for row, initials in self._initials if initials == letters)
        if len(letters) > 2:
            yield from (
                _Match(row, "pinyin", 45) for row, spelled, lower in near if _at_syllable(spelled, lower, letters)
            )
            yield from (_Match(row, "initials", 40) for row, initials in self._initials if letters in initials)

    def _misspelled(self, words: list[str], wanted: Callable[[int], bool]) -> Iterator[_Match]:
        """Names that bear the words but for one or two typing errors a word, fewest errors first."""
        errors = self._errors_in("".join(words), self._whole_names)
        for owner, (count, row) in self._errors_by_word(words).items():
            if count < errors.get(owner, (9, 0))[0]:
                errors[owner] = (count, row)
        best = sorted((count, owner, row) for owner, (count, row) in errors.items() if wanted(owner))
        return (_Match(row, "typo", max(35 - 5 * count, 1)) for count, _, row in best)

    def _errors_by_word(self, words: list[str]) -> dict[int, tuple[int, int]]:
        """As `_errors_in`, for things that have every word; no name (-1) stands for a word without errors."""
        total: dict[int, tuple[int, int]] = dict.fromkeys(range(len(self._things)), (0, -1))
        for word in sorted(set(words), key=len, reverse=True):  # long words leave the fewest things to look at
            start = f" {word}"
            errors = self._errors_in(word, self._single_words)
            errors |= {owner: (0, -1) for owner in total if start in self._words[owner]}
            total = {o: (n + errors[o][0], max(row, errors[o][1])) for o, (n, row) in total.items() if o in errors}
        return total

    def _errors_in(self, word: str, known: _Lexicon) -> dict[int, tuple[int, int]]:
        """Thing → least number of errors, and the name that bears what was meant."""
        from rapidfuzz.distance import OSA  # counts two letters that changed places as one error
        from rapidfuzz.process import extract

        allowed = _errors_allowed(word)
        errors: dict[int, tuple[int, int]] = {}
        for length in range(len(word) - allowed, len(word) + allowed + 1) if allowed else ():
            rows = known.get(length, {})
            for meant, count, _ in extract(word, list(rows), scorer=OSA.distance, score_cutoff=allowed, limit=None):
                for row in rows[meant]:
                    owner = self._owner[row]
                    errors[owner] = min(errors.get(owner, (9, 0)), (int(count), row))
        return errors

    @cached_property
    def _whole_names(self) -> _Lexicon:
        return _lexicon([*enumerate(self._compact), *((row, lower) for row, _, lower in self._spelled)])

    @cached_property
    def _single_words(self) -> _Lexicon:
        return _lexicon((row, word) for row, name in enumerate(self._names) for word in name.words.split())


_Lexicon = dict[int, dict[str, list[int]]]
"""Length → word → the names that have it."""


def _lexicon(pairs: Iterable[tuple[int, str]]) -> _Lexicon:
    lexicon: _Lexicon = {}
    for row, word in pairs:
        lexicon.setdefault(len(word), {}).setdefault(word, []).append(row)
    return lexicon


def _kind(iri: str) -> str:
    return iri.removeprefix(ID).partition("/")[0] if iri.startswith(ID) else ""


def _errors_allowed(word: str) -> int:
    """A short word with an error is another word."""
    return 0 if len(word) < 4 else 1 if len(word) < 6 else 2


def _at_syllable(spelled: str, lower: str, letters: str) -> bool:
    """Whether the letters begin where a syllable does."""
    place = lower.find(letters)
    while place >= 0:
        if not spelled[place].islower():
            return True
        place = lower.find(letters, place + 1)
    return False
