"""``/search``: things by any of their names, in English, Chinese or pinyin."""

from __future__ import annotations

import json
from typing import Any

from ctkg.http.exchange import Reply, Request, reply
from ctkg.http.questions import arguments, natural, refused
from ctkg.http.rendering import page
from ctkg.http.site import Site
from ctkg.messages import tr
from ctkg.namespaces import ID
from ctkg.search import SEARCHED_KINDS, Hit

__all__ = ["FORMATS", "MOST", "search"]

FORMATS = {"json": "application/json", "html": "text/html"}
MOST = 100


def search(site: Site, request: Request, ending: str | None = None) -> Reply:
    """What bears the name ``q``, best first; a page without ``q`` is the form."""
    key = request.choose(FORMATS, ending)
    given = arguments(request, ("q", "kind", "class", "limit"))
    text = given.get("q", "")
    limit = natural(dict(given), "limit", 20, 1)
    assert limit is not None
    if not text.strip() and key == "json":
        raise refused(
            tr("{name} has to be given: {what}", name="q", what=tr("a name, a part of it, pinyin or its initials"))
        )
    hits: list[Hit] = []
    if text.strip():
        hits = site.search_index.search(text, kind=given.get("kind"), class_=given.get("class"), limit=min(limit, MOST))
    if key == "json":
        document = {"q": text, "hits": [as_json(hit) for hit in hits]}
        return reply(request, json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    return reply(request, page(request, "search.html", text=text, given=given, hits=hits, kinds=SEARCHED_KINDS))


def as_json(hit: Hit) -> dict[str, Any]:
    """A hit; ``id`` is what `/id/` and the reconciliation service take."""
    return {
        "id": hit.iri.removeprefix(ID),
        "iri": hit.iri,
        "label": hit.labels,
        "class": {"iri": hit.class_.iri, "label": hit.class_.labels},
        "name": hit.name,
        "language": hit.language,
        "how": hit.how,
        "score": hit.score,
        "statements": hit.statements,
    }
