"""Real servers on 127.0.0.1: Oxigraph, Virtuoso, and one that answers whatever a test tells it to."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import pytest


class Store(NamedTuple):
    """The addresses of a running store: for queries, and of its Graph Store."""

    query: str
    store: str


@contextmanager
def oxigraph(folder: Path, *options: str) -> Iterator[Store]:
    """An Oxigraph server over ``folder``, from its start to its end."""
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
    if program is None:
        pytest.skip("the oxigraph server is not installed (it is one of the dev dependencies)")
    port = _free_port()
    command = [program, "serve", "--location", str(folder / "db"), "--bind", f"127.0.0.1:{port}", *options]
    with _running(command, folder, port):
        yield Store(f"http://127.0.0.1:{port}/query", f"http://127.0.0.1:{port}/store")


_VIRTUOSO = """\
[Database]
DatabaseFile = v.db
ErrorLogFile = v.log
LockFile = v.lck
TransactionFile = v.trx
xa_persistent_file = v.pxa
[TempDatabase]
DatabaseFile = t.db
TransactionFile = t.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
ServerThreads = 20
ThreadsPerQuery = 1
AsyncQueueMaxThreads = 10
MaxOptimizeLayouts = 100
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = {most}
"""


@contextmanager
def virtuoso(folder: Path, most: int = 1_000_000) -> Iterator[Store]:
    """A Virtuoso server over ``folder`` that lets everybody on this machine write, and cuts answers after ``most`` rows."""
    program, console = shutil.which("virtuoso-t"), shutil.which("isql-vt")
    if program is None or console is None:
        pytest.skip("Virtuoso is not installed (Debian: virtuoso-opensource-7)")
    sql, http = _free_port(), _free_port()
    (folder / "v.ini").write_text(_VIRTUOSO.format(sql=sql, http=http, most=most), encoding="utf-8")
    (folder / "v.sql").write_text(
        "grant SPARQL_UPDATE to \"SPARQL\";\nDB.DBA.RDF_DEFAULT_USER_PERMS_SET ('nobody', 7);\n", encoding="utf-8"
    )
    with _running([program, "-f", "-c", "v.ini"], folder, http):
        subprocess.run(
            [console, f"127.0.0.1:{sql}", "dba", "dba", "v.sql"], cwd=folder, check=True, capture_output=True
        )
        yield Store(f"http://127.0.0.1:{http}/sparql", f"http://127.0.0.1:{http}/sparql-graph-crud")


@contextmanager
def _running(command: list[str], folder: Path, port: int) -> Iterator[None]:
    """The command's process, from the moment it listens."""
    with (folder / "log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
        try:
            for _ in range(600):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                assert process.poll() is None, (folder / "log").read_text(encoding="utf-8")
                time.sleep(0.05)
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Request(NamedTuple):
    """What the server was asked."""

    method: str
    path: str
    headers: Message
    body: bytes


Respond = Callable[[BaseHTTPRequestHandler, Request], None]


class Server(NamedTuple):
    """An HTTP server that answers as the test says, and what it was asked so far."""

    url: str
    requests: list[Request]


@contextmanager
def serving(respond: Respond) -> Iterator[Server]:
    """A server on a thread of its own, each request on a further one."""
    requests: list[Request] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            request = Request(
                self.command, self.path, self.headers, self.rfile.read(int(self.headers.get("Content-Length") or 0))
            )
            requests.append(request)
            respond(self, request)

        do_POST = do_PUT = do_HEAD = do_GET  # noqa: N815 - the names are http.server's

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield Server(f"http://127.0.0.1:{server.server_address[1]}/query", requests)
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def reply(
    status: int, body: str | bytes = b"", type_: str = "application/sparql-results+json", **headers: str
) -> Respond:
    """The same answer to every request."""
    content = body.encode() if isinstance(body, str) else body
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    def respond(handler: BaseHTTPRequestHandler, _: Request) -> None:
        handler.send_response(status)
        for name, value in {"Content-Type": type_, "Content-Length": str(len(content)), **named}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    return respond


def in_turn(*responses: Respond) -> Respond:
    """One answer after the other; the last one for ever."""
    queue = list(responses)

    def respond(handler: BaseHTTPRequestHandler, request: Request) -> None:
        (queue.pop(0) if len(queue) > 1 else queue[0])(handler, request)

    return respond
