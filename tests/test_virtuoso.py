"""Every golden case on a real Virtuoso server, where one is installed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from ctkg.answers import read_argument
from ctkg.errors import EndpointError
from ctkg.graph import KnowledgeGraph
from ctkg.graph_store import load
from ctkg.queries import bind
from ctkg.settings import settings
from tests.conftest import WORLD
from tests.servers import Store, virtuoso
from tests.test_expected import CASES, arguments, plain, query_name


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with virtuoso(tmp_path_factory.mktemp("virtuoso")) as server:
        list(load(settings(WORLD), server.store))
        yield server


@pytest.fixture(scope="module")
def there(server: Store) -> Iterator[KnowledgeGraph]:
    """Some queries hang: they are given up after eight seconds."""
    os.environ["CTKG_TIMEOUT"] = "8"
    yield KnowledgeGraph.open(endpoint=server.query)
    del os.environ["CTKG_TIMEOUT"]


WRONG = {
    "compute-over-time.above-1e24", "compute-over-time.default", "compute-over-time.one-developer",
    "listed-developers.default",
}  # fmt: skip
"""Cases that Virtuoso 7.2.5 cannot answer: it rounds a double to six digits and has no answer to a bound of 1e24;
its rows end at 7100 characters."""

UNTRACED = {
    "built-on", "co-investors-of", "coverage", "dependencies", "makers-of", "state-linked-by-year",
    "state-linked-investments", "state-linked-money", "vouchers",
}  # fmt: skip
"""Queries of which some cases hang or lose rows, seen on 27 November 2026 and not brought down to a cause yet; whether a
case of them hangs differs from run to run, so that their passing is no fault either."""


def _marks(case: Path) -> tuple[pytest.MarkDecorator, ...]:
    if case.stem in WRONG:
        return (pytest.mark.xfail(strict=True, raises=(AssertionError, EndpointError)),)
    if query_name(case) in UNTRACED:
        return (pytest.mark.xfail(strict=False, raises=(AssertionError, EndpointError)),)
    return ()


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, marks=_marks(case)) for case in CASES],
    ids=lambda case: case.stem,
)
def test_the_answer_is_the_expected_one(world: KnowledgeGraph, there: KnowledgeGraph, case: Path) -> None:
    """Through ``select``, as ``ctkg query`` asks."""
    query = world.queries[query_name(case)]
    terms = {
        name: read_argument(world.backend, query.parameter(name), value).term for name, value in arguments(case).items()
    }
    found = [
        "\t".join(plain(term, column.type) for term, column in zip(row, query.columns, strict=True))
        for row in there.backend.select(bind(query, terms))
    ]
    assert found == case.read_text(encoding="utf-8").splitlines()[2:]


FAULTS = {
    "EXISTS is an integer": "SELECT ?x { BIND(EXISTS { actor:moonshot-ai a ctkg:Company } AS ?x) }",
    "FILTER in OPTIONAL does not see a variable from outside": (
        "SELECT ?c ?o { dataset:curated ctkg:dataDate ?day . ?c a ctkg:InvestmentFund "
        "OPTIONAL { ?o a ctkg:Investment ; ctkg:investor ?c ; ctkg:publicFrom ?p FILTER(?p <= ?day) } } ORDER BY ?c ?o"
    ),
    "a comparison with an unbound variable is false, not an error": (
        "SELECT ?x { actor:moonshot-ai a ctkg:Company OPTIONAL { actor:moonshot-ai ctkg:endLatest ?end } "
        "BIND(COALESCE(IF(1 >= ?end, 'after', 'before'), 'no end') AS ?x) }"
    ),
    "ORDER BY takes no bare aggregate": "SELECT ?s { ?s a ctkg:Dispute } GROUP BY ?s ORDER BY MIN(STR(?s))",
    "VALUES does not restrict the start of a path of length zero or more": (
        "SELECT ?m ?e { VALUES ?of { model:yi-34b } ?of ctkg:derivedFromModel* ?m . ?e a ctkg:Derivation ; ctkg:derived ?m } ORDER BY ?m ?e"
    ),
}  # fmt: skip
"""The smallest queries found that show what the stored queries therefore avoid.

Not brought down to a small query, and seen only in the stored queries as they were: rows lost by VALUES with UNDEF, text
from IF instead of an IRI, a hang where two BIND take their value from one variable, a second BIND(EXISTS) that is
false, and the compiler's SP031 in cornerstones-of and sources-of.
"""


@pytest.mark.parametrize("fault", FAULTS)
def test_virtuoso_still_has_the_fault(world: KnowledgeGraph, there: KnowledgeGraph, fault: str) -> None:
    """When this fails, Virtuoso has mended it: strike it out here and in docs/scale.md."""
    try:
        found = there.backend.select(FAULTS[fault])
    except EndpointError as error:
        assert "SPARQL compiler" in str(error)  # noqa: PT017 - an error is one of the two ways of being wrong
        return
    assert found != world.backend.select(FAULTS[fault])


def test_the_store_says_its_date_and_cards_are_the_same(world: KnowledgeGraph, there: KnowledgeGraph) -> None:
    assert there.data_date == world.data_date
    assert there.describe("moonshot-ai") == world.describe("moonshot-ai")
