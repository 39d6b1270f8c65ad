"""A graph view as SVG, PNG and a page: what it shows, in which language, and how long it takes to draw."""

from __future__ import annotations

import shutil
import subprocess
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ctkg.cli import view
from ctkg.errors import SettingsError
from ctkg.export import Options, export, png, render
from ctkg.export.picture import draw, seconds_to_draw
from ctkg.graph import KnowledgeGraph
from ctkg.results.edges import EdgeTable
from tests.conftest import WORLD, in_process
from tests.test_export import SVG


@pytest.mark.parametrize("hops", [1, 2])
def test_no_boxes_or_labels_overlap(world: KnowledgeGraph, hops: int) -> None:
    table = world.view("investments", ego="zhipu-ai", hops=hops, possible=True)
    picture = draw(table, "zh")
    assert len(picture.boxes) > 20
    assert [(a, b) for a, b in combinations(picture.boxes, 2) if picture.boxes[a].hits(picture.boxes[b])] == []


def test_a_picture_is_the_same_every_time(world: KnowledgeGraph) -> None:
    again = world.view("investments", ego="moonshot-ai", hops=2)
    assert render(again, "svg") == render(world.view("investments", ego="moonshot-ai", hops=2), "svg")


def test_svg_says_what_it_shows(ego: EdgeTable) -> None:
    text = render(ego, "svg")[""].decode()
    root = ElementTree.fromstring(text)
    shown = " ".join(element.text or "" for element in root.iter(f"{SVG}text"))
    for told in (
        "Moonshot AI",
        "月之暗面",
        "as of 2026-11-24",
        f"{len(ego.citations)} sources",
        "CC BY 4.0",
        "possible",
    ):
        assert told in shown
    assert all(statement in text for edge in ego.edges for statement in edge.evidence.statements)


def test_svg_speaks_chinese(ego: EdgeTable) -> None:
    from ctkg.messages import use_language

    use_language("zh")
    assert "谁投资了谁" in render(ego, "svg", Options(language="zh"))[""].decode()


def test_png_has_pixels_where_a_font_has_chinese(ego: EdgeTable) -> None:
    if not png.chinese_fonts():
        pytest.skip("no font with Chinese characters is installed (Debian: fonts-noto-cjk)")
    image = render(ego, "png")[""]
    assert image.startswith(b"\x89PNG")
    assert int.from_bytes(image[16:20], "big") >= 1280


def test_png_without_a_chinese_font_is_refused(ego: EdgeTable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(SettingsError, match="no font with Chinese characters") as found:
        render(ego, "png")
    assert "fonts-noto-cjk" in (found.value.hint or "")


def test_html_needs_no_network_and_cannot_be_broken_out_of(ego: EdgeTable) -> None:
    evil = '</script><script>alert(1)</script>{{svg}}<b a="'
    node = next(iter(ego.nodes.values()))
    nodes = {**ego.nodes, node.iri: node._replace(labels={"en": evil, "zh": evil})}
    page = render(ego._replace(nodes=nodes, summary={"en": evil, "zh": evil}), "html")[""].decode()
    assert "default-src 'none'" in page
    assert page.count("<script") == 2
    assert "src=" not in page.replace("font-src", "")
    assert "<b a=" not in page


def test_html_searches_filters_and_cites_in_a_browser(ego: EdgeTable, tmp_path: Path) -> None:
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no Chromium is installed (Debian: chromium)")
    [path] = export(ego, tmp_path / "x.html")
    steps = """<script>
      at("search").value = "暗面"; search(); const found = document.querySelectorAll(".found").length;
      showLine(0); const links = document.querySelectorAll("aside a").length;
      at("until").value = "2023-12-31"; filter();
      document.title = `${found} ${links > 1} ${at("count").textContent}`;
    </script>"""
    path.write_text(path.read_text(encoding="utf-8") + steps, encoding="utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom"]
    done = subprocess.run([browser, *flags, path.as_uri()], capture_output=True, text=True, timeout=120, check=True)
    lines = draw(ego, "en").lines
    early = sum(any(str(ego.edges[n].start_earliest) <= "2023-12-31" for n in line.edges) for line in lines)
    assert f"<title>1 true {early} / {len(lines)}</title>" in done.stdout
    assert 0 < early < len(lines)


@pytest.mark.parametrize(("ending", "warns"), [("svg", True), ("html", True), ("csv", False), ("graphml", False)])
def test_a_long_drawing_is_announced_before_it_begins(
    world: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, warns: bool
) -> None:
    monkeypatch.setattr(view, "_LONG", 0)
    words = ["view", "lineage", "--possible", "-o", str(tmp_path / f"x.{ending}"), "--data", str(WORLD)]
    nodes = len(world.view("lineage", possible=True).nodes)
    code, _, told = in_process(*words)
    assert code == 0
    assert (f"drawing {nodes} nodes takes some 0 s; narrow the view with --ego or --min-weight" in told) == warns


def test_a_drawing_of_hundreds_of_nodes_is_long_and_one_around_an_entity_is_not(
    table: EdgeTable, ego: EdgeTable
) -> None:
    node = next(iter(table.nodes.values()))
    crowd = table._replace(nodes={f"{node.iri}-{n}": node for n in range(700)})
    assert seconds_to_draw(crowd) >= view._LONG > seconds_to_draw(table)
    assert seconds_to_draw(ego) == 0
