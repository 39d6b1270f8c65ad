"""Who is caught by a control list on a day, under which version of which rule, and who is affected.

Caught are (1) those that the list names on the day; (2) where a rule extends
the list to what those own, and that rule is in force on the day, what they own
to at least the threshold, see ``ctkg.analyses.ownership``. Shown beside them:
the company that a listed legal person belongs to, and what is owned while the
rule is suspended, which is caught by nothing. A verdict is certain only where
every link of it is: the listing, each share, the rule's status.

Reference: 15 CFR part 744, supplement no. 4 (Entity List); "Expansion of
End-User Controls To Cover Affiliates of Certain Listed Entities", 90 FR 47201.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from ctkg.amounts import Stake
from ctkg.analyses.analysis import Analysis, Inputs, Outcome, certainty, evidence, option, sort
from ctkg.analyses.downstream import affected
from ctkg.analyses.explain import chain, steps
from ctkg.analyses.ownership import Caught, Ownership, read_ownership, roll_up
from ctkg.analyses.ownership_roll_up import check_threshold
from ctkg.analyses.statements import standing
from ctkg.dates import PartialDate, check_day
from ctkg.errors import QueryError
from ctkg.messages import tr
from ctkg.namespaces import CTKG, ID
from ctkg.results import Cell, Column, Resource

__all__ = ["ANALYSIS"]

_EXTENDS = {f"{ID}list/entity-list": f"{ID}policy/affiliates-rule"}
"""Which rule extends a list to what those on it own; for other lists a user may name one."""
_IN_FORCE = f"{CTKG}InForce"
_ORDER = ("listed", "company", "owned", "owner", "supplier", "customer", "dependent", "chip", "framework", "model",
          "product", "centre")  # fmt: skip


class Exposure(NamedTuple):
    """One verdict; ``certain`` is ``None`` where nothing catches it."""

    entity: str
    exposure: str
    through: str = ""
    share: Stake | None = None
    rule: str | None = None
    status: str | None = None
    since: str | None = None
    until: str | None = None
    certain: bool | None = None
    reason: str = ""
    statements: tuple[str, ...] = ()

    def row(self, change: str) -> tuple[Cell, ...]:
        """The cells of the answer."""
        return (
            Resource(self.entity, {}), tr(self.exposure), tr(self.through) if self.through else None, self.share,
            Resource(self.rule, {}) if self.rule else None, Resource(self.status, {}) if self.status else None,
            PartialDate(self.since) if self.since else None, PartialDate(self.until) if self.until else None,
            None if self.certain is None else certainty(self.certain), self.reason.replace("..", "."), change or None,
            evidence(self.statements),
        )  # fmt: skip


class Rule(NamedTuple):
    """The state of a rule on the day; ``certain`` is ``None`` where it is not in force."""

    iri: str
    status: str | None
    since: str | None
    until: str | None
    certain: bool | None
    statements: tuple[str, ...]


def _run(inputs: Inputs) -> Outcome:
    if not 0 <= inputs["depth"] <= 5:
        raise QueryError(tr("--depth is a number from 0 to 5"))
    check_threshold(inputs["threshold"])
    now, graph, remarks = _exposed(inputs)
    graphs = [graph]
    changes: dict[tuple[str, str], str] = {}
    shown: Iterable[Exposure] = now.values()
    if inputs["compared_with"] is not None:
        day = check_day(str(inputs["compared_with"]), "compared_with")
        before, graph, _ = _exposed(inputs.on(day))
        graphs.append(graph)
        changes = _changes(inputs, now, before)
        shown = [now.get(key) or before[key] for key in changes]
        if not changes:
            remarks.append(tr("nothing changed between {one} and {other}", one=day, other=inputs.as_of))
    if inputs["entity"] is not None:
        shown = [exposure for exposure in shown if exposure.entity == inputs["entity"].iri]
        if not shown and not remarks:
            remarks.append(tr("{name} is neither caught nor affected", name=inputs.name(inputs["entity"].iri)))
    words = {tr(name): place for place, name in enumerate(_ORDER)}
    rows = [exposure.row(changes.get((exposure.entity, exposure.exposure), "")) for exposure in shown]
    return Outcome(sort(rows, lambda row: (words[row[1]], row[8].iri if row[8] else "~")), graphs, remarks)


def _exposed(inputs: Inputs) -> tuple[dict[tuple[str, str], Exposure], str, list[str]]:
    """Every verdict on the day, by entity and kind."""
    listed = _listed(inputs)
    ownership = read_ownership(inputs)
    remarks = []
    if not listed:
        remarks.append(tr("no source says that {list} named anyone on {day}", list=inputs.name(inputs["list"].iri),
                          day=inputs.as_of))  # fmt: skip
    found = [*listed.values(), *_companies(inputs, listed, ownership)]
    rule_iri = inputs["rule"].iri if inputs["rule"] else _EXTENDS.get(inputs["list"].iri)
    if rule_iri is None:
        remarks.append(tr("no rule is known that extends this list to what those on it own; name one: --rule"))
    else:
        rule = _rule(inputs, rule_iri)
        remarks.append(_about(inputs, rule))
        found += _owned(inputs, listed, ownership, rule, {exposure.entity for exposure in found})
    verdicts = {(exposure.entity, exposure.exposure): exposure for exposure in found}
    caught: dict[str, bool] = {}
    for exposure in found:
        if exposure.certain is not None:
            caught[exposure.entity] = caught.get(exposure.entity, False) or exposure.certain
    reasons = {exposure.entity: exposure for exposure in reversed(found)}
    touched = affected(inputs, caught, ownership, inputs["depth"])
    for thing in touched:
        origin = reasons[thing.origin]
        verdicts[thing.iri, thing.as_what] = Exposure(
            thing.iri, thing.as_what, "", None, origin.rule, origin.status, origin.since, origin.until, thing.certain,
            f"{origin.reason} {thing.reason}", (*origin.statements, *thing.statements),
        )  # fmt: skip
    counts = Counter(exposure.exposure for exposure in found if exposure.certain is not None)
    graph = tr(
        "as of {day}, as known on {known}: {listed} listed, {companies} companies of theirs, {owned} caught by ownership, "
        "{affected} affected; from {holdings} holdings and {ties} ties to groups and managers",
        day=inputs.as_of, known=inputs.known_at, listed=counts["listed"], companies=counts["company"],
        owned=counts["owned"], affected=len(touched), holdings=len(ownership.holdings), ties=len(ownership.ties),
    )  # fmt: skip
    return verdicts, graph, remarks


def _listed(inputs: Inputs) -> dict[str, Exposure]:
    """Those that the list names."""
    found: dict[str, Exposure] = {}
    list_ = inputs["list"].iri
    designations = [d for d in standing(inputs, "Designation", also=("from", "until")) if list_ in d.parties["list"]]
    inputs.learn({iri for d in designations for iri in (*d.parties["designated"], *d.parties.get("act", []), list_)})
    for statement in designations:
        for iri in statement.parties["designated"]:
            since, until, act = (statement.one(role) for role in ("from", "until", "act"))
            reason = tr("{list} names {name}.", list=inputs.name(list_), name=inputs.name(iri))
            if not statement.certain:
                reason += " " + tr("No source shows it to stand there on that very day.")
            exposure = Exposure(iri, "listed", "designation", None, act, None, since, until, statement.certain, reason,
                                (statement.iri,))  # fmt: skip
            if iri not in found or (statement.certain and not found[iri].certain):
                found[iri] = exposure
    return found


def _companies(inputs: Inputs, listed: dict[str, Exposure], ownership: Ownership) -> list[Exposure]:
    """The companies that listed legal persons belong to, each with the first certain, else the first, of these."""
    found: dict[str, Exposure] = {}
    for tie in ownership.ties:
        if tie.kind != "PartOfGroup" or tie.below not in listed or tie.above in listed:
            continue
        person = listed[tie.below]
        certain = bool(tie.certain and person.certain)
        reason = tr(
            "{reason} It is part of {group}; the list names the legal person, not the company.",
            reason=person.reason, group=inputs.name(tie.above),
        )  # fmt: skip
        exposure = person._replace(
            entity=tie.above, exposure="company", through="group", certain=certain, reason=reason,
            statements=(*person.statements, tie.statement),
        )  # fmt: skip
        if tie.above not in found or (certain and not found[tie.above].certain):
            found[tie.above] = exposure
    return list(found.values())


def _rule(inputs: Inputs, iri: str) -> Rule:
    rows: list[Any] = inputs.query("policy-status", policy=iri).rows
    held = [row for row in rows if row.certainty.slug != "Lapsed"] or rows
    in_force = [row for row in held if row.status.iri == _IN_FORCE and row.certainty.slug != "Lapsed"]
    statements = tuple(s for row in held for s in row.evidence.statements)
    row = next(iter(sorted(in_force, key=lambda row: row.certainty.slug) or held), None)
    if row is None:
        return Rule(iri, None, None, None, None, ())
    others = any(row.status.iri != _IN_FORCE for row in held)
    certain = (row.certainty.slug == "Certain" and not others) if in_force else None
    return Rule(iri, row.status.iri, row.since, row.until, certain, statements)


def _about(inputs: Inputs, rule: Rule) -> str:
    """What the rule's state is on the day, in words."""
    name = inputs.name(rule.iri)
    if rule.status is None:
        return tr("{rule}: no source tells its status on {day}, so nobody is caught by ownership", rule=name,
                  day=inputs.as_of)  # fmt: skip
    status = inputs.name(rule.status)
    span = tr("from {since}", since=rule.since or "?") + (tr(" until {until}", until=rule.until) if rule.until else "")
    if rule.certain is None:
        return tr("{rule} on {day}: {status} ({span}), so nobody is caught by ownership", rule=name, day=inputs.as_of,
                  status=status, span=span)  # fmt: skip
    held = inputs.name(certainty(rule.certain).iri)
    return tr("{rule} on {day}: {status} ({span}), {held}", rule=name, day=inputs.as_of, status=status, span=span,
              held=held)  # fmt: skip


