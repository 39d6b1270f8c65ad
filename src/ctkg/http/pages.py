"""Pages for people: plain HTML that works without scripts."""

from __future__ import annotations

from html import escape

from ctkg.http.exchange import Request

__all__ = ["problem_page"]


def problem_page(request: Request, status: int, title: str, detail: str, hint: str | None) -> str:
    """What is wrong, for a browser."""
    said = f"<h1>{status} {escape(title)}</h1><p>{escape(detail)}</p>" + (f"<p>{escape(hint)}</p>" if hint else "")
    return f'<!doctype html><html lang="{request.spoken}"><meta charset="utf-8"><title>{status}</title>{said}</html>'
