"""Answers that a store cuts arrive whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from ctkg.errors import EndpointError
from ctkg.graph import KnowledgeGraph
from ctkg.graph_store import load
from ctkg.paging import is_ordered, window
from ctkg.remote import RemoteBackend
from ctkg.search_names import gather
from ctkg.settings import settings
from tests.conftest import WORLD
from tests.servers import Respond, reply, serving, virtuoso

LABELS = "SELECT ?s (STR(?l) AS ?label) { ?s rdfs:label ?l } ORDER BY STR(?s) STR(?l) LANG(?l)"
TRIPLES = "SELECT ?s ?p ?o { ?s ?p ?o }"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT ?s { ?s ?p ?o } # LIMIT 3", "SELECT ?s { ?s ?p ?o } # LIMIT 3\nLIMIT 7 OFFSET 5\n"),
        ("SELECT ?s { { SELECT ?s {} LIMIT 3 } }", "SELECT ?s { { SELECT ?s {} LIMIT 3 } }\nLIMIT 7 OFFSET 5\n"),
        ("SELECT ?s {} limit 9 OFFSET 2", "SELECT ?s {}  \nLIMIT 4 OFFSET 7\n"),
        ("SELECT ?s {} OFFSET 2 LIMIT 100", "SELECT ?s {}  \nLIMIT 7 OFFSET 7\n"),
        ("SELECT ?s {} LIMIT 5", None),
        ("SELECT ?s {} VALUES ?s { 1 }", "SELECT ?s {} \nLIMIT 7 OFFSET 5\nVALUES ?s { 1 }"),
        ("SELECT ?limit {} ORDER BY ?limit", "SELECT ?limit {} ORDER BY ?limit\nLIMIT 7 OFFSET 5\n"),
    ],
)
def test_a_window_counts_within_the_querys_own_limit(text: str, expected: str | None) -> None:
    assert window(text, 5, 7) == expected


def test_only_the_order_of_the_whole_counts() -> None:
    assert is_ordered("SELECT ?s {} order  by ?s")
    assert not is_ordered("SELECT ?order { { SELECT ?s {} ORDER BY ?s } FILTER(?x = 'ORDER BY') } # ORDER BY")


def test_every_stored_query_can_be_paged(world: KnowledgeGraph) -> None:
    """On the embedded store, row by row: the windows lie side by side."""
    for query in world.queries.values():
        rows = world.backend.select(query.text)
        assert is_ordered(query.text)
        middle = len(rows) // 2
        for offset, limit in ((0, middle), (middle, len(rows))):
            part = window(query.text, offset, limit)
            assert (world.backend.select(part) if part else []) == rows[offset : offset + limit]


def test_windows_on_oxigraph_make_up_the_whole(world_in_oxigraph: KnowledgeGraph) -> None:
    rows = world_in_oxigraph.backend.select(LABELS)
    pages = [world_in_oxigraph.backend.select(window(LABELS, n, 500) or "") for n in range(0, len(rows) + 500, 500)]
    assert len(rows) > 1000
    assert [row for page in pages for row in page] == rows


@pytest.fixture(scope="module")
def capped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteBackend]:
    """A Virtuoso that cuts every answer after 1000 rows."""
    with virtuoso(tmp_path_factory.mktemp("virtuoso"), 1000) as server:
        list(load(settings(WORLD), server.store))
        yield RemoteBackend(server.query)


def test_virtuoso_cuts_and_we_get_the_rows_whole(capped: RemoteBackend, world: KnowledgeGraph) -> None:
    assert len(list(capped._ask(LABELS).rows or ())) == 1000  # the fault that all of this is about
    expected = world.backend.select(LABELS)
    assert len(expected) > 1000
    assert capped.select(LABELS) == expected
    assert capped.select(f"{LABELS} LIMIT 1200 OFFSET 30") == expected[30:1230]


def test_a_search_knows_all_names_of_a_store_that_cuts(capped: RemoteBackend, world: KnowledgeGraph) -> None:
    assert gather(capped) == gather(world.backend)


def test_what_cannot_be_paged_fails_loudly(capped: RemoteBackend) -> None:
    for ask in (capped.query, capped.select):
        with pytest.raises(EndpointError, match="cut its answer after 1000 rows"):
            ask(TRIPLES)
    with pytest.raises(EndpointError, match="cut its answer after 1000 rows"):
        capped.query(f"{TRIPLES} LIMIT 1001")
    assert len(list(capped.query(f"{TRIPLES} LIMIT 1000").rows or ())) == 1000


def test_virtuoso_sorts_no_more_than_ten_thousand_rows_and_we_say_so(capped: RemoteBackend) -> None:
    with pytest.raises(EndpointError, match="Only 10000 are allowed"):
        capped.select(f"{TRIPLES} ORDER BY STR(?s) STR(?p) STR(?o)")


def _pages(total: int, most: int) -> Respond:
    """A store of numbers that cuts after ``most`` rows."""

    def respond(handler: object, request: object) -> None:
        text = parse_qs(urlsplit(request.path).query)["query"][0]  # type: ignore[attr-defined]
        words = text.split()
        bounds = {word: int(words[n + 1]) for n, word in enumerate(words) if word in ("LIMIT", "OFFSET")}
        first = bounds.get("OFFSET", 0)
        last = min(total, first + min(most, bounds.get("LIMIT", total)))
        rows = ",".join(f'{{"n":{{"type":"literal","value":"{n}"}}}}' for n in range(first, last))
        reply(200, f'{{"head":{{"vars":["n"]}},"results":{{"bindings":[{rows}]}}}}')(handler, request)  # type: ignore[arg-type]

    return respond


@pytest.mark.parametrize(("total", "most", "asked"), [(999, 5000, 1), (1000, 1000, 2), (3500, 1000, 5)])
def test_few_rows_cost_one_request_and_many_one_more_than_pages(total: int, most: int, asked: int) -> None:
    with serving(_pages(total, most)) as server:
        rows = RemoteBackend(server.url).select("SELECT ?n { ?n ?p ?o } ORDER BY ?n")
        assert [int(row[0].value) for row in rows] == list(range(total))
        assert len(server.requests) == asked


def test_a_store_that_ignores_offset_is_found_out() -> None:
    rows = ",".join(f'{{"n":{{"type":"literal","value":"{n}"}}}}' for n in range(1000))
    with (
        serving(reply(200, f'{{"head":{{"vars":["n"]}},"results":{{"bindings":[{rows}]}}}}')) as server,
        pytest.raises(EndpointError, match="the same rows for every OFFSET"),
    ):
        RemoteBackend(server.url).select("SELECT ?n { ?n ?p ?o } ORDER BY ?n")
