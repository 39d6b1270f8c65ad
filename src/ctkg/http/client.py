"""A client at the front: what it asks, and what has been sent to it in answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from time import perf_counter
from typing import Any

from ctkg.http.pool import Worker
from ctkg.messages import tr

__all__ = ["Client", "Headers", "Receive", "Scope", "Send"]

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

_BODY_SECONDS = 30.0
_HEARD_OUT = 8
"""How many times the limit a request is listened to, though not kept."""

_ALWAYS: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"etag, link, content-location"),
]


class Client:
    """One request of a client."""

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
        await self._send({"type": "http.response.start", "status": status, "headers": _ALWAYS + headers})

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
