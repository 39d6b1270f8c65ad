"""models.dev: access to the weights and context length of models of Chinese laboratories.

The list is one of API products. Left out are names that stand for a model that
changes, faster service of a model that has a row of its own, and what may be
such. The day is read only where it is one and the row was never updated: others
may have moved with the product, and months alone contradict the makers.
"""

from __future__ import annotations

import re

from pyoxigraph import NamedNode

from ctkg.importers.draft import Draft, Name, Publication, Values, day, integer
from ctkg.importers.run import Importer
from ctkg.importers.upstream import Row
from ctkg.messages import tr
from ctkg.namespaces import CTKG, ID

__all__ = ["IMPORTER"]

_LABS = {
    "alibaba": "alibaba",
    "deepseek": "deepseek",
    "minimax": "minimax",
    "moonshotai": "moonshot-ai",
    "stepfun": "stepfun",
    "tencent": "tencent",
    "xiaomi": "xiaomi",
    "zhipuai": "zhipu-ai",
}
_ALIASES = re.compile(r"deepseek-(?:chat|reasoner)|qwen-.+|qwq-plus")
"""Names without a version: the model behind them changes."""
_TIERS = re.compile(r".+-(?:highspeed|ultraspeed|thinking-turbo)")
_DOUBTFUL = {"glm-4.7-flashx"}
"""Of which it is not known whether they are models or faster service."""


def _draft_row(row: Row, source: NamedNode, draft: Draft) -> None:
    key, name = row.get("id"), row.get("name")
    if _ALIASES.fullmatch(key):
        draft.skip(row, tr("{name} stands for a model that changes", name=name))
        return
    if _TIERS.fullmatch(key):
        draft.skip(row, tr("{name} is faster service of another model", name=name))
        return
    if key in _DOUBTFUL:
        draft.skip(row, tr("{name} may be faster service of another model", name=name))
        return
    if row.get("lab") not in _LABS:
        draft.skip(row, tr("{name} is of a laboratory that is not among those read", name=row.get("lab")))
        return
    developer = NamedNode(f"{ID}actor/{_LABS[row.get('lab')]}")
    model = draft.entity("Model", key, [Name(name), Name(name, "zh")], source)
    if not draft.known.says("Development", developed=model.value):
        draft.statement(
            "Development", model, key, {"developed": model, "developer": developer}, source, row.get("path")
        )
    released = row.get("release_date")
    settled = len(released) == len("2026-01-31") and released == row.get("last_updated")
    values: Values = {
        "released": model,
        "date": day(released) if settled else None,
        "weightsAccess": NamedNode(CTKG + ("OpenWeights" if _yes(row.get("open_weights")) else "ApiOnly")),
        "contextLength": integer(row.get("context")) if row.get("context") else None,
    }
    draft.statement("Release", model, key, values, source, row.get("path"))


def _yes(value: str) -> bool:
    if value not in ("True", "False", "true", "false"):
        raise ValueError(f"neither true nor false: {value!r}")
    return value.lower() == "true"


IMPORTER = Importer(
    Publication("models.dev", "models.dev", "https://opensource.org/license/mit", "https://models.dev"),
    ("lab", "id", "name", "release_date", "last_updated", "open_weights", "context", "path"),
    ("lab", "id"),
    _draft_row,
)
