"""Epoch AI, Data on AI Models: the rows with an organisation in China, Hong Kong or Macao.

Epoch publishes several tables of one database; a model stands in one or more of
them. The newest file that names a model speaks for it. What the columns mean is
told by https://epoch.ai/data/ai-models-documentation: training compute is the
total, that of a base model included, and mostly Epoch's own estimate; training
from the weights of a base counts as fine-tuning. The size of a dataset is in
units that differ by row: it is read only where the row's notes call them tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode

from ctkg.importers.draft import Draft, Name, Publication, Term, Values, address, double, integer, text
from ctkg.importers.epoch_names import FAMILIES, class_of_organisation, day_or_year
from ctkg.importers.run import Importer
from ctkg.importers.upstream import Row
from ctkg.messages import tr
from ctkg.namespaces import CTKG, ID

__all__ = ["IMPORTER"]

_CHINESE = {"China", "Hong Kong", "Macao"}
_COUNTRY = ("Country (of organization)", "Country (from Organization)")
_DATA_SIZE = (
    "Training dataset size (total)",
    "Training dataset size (datapoints)",
    "(DEPRECATED) Training dataset size (datapoints)",
)
"""The name of the column has changed over time."""
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
_ACTORS = frozenset({"Company", "University", "ResearchLab", "GovernmentBody", "Alliance"})
"""Not legal entities: who develops is named as people speak of it."""
_ESTIMATED = NamedNode(f"{CTKG}Estimated")
_INFERRED = NamedNode(f"{CTKG}Inferred")

_NO_ORGANISATIONS = {"Guangzhou Inernational Bio Island", "Meituan University"}
"""A place, and a slip for some body of a firm, that stand among the organisations."""
_SERVERS = {"Huawei Ascend 800T A2"}
"""Servers that stand among the chips."""
_SERIES = {"InternLM"}
"""As a base, the name of a whole series, of which Epoch lists one model under that name."""

_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”")
_GUESSED = re.compile(
    r"speculat|\bassum|\bI think|would imply|based on the name|not stated|similarly to|could be|ignoring|might have"
    r"|\d\s*[*×]\s*\d[^\n]*=",
    re.IGNORECASE,
)
"""What Epoch's notes on parameters say, outside of quotations, where the number is its own."""
_RECKONED = re.compile(
    r"estimat|\bassum|speculat|infer|not sure|unclear|not (?:actually )?clear|previous|conflict|\bimages\b|[≈~=×*?]",
    re.IGNORECASE,
)
_UNITS = {"": 1, "m": 10**6, "million": 10**6, "b": 10**9, "billion": 10**9, "t": 10**12, "trillion": 10**12}
_TOKENS = re.compile(
    r"(?P<number>\d[\d,]*(?:\.\d+)?)(?:\s*[x×*]\s*10\s?\^?(?P<power>\d+)|e\+?(?P<exponent>\d+))?"
    r"\s*(?P<unit>trillion|billion|million|[TBM])?\+?\b[^.\d;=*]{0,40}?\btokens?\b",
    re.IGNORECASE,
)
_ACTIVE = (
    re.compile(r"(\d+(?:\.\d+)?) ?(B|billion) ?(?:parameters? )?(?:are )?(?:activated|active|activation)\b", re.I),
    re.compile(r"activ(?:e|ated) parameters(?: per token)?\s*[:–\-\t ]\s*(\d+(?:\.\d+)?)\s?(B|billion)\b", re.I),
)
_FINE_TUNE = (
    text("Epoch AI names the base; that training from its weights counts as fine-tuning follows its documentation.",
         "en"),
    text("Epoch AI 列出基础模型；由其权重继续训练计为微调，系据其文档。", "zh"),
)  # fmt: skip
_WITH_BASE = (
    text("As Epoch AI counts it: the training of the base model included.", "en"),
    text("按 Epoch AI 的口径，含基础模型的训练。", "zh"),
)
_BY_FAMILY = (text("From the name and the developer.", "en"), text("据名称与研发者。", "zh"))


def _draft_row(row: Row, source: NamedNode, draft: Draft) -> None:
    countries = {country for name in _COUNTRY for country in _SEPARATOR.split(row.get(name))}
    if not countries & _CHINESE:
        return
    name = row.get("Model")
    model = _model(name, source, draft)
    if not draft.first(model):
        draft.skip(row, tr("{name} stands in a newer row under another spelling", name=name))
        return
    developers = list(_developers(row, source, draft))
    link = address(row.get("Link"))
    values: Values = {"developed": model, "developer": developers, "reference": link}
    if developers:
        draft.statement("Development", model, name, values, source, name)
    _release(row, model, link, source, draft)
    _training(row, model, source, draft)
    _derivations(row, model, source, draft)
    _family(name, model, developers, source, draft)


def _model(name: str, source: NamedNode, draft: Draft) -> NamedNode:
    return draft.entity("Model", name, [Name(name), Name(name, "zh")], source)


def _developers(row: Row, source: NamedNode, draft: Draft) -> Iterator[NamedNode]:
    for name in _names(row, "Organization"):
        if name in _NO_ORGANISATIONS:
            draft.skip(row, tr("{name} is no organisation", name=name))
        else:
            yield draft.entity(class_of_organisation(name), name, [Name(name)], source, among=_ACTORS)


def _names(row: Row, column: str) -> list[str]:
    return [name.strip() for name in _SEPARATOR.split(row.get(column)) if name.strip()]


