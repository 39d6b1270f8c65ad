"""The processes that answer: ended when they take too much, replaced when they die, and none left behind."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from tests.conftest import WORLD
from tests.http.conftest import SMALL, ask, serving

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="asks /proc, which only Linux has")
COUNT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SORT = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d ?g"
FLOOD = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
JOIN = "SELECT (GROUP_CONCAT(CONCAT(STR(?c), STR(?f))) AS ?x) { ?a ?b ?c . ?d ?e ?f }"


@pytest.fixture(scope="module")
def strict() -> Iterator[str]:
    """A server that grants little."""
    with serving("--data", str(WORLD), "--timeout", "3", "--memory", "128") as (_, address):
        yield address


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
