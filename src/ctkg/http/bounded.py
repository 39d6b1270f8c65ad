"""uvicorn's HTTP/1.1 protocol with bounds: on the head of a request, in bytes and in time, and on who does not read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

__all__ = ["BoundedProtocol"]

_MOST_BYTES = 1 << 15
_MOST_SECONDS = 15.0
_LINGERING_SECONDS = 5.0
_UNREAD_SECONDS = 60.0
"""How long a client may take for the 48 kB that make room for more of an answer."""
_REFUSAL = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: application/problem+json\r\n"
    b"connection: close\r\ncontent-length: %d\r\n\r\n%s"
)
_PROBLEM = (
    b'{"type": "https://w3id.org/ctkg/problem/limit", "title": "Request Header Fields Too Large", "status": 431, '
    b'"detail": "the head of the request is longer than 32768 bytes", "hint": "send a long query with POST"}'
)


class _Transport:
    """A transport that sends the head of an answer with the first piece of its body: a call to the kernel less.

    It also hears out, for a while, a client that is still sending when it is closed: what
    arrives at a closed socket is answered with a reset, at which the client's kernel throws
    away the answer it had not read yet.
    """

    def __init__(self, transport: Any, loop: asyncio.AbstractEventLoop, heard: Callable[[], bool]) -> None:
        self._transport = transport
        self._loop = loop
        self._heard = heard
        self._head = b""
        self.lingers = False

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

    def is_closing(self) -> bool:
        return self.lingers or bool(self._transport.is_closing())

    def close(self) -> None:
        if self.is_closing():
            return
        self.flush()
        if self._heard():
            self._transport.close()
            return
        self.lingers = True
        self._transport.resume_reading()
        self._transport.write_eof()  # the client reads to the end of the answer, and then closes
        self._loop.call_later(_LINGERING_SECONDS, self._transport.abort)


class BoundedProtocol(HttpToolsProtocol):
    """httptools takes heads of any length, and uvicorn waits for them, and for who does not read, for ever."""

    _head_bytes = 0
    _in_head = True
    _whole = True
    """Whether no request is half read."""
    _refused = False
    _clock: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(_Transport(transport, self.loop, lambda: self._whole))  # type: ignore[arg-type]
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_watching()
        if self._unread is not None:
            self._unread.cancel()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        self._unread = self.loop.call_later(_UNREAD_SECONDS, self.transport.abort)
        super().pause_writing()

    def resume_writing(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None
        super().resume_writing()

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        waiting = self._in_head
        if waiting and self._clock is None:
            self._watch()
        super().data_received(data)
        if waiting and self._in_head:  # more of a head that has not ended
            self._head_bytes += len(data)
            self._refuse_long()

    def send_400_response(self, msg: str) -> None:
        self._whole = False  # nobody knows where it would have ended
        super().send_400_response(msg)

    def on_message_begin(self) -> None:
        self._whole = False
        super().on_message_begin()

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
        self._in_head, self._head_bytes, self._whole = True, 0, True
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
        self._clock = self.loop.call_later(_MOST_SECONDS, self.transport.abort)

    def _stop_watching(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None
