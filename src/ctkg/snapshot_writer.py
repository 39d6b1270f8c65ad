"""Build a snapshot: in a folder of its own, put in place by a rename.

A killed build or two builds at once leave nothing broken, and a build that
fails leaves nothing behind.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import time
from pathlib import Path

from pyoxigraph import Store

from ctkg.build import Progress, assemble
from ctkg.catalog import open_catalog
from ctkg.dumps import write_dumps
from ctkg.errors import SettingsError
from ctkg.messages import tr
from ctkg.queries import load_queries, load_views, queries_to_json
from ctkg.settings import Settings
from ctkg.snapshot_folder import discard, dump_sizes, open_folder, store_sizes

__all__ = ["content_key", "write_snapshot", "write_whole"]

_KEEP_SECONDS = 14 * 24 * 3600
_ABANDONED_SECONDS = 24 * 3600


def content_key(settings: Settings, version: str) -> str:
    """A digest of all that decides a snapshot's content; raises `DataError` for a file that cannot be read."""
    content = f"{version} {open_catalog(settings).content_key()}"
    return hashlib.blake2b(content.encode(), digest_size=16).hexdigest()


def write_snapshot(settings: Settings, folder: str, progress: Progress | None) -> None:
    """Build the snapshot that is to lie in ``folder``.

    Raises `DataError` and `QueryError` for what the files hold, `SettingsError`
    where the cache cannot be written.
    """
    path = Path(folder)
    catalog = open_catalog(settings)
    queries, views = load_queries(catalog.questions), load_views(catalog.views)
    assembly = assemble(catalog, progress)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _prune(path.parent)
        work = Path(tempfile.mkdtemp(prefix=".building-", dir=path.parent))
    except OSError as error:
        raise SettingsError(
            tr("the cache folder {path} cannot be written: {reason}", path=path.parent, reason=error.strerror),
            tr("choose another with {name}", name="CTKG_CACHE"),
        ) from error
    try:
        if progress is not None:
            progress(tr("storing"), 0, 1)
        store = Store(str(work / "store"))
        store.bulk_extend(assembly.quads())
        store.optimize()  # fewer files to open, at every question
        store.flush()
        del store
        write_dumps(work / "dumps", assembly.graphs)
        asked = queries_to_json(queries)
        (work / "queries.json").write_text(asked, encoding="utf-8")
        (work / "views.json").write_text(queries_to_json(views), encoding="utf-8")
        meta = {
            "data_date": assembly.data_date,
            "data": str(catalog.root),
            "store": store_sizes(str(work / "store")),
            "dumps": dump_sizes(str(work / "dumps")),
            "queries": len(asked),
            "views": (work / "views.json").stat().st_size,
        }
        write_whole(str(work / "meta.json"), json.dumps(meta, ensure_ascii=False))
        _move(work, path)
        if progress is not None:
            progress(tr("storing"), 1, 1)
    except OSError as error:
        raise SettingsError(
            tr("the snapshot cannot be written to {path}: {reason}", path=path.parent, reason=error),
            tr("make room there, or choose another folder with {name}", name="CTKG_CACHE"),
        ) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _move(work: Path, path: Path) -> None:
    """Put a finished build in place; where another one was faster, theirs is as good as ours."""
    with contextlib.suppress(OSError):
        work.rename(path)
        return
    if open_folder(str(path)) is None:
        discard(str(path))
        work.rename(path)


def write_whole(path: str, content: str) -> None:
    """Write a file whole or not at all."""
    handle, name = tempfile.mkstemp(dir=Path(path).parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode(errors="surrogateescape"))
        Path(name).replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _prune(cache: Path) -> None:
    """Drop snapshots that were built long ago, and folders of builds that died."""
    now = time.time()
    for folder in cache.iterdir():
        with contextlib.suppress(OSError):
            age = now - folder.stat().st_mtime
            if folder.name.startswith(".building-"):
                if age > _ABANDONED_SECONDS:
                    discard(str(folder))
            elif age > _KEEP_SECONDS and (folder / "meta.json").is_file():
                discard(str(folder))
