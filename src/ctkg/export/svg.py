"""SVG: a picture for a report, with title, days, legend, counts and licence; labels in en and zh.

No two labels overlap: a label of a line for which there is no room is left to
the tooltip, which holds statement, dates and sources of every line.
"""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, SubElement

from ctkg.export import Options
from ctkg.export.about import attribution, counts, licence, standing, title
from ctkg.export.layout import Box
from ctkg.export.picture import Line, Picture, draw, width_of
from ctkg.export.xml import plain, written
from ctkg.messages import tr
from ctkg.results.edges import EdgeTable

__all__ = ["FONTS", "drawn", "render", "tooltip"]

FONTS = (
    "'Noto Sans CJK SC', 'Noto Sans SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', "
    "'WenQuanYi Micro Hei', 'Noto Sans', 'Helvetica Neue', Arial, sans-serif"
)
_MARGIN = 28.0


def render(table: EdgeTable, options: Options) -> dict[str, bytes]:
    """One SVG document."""
    return written(drawn(table, draw(table, options.language), options))


def drawn(table: EdgeTable, picture: Picture, options: Options) -> Element:
    """The picture as an SVG element; nodes, lines and labels bear ids by their order."""
    left = min(box.x - box.width / 2 for box in picture.boxes.values()) - _MARGIN
    top = min(box.y - box.height / 2 for box in picture.boxes.values()) - 92
    legend = _legend(table, picture, options.language)
    heads = [width_of(title(table, options.language), 20), width_of(standing(table), 12), width_of(counts(table), 12)]
    wanted = max(heads) + 2 * _MARGIN
    span = max(box.x + box.width / 2 for box in picture.boxes.values()) + _MARGIN - left
    width = max(span, wanted, 640.0)
    left -= (width - span) / 2
    bottom = max(box.y + box.height / 2 for box in picture.boxes.values()) + 30
    rows = _rows(legend, width - 2 * _MARGIN)
    owed = [dataset.line(options.language) for dataset in table.datasets] or [licence(table)]
    height = bottom - top + 22 * len(rows) + 40 + 16 * len(owed)
    root = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "width": f"{width:.0f}",
            "height": f"{height:.0f}",
            "viewBox": f"{left:.1f} {top:.1f} {width:.1f} {height:.1f}",
            "font-family": FONTS,
            "lang": "zh-CN" if options.language == "zh" else "en",
        },
    )
    SubElement(root, "title").text = plain(title(table, options.language))
    SubElement(root, "desc").text = plain(
        "; ".join([standing(table), counts(table), licence(table), *attribution(table)])
    )
    _arrows(SubElement(root, "defs"), picture)
    _rect(root, left, top, width, height, {"fill": "#ffffff"})
    x = left + _MARGIN
    _text(root, x, top + 38, title(table, options.language), 20, {"font-weight": "bold", "fill": "#1b2430"})
    _text(root, x, top + 60, standing(table), 12, {"fill": "#5b6470"})
    _draw_lines(SubElement(root, "g", {"fill": "none"}), table, picture)
    _draw_boxes(SubElement(root, "g"), table, picture)
    _draw_labels(SubElement(root, "g"), picture)
    y = bottom
    for row in rows:
        place = x
        for mark, colour, text in row:
            _swatch(root, place, y, mark, colour)
            _text(root, place + 32, y + 4, text, 12, {"fill": "#1b2430"})
            place += _entry(text)
        y += 22
    told = f"{counts(table)} · {tr('each link is traced in its tooltip and in the other formats')} · ctkg"
    short = f"{counts(table)} · ctkg"
    for text in (short if width_of(told, 11) > width - 56 else told, *owed):
        _text(root, x, y + 12, text, 11, {"fill": "#5b6470"})
        y += 16
    return root


def tooltip(table: EdgeTable, line: Line) -> str:
    """What stands behind a line: each statement with its dates and sources."""
    told = [f"{table.nodes[line.source].label()} → {table.nodes[line.target].label()}: {line.kind.label()}"]
    flat = [table.edges[n] for n in line.edges]
    for edge in flat:
        urls = [table.citations[number - 1].line() for number in edge.evidence.citations]
        told += [*edge.evidence.statements, *urls]
    return "\n".join(told)


def _draw_lines(parent: Element, table: EdgeTable, picture: Picture) -> None:
    for n, line in enumerate(picture.lines):
        (x, y), (end_x, end_y) = _ends(picture, line)
        colour = picture.kinds[line.kind.iri][1]
        style = {"stroke": colour, "stroke-width": f"{min(1.2 + 0.6 * (len(line.edges) - 1), 4):.1f}"}
        if not line.certain:
            style["stroke-dasharray"] = "5 4"
        if table.directed:
            style["marker-end"] = f"url(#arrow-{list(picture.kinds).index(line.kind.iri)})"
        path = SubElement(
            parent, "path", {"id": f"line-{n}", "d": f"M{x:.1f} {y:.1f}L{end_x:.1f} {end_y:.1f}", **style}
        )
        SubElement(path, "title").text = plain(tooltip(table, line))


