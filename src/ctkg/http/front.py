"""The front: what a client talks to. An ASGI application that passes requests on to workers.

It bounds what comes in, remembers answers that may be used again, and relays
the others as they come. It reads no query and no data: whatever can take long or
fail is for a worker, which can be killed.
"""

from __future__ import annotations

import asyncio
import json
import marshal
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from hashlib import blake2b
from http import HTTPStatus
from time import perf_counter
from typing import Any

from ctkg.http.access_log import AccessLog
from ctkg.http.nursery import Kind
from ctkg.http.pool import Busy, Ended, Limits, Pool, Worker
from ctkg.messages import tr

__all__ = ["Front"]

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

_METHODS = ("GET", "HEAD", "POST", "OPTIONS")
_KEPT_BYTES = 1 << 26
_KEPT_AT_MOST = 1 << 20
_BESIDE = 1024
"""What an answer takes beside its content, about."""
_BODY_SECONDS = 30.0
_HEARD_OUT = 8
"""How many times the limit a request is listened to, though not kept."""
_LONGEST_TARGET = 1 << 14
_ASKED_BY = (b"accept", b"accept-language", b"accept-encoding", b"host", b"content-type")
"""Request headers that an answer may depend on."""

SECURITY: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"etag, link, content-location"),
]


class Front:
    """The application."""

    def __init__(self, pool: Pool, limits: Limits, log: AccessLog | None = None) -> None:
        self._pool = pool
        self._limits = limits
        self._log = log
        self._kept = _Kept(_KEPT_BYTES)
        self._stopping = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            exchange = _Exchange(scope, receive, send)
            try:
                await self._answer(exchange)
            except ConnectionError:
                pass  # the client has gone
            finally:
                if self._log is not None:
                    self._log.note(scope, exchange.status, exchange.sent, exchange.started)

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

    async def _answer(self, exchange: _Exchange) -> None:
        scope = exchange.scope
        path = scope["path"]
        if path == "/healthz":
            await exchange.whole(200, [(b"content-type", b"text/plain; charset=utf-8")], b"ok\n")
            return
        if path == "/readyz":
            ready = self._pool.ready and not self._stopping
            await exchange.whole(
                200 if ready else 503,
                [(b"content-type", b"text/plain; charset=utf-8")],
                b"ready\n" if ready else b"not ready\n",
            )
            return
        if scope["method"] not in _METHODS:
            await exchange.problem(
                405, tr("{method} is not served; the graph is read-only", method=scope["method"]),
                tr("use GET or POST"), [(b"allow", ", ".join(_METHODS).encode())],
            )  # fmt: skip
            return
        if len(scope["raw_path"]) + len(scope["query_string"]) > _LONGEST_TARGET:
            await exchange.problem(414, tr("the address is longer than {limit} bytes", limit=_LONGEST_TARGET),
                                   tr("send a long query with POST"))  # fmt: skip
            return
        body = await exchange.body(self._limits.body)
        if body is None:
            return
        key = _key(scope, body)
        kept = self._kept.get(key)
        if kept is not None:
            await exchange.kept(*kept)
            return
        await self._ask(exchange, key, body)

    async def _ask(self, exchange: _Exchange, key: bytes, body: bytes) -> None:
        try:
            worker = await self._pool.take()
        except Busy:
            await exchange.problem(
                503, tr("too many requests are waiting"), tr("try again in a moment"), [(b"retry-after", b"5")]
            )
            return
        try:
            worker.when_slow = lambda: exchange.watch(worker)
            worker.ask(_environ(exchange.scope, len(body)), body)
            kind, content = await worker.frame()
            if kind == Kind.WHOLE:
                status, headers, answer = marshal.loads(content)  # noqa: S302 - from our own worker
                self._pool.give_back(worker)
                code, head = int(status[:3]), _encoded(headers)
                if code == 200 and len(answer) <= _KEPT_AT_MOST and _may_be_kept(headers):
                    self._kept.put(key, head, answer)
                await exchange.whole(code, head, answer)
                return
            await self._relay(exchange, worker, content, key)
        except Ended as ended:
            await self._give_up(exchange, ended.reason)
        except BaseException:
            worker.end("left")
            raise
        finally:
            exchange.unwatch()

    async def _relay(self, exchange: _Exchange, worker: Worker, head: bytes, key: bytes) -> None:
        status, headers = marshal.loads(head)  # noqa: S302 - from our own worker
        sent: list[bytes] | None = [] if _may_be_kept(headers) else None
        await exchange.start(int(status[:3]), _encoded(headers))
        while True:
            kind, content = await worker.frame()
            if kind == Kind.END:
                break
            if exchange.sent + len(content) > self._limits.result:
                worker.end("result")
                raise Ended("result")
            await exchange.data(content)
            if sent is not None:
                sent.append(content)
                sent = sent if exchange.sent <= _KEPT_AT_MOST else None
        self._pool.give_back(worker)
        if sent is not None:
            self._kept.put(key, _encoded(headers), b"".join(sent))
        await exchange.end()

    async def _give_up(self, exchange: _Exchange, reason: str) -> None:
        """Say why there is no answer; where it has begun, break it off, so that nobody takes the half for the whole."""
        if exchange.status or reason == "left":
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
        await exchange.problem(503, detail, hint, [(b"retry-after", b"30")], name=f"limit-{reason}")


