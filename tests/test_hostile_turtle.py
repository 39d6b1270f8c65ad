"""Turtle that was written to do harm, or by accident: findings and errors, never a crash, nothing lost."""

from __future__ import annotations

import os
import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from ctkg.errors import DataError
from ctkg.formatting import formatted
from ctkg.settings import settings as folders
from ctkg.text_faults import TextFault, comment_faults, text_faults
from ctkg.turtle import parse
from ctkg.validate import Finding, validate
from tests.conftest import ACTOR, CARD, DEAL, INVESTOR, PREFIXES, SOURCE, WORLD, Ctkg, in_process, write

REAL = [path.read_bytes() for path in sorted((WORLD / "curated").rglob("*.ttl"))]
PIECES = [
    b"<<( ", b" )>>", b"<< ", b"[ ", b" ]", b"( ", b" )", b'"""', b"'''", b'"', b"\\", b"\\u202E", b"\\uD800", b"\\U00110000",
    b"\x00", b"\x1b[31m", b"\xff", b"\xc3", b"\xe2\x80\xae", b"\xef\xbb\xbf", b"\r", b"\n", b"@base <x> .", b"@prefix : <> .",
    b"GRAPH { ", b"{| ", b"^^", b"@en--ltr", b" . ", b" ; ", b" , ", b"a a a .", b"1e999999999", b'"1e9999999"^^xsd:decimal',
    b'"2024-13"^^xsd:gYearMonth', b'"NaN"^^xsd:double', b"<\x01>", b"<http://[/>", b"actor:\\", b"_:b ", b"#", b"VERSION '1.2'\n",
]  # fmt: skip


@st.composite
def spoiled(draw: st.DrawFn, originals: list[bytes]) -> bytes:
    """A real file with some bytes cut out, doubled, flipped, or replaced by something nasty."""
    content = draw(st.sampled_from(originals))[:6000]
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 60)))
        new = draw(st.one_of(st.sampled_from(PIECES), st.binary(max_size=8), st.just(content[start:end] * 2)))
        content = content[:start] + new + content[end:]
    return content


