"""How an organisation came to be caught, step by step, in words and with the statements of each step."""

from __future__ import annotations

from decimal import Decimal

from ctkg.amounts import Stake
from ctkg.analyses.analysis import Inputs
from ctkg.analyses.ownership import Caught, Holding
from ctkg.messages import tr

__all__ = ["chain", "crossed", "steps"]


def chain(caught: dict[str, Caught], iri: str) -> list[Caught]:
    """What was caught on the way to ``iri``, from the owners on, ``iri`` last."""
    found: dict[str, Caught] = {}

    def visit(here: str, above: frozenset[str]) -> None:
        if here not in caught or here in found or here in above:
            return
        step = caught[here]
        for holding in step.holdings:
            visit(holding.owner, above | {here})
        for tie in step.ties:
            visit(tie.below if tie.above == here else tie.above, above | {here})
        found[here] = step

    visit(iri, frozenset())
    return list(found.values())


def steps(inputs: Inputs, path: list[Caught], threshold: Decimal) -> str:
    """The chain as numbered sentences."""
    sentences = [_sentence(inputs, step, threshold) for step in path]
    sentences = [sentence.replace("..", ".") for sentence in sentences]  # of a name that ends in Ltd.
    return " ".join(f"{n}. {text}" for n, text in enumerate(sentences, 1)) if len(sentences) > 1 else sentences[0]


def crossed(path: list[Caught]) -> list[str]:
    """The companies at which a chain crosses from one member of a group to the group, or back."""
    return sorted({tie.above for step in path for tie in step.ties if tie.kind == "PartOfGroup"})


def _sentence(inputs: Inputs, step: Caught, threshold: Decimal) -> str:
    name = inputs.name
    for tie in step.ties:
        if tie.kind == "Management":
            return tr("{manager} manages {fund}.", manager=name(tie.above), fund=name(tie.below))
        here, other = (tie.below, tie.above) if step.iri == tie.below else (tie.above, tie.below)
        if here == tie.above:
            return tr(
                "{member} is part of {group}; which of its legal persons a report on the company means is not said.",
                member=name(other), group=name(here),
            )  # fmt: skip
        return tr(
            "{member} is part of {group}; how much of it the group owns is not said.",
            member=name(here), group=name(other),
        )  # fmt: skip
    assert step.share is not None
    holders = "; ".join(_held(inputs, holding) for holding in step.holdings)
    verdict = {
        "below": tr("less than {threshold} %", threshold=f"{threshold.normalize():f}"),
    }.get(step.through, tr("at least {threshold} %", threshold=f"{threshold.normalize():f}"))
    if step.through != "below" and not step.certain:
        verdict = tr("perhaps {verdict}", verdict=verdict)
    if len(step.holdings) == 1:
        return tr("{holders} of {owned}: {verdict}.", holders=holders, owned=name(step.iri), verdict=verdict)
    return tr(
        "{holders} of {owned}, together {share}: {verdict}.",
        holders=holders, owned=name(step.iri), share=step.share.compact(), verdict=verdict,
    )  # fmt: skip


def _held(inputs: Inputs, holding: Holding) -> str:
    share = Stake(holding.least, holding.greatest, holding.below).compact()
    beside = [*map(inputs.name, holding.interests), *holding.observed]
    return tr(
        "{owner} holds {share} ({beside})", owner=inputs.name(holding.owner), share=share, beside=", ".join(beside)
    )
