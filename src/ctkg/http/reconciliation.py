"""``/reconcile``: the W3C Reconciliation Service API, version 0.2, as OpenRefine asks it.

An id is what follows ``https://w3id.org/ctkg/id/``, such as ``actor/alibaba``; a
type is the local name of a class. There is no JSONP: a page of any origin may
read the answers (CORS), and what runs as a script in it we do not write.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeGuard

from ctkg.errors import CtkgError, NotFound
from ctkg.http.candidates import Wanted
from ctkg.http.exchange import Reply, Request, reply
from ctkg.http.links import address_of
from ctkg.http.problems import Problem
from ctkg.http.questions import natural
from ctkg.http.rendering import page
from ctkg.http.site import Site
from ctkg.messages import language, tr
from ctkg.name_keys import folded
from ctkg.namespaces import CTKG, ID
from ctkg.search import Hit

__all__ = ["MOST_QUERIES", "preview", "properties", "reconcile", "suggest"]

MOST_QUERIES = 50
_MOST_IDS = 1000
_MOST_PROPERTIES = 50
_JSON = {"json": "application/json"}
_ROOT_TYPES = ("Actor", "Company", "Person", "Model", "Chip", "Policy", "Place", "Deal")


def reconcile(site: Site, request: Request) -> Reply:
    """A batch of queries, a data extension, or what the service is."""
    request.choose(_JSON, "json")
    given: Mapping[str, str] = request.form if request.method == "POST" else request.args
    if "queries" in given:
        return _json(request, _reconciled(site, _document(given["queries"], "queries")))
    if "extend" in given:
        return _json(request, _extended(site, _document(given["extend"], "extend")))
    if request.method == "POST":
        raise _unfit("queries", tr("a form with queries or extend"))
    return _json(request, _manifest(site, request))


def suggest(site: Site, request: Request, what: str) -> Reply:
    """Entities, types or properties whose names begin with or contain ``prefix``."""
    request.choose(_JSON, "json")
    prefix = request.args.get("prefix", "").strip()
    cursor = natural({"cursor": request.args.get("cursor") or "0"}, "cursor", 0) or 0
    if not prefix:
        raise _unfit("prefix", tr("a name, a part of it, pinyin or its initials"))
    if what == "entity":
        hits = _searched(site, prefix, min(cursor + 20, 200))
        return _json(request, {"result": [_suggested(hit) for hit in hits[cursor:]]})
    if what == "type":
        named = [(name, labels) for name, labels in site.search_index.classes().items()]
    else:
        named = [(known.id, known.labels) for known in site.properties.values()]
    wanted = folded(prefix)
    fitting = [
        {"id": name, "name": labels.get(language()) or name}
        for name, labels in named
        if any(wanted in folded(text) for text in (name, *labels.values()))
    ]
    return _json(request, {"result": fitting[cursor : cursor + 20]})


def properties(site: Site, request: Request) -> Reply:
    """Which properties things of a type have."""
    request.choose(_JSON, "json")
    type_ = request.args.get("type", "")
    limit = natural({"limit": request.args.get("limit") or "50"}, "limit", 50)
    if type_ and type_ not in site.search_index.classes():
        raise NotFound(tr("no class is called {name!r}", name=type_), tr("see /reconcile/suggest/type"))
    known = site.properties.of_class(type_ or "Entity")
    told: dict[str, Any] = {"properties": [{"id": p.id, "name": p.name} for p in known][:limit]}
    return _json(request, {"type": type_, **told} if type_ else told)


def preview(site: Site, request: Request) -> Reply:
    """A small page that says what an id means."""
    request.choose({"html": "text/html"}, "html")
    name = request.args.get("id", "")
    hit = site.search_index.thing(ID + name)
    if hit is None:
        raise NotFound(
            tr("no {kind} is called {name!r}", kind=tr("entity"), name=name), tr("an id is like actor/alibaba")
        )
    names = [known for known in site.properties if known not in ("name-en", "name-zh")]
    values = site.properties.values_of([hit.iri], names).get(hit.iri, {})
    facts = [
        (site.properties[known].name, ", ".join(v.thing.label(language()) if v.thing else v.text for v in own[:5]))
        for known, own in values.items()
    ]
    shown = {"hit": hit, "facts": facts[:6], "link": address_of(hit.iri), "class_": hit.class_.label(language())}
    return reply(request, page(request, "preview.html", **shown))


def _json(request: Request, document: Any) -> Reply:
    return reply(request, json.dumps(document, ensure_ascii=False) + "\n", lasting=request.method != "POST")


def _document(text: str, name: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
        json.dumps(document, ensure_ascii=False).encode()  # halves of characters are no text
    except (ValueError, RecursionError) as error:
        raise _unfit(name, tr("a JSON object")) from error
    if not isinstance(document, dict):
        raise _unfit(name, tr("a JSON object"))
    return document


def _reconciled(site: Site, queries: dict[str, Any]) -> dict[str, Any]:
    if len(queries) > MOST_QUERIES:
        raise Problem(
            413,
            "batch",
            tr("{count} queries in a batch", count=len(queries)),
            tr("send at most {count}", count=MOST_QUERIES),
        )
    wanted = {name: _wanted(query) for name, query in queries.items()}
    return {name: {"result": site.candidates.of(query)} for name, query in wanted.items()}


def _wanted(query: Any) -> Wanted:
    """A query of a batch, checked; raises `Problem` for what the API does not have."""
    if not isinstance(query, dict):
        raise _unfit("queries", tr("an object for each query"))
    text, types, limit = query.get("query", ""), query.get("type") or [], query.get("limit", 10)
    given = query.get("properties") or []
    types = [types] if isinstance(types, str) else types
    if not isinstance(text, str) or not _texts(types):
        raise _unfit("queries", tr("text for query and type"))
    if isinstance(limit, bool) or not isinstance(limit, int | float) or not 1 <= limit < 1e9:
        raise _unfit("limit", tr("a whole number from 1"))
    if not isinstance(given, list) or not all(
        isinstance(p, dict) and isinstance(p.get("pid"), str) and "v" in p for p in given
    ):
        raise _unfit("properties", tr("pid and v of each property"))
    if not text.strip() and not given:
        raise _unfit("query", tr("text, or properties"))
    strict = query.get("type_strict", "any")
    named = [type_.removeprefix(CTKG).removeprefix("ctkg:") for type_ in types]
    return Wanted(
        text,
        () if strict == "should" else tuple(named),
        strict == "all",
        min(int(limit), 100),
        tuple((p["pid"], _values(p["v"])) for p in given[:_MOST_PROPERTIES]),
    )


def _values(given: Any) -> tuple[str, ...]:
    values = given if isinstance(given, list) else [given]
    texts = [value.get("id") if isinstance(value, dict) else value for value in values[:_MOST_PROPERTIES]]
    return tuple(str(text).strip() for text in texts if isinstance(text, str | int | float) and str(text).strip())


def _extended(site: Site, asked: dict[str, Any]) -> dict[str, Any]:
    ids, wanted = asked.get("ids"), asked.get("properties")
    if not _texts(ids) or not isinstance(wanted, list):
        raise _unfit("extend", tr("a list of ids and a list of properties"))
    names = [p.get("id") if isinstance(p, dict) else None for p in wanted]
    if not _texts(names):
        raise _unfit("extend", tr("the id of each property"))
    if len(ids) > _MOST_IDS or len(names) > _MOST_PROPERTIES:
        raise Problem(413, "batch", tr("{count} ids and {more} properties", count=len(ids), more=len(names)),
                      tr("send at most {count}", count=f"{_MOST_IDS} / {_MOST_PROPERTIES}"))  # fmt: skip
    for name in names:
        if name not in site.properties:
            raise Problem(
                400, "parameter", tr("no property is called {name!r}", name=name), tr("see /reconcile/properties")
            )
    found = {name: site.search_index.thing(ID + name) for name in dict.fromkeys(ids)}
    iris = {name: hit.iri for name, hit in found.items() if hit is not None}
    values = site.properties.values_of(iris.values(), names)
    most = {name: _most(p) for name, p in zip(names, wanted, strict=True)}
    return {
        "meta": [{"id": name, "name": site.properties[name].name} for name in names],
        "rows": {
            given: {
                name: [value.as_json() for value in values.get(iris.get(given, ""), {}).get(name, [])[: most[name]]]
                for name in names
            }
            for given in ids
        },
    }


def _most(property_: dict[str, Any]) -> int | None:
    """The setting ``limit`` of a property; 0, or none, for all values."""
    settings = property_.get("settings")
    limit = settings.get("limit") if isinstance(settings, dict) else None
    try:
        return int(limit) or None if limit is not None else None
    except (TypeError, ValueError, OverflowError):
        return None


def _texts(values: Any) -> TypeGuard[list[str]]:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


def _searched(site: Site, text: str, limit: int) -> list[Hit]:
    try:
        return site.search_index.search(text, limit=limit)
    except CtkgError:  # of a text without letters, or too long: nothing is called so
        return []


def _suggested(hit: Hit) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": hit.iri.removeprefix(ID),
        "name": hit.label(language()),
        "notable": [{"id": hit.class_.iri.removeprefix(CTKG), "name": hit.class_.label(language())}],
    }
    others = [label for code, label in hit.labels.items() if code != language()]
    return {**told, "description": " · ".join(others)} if others else told


def _unfit(name: str, form: str) -> Problem:
    return Problem(
        400, "parameter", tr("{name} is not as the Reconciliation API has it", name=name), tr("give {what}", what=form)
    )


def _manifest(site: Site, request: Request) -> dict[str, Any]:
    root = request.root_url.rstrip("/")

    def service(path: str) -> dict[str, str]:
        return {"service_url": root, "service_path": path}

    classes = site.search_index.classes()
    return {
        "versions": ["0.2"],
        "name": tr("ctkg: China's AI ecosystem"),
        "identifierSpace": ID,
        "schemaSpace": CTKG,
        "documentation": "https://w3id.org/ctkg",
        "defaultTypes": [
            {"id": name, "name": classes[name].get(language()) or name} for name in _ROOT_TYPES if name in classes
        ],
        "view": {"url": f"{root}/id/{{{{id}}}}"},
        "preview": {"url": f"{root}/reconcile/preview?id={{{{id}}}}", "width": 420, "height": 200},
        "suggest": {what: service(f"/reconcile/suggest/{what}") for what in ("entity", "type", "property")},
        "extend": {
            "propose_properties": service("/reconcile/properties"),
            "property_settings": [
                {"name": "limit", "label": tr("at most so many values"), "type": "number", "default": 0,
                 "help_text": tr("0: all")},
            ],
        },
    }  # fmt: skip
