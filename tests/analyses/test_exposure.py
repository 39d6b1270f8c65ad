"""Exposure and state links in a small graph that is loaded as data is: who is caught before, under and after a rule."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from ctkg.graph import KnowledgeGraph
from tests.conftest import CARD, SOURCE, write

LEGAL = "\n".join(
    f'actor:{name}\n    a ctkg:{class_} ;\n    rdfs:label "{name.title()}"@en .\n'
    for name, class_ in [
        ("listed", "LegalEntity"), ("held", "LegalEntity"), ("grandchild", "LegalEntity"), ("minority", "LegalEntity"),
        ("firm", "Company"), ("ministry", "GovernmentBody"), ("fund", "InvestmentFund"), ("manager", "Company"),
        ("private", "Company"), ("startup", "Company"),
    ]
)  # fmt: skip

STATEMENTS = """\
list:entity-list
    a ctkg:ControlList ;
    rdfs:label "Entity List"@en .

policy:affiliates-rule
    a ctkg:ExportControlRule ;
    rdfs:label "Affiliates Rule"@en .

chip:alpha
    a ctkg:Chip ;
    rdfs:label "Alpha"@en .

model:beta
    a ctkg:Model ;
    rdfs:label "Beta"@en .

statement:listed-aaaaaa
    a ctkg:Designation ;
    ctkg:designated actor:listed ;
    ctkg:list list:entity-list ;
    ctkg:from "2024-06-01"^^xsd:date ;
    ctkg:until "2024-12-01"^^xsd:date ;
    prov:wasDerivedFrom source:gazette-2024 .

statement:affiliates-rule-aaaaaa
    a ctkg:PolicyStatus ;
    ctkg:policy policy:affiliates-rule ;
    ctkg:status ctkg:InForce ;
    ctkg:from "2024-07-01"^^xsd:date ;
    ctkg:until "2024-09-01"^^xsd:date ;
    prov:wasDerivedFrom source:gazette-2024 .

statement:affiliates-rule-bbbbbb
    a ctkg:PolicyStatus ;
    ctkg:policy policy:affiliates-rule ;
    ctkg:status ctkg:Suspended ;
    ctkg:from "2024-09-01"^^xsd:date ;
    ctkg:until "2025-09-01"^^xsd:date ;
    prov:wasDerivedFrom source:gazette-2024 .

statement:listed-bbbbbb
    a ctkg:PartOfGroup ;
    ctkg:member actor:listed ;
    ctkg:group actor:firm ;
    ctkg:from "2020-01-01"^^xsd:date ;
    ctkg:until "2030-01-01"^^xsd:date ;
    prov:wasDerivedFrom source:gazette-2024 .

statement:alpha-aaaaaa
    a ctkg:Development ;
    ctkg:developer actor:held ;
    ctkg:developed chip:alpha ;
    ctkg:date "2024-01-01"^^xsd:date ;
    prov:wasDerivedFrom source:gazette-2024 .

statement:beta-aaaaaa
    a ctkg:Training ;
    ctkg:trained model:beta ;
    ctkg:chip chip:alpha ;
    ctkg:date "2024-01-01"^^xsd:date ;
    prov:wasDerivedFrom source:gazette-2024 .

statement:fund-aaaaaa
    a ctkg:Management ;
    ctkg:manager actor:manager ;
    ctkg:managed actor:fund ;
    ctkg:from "2020-01-01"^^xsd:date ;
    ctkg:until "2030-01-01"^^xsd:date ;
    prov:wasDerivedFrom source:gazette-2024 .
"""


def owns(letter: str, owner: str, owned: str, share: str) -> str:
    return f"""
statement:{owned}-owner{letter}
    a ctkg:Ownership ;
    ctkg:owner actor:{owner} ;
    ctkg:owned actor:{owned} ;
    ctkg:interest ctkg:Equity ;
    ctkg:directness ctkg:DirectInterest ;
    {share} ;
    ctkg:observedOn "2024-01-01"^^xsd:date ;
    prov:wasDerivedFrom source:gazette-2024 .
"""


def invests(letter: str, investor: str, date: str, amount: int, more: str = "") -> str:
    return f"""
statement:startup-inves{letter}
    a ctkg:Investment ;
    ctkg:investor actor:{investor} ;
    ctkg:investee actor:startup ;
    ctkg:stage ctkg:Completed ;
    ctkg:date "{date}"^^xsd:date ;
    ctkg:amount {amount} ;
    ctkg:currency "CNY" ;{more}
    prov:wasDerivedFrom source:gazette-2024 .
"""


CAPITAL = "".join(
    [
        owns("b", "listed", "held", "ctkg:share 60.0"),
        owns("c", "held", "grandchild", "ctkg:shareMin 40.0 ; ctkg:shareMax 70.0"),
        owns("d", "listed", "minority", "ctkg:share 49.0"),
        owns("e", "ministry", "manager", "ctkg:share 100.0"),
        invests("b", "fund", "2023-03-01", 100),
        invests("c", "private", "2023-04-01", 300),
        invests("d", "private", "2024-01-01", 70),
        invests("e", "ministry", "2024-02-01", 20),
        invests("f", "ministry", "2024-02-01", 25),
        """
dispute:startup-ministry
    a ctkg:Dispute ;
    rdfs:label "What the ministry paid"@en ;
    ctkg:rival statement:startup-invese , statement:startup-invesf .
