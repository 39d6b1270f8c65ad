"""Arguments, queries and headers that were written to do harm: errors that say so, never a crash, a call or an escape."""

from __future__ import annotations

import os
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Store

from ctkg.amounts import Money, Stake, plain_number
from ctkg.dates import LAST_DAY, PartialDate, check_day, day_after
from ctkg.errors import NotFound, QueryError, QueryRefused
from ctkg.graph import KnowledgeGraph
from ctkg.queries import bind, read_query
from ctkg.sparql import refuse_unsafe
from ctkg.terms import _find
from ctkg.visible import visible
from tests.conftest import ACTOR, ROOT, SOURCE, WORLD, Ctkg, in_process, write
from tests.test_cli import on_a_terminal
from tests.test_queries import GOOD

DATA = ("--data", str(WORLD))
TEXTS = st.one_of(
    st.text(max_size=30),
    st.text("\"'\\{}<>#\n\r\t\x00\x1b\u202e?$@:^|&; \udcff🜁", max_size=30),
    st.sampled_from(
        ["} UNION { ?s ?p ?o", '" } } ; DROP ALL #', "'''", '"""', "<http://x/>", "\\u0022", "x" * 100_000]
    ),
)
WELL_FORMED = TEXTS.filter(lambda text: not any("\ud800" <= letter <= "\udfff" for letter in text))


# Parameters


@settings(max_examples=50)
@given(TEXTS)
def test_whatever_is_given_for_an_entity_or_a_number_is_answered_or_refused(world: KnowledgeGraph, text: str) -> None:
    for query, parameter in (
        ("investors-of", "investee"),
        ("shared-backers", "minimum"),
        ("timeline", "as_of"),
        ("timeline", "lane"),
    ):
        try:
            world.query(query, **{parameter: text})
        except (QueryError, NotFound) as error:
            assert str(error)  # noqa: PT017


ECHO = re.sub(r"type: iri, class: ctkg:Actor, ", "type: string, ", GOOD).replace(
    "?actor rdfs:label ?label . BIND(?actor AS ?actor_)", "BIND(?actor AS ?actor_) BIND(?actor AS ?label)"
)


