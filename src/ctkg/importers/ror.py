"""Research Organization Registry: identifiers, names and founding years of organisations that we hold.

A row per organisation. Only those that we hold already are read; the registry
adds none of its own. ROR calls companies "Name (Country)". It does not say of a
name whether it is current, nor of a city in what sense an organisation is there:
names have no kind, and cities are left out. What has no Chinese label gets the
registry's Chinese name for one, if it has one only. See https://ror.readme.io.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyoxigraph import NamedNode

from ctkg.importers.draft import Draft, Name, Publication, Values, day, text
from ctkg.importers.matches import subject_id
from ctkg.importers.run import Importer
from ctkg.importers.upstream import Row
from ctkg.messages import tr
from ctkg.name_keys import name_key, organisation_key
from ctkg.namespaces import CTKG, PREFIXES, curie

__all__ = ["IMPORTER"]

_COUNTRY = re.compile(r" \((?:China|People's Republic of China|Hong Kong)\)$")
_HAN = re.compile(r"[\u3400-\u9fff]")
_ACCENTED = re.compile(r"[^\W\d_A-Za-z]")
_ACRONYM = re.compile(r"[A-Z]{2,6}")
"""Too short to match by: four bodies are called CAS."""

_CLASSES = {
    "archive": {"ResearchLab", "LegalEntity"},
    "company": {"Company"},
    "education": {"University", "ResearchLab", "LegalEntity"},
    "facility": {"ResearchLab", "University", "LegalEntity"},
    "funder": {"GovernmentBody", "Alliance"},
    "government": {"GovernmentBody", "ResearchLab"},
    "healthcare": {"ResearchLab", "LegalEntity"},
    "nonprofit": {"ResearchLab", "Alliance", "LegalEntity"},
    "other": {"Company", "ResearchLab", "Alliance"},
}
"""A company of the registry is the firm people speak of; of its registered bodies the registry says nothing."""


def _draft_row(row: Row, source: NamedNode, draft: Draft) -> None:
    ror = row.get("ror_id")
    names = list(_names(row))
    if row.get("status") != "active":
        if ror in draft.known.identified:
            draft.skip(row, tr("ROR calls it {status}", status=row.get("status")))
        return
    telling = [name for name in names if not _ACRONYM.fullmatch(name.text)] or names
    thing = draft.held("actor", ror.rpartition("/")[2], telling, {"ror": ror}, _classes(row))
    if thing is None or not _identify(row, thing, draft):
        return
    for name in names:
        if _is_new(name.text, thing, draft):
            values: Values = {"named": thing, "name": text(name.text, name.language)}
            draft.statement("Naming", thing, f"{ror} {name_key(name.text)}", values, source, f"{ror}, names")
    if label := _chinese_label([name.text for name in names], thing, draft):
        draft.add(thing, "rdfs:label", text(label, "zh"))
    if year := row.get("established"):
        values = {"organisation": thing, "date": day(year.zfill(4))}
        draft.statement("Founding", thing, ror, values, source, f"{ror}, established")


def _names(row: Row) -> Iterator[Name]:
    """The registry's label, then all other names, each once and without the country behind it.

    The file does not say in which language a name is: one with accents is pinyin, German or French, and left out.
    """
    seen = set()
    for written in (row.get("name"), *row.get("all_names").split("; ")):
        name = _COUNTRY.sub("", written.strip())
        chinese = _HAN.search(name) is not None
        if name and name_key(name) not in seen and (chinese or not _ACCENTED.search(name)):
            seen.add(name_key(name))
            yield Name(name, "zh" if chinese else "en")


def _classes(row: Row) -> frozenset[str]:
    types = [name.strip().lower() for name in row.get("types").split(";")]
    unknown = [name for name in types if name not in _CLASSES]
    if unknown:
        raise ValueError(tr("its type {types!r} is not known", types="; ".join(unknown)))
    return frozenset().union(*(_CLASSES[name] for name in types))


def _identify(row: Row, thing: NamedNode, draft: Draft) -> bool:
    """Write the identifiers that we have not; ``False`` where ours say that it is another organisation."""
    ror, wikidata = row.get("ror_id"), row.get("wikidata")
    ours = draft.known.subjects[thing.value]
    held = ours.get(f"{CTKG}ror", [ror])[0]
    if held != ror:
        draft.skip(row, tr("we hold {ours} as the identifier of {thing}", ours=held, thing=curie(thing.value)))
        return False
    accepted = {"ror": ror}
    if wikidata and not draft.matches.apart(subject_id("ror", "wikidata", wikidata), thing.value):
        held = ours.get(f"{CTKG}wikidata", [wikidata])[0]
        bearer = draft.known.identified.get(wikidata, thing.value)
        if held != wikidata:
            draft.skip(row, tr("we hold {ours} as the identifier of {thing}", ours=held, thing=curie(thing.value)))
        elif bearer != thing.value:
            draft.skip(row, tr("its Wikidata identifier {theirs} is that of {thing}",
                               theirs=wikidata, thing=curie(bearer)))  # fmt: skip
        else:
            accepted["wikidata"] = wikidata
    pages = {"ror": ror, "wikidata": f"http://www.wikidata.org/entity/{wikidata}"}
    for name, identifier in accepted.items():
        if CTKG + name not in ours:
            draft.add(thing, f"ctkg:{name}", text(identifier))
        if pages[name] not in ours.get(f"{PREFIXES['schema']}sameAs", []):
            draft.add(thing, "schema:sameAs", NamedNode(pages[name]))
    return True


def _is_new(name: str, thing: NamedNode, draft: Draft) -> bool:
    """Whether the thing does not bear the name yet, nothing else does, and the table does not refuse it."""
    known = draft.known
    return not (
        known.named.get(name_key(name))
        or known.alike.get(organisation_key(name), set()) - {thing.value}
        or _refused(name, thing, draft)
    )


def _chinese_label(names: list[str], thing: NamedNode, draft: Draft) -> str | None:
    """The one Chinese name, in simplified characters and without legal form, for a thing whose labels have none."""
    if any(_HAN.search(label) for label in draft.known.subjects[thing.value].get(f"{PREFIXES['rdfs']}label", [])):
        return None
    plain = [name for name in names if _HAN.search(name) and organisation_key(name) == name_key(name)]
    return plain[0] if len(plain) == 1 and not _refused(plain[0], thing, draft) else None


def _refused(name: str, thing: NamedNode, draft: Draft) -> bool:
    return draft.matches.apart(subject_id("ror", "name", name), thing.value)


IMPORTER = Importer(
    Publication(
        "Research Organization Registry (ROR), records",
        "Research Organization Registry",
        "https://creativecommons.org/publicdomain/zero/1.0/",
        "https://ror.org/",
    ),
    ("ror_id", "name", "all_names", "types", "established", "wikidata", "status"),
    ("ror_id",),
    _draft_row,
)
