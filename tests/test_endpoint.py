"""What a remote store may do instead of answering, by a real server that does it."""

from __future__ import annotations

import base64
import os
import socket
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from ctkg.endpoint import Endpoint
from ctkg.errors import EndpointError, SettingsError
from ctkg.graph import KnowledgeGraph
from ctkg.graph_store import load
from ctkg.messages import use_language
from ctkg.remote import RemoteBackend
from ctkg.settings import settings
from tests.conftest import Ctkg
from tests.servers import Request, Respond, Server, in_turn, reply, serving

ROWS = '{"head":{"vars":["n"]},"results":{"bindings":[{"n":{"type":"literal","value":"1"}}]}}'
HTML = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>No.</body></html>"


def ask(respond: Respond, text: str = "SELECT ?n { BIND(1 AS ?n) }") -> tuple[list[tuple[object, ...]], Server]:
    with serving(respond) as server:
        return list(RemoteBackend(server.url).query(text).rows or ()), server


def hangs(handler: BaseHTTPRequestHandler, _: Request) -> None:
    time.sleep(3)


def drips(handler: BaseHTTPRequestHandler, _: Request) -> None:
    reply(200, ROWS + " " * 4096, Content_Length="99999")(handler, _)
    for _n in range(30):
        time.sleep(0.1)
        handler.wfile.write(b" ")
        handler.wfile.flush()


def drops_at_once(handler: BaseHTTPRequestHandler, _: Request) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def drops_in_the_middle(handler: BaseHTTPRequestHandler, _: Request) -> None:
    reply(200, ROWS[:40], Content_Length=str(len(ROWS)))(handler, _)
    handler.connection.shutdown(socket.SHUT_RDWR)


def drops_a_chunked_answer(handler: BaseHTTPRequestHandler, _: Request) -> None:
    handler.protocol_version = "HTTP/1.1"
    handler.send_response(200)
    handler.send_header("Content-Type", "application/sparql-results+json")
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"28\r\n" + ROWS[:40].encode() + b"\r\n")
    handler.wfile.flush()
    handler.connection.shutdown(socket.SHUT_RDWR)


def talks_no_http(handler: BaseHTTPRequestHandler, _: Request) -> None:
    handler.wfile.write(b"220 mail.example.org ESMTP\r\n")