def small_world(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    for place, text in (("dataset", CARD), ("actors/acme", ACTOR), ("actors/zeta", INVESTOR), ("capital/acme", DEAL)):
        write(folder / "curated" / f"{place}.ttl", text)
    write(folder / "curated" / "evidence" / "gazette.ttl", SOURCE)
    return folder


@settings(max_examples=120)
@given(st.one_of(spoiled(REAL), st.binary(max_size=200)))
def test_a_spoiled_file_is_formatted_or_refused_and_left(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "spoiled.ttl"
    path.write_bytes(content)
    code, out, errors = in_process("format", str(path))
    assert (code, errors[:7] == "error: ") in ((0, False), (3, True)), errors
    if code == 3:
        assert path.read_bytes() == content
        assert "hint: " in errors
    else:
        assert bool(out) == (path.read_bytes() != content)
        assert set(parse(path)) == set(parse(_copy(path, content)))
        assert in_process("format", "--check", str(path))[0] == 0


def _copy(path: Path, content: bytes) -> Path:
    other = path.with_suffix(".before.ttl")
    other.write_bytes(content)
    return other


DEALS = [(PREFIXES + text).encode() for text in (DEAL, DEAL + DEAL.replace("aaaaaa", "cccccc"))]


@settings(max_examples=8)
@given(spoiled(DEALS))
def test_a_spoiled_file_among_others_is_a_finding_and_stops_the_build(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = small_world(tmp_path_factory.getbasetemp() / "spoiled")
    (folder / "curated" / "capital" / "acme.ttl").write_bytes(content)
    code, out, errors = in_process("validate", "--data", str(folder))
    assert code in (0, 1)
    assert "Traceback" not in errors
    assert (": violation: " in out) == (code == 1)
    code, out, errors = in_process("query", "deals-of", "--data", str(folder))
    assert code in (0, 3)
    assert errors.startswith("error: ") == (code == 3)
    assert (out == "") == (code == 3)


MANY = 20_000
HUGE = 17 * 2**20


@pytest.mark.parametrize(
    ("name", "facts", "said"),
    [
        ("lists", "actor:acme rdfs:seeAlso " + "( " * MANY + ") " * MANY + ".", "blank nodes are not used"),
        ("blank nodes", "actor:acme rdfs:seeAlso " + "[ a " * MANY + "ctkg:X" + " ]" * MANY + ".", "blank nodes are not used"),
        ("never closed", "[" * MANY, "not readable as Turtle"),
        ("terms", "actor:acme rdfs:seeAlso " + "<<( actor:a a " * MANY + "1" + " )>>" * MANY + ".", "triples within triples"),
        ("reifiers", "<< " * MANY, "triples within triples"),
        ("a text", f'actor:acme rdfs:comment "{"x" * HUGE}" .', "too long to be read"),
        ("an IRI", f"<http://x/{'x' * HUGE}> a ctkg:X .", "too long to be read"),
        ("a string that never ends", '"""' + '\\"' * MANY, "not readable as Turtle"),
    ],
)  # fmt: skip
def test_depth_and_size_are_refused_by_every_command(ctkg: Ctkg, data: Path, name: str, facts: str, said: str) -> None:
    path = write(data / "curated" / "actors" / "acme.ttl", ACTOR + facts)
    done = ctkg("build", "--data", str(data))
    assert (done.returncode, done.stdout) == (3, ""), name
    assert said in done.stderr
    assert done.stderr.startswith("error: ")
    done = ctkg("format", str(path))
    assert done.returncode == 3
    assert said in done.stderr


def test_a_text_of_four_megabytes_is_a_text(data: Path) -> None:
    text = "x" * 4_000_000
    path = write(data / "curated" / "actors" / "acme.ttl", ACTOR.replace('"Acme"', f'"{text}"'))
    assert in_process("format", str(path))[0] == 0
    assert text in in_process("show", "acme", "--data", str(data), "--format", "json")[1]


def test_angle_brackets_in_texts_and_comments_are_no_terms(tmp_path: Path) -> None:
    path = write(tmp_path / "a.ttl", f'actor:a rdfs:label "{"<<" * 500}"@en . # {"<<" * 500}')
    assert len(parse(path)) == 1


@pytest.mark.parametrize(
    "number", ['"1e999999999"^^xsd:decimal', "1e99999999", '"NaN"^^xsd:double', "9" * 5000, '"５"^^xsd:decimal']
)
def test_a_number_is_plain_digits(data: Path, number: str) -> None:
    write(data / "curated" / "capital" / "acme.ttl", DEAL.replace("5000000", number))
    code, out, errors = in_process("build", "--data", str(data))
    assert (code, out) == (3, "")
    assert "acme.ttl:" in errors
    assert "30 plain digits" in errors


def test_a_number_too_long_for_python_is_a_finding_without_a_traceback(data: Path) -> None:
    write(data / "curated" / "capital" / "acme.ttl", DEAL.replace("5000000", "9" * 5000))
    code, out, errors = in_process("validate", "--data", str(data))
    assert code == 1
    assert "acme.ttl:" in out
    assert "Traceback" not in errors


def findings(data: Path) -> list[Finding]:
    return list(validate(folders(data)).findings)


@pytest.mark.parametrize(
    ("label", "rule", "severity", "said"),
    [
        ("Ac\u202eme", "steering-character", "violation", "U+202E"),
        ("Ac\u2066me\u2069", "steering-character", "violation", "U+2066, U+2069"),
        ("Ac\x1b[31mme", "steering-character", "violation", "U+001B"),
        ("Ac\x9b31mme", "steering-character", "violation", "U+009B"),
        ("Ac\x00me", "steering-character", "violation", "U+0000"),
        ("Ac\u200bme", "invisible-character", "warning", "U+200B"),
        ("Ac\xadme", "invisible-character", "warning", "U+00AD"),
        ("Acme\U000e0041", "invisible-character", "warning", "U+E0041"),
        ("Acme\u3164", "invisible-character", "warning", "U+3164"),
        ("Cafe\u0301", "not-nfc", "warning", "NFC"),
        ("Аcme", "look-alike", "warning", "CYRILLIC CAPITAL LETTER A"),
        ("Αcme", "look-alike", "warning", "GREEK CAPITAL LETTER ALPHA"),
        ("Ａcme", "look-alike", "warning", "FULLWIDTH"),
        ("⼈工智能", "look-alike", "warning", "KANGXI RADICAL"),
    ],
)  # fmt: skip
def test_what_misleads_the_eye_is_a_fault(label: str, rule: str, severity: str, said: str) -> None:
    found = faults(label)
    assert [(fault.rule, fault.severity) for fault in found] == [(rule, severity)]
    assert said in found[0].message
    assert found[0].hint


def faults(label: str) -> list[TextFault]:
    return list(text_faults([Triple(NamedNode("http://x/a"), NamedNode("http://x/p"), Literal(label, language="en"))]))


@pytest.mark.parametrize("written", ["Ac\u202eme", r"Ac\u202Eme", "Аcme", r"\U00000410cme"])
def test_a_misleading_text_is_found_on_its_line_however_it_is_written(data: Path, written: str) -> None:
    path = write(data / "curated" / "actors" / "acme.ttl", ACTOR.replace('"Acme"', f'\n        "{written}"'))
    found = findings(data)
    assert [finding.rule for finding in found] == ["steering-character" if "202" in ascii(written) else "look-alike"]
    assert "rdfs:label" in path.read_text(encoding="utf-8").split("\n")[(found[0].line or 0) - 1]


@pytest.mark.parametrize(
    "label",
    ["AI芯片", "Café Ångström", "10 μm", "Δt", "β-VAE", "东方 Я", "Яндекс", "ＡＩ", "Moonshot AI（月之暗面）", "Ørsted", "№ 5", "智谱AI", "第１条", "a\u3000b", "ﬁne", "日本語カナ"],
)  # fmt: skip
def test_honest_mixes_are_no_fault(label: str) -> None:
    assert faults(label) == []


def test_a_comment_that_turns_its_line_around_is_a_finding(data: Path) -> None:
    path = write(data / "curated" / "actors" / "acme.ttl", ACTOR + "\n# harmless \u202e x\n# fine\n")
    found = findings(data)
    assert [(f.rule, f.severity) for f in found] == [("steering-character", "violation")]
    assert "\u202e" in path.read_text(encoding="utf-8").split("\n")[(found[0].line or 0) - 1]


def test_our_own_data_and_ontology_mislead_nobody() -> None:
    root = Path(__file__).parents[1]
    for path in sorted([*(root / "ontology").rglob("*.ttl"), *(root / "data").rglob("*.ttl")]):
        assert [*text_faults(parse(path)), *comment_faults(path.read_text(encoding="utf-8"))] == [], path


def test_the_formatter_composes_no_letters_and_shows_hidden_ones() -> None:
    text = '@prefix x: <http://x/> .\n\nx:a\n    x:p "Cafe\u0301\u202e\u200b" .\n'
    after = formatted(text.encode(), Path("a.ttl")).decode()
    assert "Cafe\u0301\\u202E" in after
    assert unicodedata.normalize("NFC", after) != after


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _itself(path: Path) -> None:
    path.symlink_to(path.name)


def _nowhere(path: Path) -> None:
    path.symlink_to("nowhere")


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize(
    ("make", "said"),
    [(_pipe, "is no file"), (_device, "is no file"), (_itself, "cannot be read"), (_nowhere, "cannot be read")],
)
def test_what_is_no_file_is_an_error_and_a_finding(
    ctkg: Ctkg, data: Path, make: Callable[[Path], None], said: str
) -> None:
    make(data / "curated" / "actors" / "odd.ttl")
    for command in ("build", "format"):
        done = ctkg(command, "--data", str(data))
        assert done.returncode == 3
        assert f"odd.ttl: {said}" in done.stderr
        assert "hint: " in done.stderr
    found = [finding for finding in findings(data) if finding.path.endswith("odd.ttl")]
    assert [said in finding.message and bool(finding.remedy) for finding in found] == [True]


def test_a_link_to_a_file_is_read_and_formatted_in_its_place(data: Path, tmp_path: Path) -> None:
    path = data / "curated" / "actors" / "acme.ttl"
    path.rename(tmp_path / "elsewhere.ttl")
    path.symlink_to(tmp_path / "elsewhere.ttl")
    assert findings(data) == []
    assert in_process("format", str(path))[0] == 0
    assert path.is_symlink()
    assert not path.read_text(encoding="utf-8").startswith("@prefix ctkg:")


def test_file_names_that_are_no_text_are_told_as_escapes(ctkg: Ctkg, data: Path) -> None:
    name = b"\xff\x1b[31m\nerror: x.ttl"
    Path(os.fsdecode(os.fsencode(data / "curated" / "actors") + b"/" + name)).write_bytes(b"nonsense")
    shown = "\\udcff\\x1b[31m\\nerror: x.ttl"
    for words in (("validate",), ("format", "--check")):
        done = ctkg(*words, "--data", str(data))
        assert done.returncode in (1, 3)
        assert shown in done.stdout + done.stderr
        assert "\x1b" not in done.stdout + done.stderr
    assert ctkg("validate", "--format", "json", "--data", str(data)).returncode == 1


def test_a_deeply_spoiled_text_keeps_its_error_short(data: Path) -> None:
    write(data / "curated" / "actors" / "acme.ttl", ACTOR + "x" * 1_000_000)
    with pytest.raises(DataError) as caught:
        parse(data / "curated" / "actors" / "acme.ttl")
    assert len(str(caught.value)) < 1000
