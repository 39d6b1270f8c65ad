"""Invariants of the live data: true whatever facts are added."""

from __future__ import annotations

import pytest

from ctkg.graph import KnowledgeGraph
from ctkg.namespaces import curie
from ctkg.results import Evidence, ResultTable
from ctkg.settings import settings
from ctkg.validate import Report, validate


@pytest.fixture(scope="module")
def report() -> Report:
    return validate(settings())


def values(kg: KnowledgeGraph, query: str) -> list[str]:
    return [curie(row[0].value) for row in kg.sparql(query).rows or () if row[0] is not None]  # type: ignore[union-attr]


def count(kg: KnowledgeGraph, pattern: str) -> int:
    return int(values(kg, f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {pattern} }}")[0])


def test_the_data_has_no_violation(report: Report) -> None:
    assert [finding.text() for finding in report.findings if finding.severity == "violation"] == []


def test_every_file_was_looked_at(report: Report) -> None:
    assert report.files > 300


def test_every_statement_but_an_absence_or_a_survey_has_a_source(live: KnowledgeGraph) -> None:
    assert (
        values(
            live,
            "SELECT ?s { ?s a ctkg:Statement FILTER NOT EXISTS { ?s prov:wasDerivedFrom ?any } "
            "FILTER NOT EXISTS { ?s a ctkg:Absence } FILTER NOT EXISTS { ?s a ctkg:Survey } }",
        )
        == []
    )


def test_the_first_release_covers_what_it_promises(live: KnowledgeGraph) -> None:
    """Floors, not counts: they fall only when data is lost."""
    assert count(live, "?x a ctkg:Investment") >= 150
    assert count(live, "?x a ctkg:Actor") >= 100
    assert count(live, "?x a ctkg:Event ; ctkg:current true") >= 22
    assert count(live, "?x a ctkg:Dispute") >= 15
    assert count(live, "?x a ctkg:PolicyStatus ; ctkg:status ctkg:Suspended") >= 3


def test_every_event_of_the_observatory_page_is_there(live: KnowledgeGraph) -> None:
    """By a day or month on which the preferred version stands (see the timeline of the page)."""
    dates = set(values(live, "SELECT ?d { ?e a ctkg:Event ; ctkg:current true ; ctkg:date ?d }"))
    months = {date[:7] for date in dates}
    expected = {
        "2020-03", "2021-12", "2022-03", "2022-10", "2022-12", "2023-03", "2023-04", "2023-06", "2023-07", "2023-08",
        "2023-10", "2023-11", "2024-03", "2024-04", "2024-05", "2024-07",
    }  # fmt: skip
    assert sorted(expected - months) == []


def test_events_have_one_preferred_version_each(live: KnowledgeGraph) -> None:
    table = live.query("timeline")
    assert len({row.event.iri for row in table.rows}) == len(table.rows)  # type: ignore[attr-defined]


def evidence(table: ResultTable) -> list[Evidence]:
    return [cell for row in table.rows for cell in row if isinstance(cell, Evidence)]


def test_every_row_of_every_question_cites_a_source(live: KnowledgeGraph) -> None:
    for name in live.queries:
        if name in ("not-found", "searched"):  # what was sought in vain may have no source, and a search has none
            continue
        table = live.query(name)
        assert [cell for cell in evidence(table) if not cell.citations] == [], name


def test_every_shown_entity_has_a_label(live: KnowledgeGraph) -> None:
    bare = "SELECT DISTINCT ?x { ?x a ctkg:Entity FILTER NOT EXISTS { ?x rdfs:label ?l } }"
    assert values(live, bare) == []


def test_denied_and_rumoured_deals_make_no_simple_link(live: KnowledgeGraph) -> None:
    weak = """SELECT ?b { ?a ctkg:investedIn ?b FILTER NOT EXISTS {
      ?s a ctkg:Investment ; ctkg:investor ?a ; ctkg:investee ?b ; ctkg:current true ; ctkg:stage ?stage
      FILTER(?stage IN (ctkg:Completed, ctkg:Signed)) FILTER NOT EXISTS { ?s ctkg:polarity ctkg:Denied } } }"""
    assert values(live, weak) == []


def test_no_source_is_younger_than_the_data(live: KnowledgeGraph) -> None:
    query = "SELECT ?s { ?s a ctkg:Source ; ctkg:publicFrom ?d . dataset:curated ctkg:dataDate ?now FILTER(?d > ?now) }"
    late = [name for name in values(live, query) if not name.startswith("source:merics-")]
    # a source dated by its year alone counts from that year's last day
    assert all(values(live, f"SELECT ?i {{ {name} dcterms:issued ?i FILTER(STRLEN(STR(?i)) < 10) }}") for name in late)
