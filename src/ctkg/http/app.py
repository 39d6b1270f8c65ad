"""The site: which address is answered by which handler. A WSGI application, run by worker processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import werkzeug
from werkzeug.routing import Map, Rule

from ctkg.http import datasets, dumps, landing, ontology, problem_types, resources, sparql
from ctkg.http.complaints import answer_to
from ctkg.http.exchange import Reply, Request
from ctkg.http.site import Site
from ctkg.messages import use_language

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

__all__ = ["ADDRESSES", "Application"]

Handler = Callable[..., Reply]

_READ = ("GET", "HEAD", "OPTIONS")

ADDRESSES = Map(
    [
        Rule("/sparql", endpoint=sparql.sparql),
        # linked data, datasets and dumps
        Rule("/", endpoint=landing.landing, methods=_READ),
        Rule("/id/<kind>/<slug>", endpoint=resources.thing, methods=_READ),
        Rule("/entities/<kind>/<slug>", endpoint=resources.entity, methods=_READ),
        Rule("/ontology", endpoint=ontology.ontology, methods=_READ),
        Rule("/ontology.<ending>", endpoint=ontology.ontology_document, methods=_READ),
        Rule("/ontology/<version>", endpoint=ontology.ontology_version, methods=_READ),
        Rule("/shapes", endpoint=ontology.shapes, methods=_READ),
        Rule("/shapes.<ending>", endpoint=ontology.shapes_document, methods=_READ),
        Rule("/dataset", endpoint=datasets.dataset, methods=_READ),
        Rule("/dataset.<ending>", endpoint=datasets.dataset_document, methods=_READ),
        Rule("/.well-known/void", endpoint=datasets.well_known, methods=_READ),
        Rule("/dumps/", endpoint=dumps.dump_index, methods=_READ),
        Rule("/dumps/<file>", endpoint=dumps.dump, methods=_READ),
        Rule("/problem/<name>", endpoint=problem_types.problem_type, methods=_READ),
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
        try:
            found = self._answer(request)
        except Exception as error:
            return answer_to(request, error)(environ, start_response)  # type: ignore[no-any-return]
        try:
            return found(environ, start_response)  # type: ignore[no-any-return]
        except Exception as error:  # it may have begun
            answer, failure = answer_to(request, error), (type(error), error, error.__traceback__)
            return answer(environ, lambda status, headers, _=None: start_response(status, headers, failure))  # type: ignore[no-any-return]

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
