"""Measure ``ctkg serve`` against its peers on our own data and write docs/performance-http.md.

python -m bench.serving                some six minutes; needs wrk (Debian: wrk) and curl
python -m bench.serving --seconds 2    a quick look
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import platform
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import pyoxigraph

from ctkg.graph import KnowledgeGraph
from ctkg.sparql import with_prefixes

_DOCS = Path(__file__).parents[1] / "docs"
_CONNECTIONS = 8
_LUA = """\
local number, thread = 0, 0
function setup(t) t:set("thread", thread); thread = thread + 1 end
function init(words) path = words[1] end
function request()
  number = number + 1
  return wrk.format("GET", path .. "%23" .. thread .. "-" .. number, {["Accept"] = "application/sparql-results+json"})
end
"""
_SMALL = "SELECT ?p ?o { <https://w3id.org/ctkg/id/actor/alibaba> ?p ?o } ORDER BY ?p ?o LIMIT 20 "
_STORED = ("investors-of", "timeline", "lineage-of")
_LARGE = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 42000"
_ORDINARY = "SELECT ?s ?l { ?s a ctkg:Company ; rdfs:label ?l } ORDER BY ?s ?l LIMIT 20 #"
HOSTILE = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } #",
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d ?g #",
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } #",
    "SELECT (GROUP_CONCAT(CONCAT(STR(?c), STR(?f))) AS ?x) { ?a ?b ?c . ?d ?e ?f } #",
)
_ATTACK = """
import sys, time, urllib.request, urllib.parse
address, query, end, number = sys.argv[1], sys.argv[2], time.time() + float(sys.argv[3]), 0
while time.time() < end:
    number += 1
    try:
        with urllib.request.urlopen(f"{address}?{urllib.parse.urlencode({'query': query + str(number)})}", timeout=30) as answer:
            while time.time() < end and answer.read(1 << 16):
                pass
    except Exception:
        time.sleep(0.01)
