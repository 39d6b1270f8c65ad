"""The site: which address is answered by which handler. A WSGI application, run by worker processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import werkzeug
from werkzeug.routing import Map, Rule

from ctkg.http import (
    analyses,
    datasets,
    dumps,
    landing,
    ontology,
    openapi,
    problem_types,
    queries,
    reconciliation,
    resources,
    search,
    sparql,
    views,
)
from ctkg.http.complaints import answer_to
from ctkg.http.exchange import Reply, Request
from ctkg.http.site import Site
from ctkg.messages import use_language

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

__all__ = ["ADDRESSES", "Application"]

Handler = Callable[..., Reply]


def _openapi(site: Site, request: Request, ending: str) -> Reply:
    """What there is to ask, as OpenAPI."""
    return openapi.openapi(site, request, ADDRESSES, ending)


READ = ("GET", "OPTIONS")  # and HEAD, which Werkzeug answers as GET
ADDRESSES = Map(
    [
        Rule("/sparql", endpoint=sparql.sparql),
        # what is asked by name
        *(Rule(path, endpoint=queries.queries, methods=READ) for path in ("/queries", "/queries.<ending>")),
        Rule("/queries/<name>", endpoint=queries.query, methods=READ),
        *(Rule(path, endpoint=views.views, methods=READ) for path in ("/views", "/views.<ending>")),
        Rule("/views/<name>", endpoint=views.view, methods=READ),
        *(Rule(path, endpoint=analyses.analyses, methods=READ) for path in ("/analyses", "/analyses.<ending>")),
        Rule("/analyses/<name>", endpoint=analyses.analysis, methods=READ),
        # what is found by its name
        *(Rule(path, endpoint=search.search, methods=READ) for path in ("/search", "/search.<ending>")),
        Rule("/reconcile", endpoint=reconciliation.reconcile, methods=(*READ, "POST")),
        Rule("/reconcile/suggest/<any(entity, type, property):what>", endpoint=reconciliation.suggest, methods=READ),
        Rule("/reconcile/properties", endpoint=reconciliation.properties, methods=READ),
        Rule("/reconcile/preview", endpoint=reconciliation.preview, methods=READ),
        Rule("/openapi.<any(json, yaml):ending>", endpoint=_openapi, methods=READ),
        # linked data, datasets and dumps
        Rule("/", endpoint=landing.landing, methods=READ),
        Rule("/id/<kind>/<slug>", endpoint=resources.thing, methods=READ),
        Rule("/entities/<kind>/<slug>", endpoint=resources.entity, methods=READ),
        Rule("/ontology", endpoint=ontology.ontology, methods=READ),
        Rule("/ontology.<ending>", endpoint=ontology.ontology_document, methods=READ),
        Rule("/ontology/<version>", endpoint=ontology.ontology_version, methods=READ),
        Rule("/shapes", endpoint=ontology.shapes, methods=READ),
        Rule("/shapes.<ending>", endpoint=ontology.shapes_document, methods=READ),
        Rule("/dataset", endpoint=datasets.dataset, methods=READ),
        Rule("/dataset.<ending>", endpoint=datasets.dataset_document, methods=READ),
        Rule("/.well-known/void", endpoint=datasets.well_known, methods=READ),
        Rule("/dumps/", endpoint=dumps.dump_index, methods=READ),
        Rule("/dumps/<file>", endpoint=dumps.dump, methods=READ),
        Rule("/problem/<name>", endpoint=problem_types.problem_type, methods=READ),
    ],
    strict_slashes=False,
    merge_slashes=False,
)


class Application:
    """Answers requests from a site."""

    def __init__(self, site: Site) -> None:
        self.site = site
        datasets.published(site)  # counted here, before the fork, and not by every worker anew

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
