"""Canonical Turtle: nothing lost, nothing changed in meaning, one form for one content."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from ctkg.errors import DataError
from ctkg.formatting import format_file, formatted
from tests.conftest import ROOT, Ctkg, write

FILE = Path("some.ttl")
CTKG = "https://w3id.org/ctkg/ontology#"
P = f"@prefix ctkg: <{CTKG}> .\n"
X = "@prefix x: <http://x/> .\n"


def canonical(text: str) -> str:
    """The formatted text, having checked that it says the same and is in canonical form itself."""
    after = formatted(text.encode(), FILE)
    assert triples(after) == triples(text.encode())
    assert formatted(after, FILE) == after
    return after.decode()


def triples(content: bytes) -> set[Triple]:
    return {quad.triple for quad in parse(content.removeprefix(b"\xef\xbb\xbf"), format=RdfFormat.TURTLE)}


SCRAMBLED = '''\
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix unused: <http://unused/> .
PREFIX ctkg: <https://w3id.org/ctkg/ontology#>
@prefix s: <https://w3id.org/ctkg/id/source/> .
@prefix actor: <https://w3id.org/ctkg/id/actor/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://w3id.org/ctkg/id/statement/a-bbbbbb> rdfs:comment """On "two"
lines."""@en ; prov:wasDerivedFrom s:z, s:a ; ctkg:amount 0.10 ; ctkg:date "2024"^^xsd:gYear ;
   a ctkg:Investment; ctkg:investor actor:b.
actor:b rdfs:label "乙"@zh, 'B "Corp"'@en; ctkg:ticker "1"; <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ctkg:Company.
actor:b ctkg:ticker "1" , "x"^^xsd:token .
'''
IN_ORDER = '''\
@prefix actor: <https://w3id.org/ctkg/id/actor/> .
@prefix ctkg: <https://w3id.org/ctkg/ontology#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix source: <https://w3id.org/ctkg/id/source/> .
@prefix statement: <https://w3id.org/ctkg/id/statement/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

actor:b
    a ctkg:Company ;
    rdfs:label "B \\"Corp\\""@en ,
        "乙"@zh ;
    ctkg:ticker "1" ,
        "x"^^xsd:token .

statement:a-bbbbbb
    a ctkg:Investment ;
    ctkg:investor actor:b ;
    ctkg:date "2024"^^xsd:gYear ;
    ctkg:amount 0.10 ;
    prov:wasDerivedFrom source:a ,
        source:z ;
    rdfs:comment """On "two"
