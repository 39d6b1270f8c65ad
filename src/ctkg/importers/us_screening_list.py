"""United States Government, Consolidated Screening List: who of China's AI stands on which list.

Read: the Entity List, the Military End User List and the Unverified List of the
Bureau of Industry and Security, and the Treasury's list of Chinese
military-industrial complex companies. The other lists are of persons, banks and
trade with third countries.

Which entries are taken is decided by hand, entry by entry, in
``selection.tsv`` beside the data (list, name and first citation → ``take`` or
``leave``, with a reason). Taken is an entry

* whose licence requirement invokes § 734.9(e) of the EAR, the rules on foreign
  direct products for Huawei, for advanced computing and for chip making
  (``direct product rule``);
* of a university, or of a group that the graph holds (``university``, ``group of the graph``);
* whose name or other names say AI, chips, computing, quantum, robotics or
  surveillance, that was added with such entries by a rule that says so, or that the
  reviewer knows for one (the reason then says that the file does not); of the
  140 chip makers and suppliers of December 2024 one entry for each house.

An entry that stands not in ``selection.tsv`` is reported and left out: a newer
file gives new candidates, it takes and drops none by itself. An entry that a
later rule changed keeps its first citation, and so its decision.

The first citation is that of the rule that added the entry; ``acts.tsv`` says
which of our acts has that page, and what we hold of that act gives the first
day and the second source. A designation of the same actor on the same list that
another dataset tells already is not told again.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from ctkg.errors import DataError, display_path
from ctkg.importers.draft import Draft, Name, Publication, Values, day, text
from ctkg.importers.run import Importer
from ctkg.importers.upstream import Row
from ctkg.messages import tr
from ctkg.namespaces import CTKG, ID, PREFIXES, expand
from ctkg.ontology import RDF_TYPE

__all__ = ["IMPORTER"]

_DERIVED = f"{PREFIXES['prov']}wasDerivedFrom"


class _List(NamedTuple):
    """How a list of the file is called with us, and the act that an entry without citation rests on."""

    short: str
    slug: str
    act: str


_EAR = "policy:export-administration-regulations"
_LISTS = {
    "Entity List (EL) - Bureau of Industry and Security": _List("EL", "entity-list", _EAR),
    "Military End User (MEU) List - Bureau of Industry and Security": _List("MEU", "military-end-user-list", _EAR),
    "Unverified List (UVL) - Bureau of Industry and Security": _List("UVL", "unverified-list", _EAR),
    "Non-SDN Chinese Military-Industrial Complex Companies List (CMIC) - Treasury Department": _List(
        "CMIC", "ns-cmic-list", "policy:executive-order-13959"
    ),
}
_CITATION = re.compile(r"(\d+)\s*FR\s*(?:No\. \d+ )?(\d+)", re.IGNORECASE)
_AFFILIATED = "Affiliated Entity: "
_WITH_SHORT = re.compile(r"(?P<name>.+) \((?P<short>[A-Z][A-Za-z-]+)\)")
_ABBREVIATIONS = ("Ltd.", "LTD.", "Co.", "Inc.", "Corp.")
_ACTORS = frozenset({"LegalEntity", "ResearchLab", "University"})


class _Decision(NamedTuple):
    """A line of ``selection.tsv``; ``group`` is what the row's own names say it belongs to."""

    decision: str
    reason: str
    class_: str
    group: str


class _Act(NamedTuple):
    """What we hold of an act, and the group to which all that it adds belongs, if it says so."""

    iri: NamedNode
    first_day: str | None
    sources: tuple[NamedNode, ...]
    group: str


def _draft_row(row: Row, source: NamedNode, draft: Draft) -> None:
    listed = _LISTS.get(row.get("source"))
    if listed is None:
        return
    if draft.issued[source.value] != max(draft.issued.values()):
        raise ValueError(tr("a list tells what stands on a day: import its newest file alone"))
    citations = [f"{volume} FR {page}" for volume, page in _CITATION.findall(row.get("federal_register_notice"))]
    key = (listed.short, row.get("name"), citations[0] if citations else "")
    decision = _selection(draft.folder).get(key)
    if decision is None:
        draft.skip(row, tr("{name} ({list}) is new: decide in selection.tsv", name=key[1], list=key[0]))
    elif decision.decision == "take":
        _draft_entry(row, listed, list(dict.fromkeys(citations)), decision, source, draft)


