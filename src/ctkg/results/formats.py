"""An answer as text: table, CSV, TSV, JSON, Markdown."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ctkg.amounts import Money, Stake
from ctkg.messages import language, tr
from ctkg.results.cells import Cell, Evidence, Resource, heading, words
from ctkg.results.table import ResultTable
from ctkg.visible import visible

__all__ = ["FORMATS", "columns_of_text", "render", "standing"]

FORMATS = ("table", "csv", "tsv", "json", "md")


def render(table: ResultTable, format_: str) -> str:
    """The answer in one of `FORMATS`, ending in a line break."""
    if format_ == "table":
        return _plain(table)
    if format_ == "md":
        return _markdown(table)
    if format_ == "json":
        return _json(table)
    return _delimited(table, "\t" if format_ == "tsv" else ",")


def standing(table: ResultTable) -> str:
    """The line that says for which days the answer holds; empty where it is not dated."""
    parts = []
    if table.as_of:
        parts.append(tr("as of {day}", day=table.as_of))
    if table.known_at:
        parts.append(tr("as known on {day}", day=table.known_at))
    return ", ".join(parts)


def _body(table: ResultTable) -> list[list[str]]:
    return [[words(cell, language()) for cell in row] for row in table.rows]


def _footer(table: ResultTable) -> list[str]:
    if table.total is not None and table.total != len(table.rows):
        count = tr("{count} of {total} rows", count=len(table.rows), total=table.total)
    else:
        count = tr("{count} rows", count=len(table.rows)) if len(table.rows) != 1 else tr("1 row")
    return [f"({'; '.join(part for part in (count, standing(table)) if part)})"]


def _plain(table: ResultTable) -> str:
    """Columns aligned by display width, which for Chinese is not the number of characters."""
    rows = [[heading(column) for column in table.columns], *_body(table)]
    lines = columns_of_text(rows)
    lines.insert(1, "-" * max(map(_width, lines)))
    lines += _footer(table)
    if table.notes:
        lines += ["", *(note.line() for note in table.notes)]
    if table.citations:
        lines += ["", tr("Sources"), *(citation.line() for citation in table.citations)]
    return "\n".join(lines) + "\n"


def columns_of_text(rows: list[list[str]]) -> list[str]:
    """The rows as lines with their columns aligned."""
    rows = [[visible(cell) for cell in row] for row in rows]
    widths = [max(_width(row[n]) for row in rows) for n in range(len(rows[0]))]
    return [
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum((2 if east_asian_width(c) in "WF" else 1) for c in text if not combining(c))


def _markdown(table: ResultTable) -> str:
    def line(cells: list[str]) -> str:
        return "| " + " | ".join(visible(cell).replace("|", "\\|") for cell in cells) + " |"

    lines = [line([heading(column) for column in table.columns]), line(["---"] * len(table.columns))]
    lines += [line(row) for row in _body(table)]
    lines += ["", _footer(table)[0]]
    lines += [part for note in table.notes for part in ("", note.line())]
    if table.citations:
        lines += ["", f"## {tr('Sources')}", ""]
        lines += [
            visible(f"{c.number}. [{c.title}](<{c.url}>), {c.publisher}{f', {c.issued}' if c.issued else ''}")
            for c in table.citations
        ]
    return "\n".join(lines) + "\n"


def _delimited(table: ResultTable, delimiter: str) -> str:
    import csv
    import io

    def plain(cell: Cell) -> str:
        if isinstance(cell, Evidence):
            return " ".join(table.urls(cell))
        if isinstance(cell, Money | Stake):
            return cell.compact()
        if isinstance(cell, bool):
            return "true" if cell else "false"
        return words(cell, language())

    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows([plain(cell) for cell in row] for row in table.rows)
    return out.getvalue()


def _json(table: ResultTable) -> str:
    import json

    def plain(cell: Cell) -> Any:
        if isinstance(cell, Resource):
            return {"iri": cell.iri, "label": cell.labels}
        if isinstance(cell, Evidence):
            return {"statements": list(cell.statements), "citations": list(cell.citations)}
        if isinstance(cell, Money | Stake):
            return {"text": cell.compact(), **{k: plain(v) for k, v in cell._asdict().items()}}
        if isinstance(cell, list):
            return [plain(resource) for resource in cell]
        if isinstance(cell, Decimal):
            return int(cell) if cell == cell.to_integral_value() else float(cell)
        return cell

    document: dict[str, Any] = {
        "query": table.query,
        "summary": table.summary,
        "parameters": {name: plain(value) for name, value in table.parameters.items()},
        "as_of": table.as_of,
        "known_at": table.known_at,
        "columns": [column._asdict() for column in table.columns],
        "rows": [
            {column.name: plain(cell) for column, cell in zip(table.columns, row, strict=True)} for row in table.rows
        ],
        "citations": [citation._asdict() for citation in table.citations],
    }
    if table.total is not None:
        document["total"] = table.total
    if table.notes:
        document["notes"] = [note._asdict() for note in table.notes]
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
