"""What can be asked by name over the web: stored queries, analyses and views, each with its parameters.

One form for the three, so that lists, forms, the OpenAPI document and the check
of what a request gives are written once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from ctkg.analyses import ANALYSES, Analysis
from ctkg.errors import nearest
from ctkg.http.exchange import Request
from ctkg.http.problems import Problem
from ctkg.messages import language, tr
from ctkg.queries import Parameter, StoredQuery
from ctkg.results import Column
from ctkg.settings import LANGUAGES
from ctkg.views.asking import OPTIONS

__all__ = [
    "Question",
    "arguments",
    "missing",
    "natural",
    "of_analysis",
    "of_query",
    "of_view",
    "refused",
    "split_ending",
    "truth",
]

NEGOTIATED = ("lang", "format")
"""Parameters of every address: the language and the format of the answer."""


class Question(NamedTuple):
    """A stored query, an analysis or a view; ``path`` is where it is answered."""

    path: str
    name: str
    summary: dict[str, str]
    description: dict[str, str]
    params: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    required: tuple[str, ...] = ()
    theme: str | None = None
    tags: tuple[str, ...] = ()

    def listed(self) -> dict[str, Any]:
        """What a list says of it, as JSON."""
        told: dict[str, Any] = {
            "name": self.name,
            "path": self.path,
            "theme": self.theme,
            "summary": self.summary,
            "description": self.description,
            "tags": list(self.tags),
            "parameters": [
                {
                    "name": parameter.name,
                    "type": parameter.type,
                    "class": parameter.class_,
                    "description": parameter.description,
                    "default": None if parameter.default == "UNDEF" else parameter.default.strip('"'),
                    "values": list(parameter.values),
                    "required": parameter.name in self.required,
                }
                for parameter in self.params
            ],
            "columns": [column._asdict() for column in self.columns],
        }
        return {name: value for name, value in told.items() if value not in (None, [])}


def of_query(query: StoredQuery) -> Question:
    return Question(
        f"/queries/{query.name}", query.name, query.summary, query.description, query.params, query.columns,
        theme=query.theme, tags=query.tags,
    )  # fmt: skip


def of_analysis(name: str) -> Question:
    analysis: Analysis = ANALYSES[name]
    description = {code: f"{analysis.meaning[code]}\n{analysis.limits[code]}" for code in LANGUAGES}
    return Question(
        f"/analyses/{name}", name, analysis.summary, description, analysis.every_parameter, analysis.columns,
        required=analysis.required,
    )  # fmt: skip


def of_view(view: StoredQuery) -> Question:
    """A view takes the options of all views, and of its own what these do not say otherwise."""
    own = tuple(parameter for parameter in view.params if parameter.name not in ("as_of", "known_at", "since"))
    return Question(
        f"/views/{view.name}", view.name, view.summary, view.description, (*own, *OPTIONS.values()), view.columns,
        tags=view.tags,
    )  # fmt: skip


def split_ending(name: str) -> tuple[str, str | None]:
    """``investors-of.csv`` → the name and the format."""
    stem, dot, ending = name.rpartition(".")
    return (stem, ending) if dot and ending else (name, None)


def arguments(request: Request, known: Collection[str]) -> dict[str, str]:
    """What the address gives, by name with underscores; what is empty is not given, as forms have it.

    Raises `Problem` for what is given twice, is not ``known``, or is a language
    that is not spoken here.
    """
    given: dict[str, str] = {}
    for written, values in request.args.lists():
        name = written.replace("-", "_")
        if len(values) > 1 or name in given:
            raise refused(tr("{name} is given twice", name=written), tr("give it once"))
        if name not in known and name not in NEGOTIATED:
            near = nearest(name, list(known))
            raise refused(
                tr("there is no parameter {name}", name=written),
                tr("did you mean: {names}", names=", ".join(near))
                if near
                else tr("it takes: {names}", names=", ".join([*known, *NEGOTIATED])),
            )
        given[name] = values[0]
    if given.get("lang") not in (None, "", *LANGUAGES):
        raise refused(
            tr("the language {name!r} is not spoken here", name=given["lang"]), tr("write {choices}", choices="en / zh")
        )
    own = {name: text for name, text in given.items() if name in known}
    return {name: text for name, text in own.items() if text != ""}


def missing(question: Question, given: Mapping[str, str]) -> Problem | None:
    """What has to be given and is not."""
    for name in question.required:
        if name not in given:
            what = next(p.description[language()] for p in question.params if p.name == name)
            return refused(tr("{name} has to be given: {what}", name=name, what=what))
    return None


def natural(given: dict[str, str], name: str, default: int | None, least: int = 0) -> int | None:
    """Take a whole number out of what is given."""
    text = given.pop(name, None)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) >= least):
        raise refused(
            tr("{name} is not of type {type}: {value!r}", name=name, type="integer", value=text),
            tr("{name} is at least {least}", name=name, least=least),
        )
    return int(text)


def truth(given: dict[str, str], name: str) -> bool:
    """Take a yes or no out of what is given; no where it is not."""
    text = given.pop(name, "false")
    if text not in ("true", "false"):
        raise refused(
            tr("{name} is not of type {type}: {value!r}", name=name, type="boolean", value=text),
            tr("write {choices}", choices="true / false"),
        )
    return text == "true"


def refused(message: str, hint: str | None = None) -> Problem:
    return Problem(400, "parameter", message, hint)