lines."""@en .
'''


def test_one_form_for_prefixes_subjects_predicates_and_objects() -> None:
    assert canonical(SCRAMBLED) == IN_ORDER


def test_one_more_fact_is_a_diff_of_one_line() -> None:
    more = canonical(SCRAMBLED + 'actor:b ctkg:ror "r" .')
    assert sorted(set(more.splitlines()) ^ set(IN_ORDER.splitlines())) == ['    ctkg:ror "r" ;']


def test_our_own_data_is_in_canonical_form_or_becomes_it() -> None:
    for path in sorted((ROOT / "data").rglob("*.ttl"))[::20]:
        canonical(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("written", "becomes"),
    [
        ("5", "5"), ("+05", "+05"), ("0.10", "0.10"), (".5", ".5"), ("-1.0", "-1.0"), ("1e3", "1e3"), ("1.E+3", "1.E+3"),
        ('"7"^^xsd:integer', "7"), ('"007"^^xsd:integer', "007"), ('" 7"^^xsd:integer', '" 7"^^xsd:integer'),
        ('"0.10"^^xsd:decimal', "0.10"), ('"5"^^xsd:decimal', '"5"^^xsd:decimal'), ('"1e3"^^xsd:double', "1e3"),
        ('"INF"^^xsd:double', '"INF"^^xsd:double'), ('"7"^^xsd:int', '"7"^^xsd:int'),
        ("true", "true"), ('"false"^^xsd:boolean', "false"), ('"1"^^xsd:boolean', '"1"^^xsd:boolean'),
        ('"x"^^xsd:string', '"x"'), ('"x"^^xsd:token', '"x"^^xsd:token'), ("'x'@zh-Hans-CN", '"x"@zh-Hans-CN'),
        ("'x' @EN", '"x"@EN'), (r"'it\'s'", '"it\'s"'), ("'say \"a\"'", r'"say \"a\""'), (r'"a\\b"', r'"a\\b"'),
        (r'"a\tb\u0041\U0001F600"', '"a\\tbA😀"'), ('"""one"""', '"one"'), (r'"a\nb"', '"""a\nb"""'),
        ("'''a\n'''", '"""a\n"""'), ("'''\n\"\"\"\"\"'''", '"""\n\\"\\"\\""\\""""'), ("'''\n\\\\'''", '"""\n\\\\"""'),
        ('"""a\r\nb"""', '"""a\\r\nb"""'), ('"\u202eabc\ufeff"', '"\\u202Eabc\\uFEFF"'), ('"# ; . , \'"', '"# ; . , \'"'),
        ("<http://y/z>", "<http://y/z>"), (f"<{CTKG}A>", "ctkg:A"), (f"<{CTKG}>", f"<{CTKG}>"), (f"<{CTKG}a/b>", f"<{CTKG}a/b>"),
        (f"<{CTKG}a.>", f"<{CTKG}a.>"), ("ctkg:a.b", "ctkg:a.b"), ("ctkg:a..b", "ctkg:a..b"), (r"ctkg:a\,b", f"<{CTKG}a,b>"),
        ("ctkg:1-a", "ctkg:1-a"), ("ctkg:图谱", "ctkg:图谱"), (r"<http://y/\u56fe>", "<http://y/图>"), ("x:y", "x:y"),
        ("ctkg:%41", f"<{CTKG}%41>"), ("x:", "<http://x/>"), ("x:a:b", "<http://x/a:b>"),
    ],
)  # fmt: skip
def test_a_value_keeps_its_lexical_form(written: str, becomes: str) -> None:
    text = canonical(f"{P}{X}@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n\n<http://s/s> ctkg:p {written} .")
    assert text.partition("ctkg:p ")[2] == f"{becomes} .\n"


@pytest.mark.parametrize(
    ("prefixes", "fact", "becomes"),
    [
        ("@prefix c: <https://w3id.org/ctkg/ontology#> .", "c:a c:b c:c .", f"{P}\nctkg:a\n    ctkg:b ctkg:c .\n"),
        ("", f"<{CTKG}a> <{CTKG}b> 1 .", f"{P}\nctkg:a\n    ctkg:b 1 .\n"),
        # somebody else's meaning for a name of ours
        ("@prefix ctkg: <http://z/> .", "ctkg:a ctkg:b 1 .", "<http://z/a>\n    <http://z/b> 1 .\n"),
        (f"{X}@prefix y: <http://x/> .", "y:a x:b 1 .", f"{X}\nx:a\n    x:b 1 .\n"),
        (f"{X}@prefix y: <http://x/y/> .", "x:a x:b <http://x/y/z> .",
         f"{X}@prefix y: <http://x/y/> .\n\nx:a\n    x:b y:z .\n"),
        (f"{X}x:a x:b 1 .\n@prefix x: <http://z/> .", "x:a x:b 2 .",
         f"{X}\nx:a\n    x:b 1 .\n\n<http://z/a>\n    <http://z/b> 2 .\n"),
        ("@prefix : <http://e/> .", ":a :b 1 .", "@prefix : <http://e/> .\n\n:a\n    :b 1 .\n"),
        (X, "", ""),
        ("", "", ""),
    ],
)  # fmt: skip
def test_prefixes_are_ours_then_the_file_s_and_only_those_used(prefixes: str, fact: str, becomes: str) -> None:
    assert canonical(f"{prefixes}\n{fact}") == becomes


def test_comments_keep_their_place() -> None:
    text = canonical(
        f"""# licence

# of this file
{X}# of a prefix
@prefix unused: <http://unused/> . # gone
# the file's, too

# of b
x:b # behind b
    # of q
    x:q 2 ; # behind q
    # of p
    x:p # behind p
        # of 2
        2 , # behind 2
        1 # behind 1
        # x:r 5 ;
    .
# of a
x:a x:p "#no" . # behind a
# end

# very end"""
    )
    assert text == (
        f"""# licence

# of this file
# of a prefix
# gone

{X}
# the file's, too

# of a
x:a
    x:p "#no" . # behind a

# of b
x:b # behind b
    # of p
    x:p 1 , # behind p # behind 1
        # of 2
        2 ; # behind 2
    # of q
    x:q 2 # behind q
    # x:r 5 ;
    .

# end

# very end
"""
    )


def test_a_comment_before_a_first_object_gives_the_predicate_a_line() -> None:
    text = f"{X}\nx:a\n    x:p # why\n        # because\n        1 ,\n        2 .\n"
    assert canonical(text) == text


def test_a_file_of_comments_only_stays() -> None:
    assert canonical("# one\n\n\n# two\n@prefix x: <http://x/> .\n# three") == "# one\n\n# two\n\n# three\n"


def test_byte_order_mark_and_windows_line_ends_go() -> None:
    text = f"\ufeff{X}\n# c\nx:a x:p 1 . # d\n".replace("\n", "\r\n")
    assert canonical(text) == f"{X}\n# c\nx:a\n    x:p 1 . # d\n"


