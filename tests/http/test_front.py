"""What the front answers by itself: health, refusals, limits in the client's language; its log."""

from __future__ import annotations

import http.client
import json
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from urllib.parse import quote, urlsplit

import pytest

from tests.conftest import WORLD
from tests.http.conftest import SMALL, ask


def raw(address: str, request: bytes) -> bytes:
    """What the server answers to these bytes, until it closes."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
        connection.sendall(request)
        found = b""
        while more := connection.recv(65536):
            found += more
        return found


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