def _draft_entry(
    row: Row, listed: _List, citations: list[str], decision: _Decision, source: NamedNode, draft: Draft
) -> None:
    first, *others = _names(row, decision.class_)
    # a name by which people call the firm is the firm's; the entry is tied to it by its group
    names = [first, *(name for name in others if not draft.known.bearing([name], frozenset({"Company"})))]
    actor = draft.entity(decision.class_, names[0], [Name(name) for name in names], source, among=_ACTORS)
    # the citations of an affiliate within an entry are those of the entry
    act = None if _AFFILIATED in row.get("name") or not citations else _act(citations[0], draft)
    if not draft.known.says("Designation", designated=actor.value, list=f"{ID}list/{listed.slug}"):
        _draft_designation(row, actor, listed, citations, act, source, draft)
    if act and act.group:
        _draft_group(actor, act.group, act, source, draft)
    if decision.group and not (act and act.group == decision.group):
        _draft_group(actor, decision.group, None, source, draft)


def _draft_designation(
    row: Row, actor: NamedNode, listed: _List, citations: list[str], act: _Act | None, source: NamedNode, draft: Draft
) -> None:
    draft.statement(
        "Designation",
        actor,
        f"{listed.short} {row.get('name')}",
        {
            "designated": actor,
            "list": NamedNode(f"{ID}list/{listed.slug}"),
            "entryNumber": text(row.get("entity_number")) if row.get("entity_number") else None,
            "act": act.iri if act else None if citations else NamedNode(_iri(listed.act)),
            "citation": [text(citation) for citation in citations],
            "from": day(act.first_day) if act and act.first_day else None,
            "endKind": NamedNode(f"{CTKG}Ongoing"),
            "checkedOn": day(draft.issued[source.value]),
            "licenceRequirement": _terms(row.get("license_requirement")),
            "licencePolicy": _terms(row.get("license_policy")),
            "basis": NamedNode(f"{CTKG}{'Inferred' if act else 'Stated'}"),
            "prov:wasDerivedFrom": act.sources if act else None,
            "rdfs:comment": _comment(act) if act else None,
        },
        source,
        "row of the name",
    )


def _draft_group(actor: NamedNode, curie: str, act: _Act | None, source: NamedNode, draft: Draft) -> None:
    """That the entry belongs to a group: by the act, or else by the row's own names."""
    group = NamedNode(_iri(curie))
    if draft.known.says("PartOfGroup", member=actor.value, group=group.value):
        return
    values: Values = {
        "member": actor,
        "group": group,
        "checkedOn": day(draft.issued[source.value]),
        "basis": NamedNode(f"{CTKG}Inferred"),
        "prov:wasDerivedFrom": act.sources if act else None,
    }
    locator = "row of the name; affiliates that the act adds" if act else "row of the name (names and aliases)"
    draft.statement("PartOfGroup", actor, f"{actor.value} {group.value}", values, source, locator)


def _names(row: Row, class_: str) -> list[str]:
    """The name and the other names of an entry, without what is no name.

    Of an affiliate within an entry its own name; ``(BUPT)`` behind a name is
    another name; the institutes of a university that the entry lists among its
    other names are parts of it.
    """
    names: list[str] = []
    for cell in (row.get("name").rpartition(_AFFILIATED)[2], *row.get("alt_names").split(";")):
        name = cell.strip().rstrip(",")
        if name.endswith(".") and not name.endswith(_ABBREVIATIONS):
            name = name.rstrip(".")
        both = _WITH_SHORT.fullmatch(name)
        if both and (both["short"].isupper() or both["name"].startswith(both["short"])):
            names += [both["name"], both["short"]]
        elif name and not (class_ == "University" and any(name.startswith(whole) for whole in names)):
            names.append(name)
    return list(dict.fromkeys(names))


