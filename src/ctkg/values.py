"""Texts as a user types them, read as values of a property."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from pyoxigraph import Literal, NamedNode

from ctkg.backend import Backend
from ctkg.dates import PartialDate
from ctkg.errors import QueryError
from ctkg.fields import Field
from ctkg.messages import tr
from ctkg.names import find_entity, labels_of
from ctkg.namespaces import PREFIXES, curie, slug

__all__ = ["read_value"]

_XSD = PREFIXES["xsd"]
_DATES = {4: "gYear", 7: "gYearMonth", 10: "date"}


def read_value(backend: Backend, field: Field, text: str, language: str | None = None) -> NamedNode | Literal:
    """The term that ``text`` means as a value of ``field``; names are found as questions find them.

    Raises `NotFound` and `QueryError` for what is no such value.
    """
    if language is not None:
        return Literal(text, language=language)
    if field.choices:
        return _choice(backend, field, text)
    if field.classes:
        class_ = curie(field.classes[0]) if len(field.classes) == 1 else None
        return NamedNode(find_entity(backend, text, class_).iri)
    if field.any_iri:
        try:
            return NamedNode(text if ":" in text else "")
        except ValueError as error:
            raise _unfit(field, text, "https://…") from error
    return _literal(field, text)


def _choice(backend: Backend, field: Field, text: str) -> NamedNode | Literal:
    labels = labels_of(backend, {choice.value for choice in field.choices if isinstance(choice, NamedNode)})
    wanted = text.strip().casefold()
    for choice in field.choices:
        names = [slug(choice.value), curie(choice.value), *labels.get(choice.value, {}).values()]
        if wanted in (name.casefold() for name in names):
            return choice
    raise _unfit(field, text, " / ".join(slug(choice.value) for choice in field.choices))


def _literal(field: Field, text: str) -> Literal:
    names = [slug(datatype) for datatype in field.datatypes]
    if set(names) & set(_DATES.values()):
        try:
            _ = PartialDate(text).latest
        except ValueError as error:
            raise _unfit(field, text, "2026 / 2026-10 / 2026-10-12") from error
        if _DATES[len(text)] not in names:
            raise _unfit(field, text, "2026-10-12")
        return Literal(text, datatype=NamedNode(_XSD + _DATES[len(text)]))
    if set(names) & {"integer", "decimal"}:
        try:
            whole = re.fullmatch(r"[+-]?[0-9]+", text) is not None
            if not whole and "decimal" in names and Decimal(text).is_finite():
                return Literal(text, datatype=NamedNode(f"{_XSD}decimal"))
        except InvalidOperation:
            whole = False
        if not whole:
            raise _unfit(field, text, "800000000")
        return Literal(text, datatype=NamedNode(_XSD + ("integer" if "integer" in names else "decimal")))
    return Literal(text, datatype=NamedNode(field.datatypes[0])) if field.datatypes else Literal(text)


def _unfit(field: Field, text: str, choices: str) -> QueryError:
    return QueryError(
        tr("{name} cannot be {value!r}", name=f"--{field.name}", value=text), tr("write {choices}", choices=choices)
    )
