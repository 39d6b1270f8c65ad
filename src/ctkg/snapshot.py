"""The read-only store that answers questions: built on first use, named after its content.

::

    <cache>/<content key>/store/      the pyoxigraph store
    <cache>/<content key>/meta.json   what it was built from, and the size of each store file
    <cache>/<content key>/queries.json
    <cache>/seen/<data folder>        content key and file signature, so that most runs only stat

A build works in a folder of its own and renames it into place, so a killed
build or two builds at once leave nothing broken. A folder whose files do not
have the sizes written in ``meta.json`` is thrown away and built anew.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph
from pyoxigraph import Store

from ctkg.catalog import Catalog, open_catalog, signature
from ctkg.errors import SettingsError
from ctkg.messages import tr
from ctkg.queries import StoredQuery, queries_from_json, queries_to_json

if TYPE_CHECKING:
    from ctkg.build import Progress
from ctkg.settings import Settings

__all__ = ["Snapshot", "build", "open_snapshot"]

_FORMAT = 2
_SETTLED_SECONDS = 1.0  # a file younger than this may change again within one tick of its clock
_KEEP_SECONDS = 14 * 24 * 3600
_ABANDONED_SECONDS = 24 * 3600


class Snapshot(NamedTuple):
    """An open snapshot: the store, the stored queries of its build and the day the data speaks for."""

    path: Path
    store: Store
    queries: dict[str, StoredQuery]
    data_date: str


def open_snapshot(settings: Settings, progress: Progress | None = None) -> Snapshot:
    """Open the snapshot of the files as they are now, building it where there is none.

    Raises `DataError` and `QueryError` as the build does, `SettingsError` where
    the cache folder cannot be written.
    """
    path = settings.cache / _key(settings)
    for _ in range(2):
        if not path.is_dir():
            _build(open_catalog(settings), path, progress)
        snapshot = _open(path)
        if snapshot is not None:
            return snapshot
        discard(path)
    raise SettingsError(tr("the snapshot in {path} cannot be read", path=path), tr("remove that folder and try again"))


def build(settings: Settings, progress: Progress | None = None) -> Snapshot:
    """Build the snapshot anew, even where there is one already, and open it."""
    path = settings.cache / _key(settings)
    discard(path)
    return open_snapshot(settings, progress)


def discard(path: Path) -> None:
    """Remove a snapshot; whoever has it open keeps reading what they opened."""
    import shutil

    shutil.rmtree(path, ignore_errors=True)


def _key(settings: Settings) -> str:
    """The name of the snapshot: a digest of all that decides its content.

    Reading every file tells it; their sizes and times, remembered from the last
    run, tell it faster.
    """
    version = f"{_FORMAT} {pyoxigraph.__version__}"
    stamps, newest = signature(settings)
    stamps = f"{version}\n{stamps}"
    seen = settings.cache / "seen" / f"{zlib.crc32(os.fsencode(settings.data)):08x}"
    with contextlib.suppress(OSError, ValueError):
        key, _, known = seen.read_bytes().decode(errors="surrogateescape").partition("\n")
        if known == stamps:
            return key
    import hashlib

    content = f"{version} {open_catalog(settings).content_key()}"
    key = hashlib.blake2b(content.encode(), digest_size=16).hexdigest()
    if time.time() - newest > _SETTLED_SECONDS:
        with contextlib.suppress(OSError):
            seen.parent.mkdir(parents=True, exist_ok=True)
            _write(seen, f"{key}\n{stamps}")
    return key


def _open(path: Path) -> Snapshot | None:
    """The snapshot in ``path``; ``None`` where it is not whole."""
    try:
        meta = json.loads((path / "meta.json").read_text(encoding="utf-8"))
        if _sizes(path / "store") != meta["store"]:
            return None
        queries = queries_from_json((path / "queries.json").read_text(encoding="utf-8"))
        return Snapshot(path, Store.read_only(str(path / "store")), queries, meta["data_date"])
    except (
        OSError,
        RuntimeError,
        ValueError,
        KeyError,
        TypeError,
    ):  # pyoxigraph reports corruption as RuntimeError
        return None


def _build(catalog: Catalog, path: Path, progress: Progress | None) -> None:
    import shutil
    import tempfile

    from ctkg.build import assemble, simple_links
    from ctkg.queries import load_queries

    queries = load_queries(catalog.questions)
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
        store.bulk_extend(simple_links(store, catalog.rules))
        store.optimize()  # fewer files to open, at every question
        store.flush()
        del store
        (work / "queries.json").write_text(queries_to_json(queries), encoding="utf-8")
        meta = {"data_date": assembly.data_date, "data": str(catalog.root), "store": _sizes(work / "store")}
        _write(work / "meta.json", json.dumps(meta, ensure_ascii=False))
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
    if _open(path) is None:
        discard(path)
        work.rename(path)


def _sizes(store: Path) -> dict[str, int]:
    """File name → size, of the files that hold the triples (a reader adds logs of its own)."""
    with os.scandir(store) as entries:
        return {entry.name: entry.stat().st_size for entry in entries if entry.name.endswith((".sst", "CURRENT"))}


def _write(path: Path, content: str) -> None:
    """Write a file whole or not at all."""
    import tempfile

    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
    with os.fdopen(handle, "wb") as file:
        file.write(content.encode(errors="surrogateescape"))
    Path(name).replace(path)


def _prune(cache: Path) -> None:
    """Drop snapshots that were built long ago, and folders of builds that died."""
    now = time.time()
    for folder in cache.iterdir():
        with contextlib.suppress(OSError):
            age = now - folder.stat().st_mtime
            if folder.name.startswith(".building-"):
                if age > _ABANDONED_SECONDS:
                    discard(folder)
            elif age > _KEEP_SECONDS and (folder / "meta.json").is_file():
                discard(folder)
