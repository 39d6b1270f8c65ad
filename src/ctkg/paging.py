"""Which rows of a SELECT query a store is to send: for stores that cut an answer without saying so."""

from __future__ import annotations

import re

from ctkg.sparql import NOISE

__all__ = ["is_ordered", "window"]

_ORDER = re.compile(r"(?<![\w?$:])ORDER\s+BY(?!\w)", re.IGNORECASE)
_BOUND = re.compile(r"(?<![\w?$:])(LIMIT|OFFSET)\s+(\d+)", re.IGNORECASE)
_VALUES = re.compile(r"(?<![\w?$:])VALUES(?!\w)", re.IGNORECASE)


def is_ordered(text: str) -> bool:
    """Whether the query as a whole, not a part in brackets, has an ORDER BY."""
    return bool(_ORDER.search(_outside_brackets(text)))


def window(text: str, offset: int, limit: int) -> str | None:
    """The query for at most ``limit`` of its rows after ``offset``; ``None`` where its own LIMIT is reached."""
    flat = _outside_brackets(text)
    own = {match[1].upper(): int(match[2]) for match in _BOUND.finditer(flat)}
    if "LIMIT" in own:
        limit = min(limit, own["LIMIT"] - offset)
    if limit <= 0:
        return None
    values = _VALUES.search(flat)
    end = values.start() if values else len(text)
    body, rest = text[:end], text[end:]
    for match in reversed(list(_BOUND.finditer(flat))):
        body = body[: match.start()] + body[match.end() :]
    return f"{body}\nLIMIT {limit} OFFSET {offset + own.get('OFFSET', 0)}\n{rest}"


def _outside_brackets(text: str) -> str:
    """The text with blanks for strings, IRIs, comments and whatever stands in brackets; its length is the same."""
    depth, flat = 0, []
    for mark in NOISE.sub(lambda match: " " * len(match[0]), text):
        depth -= mark in "]})"
        flat.append(mark if depth == 0 and mark not in "]})[{(" else " ")
        depth += mark in "[{("
    return "".join(flat)
