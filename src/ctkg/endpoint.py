"""One HTTP address of a remote store: who asks, how patiently, and what its failures mean.

Credentials come from ``CTKG_ENDPOINT_USER`` and ``CTKG_ENDPOINT_PASSWORD``, else
from the netrc file. They are sent to the address itself and to nothing that it
redirects to; no message shows them, nor the query string of the address, which
may hold a key.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import os
import re
import time
import urllib.request
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import SplitResult, urlsplit, urlunsplit

from ctkg.errors import EndpointError, SettingsError
from ctkg.messages import tr
from ctkg.settings import timeout_seconds

__all__ = ["Endpoint", "Reply"]

_BUSY = (429, 503)
_PAUSES = (0.5, 1.0, 2.0, 4.0)
_LONGEST_PAUSE = 30.0
_CHUNK = 1 << 16


class Reply(NamedTuple):
    """What a server answered, received whole."""

    status: int
    media_type: str
    body: bytes


class Endpoint:
    """An http or https address to which requests are sent."""

    def __init__(self, url: str) -> None:
        parts = _checked(url)
        self.url = urlunsplit(parts._replace(fragment=""))
        self.shown = urlunsplit(parts._replace(query="", fragment=""))
        self.timeout = timeout_seconds()
        self._authorization = _authorization(parts.hostname or "")

    def open(self, request: urllib.request.Request) -> Any:
        """The server's response, its head read; asks again while the server is busy (429, 503).

        Raises `EndpointError` for whatever is no success.
        """
        if self._authorization is not None:
            request.add_unredirected_header("Authorization", self._authorization)
        waited = 0.0
        for pause in (*_PAUSES, None):
            try:
                with self._failures():
                    return urllib.request.urlopen(request, timeout=self.timeout)  # noqa: S310 - the scheme is checked
            except HTTPError as error:
                with error:
                    delay = _delay(error, pause) if error.code in _BUSY and pause is not None else None
                    if delay is None or delay > _LONGEST_PAUSE or waited + delay > self.timeout:
                        raise self._refusal(error) from error
            time.sleep(delay)
            waited += delay
        raise AssertionError("the last attempt returns or raises")

    def receive(self, response: Any) -> Reply:
        """Read the response to its end; raises `EndpointError` where that is not all or takes too long."""
        deadline = time.monotonic() + self.timeout
        chunks: list[bytes] = []
        with response, self._failures():
            while chunk := response.read(_CHUNK):
                chunks.append(chunk)
                if time.monotonic() > deadline:
                    raise TimeoutError
            if response.length:
                raise http.client.IncompleteRead(b"", response.length)
        # Virtuoso that runs out of the time allowed to a query sends what it found so far, and says so in a header only
        if response.status == http.client.PARTIAL_CONTENT or response.headers.get("X-SQL-State"):
            raise EndpointError(
                tr(
                    "{url} sends a part of its answer: {reason}",
                    url=self.shown,
                    reason=_printable(response.headers.get("X-SQL-Message") or "206 Partial Content"),
                ),
                tr("ask for less, or raise the store's limit on the time of a query"),
            )
        body = b"".join(chunks)
        return Reply(response.status, response.headers.get_content_type() if response.headers else "", body)

    @contextlib.contextmanager
    def _failures(self) -> Iterator[None]:
        """Say what a failure of the network means; a status that is no success passes through as it is."""
        try:
            yield
        except HTTPError:
            raise
        except (OSError, http.client.HTTPException) as error:
            raise self._failure(error) from error

    def _failure(self, error: Exception) -> EndpointError:
        reason: Any = error.reason if isinstance(error, URLError) else error
        if isinstance(reason, TimeoutError):
            return EndpointError(
                tr("{url} gave no answer within {seconds} s", url=self.shown, seconds=f"{self.timeout:g}"),
                tr("ask for less, or wait longer: {name}", name="CTKG_TIMEOUT"),
            )
        if isinstance(reason, ConnectionRefusedError):
            return EndpointError(
                tr("{url} refuses the connection", url=self.shown), tr("is the server running, and the port right?")
            )
        if isinstance(reason, http.client.IncompleteRead | ConnectionError):
            return EndpointError(
                tr("{url} dropped the connection before its answer was whole", url=self.shown),
                tr("ask again; if it happens again, the server's log says why"),
            )
        text = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
        return EndpointError(
            tr("{url} cannot be reached: {reason}", url=self.shown, reason=_printable(text)),
            tr("is the address right?"),
        )

    def _refusal(self, error: HTTPError) -> EndpointError:
        said = ""
        with contextlib.suppress(OSError, http.client.HTTPException):
            said = _first_line(error.read(_CHUNK))
        status = f"{error.code} {http.client.responses.get(error.code, '')}".rstrip()
        hints = {
            401: tr("set CTKG_ENDPOINT_USER and CTKG_ENDPOINT_PASSWORD, or write an entry into the netrc file"),
            403: tr("set CTKG_ENDPOINT_USER and CTKG_ENDPOINT_PASSWORD, or write an entry into the netrc file"),
            404: tr("is the address right?"),
            405: tr("is the address right?"),
            406: tr("is the address right?"),
            429: tr("the server is busy: ask again later"),
            503: tr("the server is busy: ask again later"),
        }
        message = tr("{url} answers {status}", url=self.shown, status=status)
        return EndpointError(f"{message}: {said}" if said else message, hints.get(error.code), status=error.code)


def _checked(url: str) -> SplitResult:
    hint = tr("write it like {example}", example="http://localhost:7878/query")
    if not url.isascii() or any(c.isspace() or not c.isprintable() for c in url):
        raise SettingsError(tr("the endpoint's address holds a character that no address has"), hint)
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise SettingsError(tr("the endpoint's address cannot be read"), hint) from error
    if parts.username is not None or parts.password is not None:
        raise SettingsError(
            tr("the endpoint's address holds a user name or a password"),
            tr("set CTKG_ENDPOINT_USER and CTKG_ENDPOINT_PASSWORD, or write an entry into the netrc file"),
        )
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        raise SettingsError(tr("the endpoint's address is not one of http:// or https://"), hint)
    return parts


def _authorization(host: str) -> str | None:
    user, password = (os.environ.get(f"CTKG_ENDPOINT_{name}") for name in ("USER", "PASSWORD"))
    if bool(user) != bool(password):
        raise SettingsError(
            tr("only one of {first} and {second} is set", first="CTKG_ENDPOINT_USER", second="CTKG_ENDPOINT_PASSWORD")
        )
    if not user or not password:
        user, password = _netrc(host)
    if not user or not password:
        return None
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")


def _netrc(host: str) -> tuple[str | None, str | None]:
    import netrc

    try:
        entry = netrc.netrc(os.environ.get("NETRC")).authenticators(host)
    except FileNotFoundError:
        return None, None
    except (OSError, UnicodeDecodeError, netrc.NetrcParseError) as error:
        line = getattr(error, "lineno", None)  # its message may quote a password
        place = f":{line}" if line else ""
        raise SettingsError(
            tr("the netrc file cannot be read{place}", place=place), tr("mend it, and let nobody else read it")
        ) from None
    return (entry[0], entry[2]) if entry else (None, None)


def _delay(error: HTTPError, pause: float) -> float:
    """What Retry-After asks for, in seconds or as a date; else ``pause``."""
    text = (error.headers.get("Retry-After") or "").strip()
    if text.isdecimal():
        return float(text)
    if text:
        from email.utils import parsedate_to_datetime

        with contextlib.suppress(ValueError, TypeError, OverflowError):
            return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    return pause


def _first_line(body: bytes) -> str:
    """The first line that says something: of HTML, the title."""
    text = body.decode("utf-8", errors="replace")
    if re.match(r"\s*<(!doctype|html|\?xml)", text, re.IGNORECASE):
        title = re.search(r"<title[^>]*>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
        text = title[1] if title else re.sub(r"<[^>]*>", " ", text)
    return next((_printable(line) for line in text.splitlines() if line.strip()), "")


def _printable(text: str) -> str:
    """One line of at most 300 characters without control characters, which a terminal would obey."""
    shown = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return shown if len(shown) <= 300 else f"{shown[:299]}…"
