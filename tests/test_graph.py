"""The Python door."""

from __future__ import annotations

import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

import ctkg
from ctkg import KnowledgeGraph, NotFound, QueryError, SettingsError
from ctkg.amounts import Money
from ctkg.namespaces import DERIVED_GRAPH, ID, ONTOLOGY_GRAPH
from ctkg.results import Citation, Evidence, Resource
from ctkg.results.cells import words
from tests.conftest import ACTOR, write


def test_public_names_are_these() -> None:
    assert ctkg.__all__ == [
        "CtkgError", "DataError", "EndpointError", "KnowledgeGraph", "NotFound", "QueryError",
        "QueryRefused", "SettingsError", "__version__",
    ]  # fmt: skip
    assert all(getattr(ctkg, name) for name in ctkg.__all__)


def test_rows_are_typed_and_cited(world: KnowledgeGraph) -> None:
    table = world.query("investors-of", investee="moonshot-ai")
    row = next(row for row in table.rows if row.part is not None and row.part.least is not None)  # type: ignore[attr-defined]
    assert isinstance(row.investor, Resource)  # type: ignore[attr-defined]
    assert isinstance(row.part, Money)  # type: ignore[attr-defined]
    assert isinstance(row.evidence, Evidence)  # type: ignore[attr-defined]
    assert row.evidence.citations  # type: ignore[attr-defined]
    assert all(isinstance(citation, Citation) and citation.url.startswith("http") for citation in table.citations)
    assert [citation.number for citation in table.citations] == list(range(1, len(table.citations) + 1))


@pytest.mark.parametrize("name", ["co-investors-of", "disagreements", "state-linked-investments"])
def test_a_copy_in_memory_gives_the_same_answers(world: KnowledgeGraph, name: str) -> None:
    assert world.in_memory().query(name) == world.query(name)


def test_a_copy_in_memory_needs_no_snapshot_any_more(data: Path) -> None:
    copy = KnowledgeGraph.open(data).in_memory()
    assert copy.snapshot is not None
    shutil.rmtree(copy.snapshot.path)
    assert copy.query("investors-of", investee="acme").rows


def test_what_is_not_opened_from_files_is_not_copied(data: Path) -> None:
    with pytest.raises(SettingsError, match="opened from files"):
        KnowledgeGraph.open(data, engine="rdflib").in_memory()


def test_an_entry_changed_by_a_later_act_is_one_row_with_both_citations(data: Path) -> None:
    write(data / "curated" / "controls" / "example-list.ttl", LIST)
    write(data / "curated" / "controls" / "acme-ltd.ttl", ENTRY)
    write(
        data / "curated" / "actors" / "acme-ltd.ttl",
        ACTOR.replace("acme", "acme-ltd").replace("Company", "LegalEntity"),
    )
    rows = KnowledgeGraph.open(data).query("designations-of").rows
    assert [row.citation for row in rows] == ["84 FR 54002; 85 FR 34503"]  # type: ignore[attr-defined]


LIST = """
@prefix list: <https://w3id.org/ctkg/id/list/> .
list:example-list a ctkg:ControlList ; rdfs:label "Example List"@en , "示例清单"@zh .
"""

ENTRY = """
@prefix list: <https://w3id.org/ctkg/id/list/> .
statement:acme-ltd-aaaaaa
    a ctkg:Designation ;
    ctkg:designated actor:acme-ltd ;
    ctkg:list list:example-list ;
    ctkg:citation "85 FR 34503" , "84 FR 54002" ;
    ctkg:from "2019-10-09"^^xsd:date ;
    prov:wasDerivedFrom source:gazette-2024 .
"""


def test_an_answer_says_for_which_day_it_holds(world: KnowledgeGraph) -> None:
    assert world.query("investors-of").as_of == world.data_date
    assert world.query("investors-of", as_of="2024-01-01", known_at="2024-06-30")[3:5] == (
        "2024-01-01",
        "2024-06-30",
    )


def test_a_dataframe_has_one_column_per_column(world: KnowledgeGraph) -> None:
    pytest.importorskip("pandas", reason="pandas is an extra")
    table = world.query("investors-of")
    frame = table.to_dataframe("zh")
    assert list(frame.columns) == [column.name for column in table.columns]
    assert len(frame) == len(table.rows)
    assert frame["evidence"].map(lambda urls: all(url.startswith("http") for url in urls)).all()


def test_rdflib_gets_data_ontology_and_derived_graph(world: KnowledgeGraph) -> None:
    dataset = world.to_rdflib()
    assert {str(graph.identifier) for graph in dataset.graphs()} >= {
        f"{ID}dataset/curated",
        ONTOLOGY_GRAPH,
        DERIVED_GRAPH,
    }


def test_arguments_are_text(world: KnowledgeGraph) -> None:
    with pytest.raises(QueryError, match="minimum is given as text"):
        world.query("shared-backers", minimum=3)  # type: ignore[arg-type]
    assert world.query("shared-backers", minimum="2").rows


def test_a_large_number_may_be_written_by_its_power_of_ten(world: KnowledgeGraph) -> None:
    least = [row.compute for row in world.query("compute-over-time", minimum="5e24").rows]  # type: ignore[attr-defined]
    assert least
    assert min(least) >= 5 * 10**24


@pytest.mark.parametrize("text", ["", "nan", "inf", "-1", "1e999", "5e", "0x5", "5e24 "])
def test_what_is_no_number_of_reasonable_size_is_refused(world: KnowledgeGraph, text: str) -> None:
    with pytest.raises(QueryError, match="minimum is not of type double"):
        world.query("compute-over-time", minimum=text)


@pytest.mark.parametrize(
    ("number", "text"),
    [("14800000000000", "14800000000000"), ("3.3E+24", "3.3e24"), ("614.40", "614.4"), ("8", "8")],
)
def test_a_number_of_many_digits_is_shown_by_its_power_of_ten(number: str, text: str) -> None:
    assert words(Decimal(number), "en") == text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"investee": "nobody-at-all"}, "no Actor is called"),
        ({"as_of": "2024"}, "as-of is not a day"),
        ({"colour": "red"}, "has no parameter colour"),
    ],
)
def test_bad_arguments_say_what_is_wrong(world: KnowledgeGraph, arguments: dict[str, str], said: str) -> None:
    with pytest.raises((NotFound, QueryError), match=said):
        world.query("investors-of", **arguments)


def test_importing_ctkg_imports_nothing_heavy() -> None:
    program = (
        "import sys, ctkg; print({'rdflib', 'pyshacl', 'pyoxigraph', 'rich', 'yaml', 'pandas'} & set(sys.modules))"
    )
    assert (
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "set()\n"
    )
