"""Which of the offered media types, and of our languages, a client likes best (RFC 9110, section 12.5)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from ctkg.http.problems import not_acceptable
from ctkg.settings import LANGUAGES

__all__ = ["negotiate", "quality", "spoken"]

_LANGUAGE = re.compile(r"(?:^|,)\s*(en|zh)\b[\w-]*\s*(?:;\s*q=([01](?:\.\d*)?))?", re.IGNORECASE)


def negotiate(accept: str | None, offers: Mapping[str, str]) -> str:
    """The key of the offer with the greatest quality, of equals the first; offers stand in our order of preference.

    Raises `NotAcceptable` where the client takes none.
    """
    if accept is None or not accept.strip():
        return next(iter(offers))
    ranges = _ranges(accept)
    best, best_quality = "", 0.0
    for key, media_type in offers.items():
        liked = _quality(ranges, media_type)
        if liked > best_quality:
            best, best_quality = key, liked
    if not best:
        raise not_acceptable(offers)
    return best


def quality(accept: str, media_type: str) -> float:
    """How much a client likes a media type: that of the most telling range that it falls in; 0 where in none."""
    return _quality(_ranges(accept), media_type)


def spoken(said: str | None, accept: str | None) -> str:
    """``en`` or ``zh``: as the address ``said``, else as the client likes it best; ``zh-CN`` is Chinese, too."""
    if said in LANGUAGES:
        return said
    liked = {"en": 0.0, "zh": 0.0}
    for name, quality in _LANGUAGE.findall(accept or ""):
        liked[name.lower()] = max(liked[name.lower()], float(quality or 1))
    return "zh" if liked["zh"] > liked["en"] else "en"


@lru_cache(1000)
def _ranges(accept: str) -> dict[str, float]:
    ranges: dict[str, float] = {}
    for part in accept.split(","):
        range_, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if "/" in range_ or range_ == "*":
            liked = next((_number(p[2:]) for p in parameters if p.startswith("q=")), 1.0)
            ranges["*/*" if range_ == "*" else range_] = liked
    return ranges


def _quality(ranges: Mapping[str, float], media_type: str) -> float:
    for range_ in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
        if range_ in ranges:
            return ranges[range_]
    return 0.0


def _number(text: str) -> float:
    """A quality value; what is none counts as 0, so that nobody is sent what they may have refused."""
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 0.0
