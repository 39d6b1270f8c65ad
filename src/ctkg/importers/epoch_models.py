"""Epoch AI, Data on AI Models: the rows with an organisation in China, Hong Kong or Macao.

Epoch publishes several tables of one database; a model stands in one or more of
them. The newest file that names a model speaks for it. What its documentation
says of the columns: https://epoch.ai/data/ai-models-documentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyoxigraph import NamedNode

from ctkg.importers.draft import Draft, Name, Publication, Values, day, double, integer, text
from ctkg.importers.run import Importer
from ctkg.importers.upstream import Row
from ctkg.namespaces import CTKG

__all__ = ["IMPORTER"]

_CHINESE = {"China", "Hong Kong", "Macao"}
_COUNTRY = ("Country (of organization)", "Country (from Organization)")
_SEPARATOR = re.compile(r",(?! )")
"""A comma within a name is followed by a space."""
_ACCESS = {
    "Open weights (unrestricted)": "OpenWeights",
    "Open weights (restricted use)": "OpenWeights",
    "Open weights (non-commercial)": "OpenWeights",
    "API access": "ApiOnly",
    "Hosted access (no API)": "ApiOnly",
    "Unreleased": "NotReleased",
}
_MODELS = frozenset({"Model", "ModelFamily"})
_ACTORS = frozenset({"Company", "University", "ResearchLab", "GovernmentBody", "LegalEntity", "Alliance"})


def _chinese(row: Row) -> bool:
    return any(country in _CHINESE for name in _COUNTRY for country in _SEPARATOR.split(row.get(name)))


def _draft_row(row: Row, source: NamedNode, draft: Draft) -> None:
    if not _chinese(row):
        return
    name = row.get("Model")
    model = draft.entity("Model", name, [Name(name), Name(name, "zh")], source, among=_MODELS)
    developers = [_organisation(part, category, source, draft) for part, category in _organisations(row)]
    draft.statement("Development", model, name, {"developed": model, "developer": developers}, source, name)
    if date := row.get("Publication date"):
        values: Values = {
            "released": model,
            "date": day(date),
            "parameters": integer(row.get("Parameters")) if row.get("Parameters") else None,
            "weightsAccess": _access(row),
        }
        draft.statement("Release", model, name, values, source, name)


def _access(row: Row) -> NamedNode | None:
    access = _ACCESS.get(row.get("Model accessibility"))
    return NamedNode(CTKG + access) if access else None


def _organisations(row: Row) -> Iterator[tuple[str, str]]:
    """Each organisation of a row, with what Epoch takes it for."""
    names = _SEPARATOR.split(row.get("Organization"))
    categories = _SEPARATOR.split(row.get("Organization categorization"))
    yield from zip(names, categories if len(categories) == len(names) else [""] * len(names), strict=True)


def _organisation(name: str, category: str, source: NamedNode, draft: Draft) -> NamedNode:
    class_ = "University" if "Universit" in name else "Company" if category == "Industry" else "ResearchLab"
    return draft.entity(class_, name, [Name(name)], source, among=_ACTORS)


IMPORTER = Importer(
    Publication(
        "Data on AI Models",
        "Epoch AI",
        "https://creativecommons.org/licenses/by/4.0/",
        "https://epoch.ai/data/ai-models",
    ),
    ("Model", "Organization", "Publication date", "Domain", "Parameters", "Training compute (FLOP)",
     "Training hardware", "Hardware quantity", "Base model", "Model accessibility", "Confidence", "Link"),
    ("Model",),
    _draft_row,
)  # fmt: skip
_ = (double, text)