@settings(max_examples=150)
@given(text=WELL_FORMED)
def test_a_bound_text_comes_back_as_it_was_and_nothing_else_does(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    query = read_query(write(tmp_path_factory.getbasetemp() / "actors" / "echo.rq", ECHO))
    rows = list(Store().query(bind(query, {"actor": Literal(text)})))  # type: ignore[arg-type]
    assert [(row["label"], row["actor_"]) for row in rows] == [(Literal(text), Literal(text))]


@settings(max_examples=150)
@given(text=WELL_FORMED)
def test_an_iri_cannot_hold_what_would_end_it(text: str) -> None:
    try:
        node = NamedNode(f"https://x/{text}")
    except ValueError:
        return
    assert str(node) == f"<https://x/{text}>"
    assert not re.search(r'[<>"{}|^`\\\x00-\x20]', text)


@settings(max_examples=40)
@given(TEXTS)
def test_a_term_of_the_ontology_is_found_or_not_and_nothing_else_happens(world: KnowledgeGraph, text: str) -> None:
    try:
        assert _find(world.backend, text).startswith("https://")
    except NotFound as error:
        assert str(error)  # noqa: PT017


# Dates and amounts


@given(st.dates())
def test_a_day_is_its_own_bounds_and_lies_in_its_month_and_year(day: date) -> None:
    text = day.isoformat()
    assert (PartialDate(text).earliest, PartialDate(text).latest) == (text, text)
    for length in (4, 7):
        whole = PartialDate(text[:length])
        assert whole.earliest <= text <= whole.latest
        assert whole.earliest[:length] == whole.latest[:length] == text[:length]
        assert day_after(whole.latest)[:length] != text[:length] or whole.latest == LAST_DAY
    assert check_day(text, "as-of") == text
    assert day_after(text) > text or text == LAST_DAY


@settings(max_examples=150)
@given(st.one_of(TEXTS, st.text("0123456789-٢５\n ", max_size=12)))
def test_no_other_text_is_a_day(text: str) -> None:
    try:
        assert check_day(text, "as-of") == text == date.fromisoformat(text).isoformat()
    except QueryError as error:
        assert "is not a day" in str(error)  # noqa: PT017
    try:
        bounds = PartialDate(text).earliest, PartialDate(text).latest
    except ValueError:
        return
    assert text.isascii()
    assert bounds[0].startswith(text)
    assert bounds[0] <= bounds[1]


NUMBERS = st.decimals(min_value=0, max_value=10**24, allow_nan=False, places=3)


@settings(max_examples=150)
@given(NUMBERS, NUMBERS, st.booleans(), st.booleans(), st.sampled_from(["exact", "band", "least", "most"]))
def test_every_sum_reads_back_as_it_was(one: Decimal, two: Decimal, strict: bool, about: bool, form: str) -> None:
    low, high = min(one, two), max(one, two)
    assume(low < high)
    least = None if form == "most" else low
    greatest = {"exact": low, "least": None}.get(form, high)
    exclusive = strict and form in ("least", "most")
    money, stake = Money("CNY", least, greatest, exclusive, about), Stake(least, greatest, exclusive, about)
    assert Money.parse(money.compact()) == money
    assert Stake.parse(stake.compact()) == stake
    assert all(value.words(language) for value in (money, stake) for language in ("en", "zh"))


@settings(max_examples=150)
@given(st.one_of(TEXTS, st.text("0123456789.eE+-_٢５ NaInf", max_size=40)))
def test_only_plain_digits_are_a_number(text: str) -> None:
    try:
        number = plain_number(text)
    except ValueError:
        return
    assert text.isascii()
    assert number.is_finite()
    assert len(f"{number:f}") <= len(text) + 2


# Queries


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


# The terminal

ESCAPES = "\x1b[31m\x9b1m\x07\u202e\r"
RAW = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@settings(max_examples=150)
@given(TEXTS)
def test_what_is_shown_has_nothing_hidden_and_can_always_be_written(text: str) -> None:
    shown = visible(text)
    assert not RAW.search(shown)
    assert "\n" not in shown
    assert shown.encode().decode() == shown
    if text.isprintable():
        assert shown == text


@pytest.mark.parametrize(
    "words",
    [
        ("query", "investors-of", "--investee", "*"), ("query", "investors-of", "--*", "x"), ("query", "investors-of", "--as-of", "*"),
        ("query", "*"), ("*",), ("show", "*"), ("show", "x*:y"), ("show", "http://x/*"), ("ontology", "*"), ("sparql", "SELECT * { *"),
        ("sparql", "SELECT * { x*:y ?p ?o }"), ("sparql", "-f", "/nowhere/*"), ("validate", "/nowhere/*"), ("format", "/nowhere/*"),
        ("query", "--data", "/nowhere/*"), ("build", "*"), ("query", "--format", "*"), ("show", "x", "--endpoint", "http://*/"),
    ],
)  # fmt: skip
def test_no_word_of_the_user_s_steers_the_terminal(words: tuple[str, ...]) -> None:
    given = [word.replace("*", ESCAPES) for word in words]
    code, out, errors = in_process(*given, *(DATA if not {"--data", "--endpoint"} & set(words) else ()))
    assert code in (2, 3)
    assert out == ""
    assert not RAW.search(errors)
    assert "\\x1b[31m" in errors or "endpoint" in errors


@pytest.mark.parametrize("words", [(b"show", b"\xff"), (b"sparql", b'ASK { ?s ?p "\xff" }'), (b"query", b"timeline", b"--lane", b"\xff"), (b"\xff",), (b"validate", b"\xff")])  # fmt: skip
def test_bytes_that_are_no_text_are_refused(words: tuple[bytes, ...]) -> None:
    code, out, errors = in_process(*map(os.fsdecode, words), *(DATA if len(words) > 1 else ()))
    assert code in (2, 3)
    assert out == ""
    assert errors.startswith("error: ")


@pytest.fixture
def dangerous(data: Path) -> Path:
    """A world whose names hold escape sequences."""
    codes = "\\u001B[2J\\u009B31m\\u202E\\r"
    write(data / "curated" / "actors" / "acme.ttl", ACTOR.replace('"Acme"', f'"{codes}Acme"'))
    write(data / "curated" / "evidence" / "gazette.ttl", SOURCE.replace('"Gazette"', f'"{codes}Gazette"'))
    return data


OWN_STYLE = re.compile(r"\x1b(?:\[[0-9;?]*[mhlKA]|\]8;[^\x1b]*\x1b\\)")


@pytest.mark.parametrize(
    "words",
    [("query", "investors-of", "--investee", "acme"), ("query", "investors-of", "--investee", "acme", "--format", "md"), ("show", "acme"), ("show", "zeta"), ("sparql", "SELECT ?l { actor:acme rdfs:label ?l }", "--format", "table"), ("validate",), ("query", "investors-of", "--investee", "阿克梅")],
)  # fmt: skip
def test_no_label_steers_the_terminal(dangerous: Path, words: tuple[str, ...]) -> None:
    code, out, errors = in_process(*words, "--data", str(dangerous))
    assert code in (0, 1)
    assert not RAW.search(out + errors)
    assert "\\x1b[2J" in out + errors or words[0] == "validate"
    shown = OWN_STYLE.sub(
        "", on_a_terminal(*words, "--data", str(dangerous)).replace("\r", "")
    )  # those of line ends and the progress bar
    assert not RAW.search(shown)


def test_machine_formats_keep_what_the_data_says(dangerous: Path) -> None:
    _, out, _ = in_process(
        "sparql", "SELECT ?l { actor:acme rdfs:label ?l }", "--format", "csv", "--data", str(dangerous)
    )
    assert "\x1b[2J\x9b31m\u202e\rAcme" in out


@pytest.mark.parametrize("words", [("show", "alibaba"), ("query", "investors-of", "--format", "md"), ("info",)])
def test_a_terminal_without_chinese_letters_gets_escapes(ctkg: Ctkg, words: tuple[str, ...]) -> None:
    done = ctkg(*words, *DATA, "--lang", "zh", PYTHONIOENCODING="ascii")
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    assert "\\u" in done.stdout
