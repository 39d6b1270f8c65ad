"""Stored queries: one ``.rq`` file, one question.

The header is YAML behind ``#+``; its keys are a closed list. A parameter is a
``VALUES ?name { … }`` line, repeated in every scope that uses it; binding
replaces what stands between the braces by one serialised RDF term, so text
never becomes syntax. ``?as_of``, ``?known_at`` and ``?language`` are parameters of
every query that has such a line and need no entry in the header.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import Literal, NamedNode, Store

from ctkg.errors import NotFound, QueryError, QueryRefused, display_path, nearest
from ctkg.messages import tr
from ctkg.results import COLUMN_TYPES, Column

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "PARAMETER_TYPES", "Parameter", "StoredQuery", "bind", "find_query", "find_view",
    "load_queries", "load_views", "queries_from_json", "queries_to_json", "read_query",
]  # fmt: skip

PARAMETER_TYPES = ("iri", "date", "integer", "decimal", "double", "string", "boolean")
DATED = ("as_of", "known_at")
"""Parameters that every dated query has: the day asked about, and the day whose knowledge is used."""
STANDARD = (*DATED, "language")
"""Parameters that need no entry in the header; ``language`` is that of texts, and follows the user's."""

_KEYS = {"summary", "summary-zh", "description", "description-zh", "tags", "question", "params", "columns"}
_REQUIRED = ("summary", "summary-zh", "tags", "columns")
_PARAM_KEYS = {"type", "class", "description", "description-zh", "values"}
_VALUES = r"(?i)VALUES\s+\?(\w+)\s*\{([^{}]*)\}"
_DAY = r"BIND\(COALESCE\(\?(as_of|known_at), \?dataDate\) AS \?(\w+)\)"
_VARIABLE = r"\?(\w+)"
_NOISE = r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|<[^<>\s]*>|#[^\n]*"


class Parameter(NamedTuple):
    """What a user may give: an entity (``type`` iri, of ``class_``) or a literal."""

    name: str
    type: str
    class_: str | None
    description: dict[str, str]
    default: str
    values: tuple[str, ...] = ()


class StoredQuery(NamedTuple):
    """A query with all that is said of it; ``text`` is the file as it stands."""

    name: str
    theme: str
    summary: dict[str, str]
    description: dict[str, str]
    tags: tuple[str, ...]
    question: str | None
    params: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    text: str

    def parameter(self, name: str) -> Parameter:
        """The parameter of that name (hyphens read as underscores); raises `QueryError` where there is none."""
        wanted = name.replace("-", "_")
        for parameter in self.params:
            if parameter.name == wanted:
                return parameter
        names = [parameter.name for parameter in self.params]
        near = nearest(wanted, names) or names
        raise QueryError(
            tr("query {query} has no parameter {name}", query=self.name, name=name),
            tr("it has: {names}", names=", ".join(f"--{name.replace('_', '-')}" for name in near))
            if near
            else tr("it has none"),
        )


def bind(query: StoredQuery, arguments: dict[str, NamedNode | Literal]) -> str:
    """The query's text with each argument in place of its default, in every scope.

    A line that leaves its variable unbound says nothing and is left out; days and the language become constants: the
    same rows, and not every engine finds them by the longer way (Virtuoso). Raises `QueryError` for a parameter that
    the query does not have.
    """
    for name in arguments:
        query.parameter(name)
    values = {parameter.name: str(arguments.get(parameter.name, parameter.default)) for parameter in query.params}
    constants = {name: values[name] for name in values if query.parameter(name).type == "date" or name == "language"}
    text = query.text
    for match in re.finditer(_DAY, text):
        constants[match[2]] = "?dataDate" if values[match[1]] == "UNDEF" else values[match[1]]
        text = text.replace(match[0], "")

    def replace(match: re.Match[str]) -> str:
        name = match[1]
        return "" if name in constants or values[name] == "UNDEF" else f"VALUES ?{name} {{ {values[name]} }}"

    constants = {name: term for name, term in constants.items() if term != "UNDEF"}
    return re.sub(_VARIABLE, lambda match: constants.get(match[1], match[0]), re.sub(_VALUES, replace, text))


def find_query(queries: dict[str, StoredQuery], name: str) -> StoredQuery:
    """The query of that name; raises `NotFound` with the nearest names."""
    if name in queries:
        return queries[name]
    near = nearest(name, list(queries))
    hint = tr("did you mean: {names}", names=", ".join(near)) if near else tr("list them: ctkg query")
    raise NotFound(tr("no query is called {name!r}", name=name), hint)


