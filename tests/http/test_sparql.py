"""``/sparql``: the SPARQL 1.1 Protocol."""

from __future__ import annotations

import urllib.request

from werkzeug.test import Client


def test_a_query_is_answered(client: Client) -> None:
    answer = client.get("/sparql", query_string={"query": "SELECT ?c { ?c a ctkg:Company } ORDER BY ?c LIMIT 1"})
    assert answer.status_code == 200
    assert answer.content_type == "application/sparql-results+json"
    assert [row["c"]["type"] for row in answer.json["results"]["bindings"]] == ["uri"]


def test_a_real_server_answers_the_same(client: Client, server: str) -> None:
    asked = "/sparql?query=SELECT%20?c%20%7B?c%20a%20ctkg:Company%7D%20ORDER%20BY%20?c"
    with urllib.request.urlopen(f"{server}{asked}", timeout=10) as answer:  # noqa: S310 - our own server
        assert answer.read() == client.get(asked).data