"""


class Server(NamedTuple):
    """A server under test: its name, the address of its SPARQL endpoint, that of its stored queries if it has them."""

    name: str
    endpoint: str
    queries: str | None = None


def main() -> None:
    parser = argparse.ArgumentParser("python -m bench.serving", description="Measure ctkg serve against its peers.")
    parser.add_argument(
        "--seconds", type=float, default=5, help="of each turn under load; the hostile ones take four times it"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=_DOCS, help="folder for performance-http.md")
    given = parser.parse_args()
    for tool in ("wrk", "curl"):
        if shutil.which(tool) is None:
            sys.exit(f"error: {tool} is not installed\nhint: Debian: apt-get install {tool}")
    with tempfile.TemporaryDirectory() as folder:
        report = _measure(Path(folder), given.seconds, given.rounds)
    (given.out / "performance-http.md").write_text(report, encoding="utf-8")


def _measure(folder: Path, seconds: float, rounds: int) -> str:
    kg = KnowledgeGraph.open()
    assert kg.snapshot is not None
    dump = folder / "all.nq"
    with dump.open("wb") as file:
        pyoxigraph.serialize(kg.snapshot.store, file, format=pyoxigraph.RdfFormat.N_QUADS)
    (folder / "fresh.lua").write_text(_LUA, encoding="utf-8")
    with ExitStack() as stack:
        servers = [stack.enter_context(start(folder, dump)) for start in (_ctkg, _oxigraph, _rdflib_endpoint)]
        parts = [_fresh(servers, folder, seconds, rounds)]
        parts += [
            _repeated(kg, servers, folder, seconds, rounds),
            _large(servers, rounds),
            _hostile(servers, 4 * seconds),
        ]
    return _head(len(kg.snapshot.store), seconds, rounds) + "\n".join(parts)


# servers


@contextmanager
def _running(command: list[str], endpoint: str, patience: float = 240) -> Iterator[None]:
    """The server, once it answers a query."""
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            end = time.monotonic() + patience
            while not _answers(endpoint):
                if time.monotonic() > end or process.poll() is not None:
                    raise RuntimeError(f"{command[0]} does not answer at {endpoint}")
                time.sleep(0.2)
            yield
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def _answers(endpoint: str) -> bool:
    asked = f"{endpoint}?{urlencode({'query': 'ASK {}'})}"
    command = ["curl", "-sf", "-m", "5", "-H", "Accept: application/sparql-results+json", asked]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def _ctkg(_folder: Path, _dump: Path) -> Iterator[Server]:
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-c", "from ctkg.cli import run; run()", "serve", "--port", str(port), "--quiet"]
    with _running(command, f"{address}/sparql"):
        yield Server("ctkg serve", f"{address}/sparql", f"{address}/queries/")


@contextmanager
def _oxigraph(folder: Path, dump: Path) -> Iterator[Server]:
    port, program = _free_port(), str(Path(sys.executable).with_name("oxigraph"))
    store = str(folder / "oxigraph")
    subprocess.run([program, "load", "-l", store, "-f", str(dump)], check=True, capture_output=True)
    subprocess.run([program, "optimize", "-l", store], check=True, capture_output=True)
    command = [program, "serve-read-only", "-l", store, "-b", f"127.0.0.1:{port}", "--union-default-graph"]
    with _running([*command, "--timeout-s", "30"], f"http://127.0.0.1:{port}/query"):
        yield Server("oxigraph serve-read-only", f"http://127.0.0.1:{port}/query")


@contextmanager
def _rdflib_endpoint(folder: Path, dump: Path) -> Iterator[Server]:
    """It has one graph: the union, as triples."""
    port, triples = _free_port(), folder / "all.nt"
    with triples.open("wb") as file:
        found = (pyoxigraph.Triple(q.subject, q.predicate, q.object) for q in pyoxigraph.parse(path=dump))
        pyoxigraph.serialize(found, file, format=pyoxigraph.RdfFormat.N_TRIPLES)
    program = str(Path(sys.executable).with_name("rdflib-endpoint"))
    command = [program, "serve", "--host", "127.0.0.1", "--port", str(port), str(triples)]
    with _running(command, f"http://127.0.0.1:{port}/"):
        yield Server("rdflib-endpoint", f"http://127.0.0.1:{port}/")


# measurements


class Load(NamedTuple):
    """What one turn of wrk gave: answers a second, errors not counted, and milliseconds."""

    rate: float
    p50: float
    p99: float


def _wrk(address: str, seconds: float, *more: str) -> Load:
    command = ["wrk", "-t1", f"-c{_CONNECTIONS}", f"-d{max(1, round(seconds))}s", "--timeout", "30s", "--latency"]
    said = subprocess.run([*command, *more[:2], address, *more[2:]], capture_output=True, check=True, text=True).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    total = re.search(r"(\d+) requests in", said)
    assert rate, said
    assert total, said
    errors = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    good = 1 - (int(errors[1]) if errors else 0) / max(1, int(total[1]))  # an error is quick, and no answer
    return Load(float(rate[1]) * good, _milliseconds(said, "50%"), _milliseconds(said, "99%"))


def _milliseconds(said: str, share: str) -> float:
    found = re.search(rf"{share}\s+([\d.]+)(us|ms|s|m)\s", said)
    return float(found[1]) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60000}[found[2]] if found else float("nan")


def _turns(servers: list[Server], rounds: int, job: Callable[[Server], Load]) -> dict[str, Load]:
    """Medians over turns; each round goes through all servers."""
    turns: dict[str, list[Load]] = {server.name: [] for server in servers}
    for _ in range(rounds):
        for server in servers:
            turns[server.name].append(job(server))
    return {
        name: Load(*(statistics.median(values) for values in zip(*loads, strict=True))) for name, loads in turns.items()
    }


def _fresh(servers: list[Server], folder: Path, seconds: float, rounds: int) -> str:
    _say("small fresh queries")

    def job(server: Server) -> Load:
        path = f"{server.endpoint.partition('127.0.0.1')[2].partition('/')[2]}?{urlencode({'query': _SMALL})}"
        return _wrk(server.endpoint, seconds, "-s", str(folder / "fresh.lua"), "--", f"/{path}")

    found = _turns(servers, rounds, job)
    text = f"""\
