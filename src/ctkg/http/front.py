"""The front: what a client talks to. An ASGI application that passes requests on to workers.

It bounds what comes in, remembers answers that may be used again, and relays
the others as they come. It reads no query and no data: whatever can take long or
fail is for a worker, which can be killed.
"""

from __future__ import annotations

import marshal
import re
from typing import Any

from ctkg.http.access_log import AccessLog
from ctkg.http.client import Client, Headers, Receive, Scope, Send
from ctkg.http.kept import Kept, key_of
from ctkg.http.negotiation import spoken
from ctkg.http.nursery import Kind
from ctkg.http.pool import Busy, Ended, Limits, Pool, Worker
from ctkg.messages import tr, use_language

__all__ = ["Front"]

_METHODS = ("GET", "HEAD", "POST", "OPTIONS")
_KEPT_BYTES = 1 << 26
_KEPT_AT_MOST = 1 << 20
_LONGEST_TARGET = 1 << 14
_SAID = re.compile(rb"(?:^|&)lang=(\w*)")


class Front:
    """The application."""

    def __init__(self, pool: Pool, limits: Limits, log: AccessLog | None = None) -> None:
        self._pool = pool
        self._limits = limits
        self._log = log
        self._kept = Kept(_KEPT_BYTES)
        self._stopping = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            client = Client(scope, receive, send)
            use_language(_spoken(scope))
            try:
                await self._answer(client)
            except ConnectionError:
                pass  # the client has gone
            finally:
                if self._log is not None:
                    self._log.note(scope, client.status, client.sent, client.started)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self._pool.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                self._stopping = True
                await self._pool.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _answer(self, client: Client) -> None:
        scope = client.scope
        path = scope["path"]
        if path == "/healthz":
            await client.whole(200, [(b"content-type", b"text/plain; charset=utf-8")], b"ok\n")
            return
        if path == "/readyz":
            ready = self._pool.ready and not self._stopping
            await client.whole(
                200 if ready else 503,
                [(b"content-type", b"text/plain; charset=utf-8")],
                b"ready\n" if ready else b"not ready\n",
            )
            return
        if scope["method"] not in _METHODS:
            await client.problem(
                405, tr("{method} is not served; the graph is read-only", method=scope["method"]),
                tr("use GET or POST"), [(b"allow", ", ".join(_METHODS).encode())],
            )  # fmt: skip
            return
        if len(scope["raw_path"]) + len(scope["query_string"]) > _LONGEST_TARGET:
            await client.problem(414, tr("the address is longer than {limit} bytes", limit=_LONGEST_TARGET),
                                   tr("send a long query with POST"))  # fmt: skip
            return
        body = await client.body(self._limits.body)
        if body is None:
            return
        key = key_of(scope, body)
        kept = self._kept.get(key)
        if kept is not None:
            await client.kept(*kept)
            return
        await self._ask(client, key, body)

    async def _ask(self, client: Client, key: bytes, body: bytes) -> None:
        try:
            worker = await self._pool.take()
        except Busy:
            await client.problem(
                503, tr("too many requests are waiting"), tr("try again in a moment"), [(b"retry-after", b"5")]
            )
            return
        try:
            worker.when_slow = lambda: client.watch(worker)
            worker.ask(_environ(client.scope, len(body)), body)
            kind, content = await worker.frame()
            if kind == Kind.WHOLE:
                status, headers, answer = marshal.loads(content)  # noqa: S302 - from our own worker
                self._pool.give_back(worker)
                code, head = int(status[:3]), _encoded(headers)
                if code == 200 and len(answer) <= _KEPT_AT_MOST and _may_be_kept(headers):
                    self._kept.put(key, head, answer)
                await client.whole(code, head, answer)
                return
            await self._relay(client, worker, content, key)
        except Ended as ended:
            await self._give_up(client, ended.reason)
        except BaseException:
            worker.end("left")
            raise
        finally:
            client.unwatch()

    async def _relay(self, client: Client, worker: Worker, head: bytes, key: bytes) -> None:
        status, headers = marshal.loads(head)  # noqa: S302 - from our own worker
        sent: list[bytes] | None = [] if _may_be_kept(headers) else None
        await client.start(int(status[:3]), _encoded(headers))
        while True:
            kind, content = await worker.frame()
            if kind == Kind.END:
                break
            if client.sent + len(content) > self._limits.result:
                worker.end("result")
                raise Ended("result")
            await client.data(content)
            if sent is not None:
                sent.append(content)
                sent = sent if client.sent <= _KEPT_AT_MOST else None
        self._pool.give_back(worker)
        if sent is not None:
            self._kept.put(key, _encoded(headers), b"".join(sent))
        await client.end()

    async def _give_up(self, client: Client, reason: str) -> None:
        """Say why there is no answer; where it has begun, break it off, so that nobody takes the half for the whole."""
        if client.status or reason == "left":
            return
        detail, hint = {
            "time": (
                tr("the answer took longer than {seconds:g} s", seconds=self._limits.deadline),
                tr("ask for less: add patterns or LIMIT, or ask a store of your own; see /dumps/"),
            ),
            "memory": (
                tr("the answer took more memory than {size} MB", size=self._limits.memory >> 20),
                tr("ask for less: add patterns or LIMIT, or ask a store of your own; see /dumps/"),
            ),
            "slots": (
                tr("other slow questions are being answered"),
                tr("try again later, or ask for less"),
            ),
            "died": (tr("this should not have happened"), tr("the log says more")),
        }.get(reason, (tr("the server is stopping"), tr("try again in a moment")))
        await client.problem(503, detail, hint, [(b"retry-after", b"30")], name=f"limit-{reason}")


def _spoken(scope: Scope) -> str:
    said = _SAID.search(scope["query_string"])
    accept = next((value for name, value in scope["headers"] if name == b"accept-language"), b"")
    return spoken(said and said[1].decode(), accept.decode("latin-1"))


def _may_be_kept(headers: list[tuple[str, str]]) -> bool:
    return any(name == "Cache-Control" and value.startswith("public") for name, value in headers)


def _encoded(headers: list[tuple[str, str]]) -> Headers:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
            if name != "Content-Length"]  # fmt: skip


def _environ(scope: Scope, length: int) -> dict[str, Any]:
    """The request as WSGI has it (PEP 3333), without the streams."""
    server = scope.get("server") or ("localhost", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "surrogateescape").decode("latin-1"),
        "RAW_URI": scope["raw_path"].decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        key = name.decode("latin-1").upper().replace("-", "_")
        if key == "CONTENT_TYPE":
            environ[key] = value.decode("latin-1")
        elif key != "CONTENT_LENGTH":
            key = f"HTTP_{key}"
            text = value.decode("latin-1")
            environ[key] = f"{environ[key]},{text}" if key in environ else text
    environ["CONTENT_LENGTH"] = str(length) if length else ""
    return environ
