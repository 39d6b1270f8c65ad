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
from ctkg.queries import DATED, bind
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
    """A query that takes twenty seconds hangs: the slowest takes some five, mostly for planning."""
    os.environ["CTKG_TIMEOUT"] = "20"
    yield KnowledgeGraph.open(endpoint=server.query)
    del os.environ["CTKG_TIMEOUT"]


WRONG = {
    "compute-over-time.above-1e24", "compute-over-time.default", "compute-over-time.one-developer",
    "coverage.default", "coverage.known-at", "coverage.zhipu", "listed-developers.default",
}  # fmt: skip
"""Cases that Virtuoso 7.2.5 cannot answer: it rounds a double to six digits and has no answer to a bound of 1e24; its
rows end at 7100 characters. For coverage it takes unbound variables for bound (see ``FAULTS``); what it understands
instead takes a quarter longer on our own store."""


def _marks(case: Path) -> tuple[pytest.MarkDecorator, ...]:
    if case.stem in WRONG:
        return (pytest.mark.xfail(strict=True, raises=(AssertionError, EndpointError)),)
    return ()


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, marks=_marks(case)) for case in CASES],
    ids=lambda case: case.stem,
)
def test_the_answer_is_the_expected_one(world: KnowledgeGraph, there: KnowledgeGraph, case: Path) -> None:
    """Through ``select`` and with the days given, as ``ctkg query`` asks."""
    query = world.queries[query_name(case)]
    days = {parameter.name: world.data_date for parameter in query.params if parameter.name in DATED}
    terms = {
        name: read_argument(world.backend, query.parameter(name), value).term
        for name, value in (days | arguments(case)).items()
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
    "a path of length zero or more gives a node once for each way to it": (
        "SELECT ?m { ?m ctkg:derivedFromModel* model:deepseek-v3-base } ORDER BY ?m"
    ),
    "a year compared with a day is no error": "SELECT ?x { BIND(IF('2025'^^xsd:gYear <= '2026-11-24'^^xsd:date, 1, 0) AS ?x) }",
    "EXISTS is no part of a larger condition in IF": (
        "SELECT ?e ?x { ?e a ctkg:Typing OPTIONAL { ?e ctkg:share ?share } "
        "BIND(IF(EXISTS { ?e ctkg:basis ctkg:Inferred } || BOUND(?share), 'a', 'b') AS ?x) } ORDER BY ?e"
    ),
    "BIND(EXISTS) is false where OPTIONAL stands between it and another BIND": (
        "SELECT ?e { ?e a ctkg:Fabrication ; ctkg:startLatest ?start BIND(IF(?start <= '2026-11-24'^^xsd:date, 'a', 'b') AS ?c) "
        "OPTIONAL { ?e ctkg:process ?process } BIND(EXISTS { ?dispute ctkg:rival ?e } AS ?x) FILTER(?x) } ORDER BY ?e"
    ),
    "after UNION and two OPTIONAL, the second is BOUND in IF though it is not": (
        "SELECT ?s ?y { { ?s ctkg:investee actor:zhipu-ai ; a ?class } UNION { ?s ctkg:owned actor:zhipu-ai ; a ?class } "
        "OPTIONAL { ?s ctkg:currency ?c } OPTIONAL { ?s ctkg:date ?d } BIND(IF(?class = ctkg:Investment && BOUND(?c), 'c', ?none) AS ?x) "
        "BIND(IF(?class = ctkg:Investment && BOUND(?d), 'd', ?none) AS ?y) } ORDER BY ?s ?class"
    ),
}  # fmt: skip
"""The smallest queries found that show what the stored queries therefore avoid.

Not brought down to a small query, and seen only in the stored queries as they were: rows lost by VALUES with UNDEF, text
from IF instead of an IRI, after UNION an unbound value from the second IF that may give an IRI (not with ORDER BY on
it), and the compiler's SP031 in cornerstones-of and sources-of. A query waits for ever, without work, where the data's
date is a variable and serves as both days, or the language is a variable in two OPTIONAL, and some NOT EXISTS stand
beside it: days and the language are therefore constants in what is sent. It is not asked here, since the server does
not get free again.
"""


@pytest.mark.parametrize("fault", FAULTS)
def test_virtuoso_still_has_the_fault(world: KnowledgeGraph, there: KnowledgeGraph, fault: str) -> None:
    """When this fails, Virtuoso has mended it: strike it out here and in docs/scale.md."""
    try:
        found = there.backend.select(FAULTS[fault])
    except EndpointError as error:
        assert "SPARQL compiler" in str(error) or "SQ074" in str(error)  # noqa: PT017 - an error is one of the two ways of being wrong
        return
    assert found != world.backend.select(FAULTS[fault])


def test_the_store_says_its_date_and_cards_are_the_same(world: KnowledgeGraph, there: KnowledgeGraph) -> None:
    assert there.data_date == world.data_date
    assert there.describe("moonshot-ai") == world.describe("moonshot-ai")
