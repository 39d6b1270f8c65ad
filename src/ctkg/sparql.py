"""The text of a SPARQL query: what it may not ask for, and where its syntax breaks.

Only a user's own query needs this: stored ones are checked when they are built.
"""

from __future__ import annotations

import re

from ctkg.errors import QueryError, QueryRefused, nearest
from ctkg.messages import tr
from ctkg.namespaces import PREFIXES

__all__ = ["NOISE", "check_syntax", "form", "refuse_unsafe", "syntax_error", "with_prefixes"]

NOISE = re.compile(
    r"\\.|\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|<[^<>\"{}|^`\\\x00-\x20]*>|#[^\n\r]*",
    re.DOTALL,
)
"""Where a word is no keyword: strings, IRIs, comments."""
_CODE_POINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_UPDATE = re.compile(
    r"\A\s*(?:(?:PREFIX\s++\S*+|BASE)\s++)*+(INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)\b",
    re.IGNORECASE,
)
_FORM = re.compile(r"\A\s*(?:(?:PREFIX\s++\S*+|BASE)\s++)*+(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)
# What may hold the letters of SERVICE without being it. A prefix is not among them: the engine reads keywords
# without a space behind them, so that SERVICE:x may be a call.
_NAMES = re.compile(r"[?$]\w+|@[A-Za-z]+(?:-[A-Za-z0-9]+)*|:[\w:%](?:[\w.:%-])*")


def refuse_unsafe(text: str) -> None:
    """Refuse what would change the graph or call out, before any engine sees it.

    Raises `QueryRefused` for an update, for SERVICE, and for brackets nested so
    deeply or chains so long that a parser would run out of stack and take the
    process with it; `QueryError` for what is no text.
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:  # bytes of the command line that are no UTF-8
        raise QueryError(tr("not UTF-8: {reason}", reason=error)) from error
    _refuse(NOISE.sub(" ", text))
    if "\\" in text:  # some engines read escapes before they look for strings and keywords, others after
        _refuse(NOISE.sub(" ", _CODE_POINT.sub(lambda match: chr(min(int(match[1] or match[2], 16), 0xFFFF)), text)))


def _refuse(body: str) -> None:
    if _depth(body) > _DEEPEST:
        raise QueryRefused(tr("brackets are nested more than {depth} deep", depth=_DEEPEST), tr("simplify the query"))
    names_gone = _NAMES.sub(" ", body)
    if len(_STEP.findall(names_gone)) > _MOST_STEPS:
        raise QueryRefused(
            tr("the query has more than {count} steps (operators, patterns, list items)", count=_MOST_STEPS),
            tr("simplify the query; many values go into VALUES"),
        )
    update = _UPDATE.match(body)
    if update:
        raise QueryRefused(
            tr("{keyword} is an update; the graph is read-only", keyword=update[1].upper()),
            tr("facts are changed in the Turtle files under data/; see CONTRIBUTING.md"),
        )
    if "SERVICE" in names_gone.upper():
        raise QueryRefused(
            tr("SERVICE is refused: a query does not call other endpoints"),
            tr("ask the other endpoint on its own and join the results"),
        )


def check_syntax(text: str) -> None:
    """Raise the `QueryError`, with line and column, that the embedded store would; for engines that say less."""
    from pyoxigraph import Store

    try:
        Store().query(text, prefixes=PREFIXES)
    except SyntaxError as error:
        raise syntax_error(text, str(error.msg)) from error


def form(text: str) -> str | None:
    """``SELECT``, ``ASK``, ``CONSTRUCT`` or ``DESCRIBE``; ``None`` where it is none of them."""
    match = _FORM.match(NOISE.sub(" ", text))
    return match[1].upper() if match else None


def with_prefixes(text: str) -> str:
    """The query with the known prefixes that it uses and does not declare, on its first line.

    A prefix that only seems to be used does no harm; a line break would move
    every line of which an engine complains.
    """
    declared = _declared(NOISE.sub(" ", text))
    used = {name for name in re.findall(r"([A-Za-z][\w-]*):", text) if name in PREFIXES and name not in declared}
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in sorted(used)) + text.removeprefix("\ufeff")


_DEEPEST = 200
_MOST_STEPS = 1000
"""A chain is a tree that leans to one side: at 4,000 links the embedded store runs out of an 8 MiB stack."""
_STEP = re.compile(r"[!+*/|^&.;,{(\[-]|<<")


def _depth(body: str) -> int:
    """How many brackets stand open at once at the most."""
    depth = deepest = 0
    for mark in re.findall(r"[\[({\])}]", body):
        depth += 1 if mark in "[({" else -1
        deepest = max(deepest, depth)
    return deepest


def _unknown_prefix(text: str) -> str | None:
    """The first prefix that the query uses and neither it nor ctkg declares."""
    body = NOISE.sub(" ", text)
    declared = {name.lower() for name in _declared(body)}
    for name in re.findall(r"(?<![\w?$:@.-])([A-Za-z][\w.-]*):", body):
        if name not in PREFIXES and name.lower() not in declared:
            return str(name)
    return None


def _declared(body: str) -> set[str]:
    return set(re.findall(r"\bPREFIX\s+([\w.-]*):", body, re.IGNORECASE))


def syntax_error(text: str, message: str) -> QueryError:
    """The error for what pyoxigraph says of a query: line, column, and the line itself with a pointer."""
    match = re.match(r"error at (\d+):(\d+): (.*)", message, re.DOTALL)
    if not match:
        return QueryError(tr("the query cannot be read: {reason}", reason=message.splitlines()[0] if message else "?"))
    line, column = int(match[1]), int(match[2])
    unknown = _unknown_prefix(text)
    if unknown:
        near = nearest(unknown, list(PREFIXES)) or list(PREFIXES)[:8]
        return QueryError(
            tr(
                "unknown prefix {prefix}: in the query, line {line}, column {column}",
                prefix=unknown,
                line=line,
                column=column,
            ),
            tr(
                "declare it with PREFIX, or use a known one: {names}",
                names=", ".join(f"{name}:" for name in near),
            ),
        )
    lines = text.splitlines() or [""]
    shown = lines[line - 1].rstrip() if line <= len(lines) else ""
    reason = " ".join(match[3].split())
    pointer = f"\n  {shown}\n  {' ' * (column - 1)}^" if shown and len(shown) < 200 else ""
    return QueryError(
        tr(
            "syntax error in the query, line {line}, column {column}: {reason}",
            line=line,
            column=column,
            reason=reason,
        )
        + pointer
    )
