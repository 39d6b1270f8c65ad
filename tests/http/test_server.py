"""A real ``ctkg serve``: its processes, its bounds, and what is left of it when it goes."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from ctkg.graph import KnowledgeGraph
from tests.conftest import WORLD, Ctkg
from tests.http.conftest import serving

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="asks /proc, which only Linux has")
COUNT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SORT = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d ?g"
FLOOD = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
JOIN = "SELECT (GROUP_CONCAT(CONCAT(STR(?c), STR(?f))) AS ?x) { ?a ?b ?c . ?d ?e ?f }"
SMALL = "SELECT ?s ?l { ?s a ctkg:Company ; rdfs:label ?l } ORDER BY ?s ?l LIMIT 20"


@pytest.fixture(scope="module")
def strict() -> Iterator[str]:
    """A server that grants little."""
    with serving("--data", str(WORLD), "--timeout", "3", "--memory", "128") as (_, address):
        yield address


def ask(address: str, query: str, timeout: float = 60) -> tuple[int, bytes]:
    """Status and body."""
    try:
        with urllib.request.urlopen(f"{address}/sparql?query={quote(query)}", timeout=timeout) as answer:  # noqa: S310
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def raw(address: str, request: bytes) -> bytes:
    """What the server answers to these bytes, until it closes."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
        connection.sendall(request)
        found = b""
        while more := connection.recv(65536):
            found += more
        return found


