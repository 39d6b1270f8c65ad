"""``/sparql``: the cases of the W3C's SPARQL 1.1 Protocol tests on our own graphs, and what clients do beside.

Each case bears the name that it has in the manifest; the operations on update are
all refused, since the graph is read-only.
"""

from __future__ import annotations

import contextlib
import csv
import gzip
import json
from typing import Any
from urllib.parse import urlencode

import pyoxigraph
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import Client, TestResponse

from ctkg.http.negotiation import negotiate
from ctkg.http.problems import Problem
from ctkg.namespaces import ID, ONTOLOGY_GRAPH

CURATED = f"{ID}dataset/curated"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
SOLUTIONS = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
)
TRIPLES = ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json", "application/n-quads")
IN_BOTH = "ASK { ?actor a ctkg:Company . ctkg:Company a owl:Class }"
IN_ONTOLOGY = "ASK { GRAPH ?g { ctkg:Company a owl:Class } }"
INSERT = "INSERT DATA { <x:a> <x:b> <x:c> }"


def get(client: Client, query: str, accept: str = "*/*", **more: Any) -> TestResponse:
    return client.get("/sparql", query_string={"query": query, **more}, headers={"Accept": accept})


def holds(answer: TestResponse) -> Any:
    assert answer.status_code == 200, answer.text
    return json.loads(answer.text)["boolean"]


def test_query_get(client: Client) -> None:
    assert holds(get(client, "ASK {}")) is True


def test_query_post_form(client: Client) -> None:
    assert holds(client.post("/sparql", data={"query": "ASK {}"})) is True


def test_query_post_direct(client: Client) -> None:
    assert holds(client.post("/sparql", data="ASK {}", content_type=QUERY)) is True
    assert holds(client.post("/sparql", data="ASK {}", content_type=f"{QUERY}; charset=UTF-8")) is True


@pytest.mark.parametrize("how", ["get", "form", "direct", "form with graphs in the address"])
@pytest.mark.parametrize(
    ("query", "graphs", "expected"),
    [
        (IN_BOTH, {}, True),
        (IN_BOTH, {"default-graph-uri": [CURATED]}, False),
        (IN_BOTH, {"default-graph-uri": [CURATED, ONTOLOGY_GRAPH]}, True),
        (IN_ONTOLOGY, {"named-graph-uri": [CURATED]}, False),
        (IN_ONTOLOGY, {"named-graph-uri": [CURATED, ONTOLOGY_GRAPH]}, True),
        (IN_ONTOLOGY, {"default-graph-uri": [ONTOLOGY_GRAPH]}, False),
        (IN_BOTH, {"default-graph-uri": [CURATED], "named-graph-uri": [ONTOLOGY_GRAPH]}, False),
        # query_multiple_dataset: what the request says goes before what the query says
        (f"ASK FROM <{CURATED}> {{ ctkg:Company a owl:Class }}", {}, False),
        (f"ASK FROM <{ONTOLOGY_GRAPH}> {{ ctkg:Company a owl:Class }}", {}, True),
        (f"ASK FROM <{CURATED}> {{ ctkg:Company a owl:Class }}", {"default-graph-uri": [ONTOLOGY_GRAPH]}, True),
        (f"ASK FROM NAMED <{CURATED}> {{ GRAPH ?g {{ ctkg:Company a owl:Class }} }}", {}, False),
        (f"ASK FROM NAMED <{CURATED}> {{ ?any ?thing ?there }}", {}, False),
    ],
)  # fmt: skip
def test_query_dataset(client: Client, how: str, query: str, graphs: dict[str, list[str]], expected: bool) -> None:
    address = f"/sparql?{urlencode(graphs, doseq=True)}"
    if how == "get":
        answer = get(client, query, "*/*", **graphs)
    elif how == "form":
        answer = client.post("/sparql", data={"query": query, **graphs})
    elif how == "direct":
        answer = client.post(address, data=query, content_type=QUERY)
    else:
        answer = client.post(address, data={"query": query})
    assert holds(answer) is expected


