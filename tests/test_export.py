"""Exports of a graph view, read back by the programs that they are for."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import igraph
import networkx
import pytest
import xmlschema

from ctkg.errors import QueryError, SettingsError
from ctkg.export import FORMATS, Options, export, png, render
from ctkg.graph import KnowledgeGraph
from ctkg.namespaces import curie
from ctkg.results import Resource
from ctkg.results.edges import EdgeTable
from tests.conftest import ROOT, WORLD, Ctkg, in_process

SVG = "{http://www.w3.org/2000/svg}"


def same(graph: networkx.MultiDiGraph[str], table: EdgeTable, renamed: dict[str, str] | None = None) -> None:
    """The graph holds every node, edge and attribute of the table, with its value and type."""
    renamed = renamed or {}
    assert graph.is_directed() == table.directed
    for row in table.nodes_flat().rows:
        told = graph.nodes[row["id"]]
        assert {
            name: value for name, value in row.items() if value is not None and name != "id"
        }.items() <= told.items()
    found = sorted(edge["statements"] for _, _, edge in graph.edges(data=True))
    assert found == sorted(row["statements"] for row in table.edges_flat().rows)
    by_statement = {(s, t, e["statements"]): e for s, t, e in graph.edges(data=True)}
    for row in table.edges_flat().rows:
        told = by_statement[row.pop("source"), row.pop("target"), row["statements"]]
        for name, value in row.items():
            assert told.get(renamed.get(name, name)) == value, name
            assert type(told.get(renamed.get(name, name))) is type(value), name


def test_networkx_reads_graphml(table: EdgeTable, tmp_path: Path) -> None:
    [path] = export(table, tmp_path / "x.graphml")
    graph = networkx.read_graphml(path, force_multigraph=True)
    assert set(graph) == {curie(iri) for iri in table.nodes}
    same(networkx.relabel_nodes(graph, dict(graph.nodes(data="iri"))), table)


@pytest.mark.parametrize("iri", ["https://example.org/a b", "http://example.org/x?y=z"])
def test_ids_of_graphml_are_tokens_whatever_the_iri(ego: EdgeTable, iri: str) -> None:
    node = next(iter(ego.nodes.values()))
    nodes = {(iri if old == node.iri else old): each._replace(iri=iri) if old == node.iri else each for old, each in ego.nodes.items()}  # fmt: skip
    edges = tuple(
        edge._replace(
            source=edge.source._replace(iri=iri) if edge.source.iri == node.iri else edge.source,
            target=edge.target._replace(iri=iri) if edge.target.iri == node.iri else edge.target,
        )
        for edge in ego.edges
    )
    root = ElementTree.fromstring(render(ego._replace(nodes=nodes, edges=edges), "graphml")[""])
    ids = [each.attrib["id"] for each in root.iter("{http://graphml.graphdrawing.org/xmlns}node")]
    assert len(set(ids)) == len(nodes)
    assert [each for each in ids if not re.fullmatch(r"[\w.:-]+", each)] == []
    assert {
        e.attrib[end] for e in root.iter("{http://graphml.graphdrawing.org/xmlns}edge") for end in ("source", "target")
    } == set(ids)


@pytest.mark.parametrize(("format_", "schema"), [("graphml", "graphml/graphml.xsd"), ("gexf", "gexf/gexf.xsd")])
def test_the_formats_own_schema_finds_no_fault(world: KnowledgeGraph, format_: str, schema: str) -> None:
    """``CTKG_SCHEMAS`` is a folder of schemas that the formats' makers publish; see docs/views.md for why none is here."""
    folder = os.environ.get("CTKG_SCHEMAS")
    if folder is None:
        pytest.skip("CTKG_SCHEMAS names no folder of the schemas of GraphML and GEXF")
    rules = xmlschema.XMLSchema(Path(folder, schema), allow="local")
    for name in world.views:
        text = render(world.view(name, possible=True), format_, Options(dated=True))[""].decode().partition("?>")[2]
        assert [error.reason for error in rules.iter_errors(text)] == [], name
    assert not rules.is_valid(text.replace("<edge id=", "<edge identity=", 1))