def _release(row: Row, model: NamedNode, link: Literal | None, source: NamedNode, draft: Draft) -> None:
    """Day, access and size; a size that is Epoch's own estimate stands in a statement of its own."""
    name, notes = row.get("Model"), row.get("Parameters notes")
    parameters = integer(row.get("Parameters")) if row.get("Parameters") else None
    size: dict[str, Term | None] = {
        "parameters": parameters,
        "activeParameters": _active(notes, parameters),
        "sourceConfidence": _confidence(row) if parameters else None,
    }
    guessed = _GUESSED.search(_QUOTED.sub("", notes)) is not None
    access = _ACCESS.get(row.get("Model accessibility"))
    release: dict[str, Term | None] = {
        "date": day_or_year(row.get("Publication date")) if row.get("Publication date") else None,
        "weightsAccess": NamedNode(CTKG + access) if access else None,
        **({} if guessed else size),
    }
    if any(release.values()):
        draft.statement("Release", model, name, {"released": model, "reference": link, **release}, source, name)
    if guessed and parameters:
        values: Values = {"released": model, "basis": _ESTIMATED, **size}
        draft.statement("Release", model, f"{name}: estimated size", values, source, name)


def _active(notes: str, parameters: Literal | None) -> Literal | None:
    """The active parameters where the notes give one number for them, and not as an assumption."""
    if parameters is None or _GUESSED.search(notes):
        return None
    found = next((hits for pattern in _ACTIVE if (hits := set(pattern.findall(notes)))), set())
    if len(found) != 1:
        return None
    number = round(float(found.pop()[0]) * 10**9)
    return integer(str(number)) if number < int(parameters.value) else None


def _confidence(row: Row) -> Literal | None:
    return text(row.get("Confidence")) if row.get("Confidence") else None


def _training(row: Row, model: NamedNode, source: NamedNode, draft: Draft) -> None:
    """What the developers say, and what Epoch estimates, each in a statement."""
    name = row.get("Model")
    tokens, reckoned = _tokens(row)
    chips = []
    for chip in _names(row, "Training hardware"):
        if chip in _SERVERS:
            draft.skip(row, tr("{name} is a server, not a chip", name=chip))
        else:
            chips.append(draft.entity("Chip", chip, [Name(chip)], source))
    count = row.get("Hardware quantity") if len(chips) == 1 else ""
    stated: dict[str, Term | list[NamedNode] | None] = {
        "chip": chips,
        "chipCount": integer(count) if count else None,
        "trainingTokens": None if reckoned else tokens,
    }
    if any(stated.values()):
        draft.statement("Training", model, name, {"trained": model, **stated}, source, name)
    compute = row.get("Training compute (FLOP)")
    estimated: dict[str, Term | tuple[Literal, ...] | None] = {
        "trainingCompute": double(compute) if compute else None,
        "trainingTokens": tokens if reckoned else None,
    }
    if any(estimated.values()):
        values: Values = {
            "trained": model,
            "basis": _ESTIMATED,
            "sourceConfidence": _confidence(row),
            "rdfs:comment": _WITH_BASE if compute and row.get("Base model") else None,
            **estimated,
        }
        draft.statement("Training", model, f"{name}: estimated", values, source, name)


def _tokens(row: Row) -> tuple[Literal | None, bool]:
    """The size of the training data where the notes call it by the same number of tokens, and whether it is reckoned.

    With more than one pass over the data it is not what the model was trained on; with a base it may be the base's.
    """
    size = next((row.get(column) for column in _DATA_SIZE if row.get(column)), "")
    if not size or row.get("Base model") or "Language" not in row.get("Domain") or row.get("Epochs") not in ("", "1.0"):
        return None, False
    for column in ("Dataset size notes", "Training dataset notes", "Training compute notes"):
        notes = row.get(column)
        if any(abs(_value(match) - float(size)) <= 0.01 * float(size) for match in _TOKENS.finditer(notes)):
            return integer(size), "compute" in column or _RECKONED.search(_QUOTED.sub("", notes)) is not None
    return None, False


def _value(match: re.Match[str]) -> float:
    number = float(match["number"].replace(",", ""))
    return float(number * 10 ** int(match["power"] or match["exponent"] or 0) * _UNITS[(match["unit"] or "").lower()])


def _derivations(row: Row, model: NamedNode, source: NamedNode, draft: Draft) -> None:
    for base in _names(row, "Base model"):
        if base in _SERIES:
            draft.skip(row, tr("{name}, its base, is a whole series", name=base))
            continue
        values: Values = {
            "derived": model,
            "base": _model(base, source, draft),
            "derivationKind": NamedNode(f"{CTKG}FineTune"),
            "basis": _INFERRED,
            "rdfs:comment": _FINE_TUNE,
        }
        draft.statement("Derivation", model, f"{row.get('Model')} from {base}", values, source, row.get("Model"))


def _family(name: str, model: NamedNode, developers: list[NamedNode], source: NamedNode, draft: Draft) -> None:
    """Membership of a family that we hold, unless we say so already."""
    for pattern, developer, slug in FAMILIES:
        family = NamedNode(f"{ID}model/{slug}")
        if pattern.match(name) and NamedNode(f"{ID}actor/{developer}") in developers:
            if draft.known.class_of(family.value) and not draft.known.says("FamilyMembership", model=model.value):
                values: Values = {"model": model, "family": family, "basis": _INFERRED, "rdfs:comment": _BY_FAMILY}
                draft.statement("FamilyMembership", model, name, values, source, name)
            return


IMPORTER = Importer(
    Publication(
        "Data on AI Models",
        "Epoch AI",
        "https://creativecommons.org/licenses/by/4.0/",
        "https://epoch.ai/data/ai-models",
    ),
    ("Model", "Organization", "Publication date", "Domain", "Parameters", "Parameters notes",
     "Training compute (FLOP)", "Training compute notes", "Dataset size notes", "Training hardware",
     "Hardware quantity", "Base model", "Model accessibility", "Confidence", "Link"),
    ("Model",),
    _draft_row,
)  # fmt: skip