""",
    ]
)
EXTRA = "@prefix list: <https://w3id.org/ctkg/id/list/> .\n@prefix policy: <https://w3id.org/ctkg/id/policy/> .\n" + (
    "@prefix chip: <https://w3id.org/ctkg/id/chip/> .\n@prefix model: <https://w3id.org/ctkg/id/model/> .\n"
)


THEMES = {
    "Designation": "controls", "ControlList": "controls", "PolicyStatus": "policies", "ExportControlRule": "policies",
    "Development": "chips", "Chip": "chips", "Training": "models", "Model": "models", "Ownership": "capital",
    "Investment": "capital", "Dispute": "capital",
}  # fmt: skip
"""Where what is not about an actor lives."""


def files(text: str) -> dict[str, str]:
    """The blocks of a text, each in the file where it belongs."""
    found: dict[str, str] = defaultdict(str)
    for block in re.split(r"\n\n+", text.strip()):
        subject, class_ = re.findall(r"^(\S+)\n +a ctkg:(\w+)", block)[0]
        kind, _, slug = subject.partition(":")
        root = {"statement": slug[:-7], "dispute": slug.partition("-")[0]}.get(kind, slug)
        found[f"{THEMES.get(class_, 'actors')}/{root}.ttl"] += block + "\n\n"
    return found


@pytest.fixture(scope="module")
def small(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    folder = tmp_path_factory.mktemp("exposure") / "data"
    write(folder / "curated" / "dataset.ttl", CARD)
    write(folder / "curated" / "evidence" / "gazette.ttl", SOURCE)
    for path, text in files("\n\n".join([LEGAL, STATEMENTS, CAPITAL])).items():
        write(folder / "curated" / path, EXTRA + text)
    return KnowledgeGraph.open(folder)


def exposures(kg: KnowledgeGraph, day: str, **more: str) -> dict[str, tuple[str, str | None]]:
    rows: list[Any] = kg.analyse("control-exposure", as_of=day, **more).rows
    return {row.entity.slug: (row.exposure, row.certainty.slug if row.certainty else None) for row in rows}


LISTED = {"listed": ("listed", "Certain"), "firm": ("company", "Certain")}


def test_before_the_rule_only_the_list_catches(small: KnowledgeGraph) -> None:
    assert exposures(small, "2024-06-30") == LISTED | {"held": ("owned", None), "grandchild": ("owned", None)}


def test_in_force_the_rule_catches_what_is_owned_and_what_is_made_there(small: KnowledgeGraph) -> None:
    assert exposures(small, "2024-08-31") == LISTED | {
        "held": ("owned", "Certain"),
        "grandchild": ("owned", "Possible"),  # 40 to 70 %
        "alpha": ("chip", "Certain"),
        "beta": ("model", "Certain"),
    }


def test_depth_says_how_far_down_the_stack(small: KnowledgeGraph) -> None:
    found = exposures(small, "2024-08-31", depth="1")
    assert "alpha" in found
    assert "beta" not in found


def test_suspended_the_rule_catches_nobody_and_its_version_is_shown(small: KnowledgeGraph) -> None:
    assert exposures(small, "2024-09-01") == LISTED | {"held": ("owned", None), "grandchild": ("owned", None)}
    table = small.analyse("control-exposure", as_of="2024-09-01", entity="held")
    row: Any = table.rows[0]
    assert (row.rule.slug, row.status.slug, row.since, row.until) == (
        "affiliates-rule", "Suspended", "2024-09-01", "2025-09-01",
    )  # fmt: skip
    assert row.reason == "Entity List names Listed. Listed holds 60 % (equity, 2024-01-01) of Held: at least 50 %."


def test_what_changed_between_two_days_is_just_that(small: KnowledgeGraph) -> None:
    rows: list[Any] = small.analyse("control-exposure", as_of="2024-09-01", compared_with="2024-08-31").rows
    assert {row.entity.slug: row.change for row in rows} == {
        "held": "was: certain", "grandchild": "was: possible", "alpha": "gone", "beta": "gone",
    }  # fmt: skip
    table = small.analyse("control-exposure", as_of="2024-08-31", compared_with="2024-08-30")
    assert table.rows == []
    assert "nothing changed between 2024-08-30 and 2024-08-31" in [note.text for note in table.notes]


def test_after_the_listing_ends_nobody_is_caught(small: KnowledgeGraph) -> None:
    assert exposures(small, "2024-12-01") == {}


def test_a_lower_threshold_catches_the_minority(small: KnowledgeGraph) -> None:
    assert exposures(small, "2024-08-31", threshold="49")["minority"] == ("owned", "Certain")


def test_state_links_pass_on_by_ownership_and_management(small: KnowledgeGraph) -> None:
    rows: list[Any] = small.analyse("state-share").rows
    assert [(row.year, row.participations, row.state_linked, row.possibly_linked, row.share.compact()) for row in rows] == [
        ("2023", 2, 1, 0, "50 %"),
        ("2024", 2, 1, 0, "50 %"),
    ]  # fmt: skip


def test_rival_amounts_span_a_band_and_are_never_added_up(small: KnowledgeGraph) -> None:
    rows: list[Any] = small.analyse("state-share").rows
    assert [(row.amount.compact(), row.linked_amount.compact()) for row in rows] == [
        ("CNY 400", "CNY 100"),
        ("CNY 90–95", "CNY 20–25"),
    ]


def test_evidence_of_a_link_is_every_statement_of_its_chain(small: KnowledgeGraph) -> None:
    rows: list[Any] = small.analyse("state-share").rows
    statements = {statement.rpartition("/")[2] for statement in rows[0].evidence.statements}
    assert statements == {"startup-invesb", "fund-aaaaaa", "manager-ownere"}
