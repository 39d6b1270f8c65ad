"""What may be wrong with a request, with the status that says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ctkg.errors import CtkgError
from ctkg.messages import tr

__all__ = ["Problem", "not_acceptable", "unknown_format"]


class Problem(CtkgError):
    """A request that cannot be answered, with the status that says so."""

    def __init__(
        self, status: int, name: str, message: str, hint: str | None = None, headers: Iterable[tuple[str, str]] = ()
    ) -> None:
        super().__init__(message, hint)
        self.status = status
        self.name = name
        self.headers = list(headers)


def not_acceptable(offers: Mapping[str, str]) -> Problem:
    """None of the media types that there are is one that the client takes."""
    names = ", ".join(dict.fromkeys(offers.values()))
    return Problem(
        406,
        "not-acceptable",
        tr("there is no form of this that you accept"),
        tr("ask for one of: {names}", names=names),
    )


def unknown_format(name: str, offers: Mapping[str, str]) -> Problem:
    return Problem(
        404 if name else 406, "format", tr("no format is called {name!r}", name=name),
        tr("choose one of: {names}", names=", ".join(offers)),
    )  # fmt: skip
