"""A request as handlers see it, and the replies they give: negotiated, conditional, compressed.

``request.choose`` settles the media type; from then on the answer is known by its
``etag``, since the graph does not change while the server runs: a client that
has it is told so (`Unchanged`) before any work is done.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Protocol

import werkzeug
from werkzeug.exceptions import HTTPException

from ctkg.http.negotiation import negotiate, spoken
from ctkg.http.problems import unknown_format

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

__all__ = ["Pushed", "Reply", "Request", "Unchanged", "Writer", "reply"]

_COMPRESSED = re.compile(r"text/|application/(?!octet-stream|gzip|zip|vnd\.apache\.parquet)|image/svg")
_SMALL = 1000
_LEVEL = 4
CACHE = "public, max-age=300"
HTML_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors *"
)

Reply = Any
"""A WSGI application: a werkzeug ``Response`` or a `Pushed`."""


class Writer(Protocol):
    """Where pieces of an answer go."""

    def write(self, data: bytes, /) -> int: ...
    def flush(self) -> None: ...
    def close(self) -> None: ...


class Unchanged(HTTPException):
    """The client has what it asks for."""

    code = 304


class Request(werkzeug.Request):
    """A request to this server; ``graph_key`` says which graph it serves."""

    max_form_memory_size = 1 << 20
    max_form_parts = 1000
    graph_key = ""
    media_type = ""

    def choose(self, offers: Mapping[str, str], ending: str | None = None) -> str:
        """The key of the offered media type that the client likes best; ``ending`` is a choice made by the address.

        Raises `NotAcceptable` where it takes none of them, `Unchanged` where it
        has the answer already.
        """
        key = ending or self.args.get("format") or negotiate(self.environ.get("HTTP_ACCEPT"), offers)
        if key not in offers:
            raise unknown_format(key, offers)
        self.media_type = offers[key]
        known = self.environ.get("HTTP_IF_NONE_MATCH")
        if known is not None and self.method in ("GET", "HEAD") and self.etag in known:
            raise Unchanged(response=werkzeug.Response(status=304, headers=self.standing_headers()))
        return key

    @cached_property
    def spoken(self) -> str:
        """``en`` or ``zh``: as the address says, else as the client prefers."""
        return spoken(self.args.get("lang"), self.environ.get("HTTP_ACCEPT_LANGUAGE"))

    @property
    def etag(self) -> str:
        """A weak entity tag: of all that decides what is answered, but for the compression."""
        asked = [self.environ.get(name, "") for name in ("PATH_INFO", "QUERY_STRING", "HTTP_HOST")]
        about = "\n".join((self.graph_key, *asked, self.media_type, self.spoken))
        return f'W/"{blake2b(about.encode(errors="surrogateescape"), digest_size=12).hexdigest()}"'

    @property
    def compressed(self) -> bool:
        """Whether the client takes gzip."""
        return "gzip" in self.environ.get("HTTP_ACCEPT_ENCODING", "") and self.accept_encodings["gzip"] > 0

    def standing_headers(self) -> list[tuple[str, str]]:
        """What every answer that may be used again says of itself."""
        return [("ETag", self.etag), ("Cache-Control", CACHE), ("Vary", "Accept, Accept-Language, Accept-Encoding")]


def reply(
    request: Request,
    content: str | bytes,
    *,
    headers: Iterable[tuple[str, str]] = (),
    lasting: bool = True,
) -> werkzeug.Response:
    """An answer of the media type chosen; without ``lasting`` nobody may use it again."""
    data = content.encode() if isinstance(content, str) else content
    told = _headers(request, headers, lasting)
    if request.compressed and len(data) > _SMALL and _COMPRESSED.match(request.media_type):
        packer = zlib.compressobj(_LEVEL, wbits=31)
        data = packer.compress(data) + packer.flush()
        told.append(("Content-Encoding", "gzip"))
    return werkzeug.Response(data, headers=told)


class Pushed:
    """An answer that is written piece by piece while it is made, as WSGI's ``write`` has it."""

    def __init__(
        self,
        request: Request,
        produce: Callable[[Writer], object],
        *,
        headers: Iterable[tuple[str, str]] = (),
        lasting: bool = True,
    ) -> None:
        self._produce = produce
        self._headers = _headers(request, headers, lasting)
        self._compressed = request.compressed and _COMPRESSED.match(request.media_type) is not None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        encoding = [("Content-Encoding", "gzip")] if self._compressed else []

        def start() -> Callable[[bytes], object]:
            return start_response("200 OK", self._headers + encoding)

        out: Writer = _Packed(start) if self._compressed else _Plain(start)
        self._produce(out)
        out.close()
        return ()


def _headers(request: Request, more: Iterable[tuple[str, str]], lasting: bool) -> list[tuple[str, str]]:
    kind = request.media_type
    if kind.startswith("text/") or kind.endswith("+xml"):
        kind = f"{kind}; charset=utf-8"
    told = [("Content-Type", kind), *more]
    told += request.standing_headers() if lasting else [("Cache-Control", "no-store")]
    if kind.startswith("text/html") and not any(name == "Content-Security-Policy" for name, _ in told):
        told.append(("Content-Security-Policy", HTML_POLICY))
    return told


class _Plain:
    """Begins with the first piece, so that what fails before it can still be told."""

    def __init__(self, start: Callable[[], Callable[[bytes], object]]) -> None:
        self._start = start
        self._send: Callable[[bytes], object] | None = None

    def write(self, data: bytes) -> int:
        if self._send is None:
            self._send = self._start()
        self._send(data)
        return len(data)

    def flush(self) -> None:
        """Not now: what serialises asks for it at its end, too, which is not ours."""

    def close(self) -> None:
        self.write(b"")


class _Packed(_Plain):
    """Compresses on the way."""

    def __init__(self, start: Callable[[], Callable[[bytes], object]]) -> None:
        super().__init__(start)
        self._packer = zlib.compressobj(_LEVEL, wbits=31)

    def write(self, data: bytes) -> int:
        packed = self._packer.compress(data)
        if packed:
            super().write(packed)
        return len(data)

    def close(self) -> None:
        super().write(self._packer.flush())
