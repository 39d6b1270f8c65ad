"""One snapshot's folder: open it, tell whether it is whole, remove it.

::

    store/        the pyoxigraph store
    dumps/        each graph as N-Triples, literals as the files write them, see ``ctkg.dumps``
    meta.json     what it was built from, and the size of each file of store and dumps, of the queries and of the views
    queries.json  the stored queries, checked
    views.json    the graph views, checked
    names.json    all names with their pinyin; left by the first search, see ``ctkg.search_names``
"""

from __future__ import annotations

import contextlib
import json
import os
from os.path import join
from typing import NamedTuple

from pyoxigraph import Store

from ctkg.queries import StoredQuery, queries_from_json

__all__ = ["Snapshot", "discard", "dump_sizes", "open_folder", "store_sizes"]


class Snapshot(NamedTuple):
    """An open snapshot: the store, the stored queries of its build and the day the data speaks for."""

    path: str
    store: Store
    queries: dict[str, StoredQuery]
    data_date: str

    def views(self) -> dict[str, StoredQuery]:
        """The graph views of its build; read when asked for, which no question does."""
        with open(join(self.path, "views.json"), encoding="utf-8") as file:
            return queries_from_json(file.read())


def open_folder(path: str) -> Snapshot | None:
    """The snapshot in ``path``; ``None`` where it is not whole."""
    try:
        with open(join(path, "meta.json"), encoding="utf-8") as file:
            meta = json.load(file)
        if store_sizes(join(path, "store")) != meta["store"] or dump_sizes(join(path, "dumps")) != meta["dumps"]:
            return None
        with open(join(path, "queries.json"), encoding="utf-8") as file:
            text = file.read()
        if len(text) != meta["queries"] or os.stat(join(path, "views.json")).st_size != meta["views"]:
            return None
        return Snapshot(path, Store.read_only(join(path, "store")), queries_from_json(text), meta["data_date"])
    except (OSError, ValueError, KeyError, TypeError, RuntimeError):  # the last: pyoxigraph, of corruption
        return None


def store_sizes(store: str) -> dict[str, int]:
    """File name → size, of the files that hold the triples (a reader adds logs of its own)."""
    with os.scandir(store) as entries:
        return {entry.name: entry.stat().st_size for entry in entries if entry.name.endswith((".sst", "CURRENT"))}


def dump_sizes(dumps: str) -> dict[str, int]:
    """File name → size."""
    with os.scandir(dumps) as entries:
        return {entry.name: entry.stat().st_size for entry in entries}


def discard(path: str) -> None:
    """Remove a snapshot, or what stands in its place; whoever has it open keeps reading what they opened."""
    import shutil

    if os.path.islink(path) or os.path.isfile(path):
        with contextlib.suppress(OSError):
            os.unlink(path)
    else:
        shutil.rmtree(path, ignore_errors=True)