HOSTILE: dict[str, tuple[Respond, str]] = {
    "a web page": (reply(200, HTML, "text/html; charset=utf-8"), "answers a web page, not query results"),
    "a web page that claims to be results": (reply(200, HTML), "answers a web page, not query results"),
    "a web page that claims to be XML": (reply(200, HTML, "application/xml"), "answers a web page"),
    "an answer that the store gave up on": (
        reply(200, ROWS, X_SQL_State="S1TAT", X_SQL_Message="RC: Anytime query\x1b[2J exceeded its time"),
        "sends a part of its answer: RC: Anytime query",
    ),
    "partial content": (reply(206, ROWS), "sends a part of its answer: 206 Partial Content"),
    "another media type": (reply(200, "x", "image/png"), "answers image/png, which is no form of query results"),
    "csv": (reply(200, "n\n1\n", "text/csv"), "answers text/csv"),
    "nothing": (reply(200, ""), "broken or cut short"),
    "json cut short": (reply(200, ROWS[:-20]), "broken or cut short"),
    "json without its last bracket": (reply(200, ROWS[:-1]), "broken or cut short"),
    "json of another kind": (reply(200, '{"error": "no"}'), "broken or cut short"),
    "xml cut short": (
        reply(200, '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="n"/></head><results><result>', "application/sparql-results+xml"),
        "broken or cut short",
    ),
    "bytes that are no text": (reply(200, b"\xff\xfe\x00" * 50), "broken or cut short"),
    "a dropped connection": (drops_at_once, "dropped the connection"),
    "a connection dropped in the middle": (drops_in_the_middle, "dropped the connection"),
    "a chunked answer dropped in the middle": (drops_a_chunked_answer, "dropped the connection"),
    "another protocol": (talks_no_http, "cannot be reached: "),
    "a hang": (hangs, "gave no answer within 1 s"),
    "an endless drip": (drips, "gave no answer within 1 s"),
    "400 for no fault of ours": (reply(400, "\n  too complex\nmore", "text/plain"), "answers 400 Bad Request: too complex"),
    "401": (reply(401, "", "text/plain"), "answers 401 Unauthorized"),
    "404 with a page": (reply(404, HTML, "text/html"), "answers 404 Not Found: Sign in"),
    "500": (reply(500, "Virtuoso 22023 Error\nSELECT …", "text/plain"), "answers 500 Internal Server Error: Virtuoso 22023 Error"),
    "an unknown status": (reply(599, "?", "text/plain"), "answers 599: ?"),
    "an escape sequence": (reply(500, "\x1b[2Jgone\x07", "text/plain"), r"Server Error: \[2Jgone"),
    "a redirect in a circle": (reply(302, "", Location="/query"), "answers 302"),
    "a redirect to a file": (reply(302, "", Location="file:///etc/passwd"), "answers 302"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_every_hostile_answer_is_a_clear_error(monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    monkeypatch.setenv("CTKG_TIMEOUT", "1")
    respond, said = HOSTILE[case]
    started = time.monotonic()
    with pytest.raises(EndpointError, match=said) as caught:
        ask(respond)
    assert time.monotonic() - started < 4
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 3


@pytest.mark.parametrize("case", ["a web page", "json cut short", "a dropped connection", "401"])
def test_graphs_are_refused_alike(case: str) -> None:
    with pytest.raises(EndpointError):
        ask(HOSTILE[case][0], "DESCRIBE actor:alibaba")


@pytest.mark.parametrize(
    ("body", "type_"),
    [
        ("<http://a/> <http://b/> <http://c/> .\n<http://a/", "application/n-triples"),
        ("@prefix a: <http://a/> . a:b a a:c ; a:d", "text/turtle"),
        (
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="http://a/"/>',
            "application/rdf+xml",
        ),
    ],
)
def test_a_graph_cut_short_is_an_error(body: str, type_: str) -> None:
    with pytest.raises(EndpointError, match="broken or cut short"):
        ask(reply(200, body, type_), "DESCRIBE <http://a/>")


def test_nobody_there_is_a_clear_error(ctkg: Ctkg) -> None:
    done = ctkg("query", "investors-of", "--endpoint", "http://127.0.0.1:1/query")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == (
        "error: http://127.0.0.1:1/query refuses the connection\nhint: is the server running, and the port right?\n"
    )
    assert "cannot be reached" in ctkg("info", "--endpoint", "http://nowhere.invalid/query").stderr


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_asked_again(status: int) -> None:
    busy = reply(status, "later", "text/plain", Retry_After="0")
    rows, server = ask(in_turn(busy, busy, reply(200, ROWS)))
    assert (len(rows), len(server.requests)) == (1, 3)


def test_without_retry_after_the_pauses_grow() -> None:
    started = time.monotonic()
    _, server = ask(in_turn(*[reply(503, "", "text/plain")] * 2, reply(200, ROWS)))
    assert len(server.requests) == 3
    assert time.monotonic() - started >= 1.5


@pytest.mark.parametrize("later", ["3600", "Fri, 01 Jan 2100 00:00:00 GMT"])
def test_who_asks_for_an_hour_is_not_waited_for(later: str) -> None:
    started = time.monotonic()
    with serving(reply(503, "maintenance", "text/plain", Retry_After=later)) as server:
        with pytest.raises(EndpointError, match="503 Service Unavailable: maintenance"):
            RemoteBackend(server.url).query("ASK {}")
        assert len(server.requests) == 1
    assert time.monotonic() - started < 3


def test_patience_is_bounded() -> None:
    with serving(reply(429, "", "text/plain", Retry_After="0")) as server:
        with pytest.raises(EndpointError, match="429 Too Many Requests"):
            RemoteBackend(server.url).query("ASK {}")
        assert len(server.requests) == 5


def test_short_queries_are_got_and_long_ones_posted() -> None:
    _, short = ask(reply(200, ROWS))
    _, long = ask(reply(200, ROWS), f"SELECT ?n {{ VALUES ?n {{ {' 1' * 2000} }} }}")
    assert [request.method for request in short.requests + long.requests] == ["GET", "POST"]
    assert long.requests[0].body.startswith(b"query=SELECT")
    assert long.requests[0].path == "/query"


def test_an_address_with_parameters_keeps_them_and_does_not_show_them() -> None:
    with serving(reply(500, "no", "text/plain")) as server:
        with pytest.raises(EndpointError) as caught:
            RemoteBackend(f"{server.url}?key=secret").query("ASK {}")
        assert server.requests[0].path == "/query?key=secret"
        assert "secret" not in str(caught.value)


def test_updates_and_services_never_reach_the_server() -> None:
    with serving(reply(200, ROWS)) as server:
        for text in ("DROP ALL", "ASK { SERVICE <http://127.0.0.1:1/> {} }"):
            with pytest.raises(Exception, match=r"is an update|SERVICE is refused"):
                RemoteBackend(server.url).query(text)
        assert server.requests == []


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("CTKG_ENDPOINT_USER", "ada")
    monkeypatch.setenv("CTKG_ENDPOINT_PASSWORD", "geheim")
    return "Basic " + base64.b64encode(b"ada:geheim").decode()


def test_credentials_come_from_the_environment_and_stay_at_the_address(password: str) -> None:
    with serving(reply(200, ROWS)) as other:
        _, server = ask(reply(307, "", Location=other.url))
        assert [request.headers["Authorization"] for request in server.requests] == [password]
        assert [request.headers["Authorization"] for request in other.requests] == [None]


def test_credentials_come_from_netrc(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "netrc"
    monkeypatch.setenv("NETRC", str(file))
    file.write_text("machine 127.0.0.1 login ada password geheim\n", encoding="utf-8")
    file.chmod(0o600)
    _, server = ask(reply(200, ROWS))
    assert server.requests[0].headers["Authorization"] == "Basic " + base64.b64encode(b"ada:geheim").decode()
    file.write_text("machine 127.0.0.1 login ada passwort geheim\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="netrc file cannot be read:1") as caught:
        Endpoint("http://127.0.0.1/")
    assert "geheim" not in f"{caught.value} {caught.value.hint}"


def test_half_of_the_credentials_is_an_error(password: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CTKG_ENDPOINT_PASSWORD")
    with pytest.raises(SettingsError, match="only one of"):
        Endpoint("http://127.0.0.1/")


@pytest.mark.parametrize(
    "url",
    [
        "http://ada:geheim@127.0.0.1/query", "http://geheim@127.0.0.1/", "file:///geheim", "127.0.0.1:7878/geheim",
        "http:///geheim", "http://[::1/geheim", "http://x:port/geheim", "http://x/geheim heit", "http://x/geheim\nHost: y",
        "http://例/geheim", "geheim",
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_refused_and_not_repeated(ctkg: Ctkg, url: str) -> None:
    for command in ("info", "load"):
        done = ctkg(command, "--endpoint", url)
        assert (done.returncode, done.stdout) == (3, "")
        assert done.stderr.startswith("error: the endpoint's address")
        assert "geheim" not in done.stderr


@pytest.mark.parametrize("text", ["soon", "0", "-1", "nan", "1e99"])
def test_a_timeout_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("CTKG_TIMEOUT", text)
    with pytest.raises(SettingsError, match="CTKG_TIMEOUT"):
        Endpoint("http://127.0.0.1/")


def test_errors_speak_chinese() -> None:
    use_language("zh")
    with pytest.raises(EndpointError, match="返回的是网页"):
        ask(reply(200, HTML, "text/html"))


def test_loading_stops_where_the_server_refuses(data: Path) -> None:
    with serving(in_turn(reply(201), reply(403, "read-only", "text/plain"))) as server:
        loading = load(settings(data), server.url)
        assert next(loading).replaced is False
        with pytest.raises(EndpointError, match=r"dataset:curated: .* answers 403 Forbidden: read-only"):
            next(loading)
        assert [request.method for request in server.requests] == ["PUT", "PUT"]
        assert b'"Acme"@en' in server.requests[1].body


def test_loading_to_the_query_address_says_which_is_meant(data: Path) -> None:
    with serving(reply(405, "", "text/plain")) as server:
        with pytest.raises(EndpointError) as caught:
            list(load(settings(data), server.url))
        assert "/store" in str(caught.value.hint)


def test_an_engine_that_is_none_is_refused() -> None:
    with pytest.raises(SettingsError, match="no engine is called 'blazegraph'"):
        KnowledgeGraph.open(engine="blazegraph")
    assert "CTKG_ENDPOINT" not in os.environ