def find_view(views: dict[str, StoredQuery], name: str) -> StoredQuery:
    """The graph view of that name; raises `NotFound` with the nearest names."""
    if name in views:
        return views[name]
    near = nearest(name, list(views)) or list(views)
    raise NotFound(tr("no view is called {name!r}", name=name), tr("choose one of: {names}", names=", ".join(near)))


def load_queries(paths: Iterable[Path]) -> dict[str, StoredQuery]:
    """Read and check all queries, by theme and name; raises `QueryError` with file and line."""
    queries: dict[str, StoredQuery] = {}
    for path in paths:
        query = read_query(path)
        if query.name in queries:
            raise QueryError(f"{display_path(path)}: {tr('a second query is called {name!r}', name=query.name)}")
        queries[query.name] = query
    return queries


def load_views(paths: tuple[Path, ...]) -> dict[str, StoredQuery]:
    """Read and check all graph views; raises `QueryError` with file and line.

    A view is a query of edges: its first two columns are ``source`` and
    ``target``, and no other bears a name that some format of graphs keeps for itself.
    """
    from ctkg.results.attributes import RESERVED

    views = load_queries(paths)
    for path in paths:
        query = views[path.stem]
        first = [(column.name, column.type) for column in query.columns[:2]]
        if first != [("source", "iri"), ("target", "iri")]:
            raise _bad(path, query.text, "columns", tr("the first columns of a view are source: iri, target: iri"))
        for column in query.columns[2:]:
            if column.name in RESERVED or column.name in ("source", "target"):
                raise _bad(
                    path, query.text, "columns", tr("{name} is a name that graph formats keep", name=column.name)
                )
    return views