## Small queries, each one new

Everything that is said of one actor in two columns, at most 20 rows; a comment makes each query a new one, so that nobody
can answer from memory. {_CONNECTIONS} connections.
"""
    return text + _load_table(found) + _goals([
        ("ahead of rdflib-endpoint", found, "rdflib-endpoint", 1.0),
        ("at least 0.4 × oxigraph's rate", found, "oxigraph serve-read-only", 0.4),
    ])  # fmt: skip


def _repeated(kg: KnowledgeGraph, servers: list[Server], folder: Path, seconds: float, rounds: int) -> str:
    _say("repeated stored queries")
    parts = [
        """\

## Stored queries, asked again

ctkg answers the stored query by its name, with labels and citations, and may remember the answer; the peers get its
text and answer bare rows. The same defaults, the same data.
"""
    ]
    for name in _STORED:
        text = with_prefixes(kg.queries[name].text)

        def job(server: Server, name: str = name, text: str = text) -> Load:
            if server.queries is not None:
                return _wrk(f"{server.queries}{name}.json", seconds / 2)
            return _wrk(
                f"{server.endpoint}?{urlencode({'query': text})}",
                seconds / 2,
                "-H",
                "Accept: application/sparql-results+json",
            )

        found = _turns(servers, rounds, job)
        parts += [f"**{name}**\n", _load_table(found), _goals([
            ("ahead of rdflib-endpoint", found, "rdflib-endpoint", 1.0),
            ("ahead of oxigraph", found, "oxigraph serve-read-only", 1.0),
        ])]  # fmt: skip
    return "\n".join(parts)


def _large(servers: list[Server], rounds: int) -> str:
    _say("a large result")
    rows: dict[str, list[tuple[float, float, int]]] = {server.name: [] for server in servers}
    for number in range(2 * rounds):
        for server in servers:
            asked = f"{server.endpoint}?{urlencode({'query': f'{_LARGE} #{number}'})}"
            told = subprocess.run(
                ["curl", "-s", "-o", os.devnull, "-H", "Accept: application/sparql-results+json",
                 "-w", "%{http_code} %{time_starttransfer} %{time_total} %{size_download}", asked],
                capture_output=True, check=True, text=True,
            ).stdout.split()  # fmt: skip
            assert told[0] == "200", told
            rows[server.name].append((float(told[1]), float(told[2]), int(told[3])))
    medians = {name: tuple(map(statistics.median, zip(*turns, strict=True))) for name, turns in rows.items()}
    lines = ["| | first byte | total | size | total × ctkg |", "| --- | --- | --- | --- | --- |"]
    ours = medians[servers[0].name]
    for name, (first, total, size) in medians.items():
        lines.append(
            f"| {name} | {first * 1000:.1f} ms | {total:.3f} s | {size / 1e6:.1f} MB | {total / ours[1]:.2f} |"
        )
    share = medians["oxigraph serve-read-only"][1] / ours[1]
    met = "met" if share >= 0.9 else "**missed**"
    return "\n".join([
        "\n## A large result\n", f"`{_LARGE}` as JSON, by curl, uncompressed.\n", *lines,
        f"\nGoal, at least 0.9 × oxigraph's speed: {share:.2f} ×, {met}.\n",
    ])  # fmt: skip


def _hostile(servers: list[Server], seconds: float) -> str:
    """One server after the other: what is left running in one would slow the next, so the peers come last."""
    lines = ["| | ordinary queries | answered | p50 | p99 | longest |", "| --- | --- | --- | --- | --- | --- |"]
    worst = {}
    for server in servers:
        _say(f"hostile queries against {server.name}")
        attackers = [
            subprocess.Popen([sys.executable, "-c", _ATTACK, server.endpoint, with_prefixes(query), str(seconds)])
            for query in HOSTILE
        ]
        took, failed = _ordinary(server, seconds)
        for attacker in attackers:
            attacker.kill()
            attacker.wait()
        took.sort()
        p99 = took[min(len(took) - 1, int(0.99 * len(took)))]
        worst[server.name] = (p99, failed)
        middle, longest = statistics.median(took), took[-1]
        lines.append(
            f"| {server.name} | {len(took)} | {len(took) - failed} | {1000 * middle:.0f} ms | {1000 * p99:.0f} ms | {longest:.1f} s |"
        )
    p99, failed = worst[servers[0].name]
    met = "met" if p99 < 0.25 and not failed else "**missed**"
    return "\n".join([
        "\n## Ordinary queries while four hostile ones run\n",
        f"For {seconds:g} s a triple cross product that is counted, one that is sorted, one that is asked for whole and the concatenation "
        "of everything are each asked again and again, from the same address as small queries that follow each other by 20 ms and are "
        "given up after 5 s. Deadlines: 30 s for ctkg and oxigraph, rdflib-endpoint has none.\n",
        *lines,
        f"\nGoal, every ordinary query answered and p99 under 250 ms: {1000 * p99:.0f} ms, {failed} failed, {met}.\n",
    ])  # fmt: skip


def _ordinary(server: Server, seconds: float) -> tuple[list[float], int]:
    """Seconds of each small query, and how many were not answered."""
    host, _, path = server.endpoint.removeprefix("http://").partition("/")
    end, failed = time.monotonic() + seconds, 0
    took: list[float] = []
    query = with_prefixes(_ORDINARY)
    while time.monotonic() < end:
        started = time.perf_counter()
        connection = http.client.HTTPConnection(host, timeout=5)
        try:
            asked = f"/{path}?{urlencode({'query': f'{query}{len(took)}'})}"
            connection.request("GET", asked, headers={"Accept": "application/sparql-results+json"})
            answer = connection.getresponse()
            failed += answer.status != 200 or len(json.loads(answer.read())["results"]["bindings"]) != 20
        except (OSError, http.client.HTTPException, ValueError):
            failed += 1
        finally:
            connection.close()
        took.append(time.perf_counter() - started)
        time.sleep(0.02)
    return took, failed


# report


def _load_table(found: dict[str, Load]) -> str:
    ours = next(iter(found.values()))
    lines = ["", "| | answers/s | p50 | p99 | ctkg's rate × |", "| --- | --- | --- | --- | --- |"]
    for name, load in found.items():
        lines.append(
            f"| {name} | {load.rate:,.0f} | {load.p50:.2f} ms | {load.p99:.1f} ms | {ours.rate / load.rate:.2f} |"
        )
    return "\n".join(lines) + "\n"


def _goals(goals: list[tuple[str, dict[str, Load], str, float]]) -> str:
    said = []
    for wanted, found, peer, least in goals:
        share = next(iter(found.values())).rate / found[peer].rate
        said.append(f"{wanted}: {share:.2f} ×, {'met' if share >= least else '**missed**'}")
    return f"\nGoals: {'; '.join(said)}.\n"


def _head(quads: int, seconds: float, rounds: int) -> str:
    names = ("ctkg", "pyoxigraph", "oxigraph", "rdflib-endpoint", "rdflib", "uvicorn", "werkzeug")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return f"""\
# Performance of the server

Written by `{" ".join(["python -m bench.serving", *sys.argv[1:]])}`. Our own data, {quads:,} quads with what is derived, in every server; the same load tool (wrk, curl) from
the same machine, which has {os.cpu_count()} cores for servers and load together. Medians of {rounds} rounds in which the servers take turns of
{seconds:g} s; ratios hold where absolute figures do not. Oxigraph's read-only server reads from disk, ctkg's workers share the
graph in memory, and rdflib-endpoint holds it in memory, too: part of what is measured is that choice. {versions}; Python {platform.python_version()}, {platform.system()}.

"""


def _say(what: str) -> None:
    print(what, file=sys.stderr)


if __name__ == "__main__":
    main()
