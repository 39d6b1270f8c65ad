"""When two names are the same but for spelling: one key for both."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable

__all__ = ["folded", "is_han", "name_key", "organisation_key", "slugged", "without_legal_form"]

_MARKS = re.compile(r"[\s\-_‐-―·'’\"“”,，()（）]+")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_WORD = re.compile(rf"{_HAN.pattern}+|(?:(?!{_HAN.pattern})[^\W_])+")
_LEGAL_FORM = re.compile(
    r"(?:[\s,.]*\b(?:co|company|corp|corporation|gmbh|inc|incorporated|limited|llc|llp|lp|ltd|plc|pte)\b\.?)+$"
    r"|(?:股份|有限|责任|合伙|公司|企业)+$"
)
_BRACKETED = re.compile(r"[（(](?:有限合伙|普通合伙|limited partnership)[)）]$")
_NO_SLUG = re.compile(r"[^a-z0-9]+")


def name_key(name: str) -> str:
    """The name without case, width, accents, spaces, hyphens, commas and brackets.

    >>> name_key("Qwen2.5-72B") == name_key("qwen2.5 72b")
    True
    """
    plain = unicodedata.normalize("NFKD", name).casefold()
    return _MARKS.sub("", "".join(c for c in plain if not unicodedata.combining(c)))


def organisation_key(name: str) -> str:
    """`name_key` of an organisation: without legal form, article and full stops, in simplified characters.

    The place in a name stays: 北京智谱 and 杭州智谱 are two bodies.

    >>> organisation_key("The Acme & Sons Technology Co., Ltd.") == organisation_key("ACME and Sons Technology")
    True
    >>> organisation_key("復旦微電子集團股份有限公司") == organisation_key("复旦微电子集团")
    True
    """
    plain = unicodedata.normalize("NFKC", name).casefold().strip()
    if _HAN.search(plain):
        plain = _to_simplified()(plain)
    plain = _BRACKETED.sub("", plain) or plain
    plain = _LEGAL_FORM.sub("", plain) or plain
    return name_key(plain.removeprefix("the ").replace("&", " and ")).replace(".", "")


def folded(text: str) -> str:
    """The words of a text with a blank between: no case, width, accents or punctuation, in simplified characters.

    Whatever is no letter or digit parts words, as does a change of script.

    >>> folded("Ｍoonshot-AI（月之暗面）")
    'moonshot ai 月之暗面'
    """
    plain = unicodedata.normalize("NFKD", text).casefold().replace("&", " and ")
    if not plain.isascii():
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    words = " ".join(_WORD.findall(plain))
    return _to_simplified()(words) if _HAN.search(words) else words


def is_han(word: str) -> bool:
    """Whether the word begins with a Chinese character; one of `folded` then has no others."""
    return _HAN.match(word) is not None


def without_legal_form(words: str) -> str:
    """`folded` words without a legal form at the end, unless that is all there is.

    >>> without_legal_form("acme technology co ltd")
    'acme technology'
    """
    return _LEGAL_FORM.sub("", words) or words


@functools.cache
def _to_simplified() -> Callable[[str], str]:
    from opencc import OpenCC  # half a tenth of a second, and only Chinese names need it

    return OpenCC("t2s").convert


def slugged(name: str) -> str:
    """The name as a slug of lower-case ASCII words; "" where it has no ASCII letter or digit.

    >>> slugged("Qwen2.5-72B (base)")
    'qwen2-5-72b-base'
    """
    plain = unicodedata.normalize("NFKD", name).casefold().replace("+", " plus ")
    return _NO_SLUG.sub("-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-")