def family(pid: int) -> set[int]:
    """The processes below a process."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z":
            parents[int(path.parent.name)] = int(fields[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def wait_until(holds: Callable[[], object], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.parametrize(
    ("query", "reason"), [(COUNT, "limit-time"), (SORT, "limit-memory"), (JOIN, "limit-memory")]
)  # fmt: skip
def test_what_takes_too_much_is_ended_with_a_reason(strict: str, query: str, reason: str) -> None:
    status, body = ask(strict, query)
    assert status == 503
    problem = json.loads(body)
    assert problem["type"].endswith(reason) or problem["type"].endswith("limit-time")  # a slow machine ends it sooner
    assert problem["hint"]


def test_an_answer_that_is_ended_half_way_is_seen_to_be_broken(strict: str) -> None:
    with pytest.raises(http.client.IncompleteRead):
        ask(strict, FLOOD)


def test_ordinary_questions_are_answered_while_four_hostile_ones_run() -> None:
    with serving("--data", str(WORLD), "--timeout", "4", "--memory", "256") as (_, address):
        _besiege(address, 20)


def _besiege(address: str, seconds: float) -> None:
    end = time.monotonic() + seconds
    hostile: Counter[int] = Counter()

    def attack(query: str) -> None:
        number = 0
        while time.monotonic() < end:
            number += 1
            try:
                status, _ = ask(address, f"{query} #{number}")
            except (OSError, http.client.HTTPException):
                status = 0
            hostile[status] += 1

    attackers = [threading.Thread(target=attack, args=(query,)) for query in (COUNT, SORT, FLOOD, JOIN)]
    for attacker in attackers:
        attacker.start()
    ordinary: Counter[str] = Counter()
    while time.monotonic() < end:
        status, body = ask(address, f"{SMALL} #{ordinary.total()}")
        ordinary[f"{status} {body.decode() if status != 200 else ''}"] += 1
        time.sleep(0.02)
    for attacker in attackers:
        attacker.join()
    assert set(ordinary) == {"200 "}
    assert ordinary.total() > 20
    assert set(hostile) <= {0, 503}
    assert sum(hostile.values()) >= 4


@ON_LINUX
def test_a_client_that_leaves_takes_its_question_along() -> None:
    with serving("--data", str(WORLD)) as (process, address):
        parts = urlsplit(address)
        before = family(process.pid)
        connection = http.client.HTTPConnection(str(parts.hostname), parts.port)
        connection.request("GET", f"/sparql?query={quote(COUNT)}")
        assert wait_until(lambda: family(process.pid) - before)  # another is raised in the stead of the busy one
        during = family(process.pid)
        connection.close()
        assert wait_until(lambda: during - family(process.pid))
        assert ask(address, SMALL)[0] == 200


@ON_LINUX
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_process_is_left_behind(how: signal.Signals) -> None:
    with serving("--data", str(WORLD)) as (process, address):
        threading.Thread(target=lambda: _suppressed(lambda: ask(address, COUNT)), daemon=True).start()
        assert wait_until(lambda: len(family(process.pid)) > 4)
        below = family(process.pid)
        process.send_signal(how)
        assert process.wait(20) == (-how if how == signal.SIGKILL else 0)
        assert wait_until(lambda: not any(Path(f"/proc/{pid}/cmdline").exists() for pid in below))


def _suppressed(work: Callable[[], object]) -> None:
    with contextlib.suppress(OSError, http.client.HTTPException):
        work()


def nursery_of(process: subprocess.Popen[str]) -> int:
    """The process that raises the workers, once it has raised them."""
    assert wait_until(lambda: len(family(process.pid)) > 4)
    return next(pid for pid in family(process.pid) if family(pid))


@ON_LINUX
def test_a_worker_that_is_killed_is_replaced() -> None:
    with serving("--data", str(WORLD)) as (process, address):
        assert ask(address, SMALL)[0] == 200
        nursery = nursery_of(process)
        workers = family(nursery)
        for pid in workers:
            os.kill(pid, signal.SIGKILL)
        assert wait_until(lambda: len(family(nursery) - workers) >= 4)
        assert ask(address, SMALL)[0] == 200


@ON_LINUX
def test_a_server_whose_nursery_is_killed_says_so_and_ends() -> None:
    with serving("--data", str(WORLD)) as (process, _):
        nursery = nursery_of(process)
        os.kill(nursery, signal.SIGKILL)
        assert process.wait(20) == 3


@ON_LINUX
def test_workers_have_no_network_where_the_kernel_takes_it() -> None:
    allowed = subprocess.run(["unshare", "--user", "--net", "true"], capture_output=True, check=False).returncode == 0
    if not allowed:
        pytest.skip("this kernel lets nobody leave the network")
    with serving("--data", str(WORLD)) as (process, _):
        for pid in family(process.pid):
            devices = Path(f"/proc/{pid}/net/dev").read_text().splitlines()[2:]
            assert [line.split(":")[0].strip() for line in devices] == ["lo"]


def test_health_and_readiness_are_told(server: str) -> None:
    for path, said in (("healthz", b"ok\n"), ("readyz", b"ready\n")):
        with urllib.request.urlopen(f"{server}/{path}", timeout=10) as answer:  # noqa: S310
            assert answer.read() == said


def test_head_is_get_without_the_body(server: str) -> None:
    path = f"/sparql?query={quote(SMALL)}"
    answers = []
    for method in ("GET", "HEAD"):
        connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=10)
        connection.request(method, path)
        answer = connection.getresponse()
        answers.append((answer.status, answer.headers["ETag"], answer.headers["Content-Type"], answer.read()))
        connection.close()
    assert answers[0][:3] == answers[1][:3]
    assert answers[1][3] == b""


def test_every_answer_has_the_headers_of_safety(server: str) -> None:
    for path in ("/healthz", "/sparql?query=ASK%7B%7D", "/nowhere", "/sparql?query=nonsense"):
        found = raw(server, f"GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".encode()).lower()
        assert b"x-content-type-options: nosniff" in found
        assert b"referrer-policy: no-referrer" in found
        assert b"access-control-allow-origin: *" in found
        assert b"\r\nserver:" not in found


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /sparql?query=" + b"x" * 20000 + b" HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", b"414"),
        (b"GET / HTTP/1.1\r\nhost: x\r\nx-much: " + b"y" * 70000 + b"\r\n\r\n", b"431"),
        (b"GET / HTTP/1.1\r\nhost: x\r\n" + b"a: b\r\n" * 20000 + b"\r\n", b"431"),
        (b"POST /sparql HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999\r\n\r\nquery=", b"413"),
        (b"POST /sparql HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
         + b"10000\r\n" + b"z" * 65536 + b"\r\n" + (b"10000\r\n" + b"z" * 65536 + b"\r\n") * 20 + b"0\r\n\r\n", b"413"),
        (b"BREW / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", b"40"),
        (b"TRACE / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", b"405"),
        (b"\x00\x01\x02\x03\r\n\r\n", b"400"),
    ],
    ids=["long address", "long header", "many headers", "long body", "long body in chunks", "odd method", "trace", "no HTTP"],
)  # fmt: skip
def test_what_is_too_much_or_no_http_is_refused(server: str, request_: bytes, status: bytes) -> None:
    assert raw(server, request_).startswith(b"HTTP/1.1 " + status)
    assert ask(server, SMALL)[0] == 200


@contextlib.contextmanager
def slow_readers(address: str, count: int) -> Iterator[list[socket.socket]]:
    """Clients that ask for much and read none of it, each for something else."""
    parts = urlsplit(address)
    with contextlib.ExitStack() as stack:
        found = []
        for number in range(count):
            connection = stack.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.settimeout(30)
            connection.connect((parts.hostname, parts.port))
            query = quote(f"SELECT * {{ ?s ?p ?o . ?a ?b ?c }} LIMIT {10**8 + number}")
            connection.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
            found.append(connection)
        yield found


def test_clients_that_do_not_read_are_in_nobodys_way(server: str) -> None:
    long = "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o . ?s ?q ?r }"
    with slow_readers(server, 48) as readers:
        for _ in range(20):  # until all of them have been sent what they do not read
            time.sleep(0.5)
            if ask(server, long)[0] == 200:
                break
        assert ask(server, f"{long} LIMIT 1")[0] == 200
        for number in range(20):
            assert ask(server, f"SELECT * {{ ?s ?p ?o }} LIMIT {20 + number}")[0] == 200
        assert any(reader.recv(12) == b"HTTP/1.1 200" for reader in readers)


@pytest.mark.parametrize(
    ("headers", "more", "language"),
    [
        (b"", b"", "en"),
        (b"accept-language: zh-CN,zh;q=0.9,en;q=0.8\r\n", b"", "zh"),
        (b"accept-language: en;q=0.9,zh;q=0.5\r\n", b"", "en"),
        (b"accept-language: zh-CN,en;q=0.5\r\n", b"", "zh"),
        (b"accept-language: zh\r\n", b"&lang=en", "en"),
        (b"", b"&lang=zh", "zh"),
        (b"accept-language: ;;q=zh,,\xff\r\n", b"", "en"),
    ],
)
def test_limits_are_told_in_the_language_of_the_client(server: str, headers: bytes, more: bytes, language: str) -> None:
    long = b"GET /sparql?query=" + b"x" * 20000 + more + b" HTTP/1.1\r\nhost: x\r\nconnection: close\r\n"
    body = raw(server, long + headers + b"\r\n").partition(b"\r\n\r\n")[2]
    assert ("字节" in json.loads(body)["detail"]) == (language == "zh")


@pytest.mark.parametrize(
    ("first", "status"),
    [
        (b"GET / HTTP/1.1\r\nhost: x\r\n" + b"a: b\r\n" * 9000, b"431"),
        (b"POST /sparql HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999\r\n\r\n", b"413"),
        (b"\x00\x01\x02\x03\r\n\r\n", b"400"),
    ],
    ids=["headers", "body", "no HTTP"],
)
def test_who_is_still_sending_when_refused_reads_the_answer(server: str, first: bytes, status: bytes) -> None:
    parts = urlsplit(server)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
        connection.sendall(first)
        for _ in range(5):
            time.sleep(0.05)
            connection.sendall(b"a: b\r\n" * 10000)
        found = b""
        while more := connection.recv(65536):
            found += more
    assert found.startswith(b"HTTP/1.1 " + status)


def test_who_goes_on_sending_after_a_refusal_is_cut_off(server: str) -> None:
    parts = urlsplit(server)

    def go_on(connection: socket.socket) -> None:
        for _ in range(200):
            time.sleep(0.05)
            connection.sendall(b"a: b\r\n")

    with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
        connection.sendall(b"\x00\x01\x02\x03\r\n\r\n")
        with pytest.raises(ConnectionError):
            go_on(connection)


def test_the_access_log_has_a_line_for_each_request_and_nothing_that_a_terminal_obeys() -> None:
    command = [sys.executable, "-c", "from ctkg.cli import run; run()", "serve", "--port", "0", "--data", str(WORLD)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stderr is not None
        found = re.search(r"http://[^/\s]+", process.stderr.readline())
        assert found
        raw(found[0], b"GET /a\x1b[31m%1b%0ab HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        raw(found[0], b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        time.sleep(0.5)
        process.terminate()
        told = process.stderr.read()
    assert re.search(r'^\S+Z 127\.0\.0\.1 "GET /healthz" 200 3 \d+\.\d+ms$', told, re.MULTILINE)
    assert "\x1b" not in told
    assert "Traceback" not in told


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["--port", "99999"], "--port cannot be 99999"),
        (["--timeout", "0"], "--timeout cannot be 0"),
        (["--memory", "1"], "--memory cannot be 1"),
        (["--host", "no.such.host.invalid"], "no.such.host.invalid:0 cannot be had"),
        (["--data", "/no/such/folder"], "no data folder"),
    ],
)
def test_what_cannot_be_served_is_said(ctkg: Ctkg, words: list[str], error: str) -> None:
    data = [] if "--data" in words else ["--data", str(WORLD)]
    port = [] if "--port" in words else ["--port", "0"]
    done = ctkg("serve", *words, *data, *port)
    assert done.returncode == 3
    assert error in done.stderr
    assert "hint:" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken_is_said(ctkg: Ctkg, server: str) -> None:
    done = ctkg("serve", "--data", str(WORLD), "--port", str(urlsplit(server).port))
    assert done.returncode == 3
    assert "--port" in done.stderr.partition("hint:")[2]


def test_every_stored_query_gives_the_same_rows_through_the_server(world: KnowledgeGraph, server: str) -> None:
    there = KnowledgeGraph.open(endpoint=f"{server}/sparql")
    assert there.data_date == world.data_date
    for name in world.queries:
        assert there.query(name).rows == world.query(name).rows, name


def test_sparqlwrapper_asks_it(server: str) -> None:
    from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper

    wrapper = SPARQLWrapper(f"{server}/sparql", returnFormat=JSON)
    wrapper.setQuery("SELECT ?c { ?c a ctkg:Company }")
    assert len(wrapper.queryAndConvert()["results"]["bindings"]) > 10  # type: ignore[index, call-overload]
    wrapper.setMethod(POST)
    wrapper.setQuery("ASK { ?c a ctkg:Company }")
    assert wrapper.queryAndConvert()["boolean"] is True  # type: ignore[index, call-overload]
    wrapper.setReturnFormat(TURTLE)
    wrapper.setQuery("CONSTRUCT { ?c a ctkg:Company } { ?c a ctkg:Company }")
    assert b"ctkg" in wrapper.queryAndConvert()  # type: ignore[operator]


def test_rdflibs_sparqlstore_asks_it(server: str) -> None:
    import rdflib
    from rdflib.plugins.stores.sparqlstore import SPARQLStore

    graph = rdflib.Graph(SPARQLStore(f"{server}/sparql"))
    company = rdflib.URIRef("https://w3id.org/ctkg/ontology#Company")
    assert len(list(graph.subjects(rdflib.RDF.type, company))) > 10
    assert len(list(graph.query("SELECT ?s { ?s a <https://w3id.org/ctkg/ontology#Company> }"))) > 10


def test_curl_asks_it(server: str) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    command = ["curl", "--silent", "--compressed", "--data-urlencode", "query=ASK {}", f"{server}/sparql"]
    done = subprocess.run(command, capture_output=True, check=True, timeout=30)
    assert json.loads(done.stdout)["boolean"] is True


def test_a_damaged_snapshot_is_built_anew(tmp_path: Path) -> None:
    environment = {"CTKG_CACHE": str(tmp_path)}
    with serving("--data", str(WORLD), **environment) as (_, address):
        expected = ask(address, SMALL)
    for table in tmp_path.glob("*/store/*.sst"):
        table.write_bytes(bytes(255 - byte for byte in table.read_bytes()))  # of the same size
    with serving("--data", str(WORLD), **environment) as (_, address):
        assert ask(address, SMALL) == expected


def test_the_files_are_served_even_where_others_ask_elsewhere() -> None:
    with serving("--data", str(WORLD), CTKG_ENDPOINT="http://127.0.0.1:1/") as (_, address):
        assert ask(address, SMALL)[0] == 200
