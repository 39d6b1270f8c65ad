"""What the build refuses, and what it derives."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctkg.build import Assembly, assemble
from ctkg.catalog import open_catalog
from ctkg.errors import CtkgError, DataError
from ctkg.namespaces import CTKG, DERIVED_GRAPH, ID
from ctkg.settings import settings
from tests.conftest import DEAL, SOURCE, write

STATEMENT = f"{ID}statement/acme-aaaaaa"


def build(data: Path) -> Assembly:
    return assemble(open_catalog(settings(data)))


def of(assembly: Assembly, subject: str) -> dict[str, str]:
    """Derived property name → value of a subject."""
    return {
        triple.predicate.value.removeprefix(CTKG): triple.object.value  # type: ignore[union-attr]
        for triple in assembly.graphs[DERIVED_GRAPH]
        if triple.subject.value == subject and triple.predicate.value.startswith(CTKG)  # type: ignore[union-attr]
    }


def refused(data: Path) -> CtkgError:
    with pytest.raises(DataError) as caught:
        build(data)
    return caught.value


def test_a_month_has_a_first_and_a_last_day(data: Path) -> None:
    derived = of(build(data), STATEMENT)
    assert derived["startEarliest"] == "2024-02-01"
    assert derived["startLatest"] == "2024-02-29"
    assert "endLatest" not in derived


def test_a_statement_is_public_from_its_first_source(data: Path) -> None:
    early = SOURCE.replace("gazette-2024", "gazette-wire").replace(
        '"2024-03-05"^^xsd:date', '"2024-02"^^xsd:gYearMonth'
    )
    write(
        data / "curated" / "evidence" / "gazette.ttl",
        SOURCE + early.replace("example.org/acme", "example.org/b"),
    )
    write(
        data / "curated" / "capital" / "acme.ttl",
        DEAL.replace(
            "wasDerivedFrom source:gazette-2024",
            "wasDerivedFrom source:gazette-2024 , source:gazette-wire",
            1,
        ),
    )
    assert of(build(data), STATEMENT)["publicFrom"] == "2024-02-29"


def test_an_undated_source_counts_from_the_day_it_was_read(data: Path) -> None:
    undated = SOURCE.replace('    dcterms:issued "2024-03-05"^^xsd:date ;\n', "")
    write(data / "curated" / "evidence" / "gazette.ttl", undated)
    assert of(build(data), STATEMENT)["publicFrom"] == "2024-12-01"


def test_an_undated_statement_was_so_by_the_day_it_was_reported(data: Path) -> None:
    write(
        data / "curated" / "capital" / "acme.ttl",
        DEAL.replace('    ctkg:date "2024-02"^^xsd:gYearMonth ;\n', "", 1),
    )
    derived = of(build(data), STATEMENT)
    assert (derived["startEarliest"], derived["startLatest"]) == ("0001-01-01", "2024-03-05")


STATE = """
statement:acme-cccccc
    a ctkg:Seat ;
    ctkg:organisation actor:acme ;
    ctkg:place place:x ;
    ctkg:seatKind ctkg:Headquarters ;
    ctkg:from "2023"^^xsd:gYear ;%s
    prov:wasDerivedFrom source:gazette-2024 .
"""


@pytest.mark.parametrize(
    ("more", "earliest", "latest"),
    [
        ("", "2024-03-06", "9999-12-31"),
        ('\n    ctkg:checkedOn "2024-06-30"^^xsd:date ;', "2024-07-01", "9999-12-31"),
        ('\n    ctkg:until "2024-05"^^xsd:gYearMonth ;', "2024-05-01", "2024-05-31"),
    ],
    ids=["open", "checked later", "ended"],
)
def test_a_state_is_certain_until_it_was_last_seen(data: Path, more: str, earliest: str, latest: str) -> None:
    path = data / "curated" / "actors" / "acme.ttl"
    head = "@prefix place: <https://w3id.org/ctkg/id/place/> .\n"
    path.write_text(path.read_text(encoding="utf-8") + head + STATE % more, encoding="utf-8")
    derived = of(build(data), f"{ID}statement/acme-cccccc")
    assert (derived["startEarliest"], derived["startLatest"]) == ("2023-01-01", "2023-12-31")
    assert (derived["endEarliest"], derived["endLatest"]) == (earliest, latest)


def test_sums_are_written_once_more_as_text_and_bounds(data: Path) -> None:
    write(
        data / "curated" / "capital" / "acme.ttl",
        DEAL.replace("ctkg:amount 5000000", "ctkg:amountMin 5000000 ; ctkg:amountMinExclusive true"),
    )
    assembly = build(data)
    exact, bound = of(assembly, f"{ID}statement/acme-bbbbbb"), of(assembly, STATEMENT)
    assert (exact["money"], exact["amountLeast"], exact["amountGreatest"]) == (
        "USD 9000000",
        "9000000",
        "9000000",
    )
    assert (bound["money"], bound["amountLeast"]) == ("USD >5000000", "5000000")
    assert "amountGreatest" not in bound


RIVAL = DEAL[DEAL.index("statement:acme-aaaaaa") : DEAL.index("statement:acme-bbbbbb")]
DISPUTE = """
dispute:acme-part
    a ctkg:Dispute ;
    ctkg:rival statement:acme-aaaaaa , statement:acme-dddddd ;%s
    rdfs:label "Zeta's part in Acme"@en , "泽塔在阿克梅的出资"@zh .
