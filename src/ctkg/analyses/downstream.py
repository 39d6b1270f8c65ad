"""Who and what is touched when actors are caught by a control: owners, suppliers, and all that is made with theirs.

Breadth-first over statements that stand on the day, so that each thing is
reached by a shortest chain. Owners and suppliers are asked for of those caught
only; what is developed, fabricated, trained, derived, deployed or depends is
followed on, up to a number of steps.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from ctkg.analyses.analysis import Inputs
from ctkg.analyses.ownership import Ownership
from ctkg.analyses.statements import Standing, standing
from ctkg.messages import tr
from ctkg.namespaces import CTKG

__all__ = ["Affected", "affected"]


class Affected(NamedTuple):
    """A thing that is touched: as what, by which chain, from which caught actor."""

    iri: str
    as_what: str
    origin: str
    certain: bool
    reason: str
    statements: tuple[str, ...]


class _Relation(NamedTuple):
    kind: str
    of: str
    touched: str
    as_what: str
    onward: bool
    sentence: str


def _relations() -> tuple[_Relation, ...]:
    return (
        _Relation("Supply", "recipient", "supplier", "supplier", False, tr("{other} supplies {one}.")),
        _Relation("Contract", "recipient", "supplier", "supplier", False, tr("{other} supplies {one}.")),
        _Relation("Supply", "supplier", "recipient", "customer", True, tr("{one} supplies {other}.")),
        _Relation("Contract", "supplier", "recipient", "customer", True, tr("{one} supplies {other}.")),
        _Relation("Fabrication", "fabricator", "fabricated", "chip", True, tr("{one} makes {other}.")),
        _Relation("Development", "developer", "developed", "product", True, tr("{one} developed {other}.")),
        _Relation("Training", "chip", "trained", "model", True, tr("{other} was trained on {one}.")),
        _Relation("Training", "framework", "trained", "model", True, tr("{other} was trained on {one}.")),
        _Relation("Training", "centre", "trained", "model", True, tr("{other} was trained on {one}.")),
        _Relation("Derivation", "base", "derived", "model", True, tr("{other} derives from {one}.")),
        _Relation("FamilyMembership", "family", "model", "model", True, tr("{other} belongs to {one}.")),
        _Relation("Deployment", "deployed", "centre", "centre", True, tr("{other} runs {one}.")),
        _Relation("Deployment", "deployed", "operator", "customer", True, tr("{other} runs {one}.")),
        _Relation("Operation", "operator", "centre", "centre", True, tr("{one} operates {other}.")),
        _Relation("Dependence", "dependsOn", "dependent", "dependent", True, tr("{other} depends on {one}.")),
    )


def affected(inputs: Inputs, caught: dict[str, bool], ownership: Ownership, depth: int) -> list[Affected]:
    """What is touched within ``depth`` steps of those caught (IRI → whether certainly so)."""
    relations = _relations()
    beside: dict[str, list[tuple[str, _Relation, Standing]]] = defaultdict(list)
    for statement in standing(inputs, *sorted({relation.kind for relation in relations})):
        for relation in relations:
            if relation.kind == statement.kind:
                for one in statement.parties.get(relation.of, []):
                    for other in statement.parties.get(relation.touched, []):
                        beside[one].append((other, relation, statement))
    owners = _Relation("Ownership", "owned", "owner", "owner", False, tr("{other} holds a share of {one}."))
    for holding in ownership.holdings:
        if holding.greatest:
            for statement_iri in holding.statements:
                beside[holding.owned].append(
                    (holding.owner, owners, Standing(statement_iri, owners.kind, holding.certain, {}))
                )
    found: dict[str, Affected] = {}
    rim = [Affected(iri, "", iri, certain, "", ()) for iri, certain in sorted(caught.items())]
    for step in range(depth):
        fresh: dict[str, Affected] = {}
        inputs.learn({other for here in rim for other, _, _ in beside[here.iri]} | {here.iri for here in rim})
        for here in rim:
            for other, relation, statement in beside[here.iri]:
                if other in caught or other in found or (step and not relation.onward):
                    continue
                next_ = _step(inputs, here, other, relation, statement)
                if other not in fresh or (next_.certain and not fresh[other].certain):
                    fresh[other] = next_
        found |= fresh
        rim = [thing for thing in fresh.values() if thing.as_what not in ("owner", "supplier")]
    kinds = _kinds(inputs, set(found))
    return [thing._replace(as_what=kinds.get(iri, thing.as_what)) for iri, thing in sorted(found.items())]


def _step(inputs: Inputs, here: Affected, other: str, relation: _Relation, statement: Standing) -> Affected:
    sentence = relation.sentence.format(one=inputs.name(here.iri), other=inputs.name(other))
    return Affected(
        other,
        relation.as_what,
        here.origin,
        here.certain and statement.certain,
        f"{here.reason} {sentence}".strip().replace("..", "."),
        (*here.statements, statement.iri),
    )


_ARTEFACTS = {"Chip": "chip", "Model": "model", "ModelFamily": "model", "Framework": "framework", "Product": "product",
              "ComputeCentre": "centre"}  # fmt: skip


def _kinds(inputs: Inputs, iris: set[str]) -> dict[str, str]:
    """What artefacts are, whatever led to them."""
    if not iris:
        return {}
    values = " ".join(f"<{iri}>" for iri in sorted(iris))
    classes = " ".join(f"ctkg:{name}" for name in _ARTEFACTS)
    rows = inputs.backend.select(
        f"SELECT ?iri ?class {{ VALUES ?iri {{ {values} }} VALUES ?class {{ {classes} }} ?iri a ?class }}"
    )
    return {iri.value: _ARTEFACTS[class_.value.removeprefix(CTKG)] for iri, class_ in rows}
