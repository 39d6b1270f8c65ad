"""The site: which address is answered by which handler. A WSGI application, run by worker processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import werkzeug
from werkzeug.routing import Map, Rule

from ctkg.http import sparql
from ctkg.http.complaints import answer_to
from ctkg.http.exchange import Reply, Request
from ctkg.http.site import Site
from ctkg.messages import use_language

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

__all__ = ["ADDRESSES", "Application"]

Handler = Callable[..., Reply]

ADDRESSES = Map(
    [
        Rule("/sparql", endpoint=sparql.sparql),
    ],
    strict_slashes=False,
    merge_slashes=False,
)


class Application:
    """Answers requests from a site."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        request.graph_key = self.site.graph_key
        begun = False

        def start(status: str, headers: list[tuple[str, str]]) -> Any:
            nonlocal begun
            begun = True
            return start_response(status, headers)

        try:
            return self._answer(request)(environ, start)  # type: ignore[no-any-return]
        except Exception as error:
            if begun:
                raise  # too late to say so: whoever sends it breaks it off
            return answer_to(request, error)(environ, start_response)  # type: ignore[no-any-return]

    def _answer(self, request: Request) -> Reply:
        use_language(request.spoken)
        if request.environ["PATH_INFO"] == "/sparql" and request.method == "GET":  # what is asked most, asked first
            return sparql.sparql(self.site, request)
        handler, values = ADDRESSES.bind_to_environ(request.environ).match()
        if request.method == "OPTIONS":
            return _preflight(request)
        return handler(self.site, request, **values)


def _preflight(request: Request) -> werkzeug.Response:
    """What a page of another origin may ask: everything that there is."""
    headers = {
        "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
        "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match",
        "Access-Control-Max-Age": "86400",
        "Allow": "GET, HEAD, POST, OPTIONS",
    }
    return werkzeug.Response(status=204, headers=headers)