class _Exchange:
    """A request and what has been sent in answer."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = scope
        self.status = 0
        self.sent = 0
        self.started = perf_counter()
        self._receive = receive
        self._send = send
        self._watcher: asyncio.Task[None] | None = None

    async def body(self, limit: int) -> bytes | None:
        """The request's body; ``None`` where it was refused and that is answered."""
        declared = next((value for name, value in self.scope["headers"] if name == b"content-length"), b"0")
        if self.scope["method"] == "GET" and declared == b"0":
            return b""
        parts: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                # what is somewhat too long is read all the same: who is still sending would not hear the answer
                while size <= _HEARD_OUT * limit and int(declared) <= limit:
                    message = await self._receive()
                    if message["type"] == "http.disconnect":
                        raise ConnectionError
                    size += len(message.get("body", b""))
                    if size <= limit:
                        parts.append(message.get("body", b""))
                    if not message.get("more_body"):
                        break
        except TimeoutError:
            late = tr("the request did not arrive within {seconds:g} s", seconds=_BODY_SECONDS)
            await self.problem(408, late, tr("send it again"), [(b"connection", b"close")])
            return None
        if size <= limit and int(declared) <= limit:
            return b"".join(parts)
        large = tr("the request is larger than {limit} bytes", limit=limit)
        await self.problem(413, large, tr("ask in smaller pieces"), [(b"connection", b"close")])
        return None

    def watch(self, worker: Worker) -> None:
        """End the worker when the client leaves: for an answer that takes long, and only then worth the watching."""

        async def wait() -> None:
            while (await self._receive())["type"] != "http.disconnect":
                pass
            worker.end("left")

        self._watcher = asyncio.get_running_loop().create_task(wait())

    def unwatch(self) -> None:
        if self._watcher is not None:
            self._watcher.cancel()

    async def start(self, status: int, headers: Headers) -> None:
        self.status = status
        await self._send({"type": "http.response.start", "status": status, "headers": SECURITY + headers})

    async def data(self, content: bytes) -> None:
        self.sent += len(content)
        await self._send({"type": "http.response.body", "body": content, "more_body": True})

    async def end(self) -> None:
        await self._send({"type": "http.response.body", "body": b""})

    async def whole(self, status: int, headers: Headers, content: bytes) -> None:
        if status not in (204, 304):
            headers = [*headers, (b"content-length", str(len(content)).encode())]
        await self.start(status, headers)
        self.sent = 0 if self.scope["method"] == "HEAD" else len(content)
        await self._send({"type": "http.response.body", "body": content})

    async def kept(self, headers: Headers, content: bytes) -> None:
        """An answer given before; 304 where the client has it, too."""
        etag = next((value for name, value in headers if name == b"etag"), None)
        asked = next((value for name, value in self.scope["headers"] if name == b"if-none-match"), None)
        if etag is not None and asked is not None and (asked.strip() == b"*" or etag in asked):
            same = (b"etag", b"cache-control", b"vary", b"expires", b"content-location")
            await self.whole(304, [pair for pair in headers if pair[0] in same], b"")
        else:
            await self.whole(200, headers, content)

    async def problem(
        self, status: int, detail: str, hint: str, headers: Headers | None = None, *, name: str = "limit"
    ) -> None:
        """An answer that says what is wrong, as ``ctkg.http.problems`` makes them for workers."""
        phrase = HTTPStatus(status).phrase
        content = {"type": f"https://w3id.org/ctkg/problem/{name}", "title": phrase, "status": status,
                   "detail": detail, "hint": hint}  # fmt: skip
        kind = [(b"content-type", b"application/problem+json"), (b"cache-control", b"no-store")]
        await self.whole(status, kind + (headers or []), json.dumps(content, ensure_ascii=False).encode())


class _Kept:
    """Answers by what was asked; those not asked for longest go first. ``size`` in bytes.

    Keys and answers hold nothing that the garbage collector would walk through.
    """

    def __init__(self, size: int) -> None:
        self._room = size
        self._answers: OrderedDict[bytes, tuple[bytes, bytes]] = OrderedDict()

    def get(self, key: bytes) -> tuple[Headers, bytes] | None:
        found = self._answers.get(key)
        if found is None:
            return None
        self._answers.move_to_end(key)
        return marshal.loads(found[0]), found[1]  # noqa: S302 - written below

    def put(self, key: bytes, headers: Headers, content: bytes) -> None:
        if key in self._answers:
            return
        self._answers[key] = (marshal.dumps(headers), content)
        self._room -= len(content) + _BESIDE
        while self._room < 0:
            _, (_, dropped) = self._answers.popitem(last=False)
            self._room += len(dropped) + _BESIDE


def _key(scope: Scope, body: bytes) -> bytes:
    """A digest of all that an answer may depend on."""
    asked = [scope["method"].encode(), scope["raw_path"], scope["query_string"], body]
    for name, value in scope["headers"]:
        if name in _ASKED_BY:
            asked += (name, value)
    return blake2b(marshal.dumps(asked), digest_size=16).digest()


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
