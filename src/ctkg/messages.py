"""What ctkg says, in English and Chinese.

The code carries the English template; `tr` looks the Chinese up in
``ctkg.messages_zh``, which is imported only for a Chinese user.
"""

from __future__ import annotations

from contextvars import ContextVar

__all__ = ["language", "tr", "use_language"]

_language: ContextVar[str] = ContextVar("ctkg_language", default="en")


def use_language(code: str) -> None:
    """Speak ``en`` or ``zh`` from here on, in this context."""
    _language.set(code)


def language() -> str:
    """The language spoken now: ``en`` or ``zh``."""
    return _language.get()


def tr(template: str, /, **values: object) -> str:
    """``template`` in the user's language, its ``{fields}`` filled from ``values``."""
    if _language.get() == "zh":
        from ctkg.messages_zh import MESSAGES

        template = MESSAGES.get(template, template)
    return template.format(**values) if values else template