"""


@pytest.mark.parametrize(
    ("decision", "current"),
    [
        ("", {"aaaaaa", "dddddd"}),
        ('\n ctkg:preferred statement:acme-dddddd ; ctkg:decidedOn "2024-12-01"^^xsd:date ;', {"dddddd"}),
        (
            '\n ctkg:preferred statement:acme-dddddd ; ctkg:decidedOn "2025-02-01"^^xsd:date ;',
            {"aaaaaa", "dddddd"},
        ),
    ],
    ids=["undecided", "decided", "decided after the data's date"],
)
def test_of_rivals_all_stand_until_one_is_preferred(data: Path, decision: str, current: set[str]) -> None:
    other = RIVAL.replace("aaaaaa", "dddddd").replace("5000000", "6000000")
    write(data / "curated" / "capital" / "acme.ttl", DEAL + other + DISPUTE % decision)
    assembly = build(data)
    standing = {tail for tail in ("aaaaaa", "dddddd") if "current" in of(assembly, f"{ID}statement/acme-{tail}")}
    assert standing == current


def test_a_superseded_statement_is_not_current(data: Path) -> None:
    newer = RIVAL.replace("aaaaaa", "dddddd").replace(
        "ctkg:stage", "ctkg:supersedes statement:acme-aaaaaa ; ctkg:stage"
    )
    write(data / "curated" / "capital" / "acme.ttl", DEAL + newer)
    assembly = build(data)
    assert "current" not in of(assembly, STATEMENT)
    assert of(assembly, f"{ID}statement/acme-dddddd")["current"] == "true"


def test_a_subject_in_the_wrong_file_is_refused_with_its_line(data: Path) -> None:
    path = write(data / "curated" / "actors" / "other.ttl", DEAL)
    error = refused(data)
    line = path.read_text(encoding="utf-8").splitlines().index("deal:acme-2024-02") + 1
    assert f"other.ttl:{line}: deal:acme-2024-02 stands in the wrong file" in str(error)
    assert error.hint is not None
    assert "capital" in error.hint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('actor:acme-two a ctkg:Company ; rdfs:label "x"@en .', "wrong file"),
        ("actor:acme2 a ctkg:Compny .", "no class that ctkg knows"),
        ("<https://example.org/acme> a ctkg:Company .", "not an IRI of the form"),
        ("actor:Acme a ctkg:Company .", "not an IRI of the form"),
        ("[] a ctkg:Company .", "blank nodes are not used"),
        ("actor:acme rdfs:seeAlso [] .", "blank nodes are not used"),
    ],
)
def test_a_wrong_name_is_refused(data: Path, text: str, said: str) -> None:
    write(data / "curated" / "actors" / "acme2.ttl", text)
    assert said in str(refused(data))


def test_a_statement_has_a_random_tail(data: Path) -> None:
    write(data / "curated" / "capital" / "acme.ttl", DEAL.replace("acme-aaaaaa", "acme-lead"))
    assert "not named after its file" in str(refused(data))


@pytest.mark.parametrize(
    "place",
    [
        "loose.ttl",
        "curated/loose.ttl",
        "curated/gossip/acme.ttl",
        "curated/actors/deep/acme.ttl",
        "other/deep/x.ttl",
    ],
)
def test_a_file_outside_the_layout_is_refused(data: Path, place: str) -> None:
    write(data / place, "")
    error = refused(data)
    assert "lies outside the layout" in str(error)
    assert place.rsplit("/", 1)[-1] in str(error)


def test_hidden_and_other_files_are_left_alone(data: Path) -> None:
    write(data / ".git" / "x.ttl", "nonsense")
    write(data / "curated" / "actors" / ".#acme.ttl", "nonsense")
    write(data / "README.md", "words")
    assert build(data).data_date == "2025-01-01"


def test_a_triple_in_two_datasets_is_refused_with_both_named(data: Path) -> None:
    write(data / "other" / "batch.ttl", 'actor:acme rdfs:label "Acme"@en .')
    error = refused(data)
    assert "rdfs:label of actor:acme says the same in two datasets" in str(error)
    assert "batch.ttl" in str(error)


def test_two_datasets_may_say_different_things_of_one_subject(data: Path) -> None:
    write(data / "other" / "batch.ttl", 'actor:acme rdfs:label "ACME"@en .')
    assert f"{ID}dataset/other" in build(data).graphs


def test_a_folder_without_a_card_is_refused(data: Path) -> None:
    (data / "curated" / "dataset.ttl").unlink()
    assert "holds no curated/dataset.ttl" in str(refused(data))


def test_a_card_without_a_date_is_refused(data: Path) -> None:
    write(data / "curated" / "dataset.ttl", 'dataset:curated dcterms:title "x"@en .')
    assert "states no ctkg:dataDate" in str(refused(data))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('"2024-02"^^xsd:gYearMonth', '"2024-13"^^xsd:gYearMonth'),
        ("ctkg:amount 5000000", 'ctkg:amount "much"'),
    ],
)
def test_a_date_or_number_that_cannot_be_read_is_refused_with_its_line(data: Path, right: str, wrong: str) -> None:
    write(data / "curated" / "capital" / "acme.ttl", DEAL.replace(right, wrong, 1))
    assert "acme.ttl:" in str(refused(data))
