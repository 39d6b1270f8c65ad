"""Dumps: the whole graph, and nothing else, literals as the files write them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse
from werkzeug.test import Client

from ctkg.build import assemble
from ctkg.catalog import open_catalog
from ctkg.dumps import Dumps
from ctkg.graph import KnowledgeGraph
from ctkg.http.app import Application
from ctkg.http.site import Site
from ctkg.snapshot_folder import open_folder
from tests.http.worlds import awkward_world

FORMATS = {"nt": RdfFormat.N_TRIPLES, "ttl": RdfFormat.TURTLE, "nq": RdfFormat.N_QUADS, "trig": RdfFormat.TRIG}


def quads(client: Client, name: str, graph: str | None = None) -> set[Quad]:
    answer = client.get(f"/dumps/{name}")
    assert answer.status_code == 200
    found = parse(answer.data, format=FORMATS[name.rpartition(".")[2]])
    if graph is None:
        return set(found)
    return {Quad(quad.subject, quad.predicate, quad.object, NamedNode(graph)) for quad in found}


@pytest.fixture(scope="module")
def expected(world: KnowledgeGraph) -> set[Quad]:
    return set(assemble(open_catalog(world.settings)).quads())


def test_the_dumps_of_all_datasets_together_are_the_graph(client: Client, expected: set[Quad]) -> None:
    files = json.loads(client.get("/dumps/").text)["files"]
    for ending in ("nt", "ttl"):
        parts = [quads(client, file["name"], file["graph"]) for file in files if file["name"].endswith(f".{ending}")]
        assert set().union(*parts) == expected
        assert sum(map(len, parts)) == len(expected)


@pytest.mark.parametrize("name", ["ctkg.nq", "ctkg.trig"])
def test_the_dump_of_everything_is_the_graph(client: Client, expected: set[Quad], name: str) -> None:
    assert quads(client, name) == expected


def test_literals_are_as_the_files_write_them(tmp_path: Path) -> None:
    client = awkward_world(tmp_path)
    assert b'"0.10"^^<http://www.w3.org/2001/XMLSchema#decimal>' in client.get("/dumps/curated.nt").data
    assert b"ctkg:amount 0.10 " in client.get("/dumps/curated.ttl").data
    assert b'"0.10"^^<http://www.w3.org/2001/XMLSchema#decimal>' in client.get("/dumps/ctkg.nq").data
    assert b"ctkg:amount 0.10 " in client.get("/dumps/ctkg.trig").data


def test_the_index_names_every_file_with_size_and_licence(client: Client) -> None:
    files = json.loads(client.get("/dumps/").text)["files"]
    assert {"ctkg.nq", "ctkg.trig", "curated.nt", "ontology.ttl", "derived.nt"} <= {file["name"] for file in files}
    for file in files:
        answer = client.get(f"/dumps/{file['name']}")
        assert answer.mimetype == file["media_type"]
        assert file["bytes"] in (None, len(answer.data))
        assert file["licences"]
        assert file["triples"] > 0
    page = client.get("/dumps/", headers={"Accept": "text/html"}).text
    assert all(f'href="/dumps/{file["name"]}"' in page for file in files)


def test_the_index_is_found_without_its_slash(client: Client) -> None:
    assert client.get("/dumps").status_code in (200, 308)


@pytest.mark.parametrize("name", ["curated", "curated.nq", "ctkg.nt", "x.nt", "..%2fmeta.json", "%00"])
def test_there_is_no_other_dump(client: Client, name: str) -> None:
    assert client.get(f"/dumps/{name}").status_code == 404


def test_a_dump_is_read_though_its_snapshot_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CTKG_CACHE", str(tmp_path / "cache"))
    client = awkward_world(tmp_path / "data")
    before = client.get("/dumps/ctkg.nq").data
    shutil.rmtree(tmp_path / "cache")
    assert client.get("/dumps/ctkg.nq").data == before
    assert client.get("/entities/actor/acme.ttl").status_code == 200


def test_a_snapshot_whose_dumps_are_cut_short_is_not_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CTKG_CACHE", str(tmp_path / "cache"))
    awkward_world(tmp_path / "data")
    (dump,) = (tmp_path / "cache").glob("*/dumps/curated.nt")
    assert open_folder(str(dump.parents[1])) is not None
    dump.write_bytes(dump.read_bytes()[:-10])
    assert open_folder(str(dump.parents[1])) is None


def test_an_empty_graph_is_an_empty_dump(tmp_path: Path) -> None:
    (tmp_path / "nothing.nt").write_bytes(b"")
    dumps = Dumps(tmp_path)
    assert dumps.all_triples("nothing") == []
    assert dumps.triples(["https://example.org/"]) == []


def test_who_asks_for_the_head_alone_has_nothing_made_for_them(site: Site) -> None:
    answer = Client(Application(site)).head("/dumps/ctkg.trig")
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "application/trig", b"")


def test_who_takes_gzip_gets_the_same(client: Client, site: Site) -> None:
    import gzip

    packed = Client(Application(site)).get("/dumps/ontology.nt", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == client.get("/dumps/ontology.nt").data