REFUSED = [
    (f"{X}x:a x:p [ x:q 1 ] .", 2, "blank nodes"),
    (f"{X}x:a x:p\n ( 1 # c\n 2 ) .", 3, "blank nodes"),
    (f"{X}_:b x:p 1 .", 2, "blank nodes"),
    (f"{X}[] x:p 1 .", 2, "blank nodes"),
    ("@base <http://x/> .\n<a> <b> <c> .", 1, "@base"),
    ("BASE <http://x/>\n<a> <b> <c> .", 1, "@base"),
    (f"{X}x:a x:p 'a' # c\n ^^x:t .", 2, "comment has no place"),
    (f"{X}x:a x:p 'a' # c\n @en .", 2, "comment has no place"),
    (f"{X}x:a x:p 1", 2, "not readable as Turtle"),
    (f"{X}x:a x:p 'a", 2, "not readable as Turtle"),
    ("<a> <b> <c> .", 1, "not readable as Turtle"),
    (f"{X}x:a x:p 1.x:b x:p 1 .", 2, "cannot follow"),
    (f"{X}x:a x:p x:b {{| x:q 1 |}} .", 2, "refused.ttl"),
    ("[" * 5000, 1, "refused.ttl"),
]


@pytest.mark.parametrize(("text", "line", "said"), REFUSED)
def test_what_cannot_be_done_safely_is_refused_and_left(tmp_path: Path, text: str, line: int, said: str) -> None:
    path = tmp_path / "refused.ttl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=said) as caught:
        format_file(path)
    assert caught.value.hint
    assert caught.value.line == line
    assert path.read_text(encoding="utf-8") == text
    assert [entry.name for entry in tmp_path.iterdir()] == ["refused.ttl"]


def test_a_fault_of_ours_leaves_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.ttl"
    for wrong in ("", f"{X}\nx:a\n    x:p 2 .\n", "no Turtle", f"{X}\nx:a\n    x:p 1 .\n"):
        path.write_text(f"{X}x:a x:p 1 . # kept", encoding="utf-8")
        monkeypatch.setattr("ctkg.formatting._write", lambda _, wrong=wrong: wrong)
        with pytest.raises(DataError, match="would change what it says"):
            format_file(path)
        assert path.read_text(encoding="utf-8") == f"{X}x:a x:p 1 . # kept"


def test_mode_and_links_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(f"{X}x:a x:p 1 .", encoding="utf-8")
    path.chmod(0o640)
    link = tmp_path / "link.ttl"
    link.symlink_to("a.ttl")
    assert format_file(link, write=False)
    assert format_file(link)
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    assert path.read_text(encoding="utf-8") == f"{X}\nx:a\n    x:p 1 .\n"
    before = path.stat()
    assert not format_file(path)
    assert path.stat() == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_write_permission_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(f"{X}x:a x:p 1 .", encoding="utf-8")
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(DataError, match="cannot be written"):
            format_file(path)
    finally:
        tmp_path.chmod(0o700)


