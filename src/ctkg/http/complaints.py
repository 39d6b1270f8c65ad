"""Errors as answers: ``application/problem+json`` (RFC 9457), or a page for a browser.

One table says which error has which status. What nobody expected is written to
stderr with all that helps to mend it, and answered with nothing of it.
"""

from __future__ import annotations

import json
import sys
import traceback
from http import HTTPStatus

import werkzeug
from werkzeug.exceptions import HTTPException

from ctkg.errors import CtkgError, EndpointError, NotFound, QueryError, QueryRefused
from ctkg.http.exchange import HTML_POLICY, Reply, Request
from ctkg.http.negotiation import quality
from ctkg.http.problems import Problem
from ctkg.messages import tr
from ctkg.visible import visible

__all__ = ["answer_to"]

_STATUS: dict[type[Exception], tuple[int, str]] = {
    QueryRefused: (400, "query-refused"),
    QueryError: (400, "query"),
    NotFound: (404, "not-found"),
    EndpointError: (502, "endpoint"),
    CtkgError: (500, "graph"),
}
"""Error class → status and name of the problem; the most special class comes first."""


def answer_to(request: Request, error: Exception) -> Reply:
    """The answer that an error is."""
    headers: list[tuple[str, str]] = []
    hint: str | None
    if isinstance(error, HTTPException):
        if error.response is not None or (error.code or 500) < 400:
            return error.get_response(request.environ)
        status, name = error.code or 500, "request"
        detail, hint = _of_address(request, status)
        headers = [pair for pair in error.get_headers(request.environ) if pair[0] == "Allow"]
    elif isinstance(error, Problem):
        status, name, detail, hint, headers = error.status, error.name, str(error), error.hint, error.headers
    elif isinstance(error, CtkgError):
        status, name = next(told for class_, told in _STATUS.items() if isinstance(error, class_))
        detail, hint = str(error), error.hint
    else:
        traceback.print_exception(error, file=sys.stderr)
        status, name, detail, hint = 500, "internal", tr("this should not have happened"), tr("the log says more")
    return _told(request, status, name, detail, hint, headers)


def _told(
    request: Request, status: int, name: str, detail: str, hint: str | None, headers: list[tuple[str, str]]
) -> werkzeug.Response:
    title = HTTPStatus(status).phrase
    headers = [*headers, ("Cache-Control", "no-store"), ("Vary", "Accept, Accept-Language, Accept-Encoding")]
    accept = request.headers.get("Accept", "")
    if quality(accept, "text/html") > max(
        quality(accept, "application/problem+json"), quality(accept, "application/json")
    ):
        from ctkg.http.pages import problem_page

        page = problem_page(request, status, title, detail, hint)
        headers += [("Content-Type", "text/html; charset=utf-8"), ("Content-Security-Policy", HTML_POLICY)]
        return werkzeug.Response(page, status, headers)
    problem = {"type": f"https://w3id.org/ctkg/problem/{name}", "title": title, "status": status, "detail": detail}
    if hint:
        problem["hint"] = hint
    content = json.dumps(problem, ensure_ascii=False, indent=2) + "\n"
    return werkzeug.Response(content, status, [*headers, ("Content-Type", "application/problem+json")])


def _of_address(request: Request, status: int) -> tuple[str, str | None]:
    """What is wrong with an address or a method that no handler answers."""
    if status == 404:
        return tr("nothing is served at {path}", path=visible(request.path)), tr("GET / lists what there is")
    if status == 405:
        return tr("{method} is not served there", method=visible(request.method)), tr("see the Allow header")
    return tr("the request cannot be read"), None
