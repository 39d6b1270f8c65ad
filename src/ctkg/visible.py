"""Text for people's eyes: what a terminal would obey or hide is written as an escape."""

from __future__ import annotations

__all__ = ["visible"]

# Control characters, those that turn the direction of text around or take no room, line ends, half characters
_HIDDEN = (
    r"[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    r"\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff]"
)


def visible(text: str) -> str:
    r"""The text on one line, with everything hidden in it shown.

    >>> print(visible("a\x1b[31m\u202eb"))
    a\x1b[31m\u202eb
    """
    if text.isprintable():
        return text
    import re  # only for text that has something to hide

    return re.sub(_HIDDEN, lambda match: match[0].encode("unicode_escape", "surrogatepass").decode(), text)