def test_igraph_reads_graphml(table: EdgeTable, tmp_path: Path) -> None:
    [path] = export(table, tmp_path / "x.graphml")
    graph = igraph.Graph.Read_GraphML(str(path))
    assert (graph.vcount(), graph.ecount()) == (len(table.nodes), len(table.edges))
    assert sorted(graph.vs["label_zh"]) == sorted(row["label_zh"] for row in table.nodes_flat().rows)
    assert sorted(graph.es["statements"]) == sorted(row["statements"] for row in table.edges_flat().rows)


def test_networkx_reads_gexf(table: EdgeTable, tmp_path: Path) -> None:
    [path] = export(table, tmp_path / "x.gexf")
    same(networkx.read_gexf(path, version="1.3"), table, {"kind": "edge_kind"})


def test_dated_gexf_has_closed_intervals(world: KnowledgeGraph, tmp_path: Path) -> None:
    table = world.view("stack-and-supply", as_of="2024-06-30", possible=True)
    [path] = export(table, tmp_path / "x.gexf", options=Options(dated=True))
    root = ElementTree.parse(path).getroot()
    found = [edge.attrib for edge in root.iter("{http://gexf.net/1.3}edge")]
    assert any("start" in edge for edge in found)
    for told, edge in zip(found, table.edges, strict=True):
        assert told.get("start", "0001-01-01") == edge.start_earliest
        if "end" in told:
            assert told["end"] < edge.end_latest  # on which it no longer holds
    static = render(table, "gexf")[""]
    assert b"start=" not in static.split(b"<edges>")[1]


def test_networkx_reads_node_link_and_cytoscape_json(table: EdgeTable) -> None:
    same(networkx.node_link_graph(json.loads(render(table, "json")[""]), edges="edges"), table)
    same(networkx.cytoscape_graph(json.loads(render(table, "cyjs")[""])), table)


def test_an_undirected_view_stays_undirected(world: KnowledgeGraph, tmp_path: Path) -> None:
    table = world.view("co-investment", ego="tencent")
    [path] = export(table, tmp_path / "x.graphml")
    assert not networkx.read_graphml(path).is_directed()
    assert b" -- " in render(table, "dot")[""]


def test_graphviz_draws_dot(ego: EdgeTable, tmp_path: Path) -> None:
    if shutil.which("dot") is None:
        pytest.skip("Graphviz is not installed")
    [path] = export(ego, tmp_path / "x.dot")
    done = subprocess.run(["dot", "-Tsvg", path], capture_output=True, check=True)
    assert done.stderr == b""
    drawn = ElementTree.fromstring(done.stdout)
    assert len(drawn.findall(f".//{SVG}g[@class='node']")) == len(ego.nodes)
    assert len(drawn.findall(f".//{SVG}g[@class='edge']")) == len(ego.edges)


def test_mermaid_keeps_statements_as_comments(ego: EdgeTable) -> None:
    text = render(ego, "mmd")[""].decode()
    assert text.count("-->|") + text.count("-.->|") == len(ego.edges)
    assert all(statement in text for edge in ego.edges for statement in edge.evidence.statements)


def test_csv_holds_edges_and_nodes(table: EdgeTable, tmp_path: Path) -> None:
    files = export(table, tmp_path / "x.csv")
    assert [file.name for file in files] == ["x.csv", "x-nodes.csv", "x-datasets.csv"]
    edges, nodes, datasets = (
        [*csv.DictReader(file.read_text(encoding="utf-8").splitlines(keepends=True))] for file in files
    )
    assert [dataset["licence"] for dataset in datasets] == ["CC BY 4.0"]
    assert [edge["statements"] for edge in edges] == [row["statements"] for row in table.edges_flat().rows]
    assert {edge["source"] for edge in edges} | {edge["target"] for edge in edges} == {node["id"] for node in nodes}


