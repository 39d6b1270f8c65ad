"""The command line as a user meets it: good, bad and hostile input."""

from __future__ import annotations

import csv
import io
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ctkg.cli import COMMANDS
from tests.conftest import DEAL, WORLD, Ctkg, write

DATA = ("--data", str(WORLD))


def fails(done: subprocess.CompletedProcess[str], code: int) -> str:
    """The error message, having checked that it is one."""
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("error: ") or "usage: " in done.stderr
    return done.stderr


def test_help_shows_every_command_and_examples(ctkg: Ctkg) -> None:
    done = ctkg("--help")
    assert done.returncode == 0
    assert all(f"  {name}" in done.stdout for name in COMMANDS)
    assert "examples:" in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself_by_example(ctkg: Ctkg, command: str) -> None:
    done = ctkg(command, "--help")
    assert done.returncode == 0
    assert f"ctkg {command}" in done.stdout.partition("examples:")[2]


def test_no_command_is_a_usage_error_with_help(ctkg: Ctkg) -> None:
    done = ctkg()
    assert done.returncode == 2
    assert "commands:" in done.stdout


def test_an_unknown_command_suggests_the_nearest(ctkg: Ctkg) -> None:
    assert "hint: known: query" in fails(ctkg("qury"), 2)


def test_the_version_is_printed(ctkg: Ctkg) -> None:
    assert ctkg("--version").stdout.startswith("ctkg 0.")


def test_questions_are_listed_one_a_line_in_a_pipe(ctkg: Ctkg) -> None:
    lines = ctkg("query", *DATA).stdout.splitlines()
    assert len(lines) >= 12
    assert all(len(line.split("\t")) == 2 for line in lines)
    assert "investors-of\tWho invested in a company" in lines
    assert "investors-of\t谁投资了这家公司" in ctkg("query", *DATA, "--lang", "zh").stdout.splitlines()


def test_questions_are_listed_as_json(ctkg: Ctkg) -> None:
    entries = json.loads(ctkg("query", "--format", "json", *DATA).stdout)
    assert set(entries[0]) == {"name", "theme", "question", "params"}


def test_a_question_explains_its_parameters(ctkg: Ctkg) -> None:
    text = ctkg("query", "investors-of", "--help", *DATA).stdout
    assert "--investee ACTOR" in text
    assert "--as-of DATE" in text


def test_an_answer_in_a_pipe_is_a_plain_table_with_numbered_sources(ctkg: Ctkg) -> None:
    done = ctkg("query", "investors-of", "--investee", "moonshot-ai", *DATA)
    assert "\x1b" not in done.stdout
    assert done.stdout.startswith("investor")
    assert "\nSources\n[1] " in done.stdout
    assert "as of 2026-" in done.stdout


def test_a_name_says_what_it_was_taken_for(ctkg: Ctkg) -> None:
    assert (
        "'月之暗面' is Moonshot AI (moonshot-ai)"
        in ctkg("query", "investors-of", "--investee", "月之暗面", *DATA).stderr
    )


def test_csv_holds_labels_and_source_addresses(ctkg: Ctkg) -> None:
    done = ctkg("query", "investors-of", "--investee=moonshot-ai", "--format", "csv", *DATA)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert {"Alibaba Group", "Alibaba"} & {row["investor"] for row in rows}
    assert all(url.startswith("http") for row in rows for url in row["evidence"].split())
    assert "as of" in done.stderr


def test_json_holds_the_answer_whole(ctkg: Ctkg) -> None:
    document = json.loads(
        ctkg(
            "query",
            "investors-of",
            "--investee",
            "moonshot-ai",
            "--format",
            "json",
            "--known-at",
            "2024-12-31",
            *DATA,
        ).stdout
    )
    assert set(document) == {
        "query",
        "summary",
        "parameters",
        "as_of",
        "known_at",
        "columns",
        "rows",
        "citations",
    }
    assert document["parameters"]["investee"]["label"]["zh"] == "月之暗面"
    assert document["known_at"] == "2024-12-31"
    assert all(row["evidence"]["citations"] for row in document["rows"])


def test_markdown_links_its_sources(ctkg: Ctkg) -> None:
    text = ctkg("query", "investors-of", "--format", "md", *DATA).stdout
    assert text.startswith("| investor |")
    assert "](<http" in text


