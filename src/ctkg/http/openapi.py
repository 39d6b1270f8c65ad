"""``/openapi.json``: what there is to ask, written from the address table and the headers of what is stored.

An address that is not described here still has its entry, made from its rule and
the docstring of its handler.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from werkzeug.routing import Map, Rule

from ctkg import __version__
from ctkg.analyses import ANALYSES
from ctkg.http import analyses, queries, reconciliation, search, views
from ctkg.http.exchange import Reply, Request, reply
from ctkg.http.openapi_parts import COMPONENTS, both, of_parameter, operation, option
from ctkg.http.questions import Question, of_analysis, of_query, of_view
from ctkg.http.site import Site
from ctkg.http.tables import TABLES
from ctkg.namespaces import KINDS
from ctkg.search import SEARCHED_KINDS

__all__ = ["document", "openapi"]

FORMATS = {"json": "application/json", "yaml": "application/yaml"}
_JSON = {"application/json": {"schema": {"type": "object"}}}
_SHAPES: dict[str, dict[str, Any]] = {
    **_JSON,
    "application/sparql-results+json": {"schema": {"type": "object", "required": ["head", "results"]}},
    "application/ld+json": {"schema": {"type": "array"}},
}
_TABLE = {"application/json": {"schema": {"$ref": "#/components/schemas/Table"}}}
_VARIABLE = re.compile(r"<(?:[^<>:]+:)?(\w+)>")
_COUNT = {"type": "integer", "minimum": 0, "maximum": 999_999_999}
_PAGING = (
    option("limit", _COUNT, "at most so many rows", "最多返回的行数"),
    option("offset", _COUNT, "rows to leave out first", "先跳过的行数"),
)

_Paths = Iterator[tuple[str, dict[str, Any]]]


def openapi(site: Site, request: Request, addresses: Map, ending: str) -> Reply:
    """The document, as JSON or YAML."""
    key = request.choose(FORMATS, ending)
    written = json.dumps(document(site, addresses, request.root_url.rstrip("/")), ensure_ascii=False, indent=1)
    if key == "yaml":
        import yaml

        dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # ten times as fast, where libyaml is there
        written = yaml.dump(json.loads(written), Dumper=dumper, allow_unicode=True, sort_keys=False)
    return reply(request, written)


def document(site: Site, addresses: Map, server: str) -> dict[str, Any]:
    """The document as a value."""
    described: dict[Callable[..., Any], Callable[[Site], _Paths]] = {
        queries.queries: lambda _: _listed("queries", "the stored queries", "内置查询", _QUERY_LISTS),
        queries.query: lambda site: _asked("query", [of_query(q) for q in site.kg.queries.values()], _QUERY_FORMATS),
        analyses.analyses: lambda _: _listed("analyses", "the analyses", "分析", queries.LISTS.values()),
        analyses.analysis: lambda _: _asked("analysis", [of_analysis(name) for name in ANALYSES], TABLES),
        views.views: lambda _: _listed("views", "the graph views", "图视图", queries.LISTS.values()),
        views.view: lambda site: _viewed([of_view(view) for view in site.kg.views.values()]),
        search.search: lambda _: _searched(),
        reconciliation.reconcile: lambda _: _reconciled(),
        reconciliation.suggest: lambda _: _suggested(),
        reconciliation.properties: lambda _: _proposed(),
        reconciliation.preview: lambda _: _previewed(),
    }  # fmt: skip
    paths: dict[str, Any] = {}
    done: set[Any] = set()
    for rule in addresses.iter_rules():
        if rule.endpoint in described:
            if rule.endpoint not in done:
                done.add(rule.endpoint)
                paths |= dict(described[rule.endpoint](site))
        else:
            path, item = _from_rule(rule)
            paths.setdefault(path, item)
    tags = {operation["tags"][0]: None for item in paths.values() for operation in item.values()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "ctkg: the open knowledge graph of China's AI ecosystem · 中国人工智能生态开放知识图谱",
            "version": __version__,
            "description": "Every statement has its source and date. Read-only. · 每条陈述都有来源与日期。只读。",
            "license": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
        },
        "servers": [{"url": server}],
        "tags": [{"name": tag} for tag in tags],
        "paths": dict(sorted(paths.items())),
        "components": COMPONENTS,
    }


_QUERY_LISTS = [*queries.LISTS.values(), *queries.DESCRIPTIONS.values()]
_QUERY_FORMATS = {**TABLES, **queries.SOLUTIONS, **queries.TEXT, **queries.DESCRIPTIONS}


def _texts(types: Mapping[str, str] | Iterable[str]) -> dict[str, Any]:
    kinds = types.values() if isinstance(types, Mapping) else types
    return {
        kind: _SHAPES.get(kind, {"schema": {"type": "string"}} if kind.startswith("text/") else {}) for kind in kinds
    }


def _format(keys: Mapping[str, str]) -> dict[str, Any]:
    return option(
        "format",
        {"type": "string", "enum": list(keys)},
        "the format; without it, by Accept",
        "格式；省略则由 Accept 决定",
    )


def _listed(name: str, en: str, zh: str, types: Iterable[str]) -> _Paths:
    yield f"/{name}", {"get": operation(f"list-{name}", name, f"{en} · {zh}", "", [], _texts(types), (400, 406))}


def _asked(kind: str, questions: list[Question], formats: Mapping[str, str]) -> _Paths:
    """Each by its name, and by name and ending."""
    tag = questions[0].path.split("/")[1]
    content = {**_texts(formats), **_TABLE}
    for question in questions:
        own = [of_parameter(parameter, parameter.name in question.required) for parameter in question.params]
        names = {parameter.name for parameter in question.params}
        also = [p for p in (*_PAGING, _format(formats)) if p["name"] not in names]
        yield question.path, {
            "get": operation(
                f"{kind}-{question.name}", tag, both(question.summary).replace("\n\n", " · "),
                both(question.description), [*own, *also], content,
            )
        }  # fmt: skip
    yield _by_ending(kind, tag, [question.name for question in questions], formats, content)


def _by_ending(
    kind: str, tag: str, names: list[str], formats: Mapping[str, str], content: Mapping[str, Any]
) -> tuple[str, dict[str, Any]]:
    parameters = [
        option("name", {"type": "string", "enum": names}, "which", "名称", place="path"),
        option("ending", {"type": "string", "enum": list(formats)}, "the format", "格式", place="path"),
    ]
    told = f"as /{tag}/{{name}}, with the same parameters · 同 /{tag}/{{name}}，参数相同"
    get = operation(f"{kind}-by-ending", tag, "the same by ending · 按扩展名", told, parameters, content)
    return f"/{tag}/{{name}}.{{ending}}", {"get": get}


def _viewed(questions: list[Question]) -> _Paths:
    formats = {key: kind for key, kind in views.VIEWS.items() if key != "page"}
    content = _texts({**formats})
    for question in questions:
        yield question.path, {
            "get": operation(
                f"view-{question.name}", "views", both(question.summary).replace("\n\n", " · "),
                both(question.description), [*(of_parameter(p, False) for p in question.params), _format(formats)],
                content, (400, 404, 406, 501),
            )
        }  # fmt: skip
    yield _by_ending("view", "views", [question.name for question in questions], formats, content)
    nodes = [f"{question.name}-nodes" for question in questions]
    own = {key: formats[key] for key in views.NODES}
    path, item = _by_ending("nodes", "views", nodes, own, _texts(own))
    yield path.replace("{name}", "{nodes}"), json.loads(json.dumps(item).replace('"name": "name"', '"name": "nodes"'))


def _searched() -> _Paths:
    parameters = [
        option(
            "q",
            {"type": "string", "minLength": 1},
            "a name, a part of it, pinyin or its initials",
            "名称或其一部分、拼音或拼音首字母",
            required=True,
        ),
        option("kind", {"type": "string", "enum": list(SEARCHED_KINDS)}, "only this kind", "只限此类对象"),
        option("class", {"type": "string"}, "only this class of the ontology", "只限本体中的此类"),
        option(
            "limit",
            {"type": "integer", "minimum": 1, "maximum": search.MOST, "default": 20},
            "at most so many",
            "最多返回的条数",
        ),
        _format(search.FORMATS),
    ]
    content = {**_texts(search.FORMATS), "application/json": {"schema": {"$ref": "#/components/schemas/Hits"}}}
    yield "/search", {"get": operation("search", "search", "things by name · 按名称查找", "", parameters, content)}


def _reconciled() -> _Paths:
    asked = {
        "queries": {"type": "string", "contentMediaType": "application/json"},
        "extend": {"type": "string", "contentMediaType": "application/json"},
    }
    told = "W3C Reconciliation API 0.2; without parameters, the manifest · 省略参数则返回服务说明"
    parameters = [option(name, schema, "a JSON object", "JSON 对象") for name, schema in asked.items()]
    get = operation(
        "reconcile", "reconciliation", "reconcile names with ids · 名称匹配", told, parameters, _JSON, (400, 413)
    )
    post = {
        **operation("reconcile-by-form", "reconciliation", get["summary"], told, [], _JSON, (400, 413)),
        "requestBody": {
            "content": {
                "application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": asked}},
            },
        },
    }
    yield "/reconcile", {"get": get, "post": post}


def _suggested() -> _Paths:
    parameters = [
        option("what", {"type": "string", "enum": ["entity", "type", "property"]}, "of what", "对象", place="path"),
        option("prefix", {"type": "string", "minLength": 1}, "the beginning of a name", "名称开头", required=True),
        option("cursor", _COUNT, "results to leave out first", "先跳过的条数"),
    ]
    get = operation("suggest", "reconciliation", "suggestions · 建议", "", parameters, _JSON, (400, 404))
    yield "/reconcile/suggest/{what}", {"get": get}


def _proposed() -> _Paths:
    parameters = [
        option("type", {"type": "string"}, "the local name of a class", "类的本地名称"),
        option("limit", _COUNT, "at most so many", "最多返回的条数"),
    ]
    get = operation(
        "propose-properties", "reconciliation", "properties of a type · 类的属性", "", parameters, _JSON, (400, 404)
    )
    yield "/reconcile/properties", {"get": get}


def _previewed() -> _Paths:
    name = option(
        "id", {"type": "string", "minLength": 1}, "such as actor/alibaba", "形如 actor/alibaba", required=True
    )
    content = {"text/html": {"schema": {"type": "string"}}}
    get = operation("preview", "reconciliation", "what an id means · 标识所指", "", [name], content, (400, 404))
    yield "/reconcile/preview", {"get": get}


def _from_rule(rule: Rule) -> tuple[str, dict[str, Any]]:
    """What can be told of an address by its rule alone."""
    path = _VARIABLE.sub(r"{\1}", rule.rule)
    told = (rule.endpoint.__doc__ or "").strip().partition("\n")[0]
    variables = [
        option(name, {"type": "string", **({"enum": list(KINDS)} if name == "kind" else {})}, name, name, place="path")
        for name in sorted(rule.arguments)
    ]
    name = "-".join(re.findall(r"\w+", path)) or "start"
    item = {}
    for method in ("get", "post"):
        if rule.methods is None or method.upper() in rule.methods:
            item[method] = operation(f"{method}-{name}", name.partition("-")[0], told, "", variables, {"*/*": {}})
    return path, item
