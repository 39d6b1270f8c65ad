"""The access log: one line a request, on stderr."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from ctkg.visible import visible

__all__ = ["AccessLog"]

_SECONDS = 0.2


class AccessLog:
    """Lines are written together, some times a second: a write for each would cost more than a small answer."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._planned = False

    def note(self, scope: dict[str, Any], status: int, sent: int, started: float) -> None:
        """``2026-11-27T08:00:00Z 127.0.0.1 "GET /sparql?query=…" 200 1234 5.6ms``; 499: the client left."""
        client = (scope.get("client") or ("-",))[0]
        query = scope["query_string"].decode("latin-1")
        target = visible(scope["raw_path"].decode("latin-1") + (f"?{query}" if query else ""))
        if len(target) > 1000:
            target = f"{target[:1000]}…"
        took = (perf_counter() - started) * 1000
        request = f'"{scope["method"]} {target}" {status or 499} {sent} {took:.1f}ms'
        self._lines.append(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {client} {request}\n")
        if not self._planned:
            self._planned = True
            asyncio.get_running_loop().call_later(_SECONDS, self.flush)

    def flush(self) -> None:
        """Write what was noted."""
        self._planned = False
        lines, self._lines = self._lines, []
        sys.stderr.write("".join(lines))
        sys.stderr.flush()
