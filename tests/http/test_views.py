"""``/views``: the same files as ``ctkg view`` writes."""

from __future__ import annotations

import hashlib
import io
import re
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctkg.export import FORMATS, render
from ctkg.graph import KnowledgeGraph
from ctkg.http.views import NODES, VIEWS
from tests.test_hostile_arguments import WELL_FORMED

TEXTS = [format_ for format_ in FORMATS if format_ not in ("parquet", "png")]


@pytest.mark.parametrize("format_", TEXTS)
def test_a_view_is_the_file_that_the_command_writes(client: Any, world: KnowledgeGraph, format_: str) -> None:
    answer = client.get(f"/views/investments.{format_}?possible=true&ego=月之暗面")
    table = world.view("investments", possible=True, ego="月之暗面")
    assert answer.data == render(table, format_)[""]
    assert answer.mimetype == VIEWS[format_]


def test_every_view_answers(client: Any, world: KnowledgeGraph) -> None:
    for name in world.views:
        answer = client.get(f"/views/{name}?possible=true")
        assert len(answer.json["edges"]) == len(world.view(name, possible=True).edges), name


@pytest.mark.parametrize("format_", NODES)
def test_nodes_are_a_file_of_their_own(client: Any, world: KnowledgeGraph, format_: str) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is an extra")
    answer = client.get(f"/views/co-investment-nodes.{format_}?possible=true&merged=true")
    nodes = world.view("co-investment", possible=True, merged=True).nodes
    if format_ == "csv":
        assert answer.text.count("https://w3id.org/ctkg/id/") == len(nodes)
    else:
        import pyarrow.parquet

        assert pyarrow.parquet.read_table(io.BytesIO(answer.data)).num_rows == len(nodes)


def test_a_picture_is_a_picture(client: Any) -> None:
    pytest.importorskip("resvg_py", reason="resvg-py is an extra")
    answer = client.get("/views/investments.png?ego=moonshot-ai&possible=true")
    if answer.status_code == 501:  # no font of this machine has Chinese characters
        assert "font" in answer.json["detail"]
    else:
        assert answer.data.startswith(b"\x89PNG")


def test_a_view_is_narrowed_as_by_the_command(client: Any, world: KnowledgeGraph) -> None:
    asked = "possible=true&merged=true&min-weight=2&from=2023-01-01&until=2025-01-01&type=Company&layer=ModelsLayer"
    table = world.view(
        "investments", possible=True, merged=True, min_weight=2, since="2023-01-01", as_of="2025-01-01",
        actor_type="Company", layer="ModelsLayer",
    )  # fmt: skip
    answer = client.get(f"/views/investments.csv?{asked}")
    assert answer.data == render(table, "csv")[""] if table.edges else answer.status_code == 404


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("investments?as_of=1990-01-01", 404, "no links here"),
        ("investments?ego=deepseek", 404, "possible=true"),
        ("investments?type=Model", 404, "none are left by type"),
        ("investments?type=nobody", 404, "choose one of"),
        ("investments?hops=-1", 400, "hops"),
        ("investments?min_weight=0", 400, "min-weight is at least 1"),
        ("investments?possible=yes", 400, "true / false"),
        ("investments?dated=true", 400, "GEXF only"),
        ("investments?as_of=2024-01-01&until=2024-01-01", 400, "say the same"),
        ("investments?minweight=2", 400, "min_weight"),
        ("investmens", 404, "investments"),
        ("investments.docx", 404, "choose one of"),
        ("investments-nodes.svg", 404, "csv, parquet"),
    ],
)
def test_what_cannot_be_written_is_told_with_its_cure(client: Any, asked: str, status: int, said: str) -> None:
    answer = client.get(f"/views/{asked}")
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert said in answer.json["detail"] + answer.json.get("hint", "")


def test_a_browser_gets_the_form_and_by_its_ending_the_picture(client: Any) -> None:
    form = client.get("/views/investments", headers={"Accept": "text/html"})
    assert '<select id="format" name="format">' in form.text
    picture = client.get("/views/investments.html?ego=moonshot-ai&possible=true")
    assert "<svg" in picture.text


def test_the_page_may_run_its_own_script_and_no_other(client: Any) -> None:
    answer = client.get("/views/investments.html?ego=moonshot-ai&possible=true")
    script = re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)
    assert len(script) == 1
    known = b64encode(hashlib.sha256(script[0].encode()).digest()).decode()
    assert f"script-src 'sha256-{known}'" in answer.headers["Content-Security-Policy"]


def test_views_are_listed_with_their_options(client: Any, world: KnowledgeGraph) -> None:
    listed = client.get("/views").json["views"]
    assert [entry["name"] for entry in listed] == list(world.views)
    assert {"as_of", "from", "until", "possible", "merged", "ego", "hops"} <= {
        p["name"] for p in listed[0]["parameters"]
    }


@settings(max_examples=40)
@given(
    st.dictionaries(
        st.sampled_from(["ego", "hops", "type", "layer", "min_weight", "from", "until", "possible", "dated", "lang"]),
        WELL_FORMED, max_size=3,
    )
)  # fmt: skip
def test_whatever_is_given_is_answered_or_refused(site_client: Any, given: dict[str, str]) -> None:
    assert site_client.get("/views/lineage", query_string=given).status_code < 500
