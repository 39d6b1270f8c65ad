"""When two names are the same but for spelling: one key for both."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["name_key", "slugged"]

_MARKS = re.compile(r"[\s\-_‐-―·'’\"“”,，()（）]+")
_NO_SLUG = re.compile(r"[^a-z0-9]+")


def name_key(name: str) -> str:
    """The name without case, width, accents, spaces, hyphens, commas and brackets.

    >>> name_key("Qwen2.5-72B") == name_key("qwen2.5 72b")
    True
    """
    plain = unicodedata.normalize("NFKD", name).casefold()
    return _MARKS.sub("", "".join(c for c in plain if not unicodedata.combining(c)))


def slugged(name: str) -> str:
    """The name as a slug of lower-case ASCII words; "" where it has no ASCII letter or digit.

    >>> slugged("Qwen2.5-72B (base)")
    'qwen2-5-72b-base'
    """
    plain = unicodedata.normalize("NFKD", name).casefold().replace("+", " plus ")
    return _NO_SLUG.sub("-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-")