def read_query(path: Path) -> StoredQuery:
    """Read and check one query; raises `QueryError` with file and line for whatever the rules forbid."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise QueryError(f"{display_path(path)}: {tr('cannot be read: {reason}', reason=error)}") from error
    header = _header(path, text)
    defaults = _defaults(path, text)
    given = header.get("params") or {}
    params = tuple(_parameter(path, text, name, spec, defaults) for name, spec in given.items())
    params += tuple(_standard(name, defaults[name]) for name in STANDARD if name in defaults)
    known = {parameter.name for parameter in params}
    for name in defaults:
        if name not in known:
            raise _bad(path, text, f"?{name}", tr("VALUES ?{name} is no parameter of the header", name=name))
    columns = tuple(_column(path, text, name, kind) for name, kind in header["columns"].items())
    _check_body(path, text, columns)
    return StoredQuery(
        path.stem,
        path.parent.name,
        {"en": str(header["summary"]), "zh": str(header["summary-zh"])},
        {
            "en": " ".join(str(header.get("description", "")).split()),
            "zh": " ".join(str(header.get("description-zh", "")).split()),
        },
        tuple(str(tag) for tag in header["tags"]),
        str(header["question"]) if "question" in header else None,
        params,
        columns,
        text,
    )


def queries_to_json(queries: dict[str, StoredQuery]) -> str:
    """The checked queries as one text, so that no later run needs a YAML parser."""
    return json.dumps(list(queries.values()), ensure_ascii=False)


def queries_from_json(text: str) -> dict[str, StoredQuery]:
    """What `queries_to_json` wrote; raises ``ValueError`` or ``TypeError`` where it is damaged."""
    queries = {}
    for name, theme, summary, description, tags, question, params, columns, body in json.loads(text):
        queries[name] = StoredQuery(
            name,
            theme,
            summary,
            description,
            tuple(tags),
            question,
            tuple(Parameter(*fields)._replace(values=tuple(fields[-1])) for fields in params),
            tuple(Column(*fields) for fields in columns),
            body,
        )
    return queries


def _header(path: Path, text: str) -> dict[str, Any]:
    import yaml

    lines = text.splitlines()
    block = [line[2:].removeprefix(" ") if line.startswith("#+") else "" for line in lines]
    try:
        header = yaml.safe_load("\n".join(block))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        reason = getattr(error, "problem", None) or error
        raise QueryError(
            f"{display_path(path)}:{line}: {tr('the header is not YAML: {reason}', reason=reason)}"
        ) from error
    except (ValueError, RecursionError) as error:  # of a value that looks like a date and is none, of deep nesting
        raise _bad(path, text, "#+", tr("the header is not YAML: {reason}", reason=error)) from error
    if not isinstance(header, dict):
        raise _bad(path, text, "", tr("the query has no header (lines that start with #+)"))
    for key in header:
        if key not in _KEYS:
            near = nearest(str(key), sorted(_KEYS)) or sorted(_KEYS)
            raise _bad(
                path,
                text,
                str(key),
                tr("unknown header key {key!r}", key=key),
                tr("known: {names}", names=", ".join(near)),
            )
    for key in _REQUIRED:
        if not header.get(key):
            raise _bad(path, text, "#+", tr("the header lacks {key!r}", key=key))
    for key, kind in (("params", dict), ("columns", dict), ("tags", list)):
        if not isinstance(header.get(key) or kind(), kind):
            raise _bad(path, text, key, tr("{key} is not of the right form", key=key))
    return header


def _defaults(path: Path, text: str) -> dict[str, str]:
    """Parameter name → what its VALUES lines hold; the lines of one parameter must agree."""
    defaults: dict[str, str] = {}
    for match in re.finditer(_VALUES, text):
        name, value = match[1], match[2].strip()
        if defaults.setdefault(name, value) != value:
            raise _bad(path, text, match[0], tr("the VALUES lines of ?{name} differ", name=name))
    return defaults


def _parameter(path: Path, text: str, name: str, spec: Any, defaults: dict[str, str]) -> Parameter:
    if not isinstance(spec, dict) or set(spec) - _PARAM_KEYS:
        raise _bad(
            path,
            text,
            f"{name}:",
            tr("parameter {name} takes {keys}", name=name, keys=", ".join(sorted(_PARAM_KEYS))),
        )
    if spec.get("type") not in PARAMETER_TYPES:
        raise _bad(
            path,
            text,
            f"{name}:",
            tr("parameter {name} needs a type: {types}", name=name, types=", ".join(PARAMETER_TYPES)),
        )
    if name not in defaults:
        raise _bad(path, text, f"{name}:", tr("no VALUES line uses parameter {name}", name=name))
    description = {"en": str(spec.get("description", "")), "zh": str(spec.get("description-zh", ""))}
    values = tuple(str(value) for value in _listed(path, text, spec.get("values")))
    return Parameter(str(name), spec["type"], spec.get("class"), description, defaults[name], values)


def _listed(path: Path, text: str, values: Any) -> list[Any]:
    if not isinstance(values, list | None):
        raise _bad(path, text, "values", tr("{key} is not of the right form", key="values"))
    return values or []


def _standard(name: str, default: str) -> Parameter:
    if name == "language":
        description = {"en": "the language of texts", "zh": "文本的语言"}
        return Parameter(name, "string", None, description, default, ("en", "zh"))
    description = {
        "as_of": {"en": "the day asked about", "zh": "所问的日期"},
        "known_at": {"en": "use only what was public by this day", "zh": "只用此日之前已公开的信息"},
    }[name]
    return Parameter(name, "date", None, description, default)


def _column(path: Path, text: str, name: str, kind: Any) -> Column:
    if kind not in COLUMN_TYPES:
        raise _bad(
            path,
            text,
            f"{name}:",
            tr("column {name} needs a type: {types}", name=name, types=", ".join(COLUMN_TYPES)),
        )
    return Column(str(name), str(kind))


def _check_body(path: Path, text: str, columns: tuple[Column, ...]) -> None:
    """The rules that a parser alone does not know: totally ordered, projected as announced, offline."""
    from ctkg.sparql import refuse_unsafe

    body = re.sub(_NOISE, " ", text)
    try:
        refuse_unsafe(text)
        answer: Any = Store().query(text)
    except QueryRefused as error:
        raise _bad(path, text, "SERVICE", str(error), error.hint) from error
    except SyntaxError as error:
        match = re.search(r"at (\d+):(\d+): (.*)", str(error.msg), re.DOTALL)
        place, reason = (f"{match[1]}:{match[2]}", match[3]) if match else ("1", str(error.msg))
        raise QueryError(f"{display_path(path)}:{place}: {reason}") from error
    if re.search(r"\bSELECT\s+(DISTINCT\s+|REDUCED\s+)?\*", body, re.IGNORECASE):
        raise _bad(path, text, "SELECT", tr("name the columns instead of SELECT *"))
    if not re.search(r"\bORDER\s+BY\b", body, re.IGNORECASE):
        raise _bad(path, text, "", tr("the result has no order: add ORDER BY"))
    names = [variable.value for variable in answer.variables]
    announced = [column.name for column in columns]
    if names != announced:
        raise _bad(
            path,
            text,
            "columns",
            tr(
                "the header announces {announced}, the query projects {names}",
                announced=announced,
                names=names,
            ),
        )


def _bad(path: Path, text: str, near: str, message: str, hint: str | None = None) -> QueryError:
    """An error that points at the first line on which ``near`` stands."""
    line = next((n for n, line in enumerate(text.splitlines(), 1) if near in line), 1)
    return QueryError(f"{display_path(path)}:{line}: {message}", hint)
