"""``/views``: the graph views as a list, and each as a file of every format that there is."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

from ctkg.errors import QueryError, SettingsError
from ctkg.export import FORMATS, Options, render
from ctkg.http.exchange import Reply, Request, reply
from ctkg.http.problems import Problem
from ctkg.http.queries import LISTS, found, listed
from ctkg.http.questions import arguments, natural, of_view, split_ending, truth
from ctkg.http.rendering import page
from ctkg.http.site import Site
from ctkg.messages import language, tr
from ctkg.views.asking import OPTIONS, Asked, emptiness, more_possible

__all__ = ["NODES", "VIEWS", "view", "views"]

VIEWS = {
    "json": "application/json",
    "page": "text/html",
    "graphml": "application/graphml+xml",
    "gexf": "application/gexf+xml",
    "cyjs": "application/json",
    "dot": "text/vnd.graphviz",
    "mmd": "text/vnd.mermaid",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "svg": "image/svg+xml",
    "png": "image/png",
    "html": "text/html",
}
"""The formats of a view; ``page`` is its form, which a browser gets where the address names no format."""
assert set(FORMATS) == set(VIEWS) - {"page"}
NODES = ("csv", "parquet")
"""Formats in which the nodes are a file of their own, ``NAME-nodes``."""


def views(site: Site, request: Request, ending: str | None = None) -> Reply:
    """The graph views."""
    key = request.choose(LISTS, ending)
    arguments(request, ())
    return listed(request, tr("Graph views"), map(of_view, site.kg.views.values()), key)


def view(site: Site, request: Request, name: str) -> Reply:
    """One, narrowed as the address says."""
    name, ending = split_ending(name)
    part = ""
    offers = VIEWS
    if name.endswith("-nodes") and name not in site.kg.views:
        name, part = name.removesuffix("-nodes"), "-nodes"
        offers = {key: VIEWS[key] for key in NODES}
    stored = found(site.kg.views, name, tr("no view is called {name!r}", name=name), "/views")
    question = of_view(stored)
    key = request.choose(offers, ending)
    given = arguments(request, [parameter.name for parameter in question.params])
    if key == "page":
        own = {"question": question, "given": given, "formats": list(FORMATS), "parameters": {}}
        return reply(request, page(request, "view.html", **own))
    options = {
        name: truth(given, name)
        if option.type == "boolean"
        else natural(given, name, int(option.default))
        if option.type == "integer"
        else given.pop(name, None)
        for name, option in OPTIONS.items()
    }
    if options["dated"] and key != "gexf":
        raise QueryError(
            tr("{option} is of GEXF only", option="dated"),
            tr("the other formats hold the days as attributes of each link"),
        )
    asked = Asked.of(options, given, str)
    table = site.kg.view(name, possible=asked.possible, **asked.part, **asked.arguments)
    if not table.edges:
        empty = emptiness(site.kg.view, name, asked, more_possible(site.kg.view, name, asked, table), _spelled)
        raise Problem(404, "empty-view", str(empty), empty.hint)
    try:
        content = render(table, key, Options(bool(options["dated"]), language()))[part]
    except SettingsError as error:
        raise Problem(501, "not-installed", str(error), error.hint) from error
    headers = [("Content-Disposition", f'inline; filename="{name}{part}.{key}"')]
    if key == "html":
        headers.append(("Content-Security-Policy", _page_policy()))
    return reply(request, content, headers=headers)


def _spelled(option: str) -> str:
    return "possible=true" if option == "possible" else option


@cache
def _page_policy() -> str:
    """The interactive page runs its own script and nothing else."""
    script = files("ctkg.export").joinpath("page.js").read_text(encoding="utf-8")
    known = b64encode(sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{known}'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors *"
    )
