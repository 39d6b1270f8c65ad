"""Queries and headers that were written to do harm: refused with their place, never a crash or a call."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctkg.errors import QueryError, QueryRefused
from ctkg.graph import KnowledgeGraph
from ctkg.queries import read_query
from ctkg.sparql import refuse_unsafe
from tests.conftest import ROOT, WORLD, Ctkg, in_process, write
from tests.test_queries import GOOD

DATA = ("--data", str(WORLD))


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?a ?b ?c.SERVICE<http://127.0.0.1:9/>{?s ?p ?o} }",
        'SELECT * { ?a ?b "x"@en.SERVICE<http://127.0.0.1:9/>{?s ?p ?o} }',
        "SELECT * { ?a ?b 1.0SERVICE<http://127.0.0.1:9/>{?s ?p ?o} }",
        "SELECT * { ?a ?b true.serviceSILENT<http://127.0.0.1:9/>{?s ?p ?o} }",
        "SELECT*{VALUES?s{<http://127.0.0.1:9/>}FILTER(1<2)SERVICE?s{?x?y?z}FILTER(2>1)}",
        "PREFIX :<http://127.0.0.1:9/>SELECT*{SERVICE:x{?s ?p ?o}}",
        r"""PREFIX e:<http://e/> SELECT*{ ?a ?b e:o\'a . SERVICE<http://127.0.0.1:9/>{?s ?p ?o} ?a ?b "'" }""",
        r"SELECT * { S\u0045RVICE <http://127.0.0.1:9/> {?s ?p ?o} }",
        r'SELECT * { ?a ?b "\u0022 . SERVICE <http://127.0.0.1:9/> {?s ?p ?o} ?a ?b "" }',
    ],
)
def test_no_way_of_writing_it_calls_another_endpoint(text: str) -> None:
    with pytest.raises(QueryRefused, match="SERVICE"):
        refuse_unsafe(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?service { ?service a ?SERVICE }", 'ASK { ?s ?p "SERVICE <x>" }', "ASK { ?s ?p 'x'@service } # SERVICE <x>",
        "PREFIX e: <http://service/> ASK { e:service e:my-service e:a.service }", "ASK { <http://x/SERVICE> ?p ?o }",
    ],
)  # fmt: skip
def test_the_word_alone_is_no_call(world: KnowledgeGraph, text: str) -> None:
    world.sparql(text)


LONG = 50_000


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("not", "SELECT * { FILTER(" + "!" * LONG + "true) }"),
        ("sum", "SELECT ((1" + "+1" * LONG + ") AS ?y) {}"),
        ("or", "SELECT * { FILTER(?a" + "||?a" * LONG + ") }"),
        ("path", "SELECT * { ?s a" + "/a" * LONG + " ?o }"),
        ("alternatives", "SELECT * { ?s a" + "|a" * LONG + " ?o }"),
        ("union", "SELECT * { {}" + " UNION {}" * LONG + " }"),
        ("optional", "SELECT * { " + "OPTIONAL {} " * LONG + " }"),
        ("patterns", "SELECT * { " + "?s a ?o . " * LONG + " }"),
        ("predicates", "SELECT * { ?s a ?o" + " ; a ?o" * LONG + " }"),
        ("objects", "SELECT * { ?s a ?o" + " , ?o" * LONG + " }"),
        ("binds", "SELECT * { " + "BIND(1 AS ?v) " * LONG + " }"),
        ("reifiers", "SELECT * { " + "<< ?s ?p " * LONG + "?o" + " >>" * LONG + " ?a ?b }"),
    ],
)
def test_a_chain_that_would_end_the_process_is_refused(ctkg: Ctkg, name: str, text: str) -> None:
    with pytest.raises(QueryRefused, match="more than"):
        refuse_unsafe(text)
    if name in ("sum", "reifiers"):
        done = ctkg("sparql", *DATA, stdin=text)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("error: ")


def test_a_chain_of_nine_hundred_is_answered(ctkg: Ctkg) -> None:
    for text in (
        "ASK { FILTER((1" + "+1" * 900 + ") > 0) }",
        "ASK { {}" + " UNION {}" * 900 + " }",
        "ASK { FILTER(" + "!" * 900 + "true) }",
    ):
        assert ctkg("sparql", text, *DATA).stdout == "true\n"
    values = " ".join(f"actor:a-{n}.b" for n in range(5000))
    assert ctkg("sparql", *DATA, stdin=f"ASK {{ VALUES ?x {{ {values} }} }}").stdout == "true\n"


QUERIES = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "queries" / "questions").rglob("*.rq"))]
NASTY = ["{", "}", "(", ")", "<<", ">>", '"', "'", '"""', "\\", "\\u0053", "\x00", "\ud800", "\u202e", ".", "SERVICE ", "#", "^", "?", "UNDEF", "VALUES ", " 2024-13-45 ", "[[", "!!int x", "&a *a", "\n#+ "]  # fmt: skip


@st.composite
def spoiled(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(QUERIES))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 40)))
        text = text[:start] + draw(st.one_of(st.sampled_from(NASTY), st.text(max_size=5))) + text[end:]
    return text


@settings(max_examples=80)
@given(st.one_of(spoiled(), st.text(max_size=100)))
def test_a_spoiled_query_is_answered_or_refused(world: KnowledgeGraph, text: str) -> None:
    code, out, errors = in_process("sparql", text + "\nLIMIT 1", *DATA)
    assert code in (0, 2)
    assert (code == 0) != errors.startswith("error: ")
    assert out == "" or code == 0


@settings(max_examples=150)
@given(spoiled())
def test_a_spoiled_header_is_read_or_refused_with_its_line(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "actors" / "spoiled.rq"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode(errors="surrogatepass"))
    try:
        query = read_query(path)
    except QueryError as error:
        assert "spoiled.rq:" in str(error)  # noqa: PT017
        return
    assert query.columns


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("tags: [actors]", "tags: " + "[" * 1000),
        ("summary: Who is there", "summary: 2024-13-45"),
        ("description: one", "values: 5"),
        ("description: one", "values: {a: b}"),
        ("tags: [actors]", "tags: !!python/object/apply:os.system [x]"),
        ("?actor rdfs:label ?label .", "FILTER(1<2)SERVICE?actor{?s ?p ?o}FILTER(2>1)"),
        ("?actor rdfs:label ?label .", "FILTER(" + "!" * LONG + "true)"),
    ],
)
def test_a_header_that_breaks_its_reader_is_refused(tmp_path: Path, right: str, wrong: str) -> None:
    with pytest.raises(QueryError, match=r"who\.rq:\d+: "):
        read_query(write(tmp_path / "actors" / "who.rq", GOOD.replace(right, wrong, 1)))
