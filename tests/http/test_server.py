"""A real ``ctkg serve``: what keeps it from starting, and the clients that people have."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ctkg.graph import KnowledgeGraph
from tests.conftest import WORLD, Ctkg
from tests.http.conftest import SMALL, ask, serving


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["--port", "99999"], "--port cannot be 99999"),
        (["--timeout", "0"], "--timeout cannot be 0"),
        (["--memory", "1"], "--memory cannot be 1"),
        (["--host", "no.such.host.invalid"], "no.such.host.invalid:0 cannot be had"),
        (["--data", "/no/such/folder"], "no data folder"),
    ],
)
def test_what_cannot_be_served_is_said(ctkg: Ctkg, words: list[str], error: str) -> None:
    data = [] if "--data" in words else ["--data", str(WORLD)]
    port = [] if "--port" in words else ["--port", "0"]
    done = ctkg("serve", *words, *data, *port)
    assert done.returncode == 3
    assert error in done.stderr
    assert "hint:" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken_is_said(ctkg: Ctkg, server: str) -> None:
    done = ctkg("serve", "--data", str(WORLD), "--port", str(urlsplit(server).port))
    assert done.returncode == 3
    assert "--port" in done.stderr.partition("hint:")[2]


def test_every_stored_query_gives_the_same_rows_through_the_server(world: KnowledgeGraph, server: str) -> None:
    there = KnowledgeGraph.open(endpoint=f"{server}/sparql")
    assert there.data_date == world.data_date
    for name in world.queries:
        assert there.query(name).rows == world.query(name).rows, name


def test_sparqlwrapper_asks_it(server: str) -> None:
    from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper

    wrapper = SPARQLWrapper(f"{server}/sparql", returnFormat=JSON)
    wrapper.setQuery("SELECT ?c { ?c a ctkg:Company }")
    assert len(wrapper.queryAndConvert()["results"]["bindings"]) > 10  # type: ignore[index, call-overload]
    wrapper.setMethod(POST)
    wrapper.setQuery("ASK { ?c a ctkg:Company }")
    assert wrapper.queryAndConvert()["boolean"] is True  # type: ignore[index, call-overload]
    wrapper.setReturnFormat(TURTLE)
    wrapper.setQuery("CONSTRUCT { ?c a ctkg:Company } { ?c a ctkg:Company }")
    assert b"ctkg" in wrapper.queryAndConvert()  # type: ignore[operator]


def test_rdflibs_sparqlstore_asks_it(server: str) -> None:
    import rdflib
    from rdflib.plugins.stores.sparqlstore import SPARQLStore

    graph = rdflib.Graph(SPARQLStore(f"{server}/sparql"))
    company = rdflib.URIRef("https://w3id.org/ctkg/ontology#Company")
    assert len(list(graph.subjects(rdflib.RDF.type, company))) > 10
    assert len(list(graph.query("SELECT ?s { ?s a <https://w3id.org/ctkg/ontology#Company> }"))) > 10


def test_curl_asks_it(server: str) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    command = ["curl", "--silent", "--compressed", "--data-urlencode", "query=ASK {}", f"{server}/sparql"]
    done = subprocess.run(command, capture_output=True, check=True, timeout=30)
    assert json.loads(done.stdout)["boolean"] is True


def test_a_damaged_snapshot_is_built_anew(tmp_path: Path) -> None:
    environment = {"CTKG_CACHE": str(tmp_path)}
    with serving("--data", str(WORLD), **environment) as (_, address):
        expected = ask(address, SMALL)
    for table in tmp_path.glob("*/store/*.sst"):
        table.write_bytes(bytes(255 - byte for byte in table.read_bytes()))  # of the same size
    with serving("--data", str(WORLD), **environment) as (_, address):
        assert ask(address, SMALL) == expected


def test_the_files_are_served_even_where_others_ask_elsewhere() -> None:
    with serving("--data", str(WORLD), CTKG_ENDPOINT="http://127.0.0.1:1/") as (_, address):
        assert ask(address, SMALL)[0] == 200