def _terms(cell: str) -> Literal | None:
    return text(cell.rstrip("."), "en") if cell else None


def _comment(act: _Act) -> list[Literal]:
    first_day = (
        ("the first day is that of the act that its first citation names, from the other sources",
         "起始日取自首个引证所指文书的生效日，出自其他来源")
        if act.first_day
        else ("the act that its first citation names is dated by the other sources; its day of effect was not read",
              "首个引证所指文书的日期出自其他来源；未读到其生效日")
    )  # fmt: skip
    return [
        text(f"The row gives the name, the citations and the licence terms; {first_day[0]}.", "en"),
        text(f"名称、引注和许可条款取自名单；{first_day[1]}。", "zh"),
    ]


def _act(citation: str, draft: Draft) -> _Act | None:
    """The act on whose pages a citation lies; ``None`` where ``acts.tsv`` does not say."""
    found = _acts(draft.folder).get((citation,))
    if found is None:
        return None
    iri, first_day, sources = _iri(found[0]), None, set()
    for description in draft.known.subjects.values():
        if iri in description.get(f"{CTKG}policy", []):
            kinds = description.get(RDF_TYPE, []) + description.get(f"{CTKG}status", [])
            if f"{CTKG}InForce" in kinds and description.get(f"{CTKG}from"):
                first_day = description[f"{CTKG}from"][0]
                sources.update(description[_DERIVED])
            elif f"{CTKG}Issuance" in kinds:
                sources.update(description[_DERIVED])
    return _Act(NamedNode(iri), first_day, tuple(NamedNode(name) for name in sorted(sources)), found[1])


def _iri(curie: str) -> str:
    found = expand(curie)
    if found is None:
        raise ValueError(tr("{object} is no CURIE of ours", object=curie))
    return found


def _selection(folder: Path) -> dict[tuple[str, ...], _Decision]:
    columns = ("list", "name", "citation", "decision", "reason", "class", "group")
    return {key: _Decision(*cells) for key, cells in _table(folder / "selection.tsv", columns, 3).items()}


def _acts(folder: Path) -> dict[tuple[str, ...], tuple[str, ...]]:
    return _table(folder / "acts.tsv", ("citation", "act", "affiliates_of"), 1)


def _table(path: Path, columns: tuple[str, ...], key: int) -> dict[tuple[str, ...], tuple[str, ...]]:
    """A table decided by hand, by its first ``key`` columns; raises `DataError`, with line, for one that is broken."""
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(tr("cannot be read: {reason}", reason=error), path=display_path(path)) from error
    return _parsed(path, content, columns, key)


@cache
def _parsed(path: Path, content: str, columns: tuple[str, ...], key: int) -> dict[tuple[str, ...], tuple[str, ...]]:
    lines = csv.reader(content.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    rows: dict[tuple[str, ...], tuple[str, ...]] = {}
    for number, cells in enumerate(lines, 1):
        bad = tuple(cells) != columns if number == 1 else len(cells) != len(columns) or tuple(cells[:key]) in rows
        if bad or (number > 1 and "decision" in columns and cells[3] not in ("take", "leave")):
            raise DataError(
                tr("is no line of this table"),
                tr("wanted, parted by tabs, each entry once: {names}", names=" ".join(columns)),
                path=display_path(path),
                line=number,
            )
        rows[tuple(cells[:key])] = tuple(cells[key:])
    return rows


IMPORTER = Importer(
    Publication(
        "Consolidated Screening List",
        "United States Government",
        "https://www.usa.gov/government-works",
        "https://data.trade.gov/downloadable_consolidated_screening_list/v1/consolidated.json",
    ),
    ("name", "alt_names", "source", "entity_number", "license_requirement", "license_policy",
     "federal_register_notice"),
    ("source", "name", "federal_register_notice"),
    _draft_row,
)  # fmt: skip
