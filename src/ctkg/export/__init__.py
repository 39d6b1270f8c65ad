"""Write a graph view to a file: one module per format, chosen by the file's ending."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import NamedTuple, cast

from ctkg.errors import QueryError, nearest
from ctkg.export.files import write_files
from ctkg.messages import tr
from ctkg.results.edges import EdgeTable

__all__ = ["DRAWN", "FORMATS", "Options", "export", "format_of", "render", "written_to"]

FORMATS = {
    "graphml": ("graphml", "GraphML"),
    "gexf": ("gexf", "GEXF 1.3 (Gephi)"),
    "json": ("node_link", "node-link JSON (networkx, D3)"),
    "cyjs": ("cytoscape", "Cytoscape JSON"),
    "dot": ("dot", "Graphviz DOT"),
    "mmd": ("mermaid", "Mermaid"),
    "csv": ("delimited", "CSV: edges, and nodes and datasets in files beside it"),
    "parquet": ("parquet", "Parquet: edges, and nodes in a second file"),
    "svg": ("svg", "a picture for a report"),
    "png": ("png", "the picture as pixels"),
    "html": ("html", "one interactive page, without network"),
}
"""Ending → module and what it is."""

DRAWN = ("svg", "png", "html")
"""The formats that lay the view out."""

_OTHER_ENDINGS = {"mermaid": "mmd", "gv": "dot", "htm": "html", "pq": "parquet"}


class Options(NamedTuple):
    """What some formats can do more: ``dated`` gives GEXF its intervals, ``language`` the pictures their words."""

    dated: bool = False
    language: str = "en"


def format_of(path: Path, wanted: str | None = None) -> str:
    """The key of `FORMATS` that is ``wanted``, else that of the path's ending.

    Raises `QueryError` for an unknown one.
    """
    name = (wanted or path.suffix.removeprefix(".")).lower()
    name = _OTHER_ENDINGS.get(name, name)
    if name in FORMATS:
        return name
    near = nearest(name, list(FORMATS)) or list(FORMATS)
    hint = tr("choose one of: {names}", names=", ".join(near))
    if not name:
        raise QueryError(tr("the name {name} does not say the format", name=path.name), hint)
    raise QueryError(tr("no format is called {name!r}", name=name), hint)


def render(table: EdgeTable, format_: str, options: Options = Options()) -> dict[str, bytes]:  # noqa: B008 - a value
    """The content of the file by what its name gets before the ending: ``""``, and ``-nodes`` where there are several.

    Raises `SettingsError` where the format needs a package that is not installed.
    """
    module = import_module(f"ctkg.export.{FORMATS[format_][0]}")
    return cast("Callable[[EdgeTable, Options], dict[str, bytes]]", module.render)(table, options)


def export(
    table: EdgeTable,
    path: Path,
    format_: str | None = None,
    options: Options = Options(),  # noqa: B008 - a value
) -> list[Path]:
    """Write the view, whole or not at all; returns the files written.

    Raises `QueryError` for an unknown format, `SettingsError` for a file that
    cannot be written or a package that is not installed.
    """
    return written_to(path, render(table, format_of(path, format_), options))


def written_to(path: Path, contents: dict[str, bytes]) -> list[Path]:
    """Write what `render` made; raises `SettingsError` where it cannot be written."""
    return write_files({path.with_name(f"{path.stem}{part}{path.suffix}"): c for part, c in contents.items()})
