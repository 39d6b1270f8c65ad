"""``/problem/NAME``: what the ``type`` of a problem means, since it is an address (RFC 9457, section 3.1.1)."""

from __future__ import annotations

import json

from ctkg.errors import NotFound
from ctkg.http.exchange import Reply, Request, reply
from ctkg.http.rendering import page
from ctkg.http.site import Site
from ctkg.messages import tr

__all__ = ["problem_type"]


def problem_type(site: Site, request: Request, name: str) -> Reply:
    """A sentence; the answer that had the problem said the rest."""
    meanings = _meanings()
    meaning = meanings.get("limit" if name.startswith("limit-") else name)
    if meaning is None:
        raise NotFound(
            tr("no type of problem is called {name!r}", name=name),
            tr("choose one of: {names}", names=", ".join(meanings)),
        )
    if request.choose({"json": "application/json", "html": "text/html"}) == "html":
        return reply(request, page(request, "problem_type.html", name=name, meaning=meaning))
    document = {"type": f"https://w3id.org/ctkg/problem/{name}", "meaning": meaning}
    return reply(request, json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def _meanings() -> dict[str, str]:
    return {
        "not-found": tr("nothing is at this address, or nothing bears this name"),
        "not-acceptable": tr("there is no form of this that you accept"),
        "format": tr("the address asks for a format that this does not have"),
        "media-type": tr("the request's body is of a kind that is not read here"),
        "request": tr("the request is not as HTTP or this address has it"),
        "query": tr("the query, or a parameter, cannot be understood"),
        "query-refused": tr("the query was understood and is not carried out"),
        "read-only": tr("the graph is read-only"),
        "limit": tr("the answer, the request or the server's load is beyond a limit"),
        "endpoint": tr("another store did not answer"),
        "graph": tr("the graph cannot be worked with"),
        "internal": tr("this should not have happened"),
    }