def test_data_may_stand_before_or_after_the_command(ctkg: Ctkg, data: Path) -> None:
    for words in (
        ("--data", str(data), "query", "timeline"),
        ("query", "timeline", "--data", str(data)),
        ("query", f"--data={data}", "timeline"),
    ):
        assert "(0 rows" in ctkg(*words).stdout
    assert "(0 rows" in ctkg("query", "timeline", CTKG_DATA=str(data)).stdout


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("query", "investor-of"), 2, "did you mean: investors-of"),
        (("query", "investors-of", "--investe", "x"), 2, "it has: --investee"),
        (("query", "investors-of", "--investee", "mooonshot-ai"), 2, "did you mean: moonshot-ai"),
        (("query", "investors-of", "--investee", "actr:x"), 2, "unknown prefix actr:"),
        (("query", "investors-of", "--investee", "https://x/> }"), 2, "not an IRI"),
        (("query", "investors-of", "--investee", '" } DROP ALL'), 2, "no Actor is called"),
        (("query", "investors-of", "--investee", "a\nb"), 2, "no Actor is called"),
        (("query", "investors-of", "--investee"), 2, "--investee needs a value"),
        (("query", "investors-of", "moonshot-ai"), 2, "unexpected argument"),
        (("query", "investors-of", "--investee", "a", "--investee", "b"), 2, "given twice"),
        (("query", "investors-of", "--as-of", "yesterday"), 2, "as-of is not a day"),
        (("query", "investors-of", "--known-at", "2024-02-30"), 2, "known-at is not a day"),
        (("query", "shared-backers", "--minimum", "two"), 2, "minimum is not of type integer"),
        (("query", "investors-of", "--format", "xls"), 2, "invalid choice"),
        (("show", "mooonshot-ai"), 2, "did you mean: moonshot-ai"),
        (("query", "timeline", "--lane", "PolicyLan"), 2, "did you mean: PolicyLane"),
        (("show",), 2, "usage"),
        (("sparql", "SELECT * {"), 2, "line 1, column"),
        (("sparql", "SELECT ?x { acter:x ?p ?x }"), 2, "actor:"),
        (("sparql", "DELETE WHERE { ?s ?p ?o }"), 2, "is an update"),
        (("sparql", "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }"), 2, "SERVICE is refused"),
        (("sparql", "SELECT * {" + "{" * 3000 + "}" * 3001), 2, "nested more than"),
        (("sparql", "SELECT (" + "(" * 20000 + "1" + ")" * 20000 + " AS ?x) {}"), 2, "nested more than"),
        (("sparql", "-f", "/nowhere/q.rq"), 2, "cannot be read"),
        (("sparql", "ASK {}", "-f", "x"), 2, "give one of them"),
        (("sparql", "ASK {}", "--format", "turtle"), 2, "does not fit"),
        (("sparql", "DESCRIBE actor:alibaba", "--format", "csv"), 2, "does not fit"),
        (("validate", "/nowhere"), 3, "is not there"),
    ],
)  # fmt: skip
def test_bad_input_says_what_is_wrong_and_how_to_mend_it(
    ctkg: Ctkg, words: tuple[str, ...], code: int, said: str
) -> None:
    assert said in fails(ctkg(*words, *DATA), code)


def test_a_data_folder_that_is_not_there_is_an_error(ctkg: Ctkg) -> None:
    assert "no data folder at" in fails(ctkg("query", "--data", "/nowhere"), 3)


def test_broken_turtle_is_an_error_with_file_and_line(ctkg: Ctkg, data: Path) -> None:
    write(data / "curated" / "capital" / "acme.ttl", DEAL + "\nactor:acme a ")
    message = fails(ctkg("query", "investors-of", "--data", str(data)), 3)
    assert "acme.ttl:" in message
    assert "hint: " in message


def test_an_unreadable_file_is_an_error(ctkg: Ctkg, data: Path) -> None:
    (data / "curated" / "actors" / "gone.ttl").symlink_to("nowhere")
    assert "gone.ttl: cannot be read" in fails(ctkg("build", "--data", str(data)), 3)


def test_a_link_to_a_folder_is_an_error(ctkg: Ctkg, data: Path) -> None:
    (data / "curated" / "actors" / "loop").symlink_to(data)
    assert "loop: is a link to a folder" in fails(ctkg("build", "--data", str(data)), 3)


def test_errors_speak_chinese(ctkg: Ctkg) -> None:
    done = ctkg("query", "investor-of", "--lang", "zh", *DATA)
    assert done.stderr.startswith("错误：") or done.stderr.startswith("错误: ")
    assert "提示" in done.stderr
    assert ctkg("query", "investor-of", *DATA, CTKG_LANG="", LC_ALL="zh_CN.UTF-8").stderr.startswith("错误")


def test_a_wrong_language_setting_is_an_error(ctkg: Ctkg) -> None:
    assert "CTKG_LANG" in fails(ctkg("query", CTKG_LANG="fr"), 3)


@pytest.mark.parametrize(
    ("format_", "start"),
    [("json", "{"), ("xml", "<?xml"), ("csv", "l"), ("tsv", "?l"), ("table", "l")],
)
def test_solutions_come_in_the_w3c_formats(ctkg: Ctkg, format_: str, start: str) -> None:
    done = ctkg("sparql", "SELECT ?l { actor:moonshot-ai rdfs:label ?l }", "--format", format_, *DATA)
    assert done.stdout.startswith(start)
    assert "月之暗面" in done.stdout


