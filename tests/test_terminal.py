"""What a terminal gets: colours and progress, and nothing from a label or a word of the user that steers it."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings

from ctkg.visible import visible
from tests.conftest import ACTOR, SOURCE, WORLD, Ctkg, in_process, write
from tests.test_hostile_arguments import TEXTS

DATA = ("--data", str(WORLD))
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


def on_a_terminal(*words: str) -> str:
    """What a command writes to a terminal of 120 columns."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", "from ctkg.cli import run; run()", *words],
        stdout=slave, stderr=slave, env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "120"},
    )  # fmt: skip
    os.close(slave)
    output = b""
    while True:
        try:
            chunk = os.read(master, 65536)
        except OSError:
            break
        if not chunk:
            break
        output += chunk
    process.wait(timeout=60)
    os.close(master)
    return output.decode()


def test_a_terminal_gets_colours_and_sources() -> None:
    text = on_a_terminal("query", "investors-of", *DATA)
    assert "\x1b[" in text
    assert "Who invested in a company" in text
    assert "Sources" in text


def test_a_build_shows_progress_on_a_terminal_only(data: Path, ctkg: Ctkg) -> None:
    assert "reading" in on_a_terminal("build", "--data", str(data))
    assert "reading" not in ctkg("build", "--data", str(data)).stderr
