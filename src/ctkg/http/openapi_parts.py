"""The pieces of an OpenAPI document: parameters, schemas, responses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ctkg.namespaces import curie, expand
from ctkg.queries import Parameter
from ctkg.settings import LANGUAGES

__all__ = ["COMPONENTS", "both", "of_parameter", "operation", "option", "problems"]

_SCHEMAS: dict[str, dict[str, Any]] = {
    "iri": {"type": "string", "minLength": 1},
    "date": {"type": "string", "format": "date"},
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "double": {"type": "number"},
    "string": {"type": "string"},
    "boolean": {"type": "boolean"},
}
_TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
_CITATION = {
    "type": "object",
    "required": ["number", "source", "title", "publisher", "url", "issued"],
    "properties": {
        "number": {"type": "integer"},
        "source": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "publisher": {"type": "string"},
        "url": {"type": "string"},
        "issued": {"type": ["string", "null"]},
    },
}
COMPONENTS: dict[str, Any] = {
    "schemas": {
        "Problem": {
            "type": "object",
            "description": "RFC 9457",
            "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": {"type": "string", "format": "uri"},
                "title": {"type": "string"},
                "status": {"type": "integer"},
                "detail": {"type": "string"},
                "hint": {"type": "string"},
            },
        },
        "Table": {
            "type": "object",
            "required": ["query", "summary", "parameters", "columns", "rows", "citations"],
            "properties": {
                "query": {"type": "string"},
                "summary": _TEXTS,
                "parameters": {"type": "object"},
                "as_of": {"type": ["string", "null"]},
                "known_at": {"type": ["string", "null"]},
                "columns": {
                    "type": "array",
                    "items": {"type": "object", "required": ["name", "type"]},
                },
                "rows": {"type": "array", "items": {"type": "object"}},
                "citations": {"type": "array", "items": _CITATION},
                "notes": {"type": "array", "items": {"type": "object", "required": ["about", "text"]}},
                "total": {"type": "integer"},
            },
        },
        "Hits": {
            "type": "object",
            "required": ["q", "hits"],
            "properties": {
                "q": {"type": "string"},
                "hits": {
                    "type": "array",
                    "items": {"type": "object", "required": ["id", "iri", "label", "how", "score"]},
                },
            },
        },
    },
    "responses": {
        "Problem": {
            "description": "what is wrong, and how to mend it",
            "content": {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}},
                "text/html": {"schema": {"type": "string"}},
            },
        },
        "Unchanged": {"description": "the client has the answer"},
    },
    "parameters": {
        "lang": {
            "name": "lang",
            "in": "query",
            "description": "the language of texts, else by Accept-Language · 文本语言，省略则依 Accept-Language",
            "schema": {"type": "string", "enum": list(LANGUAGES)},
        },
    },
}  # fmt: skip


def both(texts: Mapping[str, str]) -> str:
    """A text in both languages."""
    return "\n\n".join(dict.fromkeys(text for text in (texts.get("en", ""), texts.get("zh", "")) if text))


def option(
    name: str, schema: Mapping[str, Any], en: str, zh: str, *, place: str = "query", required: bool = False
) -> dict[str, Any]:
    """A parameter that is written here."""
    return {
        "name": name, "in": place, "description": f"{en} · {zh}", "schema": dict(schema),
        **({"required": True} if required or place == "path" else {}),
    }  # fmt: skip


def of_parameter(parameter: Parameter, required: bool) -> dict[str, Any]:
    """A parameter of a stored query, an analysis or a view; its default is an example, too."""
    schema = dict(_SCHEMAS[parameter.type])
    told: dict[str, Any] = {
        "name": parameter.name,
        "in": "query",
        "description": both(parameter.description) + (f"\n\n({parameter.class_})" if parameter.class_ else ""),
        "schema": schema,
    }
    if parameter.values:
        schema["enum"] = list(parameter.values)
    if parameter.name in ("min_weight", "hops"):
        schema["minimum"] = 1 if parameter.name == "min_weight" else 0
    if parameter.default != "UNDEF":
        schema["default"] = told["example"] = _default(parameter)
    if required:
        told["required"] = True
    return told


def _default(parameter: Parameter) -> Any:
    text = parameter.default.strip('"')
    if parameter.type == "boolean":
        return text == "true"
    if parameter.type == "integer":
        return int(text)
    if parameter.type in ("decimal", "double"):
        return float(text)
    return curie(expand(text) or text) if parameter.type == "iri" else text


def problems(*statuses: int) -> dict[str, Any]:
    """Responses that are problems; what any request may meet besides is the default."""
    problem = {"$ref": "#/components/responses/Problem"}
    return {**{str(status): problem for status in statuses}, "default": problem}


def operation(
    name: str, tag: str, summary: str, description: str, parameters: Iterable[dict[str, Any]],
    content: Mapping[str, Any], statuses: Iterable[int] = (400, 404, 406),
) -> dict[str, Any]:  # fmt: skip
    """An operation that answers one of the media types of ``content``."""
    given = [*parameters]
    lang = {"$ref": "#/components/parameters/lang"}
    return {
        "operationId": name,
        "tags": [tag],
        "summary": summary,
        "description": description,
        "parameters": [*given, lang],
        "responses": {
            "200": {"description": "the answer", "content": dict(content)},
            "304": {"$ref": "#/components/responses/Unchanged"},
            **problems(*statuses),
        },
    }