def test_parquet_holds_the_same_as_pandas(table: EdgeTable, tmp_path: Path) -> None:
    import pyarrow.parquet

    for path, frame in zip(export(table, tmp_path / "x.parquet"), table.to_pandas(), strict=True):
        read = pyarrow.parquet.read_table(path)
        assert read.num_rows == len(frame)
        assert read.column_names == list(frame.columns)
        assert read.to_pylist()[0] == dict(frame.astype(object).where(frame.notna(), None).iloc[0].items())


@pytest.mark.parametrize("format_", FORMATS)
def test_hostile_labels_stay_text(ego: EdgeTable, tmp_path: Path, format_: str) -> None:
    """What would end a string, a tag or a line in some format comes back as it was, or is shown as an escape."""
    if format_ == "png" and not png.chinese_fonts():
        pytest.skip("no font with Chinese characters is installed (Debian: fonts-noto-cjk)")
    evil = "a\"b<c>&'d\\e|f\x07`]-->"
    node = next(iter(ego.nodes.values()))
    table = ego._replace(nodes={**ego.nodes, node.iri: node._replace(labels={"en": evil})})
    [path, *_] = export(table, tmp_path / f"x.{format_}")
    if format_ == "graphml":
        assert networkx.read_graphml(path).nodes[curie(node.iri)]["label_en"] == evil.replace("\x07", "\ufffd")
    if format_ in ("gexf", "svg"):
        ElementTree.parse(path)
    if format_ == "json":
        assert evil in [n["label_en"] for n in json.loads(path.read_text(encoding="utf-8"))["nodes"]]
    if format_ == "dot" and shutil.which("dot"):
        subprocess.run(["dot", "-Tdot", path], capture_output=True, check=True)