def test_a_kill_at_any_moment_leaves_every_file_whole(tmp_path: Path) -> None:
    before = SCRAMBLED + "".join(f"actor:b ctkg:p{n} {n} .\n" for n in range(200))
    whole = {before, canonical(before)}
    chance = random.Random(1)  # noqa: S311
    paths = [tmp_path / f"{n}.ttl" for n in range(40)]
    seen = set()
    for _ in range(6):
        for path in paths:
            path.write_text(before, encoding="utf-8")
        process = subprocess.Popen(
            [sys.executable, "-c", "from ctkg.cli import run; run()", "format", str(tmp_path)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()  # it is in the middle of it
        time.sleep(chance.random() / 30)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        found = {path.read_text(encoding="utf-8") for path in paths}
        assert found <= whole
        seen |= found
    assert seen == whole


def test_the_command_names_what_it_changes(ctkg: Ctkg, data: Path) -> None:
    write(data / "curated" / "actors" / "broken.ttl", "actor:x a")
    known = sorted(data.rglob("*.ttl"))
    before = {path: path.read_bytes() for path in known}
    check = ctkg("format", "--check", "--data", str(data))
    assert check.returncode == 3  # because of the broken one
    assert {path: path.read_bytes() for path in known} == before
    (data / "curated" / "actors" / "broken.ttl").unlink()
    check = ctkg("format", "--check", "--data", str(data))
    assert check.returncode == 1
    done = ctkg("format", "--data", str(data))
    assert done.returncode == 0
    assert done.stdout == check.stdout
    assert set(done.stdout.splitlines()) == {
        str(path) for path in data.rglob("*.ttl") if before[path] != path.read_bytes()
    }
    assert "5 changed, 0 refused" in done.stderr
    again = ctkg("format", "--check", str(data / "curated" / "actors"), str(data / "curated" / "dataset.ttl"))
    assert (again.returncode, again.stdout) == (0, "")
    assert ctkg("validate", "--data", str(data)).returncode == 0


def test_the_command_says_what_it_refuses_and_formats_the_rest(ctkg: Ctkg, tmp_path: Path) -> None:
    write(tmp_path / "a.ttl", "actor:x a [] .")
    good = write(tmp_path / "b.ttl", "actor:x a ctkg:Company .")
    done = ctkg("format", str(tmp_path), "--lang", "zh")
    assert done.returncode == 3
    assert done.stdout == f"{good}\n"
    assert "a.ttl:14: 数据中不使用空白节点" in done.stderr
    assert "提示" in done.stderr
    assert "is not there" in ctkg("format", str(tmp_path / "nowhere")).stderr


IRIS = st.one_of(
    st.sampled_from(
        [f"{CTKG}investor", f"{CTKG}date", "http://www.w3.org/2000/01/rdf-schema#label", f"{CTKG}x.", "http://x/"]
    ),
    st.text("ab.-_/:#0图%1é", max_size=6).map(lambda tail: f"http://x/{tail.replace('%', '%41').replace('#', '')}"),
    st.text("ab.-_:0", min_size=1, max_size=5).map(lambda tail: f"https://w3id.org/ctkg/id/actor/{tail}"),
)
VALUES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.text("\"'\\\n\r\t#.;,ab ", max_size=12),
    st.sampled_from(["0.10", "+5", "1e3", "true", "1", ".5", "5."]),
)
XSD = "http://www.w3.org/2001/XMLSchema#"
LITERALS = st.one_of(
    st.builds(Literal, VALUES),
    st.builds(lambda value, tag: Literal(value, language=tag), VALUES, st.sampled_from(["en", "zh", "zh-hans"])),
    st.builds(
        lambda value, name: Literal(value, datatype=NamedNode(XSD + name)),
        VALUES,
        st.sampled_from(["integer", "decimal", "double", "boolean", "token", "gYear"]),
    ),
)
NODES = IRIS.map(NamedNode)
GRAPHS = st.lists(st.builds(Triple, NODES, NODES, st.one_of(NODES, LITERALS)), max_size=12)


@settings(max_examples=300, deadline=None)
@given(GRAPHS)
def test_any_graph_comes_back_the_same(graph: list[Triple]) -> None:
    content = serialize(graph, format=RdfFormat.TURTLE, prefixes={"x": "http://x/", "ctkg": CTKG})
    assert content is not None
    canonical(content.decode())


@st.composite
def commented(draw: st.DrawFn) -> tuple[str, int]:
    """A text with comments in any place, and how many."""
    pieces = [
        "@prefix x: <http://x/> .", "@prefix y: <http://y/> .", "x:b", "x:q", "1", ",", "x:c", ";", "x:p", '"""#\n"""', ";", ".",
        "x:a", "x:p", "1.5", ".", "@prefix z: <http://z/> .", "x:b", "y:p", "x:d", ",", '"a"', ";", ".",
    ]  # fmt: skip
    text, count = "", 0
    for piece in ["", *pieces, ""]:
        text += piece
        for _ in range(draw(st.integers(0, 2)) if draw(st.booleans()) else 0):
            text += f"{draw(st.sampled_from([' ', chr(10), chr(10) * 2, chr(13) + chr(10)]))}#c{count:03}"
            count += 1
            text += draw(st.sampled_from(["\n", "\n\n", "\r\n"]))
        text += draw(st.sampled_from([" ", "\n", "\n\n"]))
    return text, count


@settings(max_examples=300, deadline=None)
@given(commented())
def test_no_comment_is_lost_wherever_it_stands(case: tuple[str, int]) -> None:
    text, count = case
    after = canonical(text)
    assert [after.count(f"#c{number:03}") for number in range(count)] == [1] * count


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(
    ["@prefix x: <http://x/> .\n", "x:a ", "x:b ", ". ", "; ", ", ", "a ", "1 ", '"s" ', "@en ", "^^", "[ ", "] ", "( ", ") ", "# c\n",
     "'''", '"', "<", ">", "\\", "_:b ", "@base ", "\u202e", "\x00", "\n"]
)).map("".join))  # fmt: skip
def test_whatever_stands_there_is_formatted_or_refused(text: str) -> None:
    try:
        canonical(text)
    except DataError as error:
        assert error.hint  # noqa: PT017
