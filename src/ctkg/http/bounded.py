"""uvicorn's HTTP/1.1 protocol with a bound on the head of a request, in bytes and in time."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

__all__ = ["BoundedProtocol"]

_MOST_BYTES = 1 << 15
_MOST_SECONDS = 15.0
_REFUSAL = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: application/problem+json\r\n"
    b"connection: close\r\ncontent-length: %d\r\n\r\n%s"
)
_PROBLEM = (
    b'{"type": "https://w3id.org/ctkg/problem/limit", "title": "Request Header Fields Too Large", "status": 431, '
    b'"detail": "the head of the request is longer than 32768 bytes", "hint": "send a long query with POST"}'
)


class _HeadWithBody:
    """A transport that sends the head of an answer with the first piece of its body: a call to the kernel less."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self._head = b""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        if not self._head and data.startswith(b"HTTP/1.1 "):
            self._head = data
        else:
            self._transport.write(self._head + data)
            self._head = b""

    def flush(self) -> None:
        if self._head:
            self.write(b"")

    def close(self) -> None:
        self.flush()
        self._transport.close()


class BoundedProtocol(HttpToolsProtocol):
    """httptools takes heads of any length, and waits for them for ever."""

    _head_bytes = 0
    _in_head = True
    _refused = False
    _clock: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(_HeadWithBody(transport))  # type: ignore[arg-type]
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_watching()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        waiting = self._in_head
        if waiting and self._clock is None:
            self._watch()
        super().data_received(data)
        if waiting and self._in_head:  # more of a head that has not ended
            self._head_bytes += len(data)
            self._refuse_long()

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._head_bytes += len(name) + len(value)

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._stop_watching()
        self._refuse_long()
        if not self._refused:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if not self._refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._in_head, self._head_bytes = True, 0
        if not self._refused:
            super().on_message_complete()

    def on_response_complete(self) -> None:
        self.transport.flush()  # type: ignore[attr-defined] # an answer to HEAD is a head alone
        super().on_response_complete()

    def _refuse_long(self) -> None:
        if self._head_bytes > _MOST_BYTES and not self._refused:
            self._refused = True
            self.transport.write(_REFUSAL % (len(_PROBLEM), _PROBLEM))
            self.transport.close()

    def _watch(self) -> None:
        self._clock = self.loop.call_later(_MOST_SECONDS, self.transport.close)

    def _stop_watching(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None
