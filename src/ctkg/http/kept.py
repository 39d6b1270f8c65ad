"""Answers that the front remembers, by what was asked."""

from __future__ import annotations

import marshal
from collections import OrderedDict
from hashlib import blake2b

from ctkg.http.client import Headers, Scope

__all__ = ["Kept", "key_of"]

_BESIDE = 1024
"""What an answer takes beside its content, about."""
_ASKED_BY = (b"accept", b"accept-language", b"accept-encoding", b"host", b"content-type")
"""Request headers that an answer may depend on."""


class Kept:
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


def key_of(scope: Scope, body: bytes) -> bytes:
    """A digest of all that an answer may depend on."""
    asked = [scope["method"].encode(), scope["raw_path"], scope["query_string"], body]
    for name, value in scope["headers"]:
        if name in _ASKED_BY:
            asked += (name, value)
    return blake2b(marshal.dumps(asked), digest_size=16).digest()