@pytest.mark.parametrize("accept", SOLUTIONS)
@pytest.mark.parametrize("query", ["SELECT ?s { ?s a ctkg:Company } ORDER BY ?s", "ASK { ?s a ctkg:Company }"])
def test_query_content_type_of_solutions(client: Client, accept: str, query: str) -> None:
    answer = get(client, query, accept)
    assert answer.mimetype == accept
    if query.startswith("SELECT"):
        if accept == "text/csv":
            assert len(list(csv.reader(answer.text.splitlines()))) > 10
            return
        format_ = pyoxigraph.QueryResultsFormat.from_media_type(accept)
        assert format_ is not None
        found = pyoxigraph.parse_query_results(answer.data, format_)
        assert isinstance(found, pyoxigraph.QuerySolutions)
        assert len(list(found)) > 10


@pytest.mark.parametrize("accept", [*TRIPLES, "application/trig"])
@pytest.mark.parametrize("query", ["CONSTRUCT { ?s a ?c } { ?s a ?c }", "DESCRIBE actor:alibaba"])
def test_query_content_type_of_triples(client: Client, accept: str, query: str) -> None:
    answer = get(client, query, accept)
    assert answer.mimetype == accept
    kinds = {"application/ld+json": "json-ld", "application/rdf+xml": "xml", "application/trig": "trig"}
    found = rdflib.Dataset()
    found.parse(
        data=answer.data, format=kinds.get(accept, "nquads" if accept in TRIPLES[1:2] + TRIPLES[4:] else "turtle")
    )
    assert len(found) >= 5


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", SOLUTIONS[0]),
        ("text/html, application/xhtml+xml, */*;q=0.1", SOLUTIONS[0]),
        ("application/json", SOLUTIONS[0]),
        ("application/xml;q=0.9, text/csv;q=0.8", SOLUTIONS[1]),
        ("text/csv;q=0.2, application/sparql-results+xml;q=0.3", SOLUTIONS[1]),
        ("text/*", SOLUTIONS[2]),
        ("text/csv;q=0, text/*", SOLUTIONS[3]),
        ("APPLICATION/SPARQL-RESULTS+JSON;Q=1", SOLUTIONS[0]),
    ],
)
def test_the_form_most_liked_is_given(client: Client, accept: str, expected: str) -> None:
    assert get(client, "ASK {}", accept).mimetype == expected


def test_the_address_may_name_the_form(client: Client) -> None:
    assert get(client, "ASK {}", format="xml").mimetype == SOLUTIONS[1]


def test_what_cannot_be_had_is_refused_with_what_can(client: Client) -> None:
    answer = get(client, "ASK {}", "image/png")
    assert (answer.status_code, answer.mimetype) == (406, "application/problem+json")
    assert "text/csv" in json.loads(answer.text)["hint"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_bad_query_method(client: Client, method: str) -> None:
    answer = client.open("/sparql", method=method, query_string={"query": "ASK {}"})
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_bad_multiple_queries(client: Client) -> None:
    assert client.get("/sparql?query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D").status_code == 400
    assert client.post("/sparql", data={"query": ["ASK {}", "SELECT * {}"]}).status_code == 400


@pytest.mark.parametrize("kind", ["text/plain", None])
@pytest.mark.parametrize("body", ["query=ASK%20%7B%7D", "ASK {}"])
def test_bad_query_media_type(client: Client, kind: str | None, body: str) -> None:
    answer = client.post("/sparql", data=body.encode(), content_type=kind)
    assert answer.status_code == 415
    assert QUERY in answer.headers["Accept-Post"]


def test_bad_query_non_utf8(client: Client) -> None:
    assert client.post("/sparql", data="ASK {}".encode("utf-16"), content_type=QUERY).status_code == 400
    assert client.get("/sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%22%E9%22%20%7D").status_code == 400


def test_a_replacement_character_that_was_sent_is_a_character(client: Client) -> None:
    assert holds(get(client, 'ASK { FILTER("\ufffd" = "\ufffd") }')) is True


def test_bad_query_syntax_says_where(client: Client) -> None:
    answer = get(client, "ASK {\n  ?s ?p }")
    assert answer.status_code == 400
    assert "line 2, column" in json.loads(answer.text)["detail"]


def test_relative_iris_are_those_of_the_endpoint(client: Client) -> None:
    answer = get(client, "CONSTRUCT { <s> <p> <o> } {}", "application/n-triples")
    assert answer.text == "<http://localhost/s> <http://localhost/p> <http://localhost/o> .\n"


def test_no_query_in_a_form_is_an_error(client: Client) -> None:
    assert client.post("/sparql", data={"q": "ASK {}"}).status_code == 400


@pytest.mark.parametrize(
    "request_",
    [
        {"method": "GET", "query_string": {"update": INSERT}},
        {"method": "POST", "data": {"update": INSERT}},
        {"method": "POST", "data": {"update": [INSERT, INSERT]}},
        {"method": "POST", "data": INSERT, "content_type": UPDATE},
        {"method": "POST", "data": INSERT.encode("utf-16"), "content_type": UPDATE},
        {"method": "POST", "data": "no update", "content_type": UPDATE},
        {"method": "POST", "data": {"update": INSERT, "using-graph-uri": CURATED}},
    ],
)
def test_updates_are_refused_with_a_reason(client: Client, request_: dict[str, Any]) -> None:
    answer = client.open("/sparql", **request_)
    assert answer.status_code == 403
    assert "read-only" in json.loads(answer.text)["detail"]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT ?s { ?s ?p ?o } }",
        "SELECT * { \\u0053ERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "LOAD <http://127.0.0.1:1/>",
        INSERT,
        "ASK { " + "(" * 5000,
    ],
)
def test_calls_and_changes_in_a_query_are_refused(client: Client, query: str) -> None:
    assert client.post("/sparql", data={"query": query}).status_code == 400