def _owned(
    inputs: Inputs, listed: dict[str, Exposure], ownership: Ownership, rule: Rule, known: set[str]
) -> list[Exposure]:
    """What those listed own under the rule, or would, were it in force."""
    owners = {iri: bool(exposure.certain) for iri, exposure in listed.items()}
    caught = roll_up(owners, ownership, inputs["threshold"])
    inputs.learn(caught)
    found = []
    for iri, step in caught.items():
        if step.through == "below" or iri in known:
            continue
        path = chain(caught, iri)
        first = [listed[owner] for owner in _owners(path) if owner in listed]
        certain = None if rule.certain is None else step.certain and rule.certain
        found.append(
            Exposure(
                iri, "owned", step.through, step.share, rule.iri, rule.status, rule.since, rule.until, certain,
                " ".join((*(exposure.reason for exposure in first), steps(inputs, path, inputs["threshold"]))),
                (*(s for exposure in first for s in exposure.statements), *_statements(path), *rule.statements),
            )
        )  # fmt: skip
    return found


def _owners(path: list[Caught]) -> list[str]:
    ends = [holding.owner for step in path for holding in step.holdings]
    return list(dict.fromkeys([*ends, *(end for step in path for tie in step.ties for end in (tie.above, tie.below))]))


def _statements(path: list[Caught]) -> list[str]:
    held = [statement for step in path for holding in step.holdings for statement in holding.statements]
    return held + [tie.statement for step in path for tie in step.ties]