def _ends(picture: Picture, line: Line) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where a line leaves one box and meets the other; lines of several kinds run side by side."""
    one, other = picture.boxes[line.source], picture.boxes[line.target]
    shift = 5.0 * (list(picture.kinds).index(line.kind.iri) % 5 - 0) if len(picture.kinds) > 1 else 0.0
    start, end = one.border(other.x, other.y), other.border(one.x, one.y)
    flat = abs(start[0] - end[0]) > abs(start[1] - end[1])
    dx, dy = (0.0, min(shift, 14.0) - 7.0 * bool(shift)) if flat else (min(shift, 14.0) - 7.0 * bool(shift), 0.0)
    return (start[0] + dx, start[1] + dy), (end[0] + dx, end[1] + dy)


def _draw_boxes(parent: Element, table: EdgeTable, picture: Picture) -> None:
    for n, (iri, box) in enumerate(picture.boxes.items()):
        class_ = table.nodes[iri].class_
        colour = picture.classes[class_.iri][1] if class_ is not None else "#5b6470"
        group = SubElement(parent, "g", {"id": f"node-{n}"})
        SubElement(group, "title").text = plain(f"{table.nodes[iri].label()}\n{iri}")
        main = iri == picture.centre
        style = {"rx": "7", "fill": colour if main else "#ffffff", "stroke": colour, "stroke-width": "1.6"}
        _rect(group, box.x - box.width / 2, box.y - box.height / 2, box.width, box.height, style)
        y = box.y - box.height / 2 + 19
        for text, first in picture.texts[iri]:
            ink = "#ffffff" if main else "#1b2430" if first else "#5b6470"
            _text(group, box.x, y, text, 13 if first else 12, {"text-anchor": "middle", "fill": ink})
            y += 17


def _draw_labels(parent: Element, picture: Picture) -> None:
    """Labels of lines, each at the first place along its line where it covers nothing."""
    taken = list(picture.boxes.values())
    for n, line in enumerate(picture.lines):
        if not line.label:
            continue
        (x, y), (end_x, end_y) = _ends(picture, line)
        places: tuple[float, ...]
        if picture.centre == line.source:
            places = (0.6, 0.55, 0.65, 0.5, 0.7, 0.45, 0.75)
        else:
            places = (0.4, 0.45, 0.35, 0.5, 0.3, 0.55, 0.25) if picture.centre else (0.5, 0.4, 0.6, 0.3, 0.7)
        for along in places:
            label = Box(width_of(line.label, 11) + 6, 15)
            label.x, label.y = x + (end_x - x) * along, y + (end_y - y) * along
            if not any(label.hits(other) for other in taken):
                taken.append(label)
                group = SubElement(parent, "g", {"id": f"label-{n}"})
                halo = {"fill": "#ffffff", "fill-opacity": "0.85"}
                _rect(group, label.x - label.width / 2, label.y - 7.5, label.width, 15, halo)
                _text(group, label.x, label.y + 4, line.label, 11, {"text-anchor": "middle", "fill": "#2b3440"})
                break


def _legend(table: EdgeTable, picture: Picture, language: str) -> list[tuple[str, str, str]]:
    entries = [("box", colour, _first_upper(r.label(language))) for r, colour in picture.classes.values()]
    if table.nodes and any(node.class_ is None for node in table.nodes.values()):
        entries.append(("box", "#5b6470", tr("other")))
    entries += [("line", colour, _first_upper(r.label(language))) for r, colour in picture.kinds.values()]
    if any(not line.certain for line in picture.lines):
        entries.append(("dashed", "#5b6470", tr("possible, not certain")))
    if any(len(line.edges) > 1 for line in picture.lines):
        entries.append(("thick", "#5b6470", tr("several statements")))
    return entries


def _rows(legend: list[tuple[str, str, str]], width: float) -> list[list[tuple[str, str, str]]]:
    rows: list[list[tuple[str, str, str]]] = [[]]
    for entry in legend:
        if rows[-1] and sum(_entry(text) for _, _, text in rows[-1]) + _entry(entry[2]) > width:
            rows.append([])
        rows[-1].append(entry)
    return rows


def _entry(text: str) -> float:
    return 32 + width_of(text, 12) + 22


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _swatch(parent: Element, x: float, y: float, mark: str, colour: str) -> None:
    if mark == "box":
        _rect(parent, x, y - 7, 24, 14, {"rx": "4", "fill": "#ffffff", "stroke": colour, "stroke-width": "1.6"})
        return
    style: dict[str, Any] = {"stroke": colour, "stroke-width": "3" if mark == "thick" else "1.4"}
    if mark == "dashed":
        style["stroke-dasharray"] = "5 4"
    SubElement(parent, "path", {"d": f"M{x:.1f} {y:.1f}h24", **style})


def _arrows(parent: Element, picture: Picture) -> None:
    for n, (_, colour) in enumerate(picture.kinds.values()):
        shape = {"viewBox": "0 0 10 10", "refX": "10", "refY": "5", "markerWidth": "9", "markerHeight": "9"}
        units = {"markerUnits": "userSpaceOnUse", "orient": "auto"}
        marker = SubElement(parent, "marker", {"id": f"arrow-{n}", **shape, **units})
        SubElement(marker, "path", {"d": "M0 0L10 5L0 10z", "fill": colour})


def _rect(parent: Element, x: float, y: float, width: float, height: float, style: dict[str, str]) -> None:
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "width": f"{width:.1f}", "height": f"{height:.1f}"}
    SubElement(parent, "rect", {**place, **style})


def _text(parent: Element, x: float, y: float, text: str, size: int, style: dict[str, str]) -> None:
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "font-size": str(size)}
    SubElement(parent, "text", {**place, **style}).text = plain(text)
