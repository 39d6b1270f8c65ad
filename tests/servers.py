"""Real servers on 127.0.0.1: Oxigraph, and one that answers whatever a test tells it to."""

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


class Oxigraph(NamedTuple):
    """The addresses of a running Oxigraph server."""

    root: str

    @property
    def query(self) -> str:
        return f"{self.root}/query"

    @property
    def store(self) -> str:
        return f"{self.root}/store"


@contextmanager
def oxigraph(folder: Path, *options: str) -> Iterator[Oxigraph]:
    """An Oxigraph server over ``folder``, from its start to its end."""
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
    if program is None:
        pytest.skip("the oxigraph server is not installed (it is one of the dev dependencies)")
    port = _free_port()
    with (folder / "log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [program, "serve", "--location", str(folder / "db"), "--bind", f"127.0.0.1:{port}", *options],
            stdout=log, stderr=log,
        )  # fmt: skip
        try:
            for _ in range(300):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                assert process.poll() is None, (folder / "log").read_text(encoding="utf-8")
                time.sleep(0.05)
            yield Oxigraph(f"http://127.0.0.1:{port}")
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
