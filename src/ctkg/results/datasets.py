"""The datasets that an answer's statements stand in, each with the licence and the attribution that it asks for."""

from __future__ import annotations

from typing import NamedTuple

from ctkg.results.cells import Resource

__all__ = ["Dataset"]

_NAMES = {
    "https://creativecommons.org/licenses/by/4.0/": "CC BY 4.0",
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0 1.0",
    "https://www.apache.org/licenses/LICENSE-2.0": "Apache-2.0",
    "https://opensource.org/license/mit": "MIT",
    "https://www.usa.gov/government-works": "US government work",
}


class Dataset(NamedTuple):
    """A dataset as its card describes it; ``licence`` is an address, ``citation`` empty where none is asked for."""

    iri: str
    labels: dict[str, str]
    publisher: str
    licence: str
    citation: str

    @property
    def terms(self) -> str:
        """The licence by its usual name, else its address."""
        return _NAMES.get(self.licence, self.licence)

    def line(self, language: str = "en") -> str:
        """``Epoch AI models (Epoch AI), CC BY 4.0``."""
        return f"{Resource(self.iri, self.labels).label(language)} ({self.publisher}), {self.terms}"