def _changes(
    inputs: Inputs, now: dict[tuple[str, str], Exposure], before: dict[tuple[str, str], Exposure]
) -> dict[tuple[str, str], str]:
    """What differs, by entity and kind, in words."""
    changes: dict[tuple[str, str], str] = {}
    for key in sorted(now.keys() | before.keys()):
        new, old = now.get(key), before.get(key)
        if old is None:
            changes[key] = tr("new")
        elif new is None:
            changes[key] = tr("gone")
        elif (new.certain, new.status, new.rule, new.share) != (old.certain, old.status, old.rule, old.share):
            changes[key] = tr("was: {before}", before=_verdict(inputs, old))
    return changes


def _verdict(inputs: Inputs, exposure: Exposure) -> str:
    if exposure.certain is None:
        return tr("not caught")
    return inputs.name(certainty(exposure.certain).iri)


ANALYSIS = Analysis(
    "control-exposure",
    {"en": "Who is caught by a control list on a day, under which rule, and who is affected", "zh": "某日谁受管制清单约束、依据哪条规则，以及谁受波及"},
    {
        "en": "Listed: the list names it. Company: one of its legal persons is listed. Owned: listed persons hold at least the threshold of it, which catches it while the rule is in force; without a certainty it is caught by nothing that day. All others are affected through the chain that the reason tells.",
        "zh": "“列名”：清单点名；“所属企业”：其某一法人被列名；“被持有”：被列名者持有达到门槛，在规则有效期间受约束，未注明确定性者当日不受约束；其余经由理由所述的链条受到波及。",
    },
    {
        "en": "It is no legal advice: licence requirements, exceptions and red-flag duties are not modelled; of ownership and supply it knows what sources in the graph report, and affected means linked, not restricted.",
        "zh": "本结果不是法律意见：许可要求、例外与警示义务未建模；持股与供应只限图谱所收来源的报道；“受波及”指有关联，而非受限制。",
    },
    (
        option("list", "iri", "the control list", "管制清单", "list:entity-list", class_="ctkg:ControlList"),
        option("rule", "iri", "the rule that extends it to what those listed own; known for the Entity List", "将清单扩及被列名者所持组织的规则；实体清单已知", class_="ctkg:Policy"),
        option("threshold", "decimal", "the share that counts as ownership of the whole, in per cent", "视为拥有全部的比例（百分数）", 50),
        option("entity", "iri", "verdicts on one thing only", "只看一个事物", class_="ctkg:Entity"),
        option("depth", "integer", "how many steps down the stack are followed; 0 for none", "沿技术栈向下追踪的步数；0 为不追踪", 2),
        option("compared_with", "date", "show only what differs from this day", "只显示与此日不同者"),
    ),
    (
        Column("entity", "iri"), Column("exposure", "text"), Column("through", "text"), Column("share", "stake"),
        Column("rule", "iri"), Column("status", "iri"), Column("since", "date"), Column("until", "date"),
        Column("certainty", "iri"), Column("reason", "text"), Column("change", "text"), Column("evidence", "statement"),
    ),
    _run,
)  # fmt: skip