@pytest.mark.parametrize(
    ("words", "code", "error", "hint"),
    [
        (["investment", "-o", "x.svg"], 2, "no view is called 'investment'", "investments"),
        (["investments", "-o", "x.xyz"], 2, "no format is called 'xyz'", "graphml"),
        (["investments", "-o", "plain"], 2, "plain does not say the format", "svg"),
        (["investments", "-o", "no/x.svg"], 3, "no/x.svg cannot be written", "-o"),
        (["investments", "-o", "x.svg", "--as-of", "yesterday"], 2, "as-of is not a day", "year-month-day"),
        (["investments", "-o", "x.svg", "--known-at", "2001-01-01", "--possible"], 2, "no links", "these days"),
        (["investments", "-o", "x.svg", "--ego", "deepseek"], 2, "no links", "--possible"),
        (["investments", "-o", "x.svg", "--type", "Model"], 2, "no links", "none are left by --type"),
        (["investments", "-o", "x.svg", "--until", "2024-01-01", "--as-of", "2024-01-01"], 2, "say the same", "one"),
        (["investments", "-o", "x.svg", "--dated"], 2, "--dated is of GEXF only", "attributes"),
        (["investments", "--format", "png"], 2, "png needs a file", "-o"),
        (["-o", "x.svg"], 2, "which view?", "ctkg view"),
    ],
)  # fmt: skip
def test_bad_input_is_named_and_writes_nothing(
    words: list[str], code: int, error: str, hint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found, out, told = in_process("view", *words, "--data", str(WORLD))
    assert (found, out) == (code, "")
    assert error in told
    assert hint in told.partition("hint:")[2]
    assert list(tmp_path.iterdir()) == []


def test_views_are_listed(world: KnowledgeGraph) -> None:
    code, out, _ = in_process("view", "--data", str(WORLD))
    assert code == 0
    assert [line.split("\t")[0] for line in out.splitlines()] == list(world.views)


def test_a_name_in_chinese_and_what_is_left_out_are_told(tmp_path: Path) -> None:
    path = tmp_path / "x.graphml"
    code, _, told = in_process("view", "investments", "--ego", "月之暗面", "-o", str(path), "--data", str(WORLD))
    assert code == 0
    assert "Moonshot AI (moonshot-ai)" in told
    assert "possible, not certain: --possible" in told


def test_a_failed_second_file_leaves_the_first_as_it_was(table: EdgeTable, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("before", encoding="utf-8")
    (tmp_path / "x-nodes.csv").mkdir()
    with pytest.raises(SettingsError, match="cannot be written"):
        export(table, tmp_path / "x.csv")
    assert (tmp_path / "x.csv").read_text(encoding="utf-8") == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x-nodes.csv", "x.csv"]


def test_a_killed_export_leaves_no_half_file(tmp_path: Path) -> None:
    path = tmp_path / "x.svg"
    path.write_text("before", encoding="utf-8")
    words = ["view", "investments", "--possible", "-o", str(path), "--data", str(WORLD)]
    command = [sys.executable, "-c", "from ctkg.cli import run; run()", *words]
    for wait in (0.2, 0.5, 0.9):
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ, stderr=subprocess.DEVNULL)
        time.sleep(wait)
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
        text = path.read_text(encoding="utf-8")
        assert text == "before" or text.rstrip().endswith("</svg>")
        assert [file.name for file in tmp_path.iterdir()] == ["x.svg"]


def test_mermaid_goes_to_stdout(ctkg: Ctkg) -> None:
    done = ctkg("view", "lineage", "--format", "mermaid", "--data", str(WORLD))
    assert done.returncode == 0
    assert "flowchart LR" in done.stdout


@pytest.mark.parametrize("format_", sorted(FORMATS.keys() - {"png"}))  # which are the pixels of the SVG
def test_an_export_names_licence_and_attribution_of_the_datasets_it_draws_on(
    world: KnowledgeGraph, tmp_path: Path, format_: str
) -> None:
    table = world.view("developers-models-chips", possible=True)
    [epoch] = [dataset for dataset in table.datasets if dataset.iri.endswith("/epoch-models")]
    files = export(table, tmp_path / f"x.{format_}")
    if format_ == "parquet":
        import pyarrow.parquet

        said = pyarrow.parquet.read_schema(files[0]).metadata[b"attribution"].decode()
    else:
        said = unescape("".join(file.read_text(encoding="utf-8") for file in files))
    assert epoch.terms == "CC BY 4.0"
    assert epoch.terms in said
    assert epoch.publisher in said
    assert epoch.citation.replace('"', '\\"') in said or epoch.citation in said


def test_every_licence_of_the_live_data_has_its_usual_name(live: KnowledgeGraph) -> None:
    tables = [live.view(name, possible=True) for name in ("developers-models-chips", "policies")]
    found = {dataset.iri.rpartition("/")[2]: dataset.terms for table in tables for dataset in table.datasets}
    assert {"curated", "epoch-models", "us-screening-list"} <= found.keys()
    assert [terms for terms in found.values() if terms.startswith("http")] == []


def test_where_the_store_tells_no_datasets_the_licence_is_that_of_the_curated_data(table: EdgeTable) -> None:
    bare = table._replace(datasets=())
    assert b"CC BY 4.0" in render(bare, "svg")[""]
    assert json.loads(render(bare, "json")[""])["graph"]["licence"] == "CC BY 4.0"
    assert render(bare, "csv")["-datasets"].splitlines()[1:] == [b",,,,CC BY 4.0,,"]


def test_only_datasets_of_the_links_that_are_kept_are_named(world: KnowledgeGraph) -> None:
    assert len(world.view("developers-models-chips", possible=True).datasets) > 1
    assert [dataset.terms for dataset in world.view("investments").datasets] == ["CC BY 4.0"]


def test_a_centre_is_a_resource(ego: EdgeTable) -> None:
    assert isinstance(ego.parameters["ego"], Resource)


def test_an_unknown_format_is_an_error(ego: EdgeTable, tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="no format is called"):
        export(ego, tmp_path / "x.docx")