def test_a_graph_that_is_no_iri_is_refused(client: Client) -> None:
    assert get(client, "ASK {}", **{"default-graph-uri": "no iri"}).status_code == 400


def test_who_has_the_answer_is_told_so(client: Client) -> None:
    first = get(client, "ASK {}")
    again = client.get("/sparql?query=ASK+%7B%7D", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    other = client.get("/sparql?query=ASK+%7B+%7D", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


def test_answers_differ_in_their_tags_by_form_and_language(client: Client) -> None:
    tags = {get(client, "ASK {}", accept).headers["ETag"] for accept in SOLUTIONS}
    assert len(tags) == len(SOLUTIONS)


@pytest.mark.parametrize("function", ["NOW()", "RAND()", "STRUUID()", "uuid ( )"])
def test_what_is_another_answer_each_time_is_not_kept(client: Client, function: str) -> None:
    answer = get(client, f"SELECT ({function} AS ?x) {{}}")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


def test_an_answer_is_packed_for_who_can_unpack_it(client: Client) -> None:
    query = "SELECT ?s ?l { ?s rdfs:label ?l } ORDER BY ?s ?l"
    plain = get(client, query, "text/csv")
    packed = client.get(
        "/sparql", query_string={"query": query}, headers={"Accept": "text/csv", "Accept-Encoding": "gzip"}
    )
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 3
    refused = client.get("/sparql", query_string={"query": query}, headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers


def test_a_page_of_another_origin_may_ask(client: Client) -> None:
    answer = client.options(
        "/sparql", headers={"Origin": "https://else.example", "Access-Control-Request-Method": "POST"}
    )
    assert answer.status_code == 204
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]


_RANGES = st.lists(
    st.tuples(
        st.sampled_from([*SOLUTIONS, "text/*", "application/*", "*/*", "image/png"]),
        st.sampled_from(["", ";q=1", ";q=0.5", ";q=0.25", ";q=0", "; q=0.125"]),
    ),
    min_size=1,
    unique_by=lambda pair: pair[0],
)


@given(_RANGES)
def test_negotiation_takes_what_the_client_likes_best(ranges: list[tuple[str, str]]) -> None:
    """By the words of RFC 9110: the most telling range decides; 0 is a refusal."""
    offers = dict(zip("jxct", SOLUTIONS, strict=True))

    def liked(kind: str) -> float:
        for wanted in (kind, kind.split("/")[0] + "/*", "*/*"):
            for range_, parameter in ranges:
                if range_ == wanted:
                    return float(parameter.rpartition("=")[2] or 1)
        return 0

    best = max(map(liked, SOLUTIONS))
    accept = ", ".join(range_ + parameter for range_, parameter in ranges)
    if best == 0:
        with pytest.raises(Problem):
            negotiate(accept, offers)
    else:
        assert offers[negotiate(accept, offers)] == next(kind for kind in SOLUTIONS if liked(kind) == best)


@given(st.text())
def test_whatever_is_accepted_is_read_or_refused(accept: str) -> None:
    with contextlib.suppress(Problem):
        assert negotiate(accept, {"a": "text/csv"}) == "a"