@pytest.mark.parametrize(
    ("format_", "sign"),
    [("turtle", "<https://w3id.org"), ("ntriples", "<https://w3id.org"), ("jsonld", "@id")],
)
def test_graphs_come_in_the_w3c_formats(ctkg: Ctkg, format_: str, sign: str) -> None:
    assert sign in ctkg("sparql", "DESCRIBE actor:moonshot-ai", "--format", format_, *DATA).stdout


def test_a_query_is_read_from_stdin_or_a_file(ctkg: Ctkg, tmp_path: Path) -> None:
    path = write(tmp_path / "q.rq", "ASK { actor:moonshot-ai a ctkg:Company }")
    assert ctkg("sparql", *DATA, stdin=path.read_text(encoding="utf-8")).stdout == "true\n"
    assert ctkg("sparql", "-f", str(path), *DATA).stdout == "true\n"


def test_deep_but_sane_nesting_is_answered(ctkg: Ctkg) -> None:
    assert ctkg("sparql", "SELECT (" + "(" * 190 + "1" + ")" * 190 + " AS ?x) {}", *DATA).stdout.splitlines()[1] == "1"
    assert ctkg("sparql", "SELECT * {" + "{" * 190 + "}" * 191, *DATA).returncode == 0


def test_info_counts_what_there_is(ctkg: Ctkg) -> None:
    document = json.loads(ctkg("info", "--format", "json", *DATA).stdout)
    counts = {item["iri"]: item["count"] for item in document["classes"]}
    assert counts["ctkg:Investment"] >= 10
    assert document["data_date"].startswith("2026-")
    text = ctkg("info", *DATA).stdout
    assert document["snapshot"] in text


def test_info_names_each_dataset_with_its_statements_and_licence(ctkg: Ctkg) -> None:
    document = json.loads(ctkg("info", "--format", "json", *DATA).stdout)
    curated = next(graph for graph in document["graphs"] if graph["iri"] == "dataset:curated")
    assert curated["licence"] == "https://creativecommons.org/licenses/by/4.0/"
    assert 0 < curated["statements"] < curated["count"]
    line = next(line for line in ctkg("info", *DATA).stdout.splitlines() if curated["licence"] in line)
    assert line.split()[-3:] == [str(curated["count"]), str(curated["statements"]), curated["licence"]]


def test_build_prints_where_the_snapshot_lies(ctkg: Ctkg, data: Path) -> None:
    done = ctkg("build", "--data", str(data))
    assert Path(done.stdout.strip(), "store").is_dir()


def test_the_reader_may_stop_early(cache: Path) -> None:
    words = f"{sys.executable} -c 'from ctkg.cli import run; run()' sparql 'SELECT * {{ ?s ?p ?o }}' --data {WORLD} | head -1"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {words}"], capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_an_interrupt_ends_a_long_query_at_once(cache: Path) -> None:
    long = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c != ?f && ?f != ?i) }"
    process = subprocess.Popen(
        [sys.executable, "-c", "from ctkg.cli import run; run()", "sparql", long, *DATA],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # a job in the background ignores it
    )  # fmt: skip
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    try:
        out, errors = process.communicate(timeout=10)
    finally:
        process.kill()
    assert (process.returncode, out, errors) == (130, "", "interrupted\n")


@pytest.mark.parametrize(
    ("words", "unwanted"),
    [
        (
            ("query", "investors-of"),
            {"rdflib", "pyshacl", "networkx", "rich", "yaml", "pypinyin", "rapidfuzz", "ctkg.build", "ctkg.validate"},
        ),
        (
            ("search", "moonshot"),
            {"rdflib", "pyshacl", "networkx", "rich", "yaml", "pypinyin", "rapidfuzz", "ctkg.build", "ctkg.validate"},
        ),
        (
            ("sparql", "ASK {}"),
            {"rdflib", "pyshacl", "networkx", "rich", "yaml", "ctkg.build", "ctkg.validate"},
        ),
        (("show", "moonshot-ai"), {"rdflib", "pyshacl", "networkx", "rich", "yaml", "ctkg.build"}),
        (("info",), {"rdflib", "pyshacl", "networkx", "rich", "yaml", "ctkg.build"}),
        (("build",), {"rdflib", "pyshacl", "networkx", "rich", "pypinyin", "rapidfuzz", "ctkg.validate"}),
    ],
)
def test_no_command_imports_what_it_does_not_use(ctkg: Ctkg, words: tuple[str, ...], unwanted: set[str]) -> None:
    ctkg(*words, *DATA)  # so that there is a snapshot
    program = (
        "import sys, io; from ctkg.cli import main; real, sys.stdout = sys.stdout, io.TextIOWrapper(io.BytesIO());"
        f"main({[*words, *DATA]!r}); print(*sorted(sys.modules), file=real)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert unwanted & set(done.stdout.split()) == set()
