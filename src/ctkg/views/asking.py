"""Ask a view as a user does: the options that every view has, and what is said where they leave nothing.

The command line and the server read the options each in its own way; ``spelled``
turns the name of an option into what the user of that door writes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ctkg.errors import QueryError
from ctkg.messages import tr
from ctkg.queries import Parameter
from ctkg.results.edges import EdgeTable

__all__ = ["OPTIONS", "Asked", "emptiness", "more_possible"]


def _option(name: str, type_: str, en: str, zh: str, default: str = "UNDEF", class_: str | None = None) -> Parameter:
    return Parameter(name, type_, class_, {"en": en, "zh": zh}, default)


OPTIONS = {
    option.name: option
    for option in (
        _option("as_of", "date", "the day asked about; default: the data's own date", "所问的日期；默认：数据日期"),
        _option("known_at", "date", "use only what was public by this day", "只用此日之前已公开的信息"),
        _option("from", "date", "nothing that ended before this day", "不含此日之前已结束者"),
        _option(
            "until", "date", "the last day asked about; the same as as-of", "所问的最后一日；与 as-of 相同"
        ),
        _option("possible", "boolean", "keep what is possible and not certain, too", "同时保留可能而不确定者", "false"),
        _option(
            "merged", "boolean",
            "one link for each two nodes, with count and sums", "每两个节点合并为一条连线，附计数与金额", "false",
        ),
        _option(
            "type", "string", "links that touch an actor of this type, or a class", "涉及此类型（或类）主体的连线"
        ),
        _option(
            "layer", "string", "links that touch an actor in this layer of the stack", "涉及技术栈此层主体的连线"
        ),
        _option(
            "min_weight", "integer",
            "links between nodes that so many deals join", "由至少这么多笔交易相连的节点之间的连线", "1",
        ),
        _option("ego", "iri", "links near this entity", "此实体附近的连线", class_="ctkg:Entity"),
        _option("hops", "integer", "how near; default: 1", "多近；默认：1", "1"),
        _option(
            "dated", "boolean", "GEXF: with the days on which each link holds", "GEXF：附每条连线成立的日期", "false"
        ),
    )
}  # fmt: skip
"""Name → what is said of it, for every option but the format."""


class Asked(NamedTuple):
    """The days and what else the view's query takes, and which part of the view is wanted."""

    arguments: dict[str, Any]
    possible: bool
    part: dict[str, Any]

    @classmethod
    def of(cls, options: Mapping[str, Any], arguments: Mapping[str, str], spelled: Callable[[str], str]) -> Asked:
        """From the options by name, ``None`` where one is not given; raises `QueryError` where two contradict."""
        if options["until"] is not None and options["as_of"] is not None:
            names = {name: spelled(name) for name in ("until", "as_of")}
            raise QueryError(tr("{until} and {as_of} say the same", **names), tr("give one of them"))
        days = {
            "as_of": options["as_of"] or options["until"], "known_at": options["known_at"], "since": options["from"]
        }  # fmt: skip
        part = {name: options[name] for name in ("merged", "layer", "min_weight", "ego", "hops")}
        return cls(
            {**arguments, **{name: day for name, day in days.items() if day is not None}},
            options["possible"],
            {**part, "actor_type": options["type"]},
        )


def more_possible(view: Callable[..., EdgeTable], name: str, asked: Asked, table: EdgeTable) -> int:
    """How many more links there are that are possible and not certain."""
    if asked.possible:
        return 0
    return len(view(name, possible=True, **asked.part, **asked.arguments).edges) - len(table.edges)


def emptiness(
    view: Callable[..., EdgeTable], name: str, asked: Asked, possible: int, spelled: Callable[[str], str]
) -> QueryError:
    """Why a view has no links."""
    message = tr("the view {name} has no links here", name=name)
    if possible > 0:
        return QueryError(message, tr("{count} more are possible, not certain: {option}", count=possible,
                                      option=spelled("possible")))  # fmt: skip
    part = asked.part
    if part["actor_type"] or part["layer"] or part["ego"] or part["min_weight"] > 1:
        whole = len(view(name, possible=True, **asked.arguments).edges)
        options = ", ".join(map(spelled, ("type", "layer", "min_weight", "ego")))
        return QueryError(message, tr("of its {count} links, none are left by {options}", count=whole, options=options))
    return QueryError(message, tr("no statement falls into these days; ask about others, or about none"))
