"""XML as bytes, with nothing in it that XML cannot hold."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, indent, tostring

__all__ = ["plain", "written"]

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def plain(value: object) -> str:
    """A value as XML Schema writes it; a character that XML forbids becomes U+FFFD."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _FORBIDDEN.sub("\ufffd", str(value))


def written(root: Element) -> dict[str, bytes]:
    """The document, ready to be a file."""
    indent(root)
    return {"": b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="utf-8") + b"\n"}
