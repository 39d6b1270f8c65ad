"""A view as boxes and lines, for the formats that draw: one line for each two nodes and kind of link."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple
from unicodedata import east_asian_width

from ctkg.amounts import Money, Stake
from ctkg.export.layout import Box, by_forces, columns
from ctkg.namespaces import slug
from ctkg.results import Resource
from ctkg.results.edges import EdgeTable
from ctkg.visible import visible

__all__ = ["Line", "Picture", "draw", "seconds_to_draw", "width_of"]

_NODE_COLOURS = ("#2f6f9f", "#b8622b", "#3d8361", "#7a5aa6", "#a33c54", "#6b6b2f", "#4c7f8c", "#8a6d3b")
_LINK_COLOURS = ("#5b6470", "#1f78b4", "#c26a12", "#2e8b57", "#7d4fa3", "#b03a48", "#8c7a1f", "#3b7f86")
_WRAP = 26.0  # the widest line of a label, in ems of half a Chinese character


class Line(NamedTuple):
    """What the edges of one kind between two nodes look like."""

    source: str
    target: str
    kind: Resource
    label: str
    certain: bool
    edges: tuple[int, ...]


class Picture(NamedTuple):
    """Boxes by IRI with the lines of text in them, lines, and the colours of classes and kinds."""

    boxes: dict[str, Box]
    texts: dict[str, list[tuple[str, bool]]]
    lines: list[Line]
    classes: dict[str, tuple[Resource, str]]
    kinds: dict[str, tuple[Resource, str]]
    centre: str | None


def draw(table: EdgeTable, language: str) -> Picture:
    """The view laid out."""
    texts = {iri: _texts(node.label("en"), node.label("zh")) for iri, node in table.nodes.items()}
    boxes = {
        iri: Box(max(width_of(text, 13 if main else 12) for text, main in lines) + 22, 10 + 17 * len(lines))
        for iri, lines in texts.items()
    }
    lines = _lines(table, language)
    centre = _centre(table)
    if centre is not None:
        left, right = _sides(table, centre)
        labels = [width_of(line.label, 11) for line in lines]
        columns(boxes, centre, left, right, max(150.0, max(labels, default=0.0) + 90))
    else:
        by_forces(boxes, [(line.source, line.target) for line in lines])
    classes = {node.class_.iri: node.class_ for node in table.nodes.values() if node.class_ is not None}
    kinds = {line.kind.iri: line.kind for line in lines}
    return Picture(
        boxes,
        texts,
        lines,
        {iri: (r, _NODE_COLOURS[n % len(_NODE_COLOURS)]) for n, (iri, r) in enumerate(sorted(classes.items()))},
        {iri: (r, _LINK_COLOURS[n % len(_LINK_COLOURS)]) for n, (iri, r) in enumerate(sorted(kinds.items()))},
        centre,
    )


def seconds_to_draw(table: EdgeTable) -> int:
    """About how long `draw` takes: measured, 4 s for 340 nodes and 11 s for 660."""
    return 0 if _centre(table) is not None else round((len(table.nodes) / 200) ** 2)


def width_of(text: str, size: float) -> float:
    """How wide a text is at most, in points: Chinese characters are square, others not."""
    return sum(size if east_asian_width(c) in "WFA" else size * (0.72 if c.isupper() else 0.58) for c in text)


def _texts(en: str, zh: str) -> list[tuple[str, bool]]:
    """The label in both languages, broken where it is long; the mark says which lines are the first language's."""
    texts = [(line, True) for line in _wrapped(visible(en))]
    return texts if zh == en else texts + [(line, False) for line in _wrapped(visible(zh))]


def _wrapped(text: str) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        pieces = [word[n : n + 14] for n in range(0, len(word), 14)] if width_of(word, 2) > 2 * _WRAP else [word]
        for piece in pieces or [""]:
            longer = f"{lines[-1]} {piece}" if lines[-1] and piece is pieces[0] else lines[-1] + piece
            if lines[-1] and width_of(longer, 1.8) > _WRAP:
                lines.append(piece)
            else:
                lines[-1] = longer
    return lines


def _lines(table: EdgeTable, language: str) -> list[Line]:
    groups: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    kinds: dict[str, Resource] = {}
    for n, edge in enumerate(table.edges):
        kind = getattr(edge, "kind", None) or Resource(table.view, table.summary)
        kinds[kind.iri] = kind
        groups[edge.source.iri, edge.target.iri, kind.iri].append(n)
    return [
        Line(
            source,
            target,
            kinds[kind],
            _label([table.edges[n] for n in places], language),
            any(slug(table.edges[n].certainty.iri) == "Certain" for n in places),
            tuple(places),
        )
        for (source, target, kind), places in groups.items()
    ]


def _label(edges: list[Any], language: str) -> str:
    """Amount or share with its date, at most two of them, and how many more there are."""
    said = list(dict.fromkeys(text for edge in edges if (text := _says(edge, language))))
    said = [text for text in said if not any(other.endswith(f", {text}") for other in said)]
    more = f" +{len(said) - 2}" if len(said) > 2 else ""
    return "; ".join(said[:2]) + more


def _says(edge: Any, language: str) -> str:
    sums = [cell.words(language) for cell in edge if isinstance(cell, Money | Stake)]
    date = getattr(edge, "date", None) or getattr(edge, "observed", None)
    return ", ".join(visible(part) for part in (*sums, str(date or "").replace("\n", ", ")) if part)


def _centre(table: EdgeTable) -> str | None:
    """The entity in the middle, where all edges touch or surround it."""
    asked = table.parameters.get("ego") or table.parameters.get("entity")
    if not isinstance(asked, Resource) or asked.iri not in table.nodes:
        return None
    beside = {e.source.iri for e in table.edges if e.target.iri == asked.iri}
    beside |= {e.target.iri for e in table.edges if e.source.iri == asked.iri}
    return asked.iri if set(table.nodes) == beside | {asked.iri} else None


def _sides(table: EdgeTable, centre: str) -> tuple[list[str], list[str]]:
    into = {edge.source.iri for edge in table.edges if edge.target.iri == centre}
    names = [iri for iri in table.nodes if iri != centre]
    left = [iri for iri in names if iri in into]
    right = [iri for iri in names if iri not in into]
    if not table.directed or (len(names) > 8 and min(len(left), len(right)) * 5 < len(names)):
        # too uneven to be read: the arrows tell the direction
        return names[::2], names[1::2]
    return left, right
