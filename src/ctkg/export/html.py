"""One HTML page that needs no network: search, days, and what stands behind each link."""

from __future__ import annotations

import json
from html import escape
from importlib.resources import files
from typing import Any
from xml.etree.ElementTree import tostring

from ctkg.dates import FIRST_DAY, LAST_DAY
from ctkg.export import Options
from ctkg.export.about import title
from ctkg.export.picture import Line, Picture, draw
from ctkg.export.svg import FONTS, drawn
from ctkg.export.xml import plain
from ctkg.messages import tr
from ctkg.results.edges import EdgeTable

__all__ = ["render"]


def render(table: EdgeTable, options: Options) -> dict[str, bytes]:
    """The page: the SVG, what it shows as JSON, and the script ``page.js``."""
    picture = draw(table, options.language)
    page = files("ctkg.export").joinpath("page.html").read_text(encoding="utf-8")
    told = {
        "lang": "zh-CN" if options.language == "zh" else "en",
        "title": escape(plain(title(table, options.language))),
        "fonts": FONTS,
        "search": escape(tr("search by name")),
        "from": escape(tr("from")),
        "until": escape(tr("until")),
        "hint": escape(tr("point at a link or a name; drag to move, turn the wheel to zoom")),
        "svg": tostring(drawn(table, picture, options), encoding="unicode"),
        "data": _for_script(_data(table, picture)),
        "script": files("ctkg.export").joinpath("page.js").read_text(encoding="utf-8"),
    }
    for name, text in told.items():
        page = page.replace(f"{{{{{name}}}}}", text, 1)
    return {"": page.encode()}


def _data(table: EdgeTable, picture: Picture) -> dict[str, Any]:
    places = {iri: n for n, iri in enumerate(picture.boxes)}
    flat = table.edges_flat().rows
    return {
        "nodes": [
            {
                "iri": iri,
                "names": list(dict.fromkeys((table.nodes[iri].label("en"), table.nodes[iri].label("zh")))),
                "type": class_.label("en") if (class_ := table.nodes[iri].class_) is not None else "",
            }
            for iri in picture.boxes
        ],
        "lines": [
            {"source": places[line.source], "target": places[line.target], **_line(table, flat, line)}
            for line in picture.lines
        ],
        "sources": [[citation.line(), citation.url] for citation in table.citations],
    }


def _line(table: EdgeTable, flat: list[dict[str, Any]], line: Line) -> dict[str, Any]:
    told = []
    for n in line.edges:
        edge = table.edges[n]
        start, end = getattr(edge, "start_earliest", None), getattr(edge, "end_latest", None)
        hidden = ("source", "target", "statements", "sources", "citations")
        facts = {
            name: str(value)
            for name, value in flat[n].items()
            if value is not None and name not in hidden and f"{name}_en" not in flat[n]
            if not name.endswith(("_zh", "_currency", "_least", "_greatest"))
        }
        told.append(
            {
                "facts": facts,
                "statements": list(edge.evidence.statements),
                "sources": [number - 1 for number in edge.evidence.citations],
                "start": str(start) if start not in (None, FIRST_DAY) else "",
                "end": str(end) if end not in (None, LAST_DAY) else "",
            }
        )
    return {"kind": line.kind.label("en"), "edges": told}


def _for_script(value: Any) -> str:
    """JSON that cannot end the script element it stands in."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c").replace("{{", "{ {")
