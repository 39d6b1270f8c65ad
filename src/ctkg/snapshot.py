"""The read-only store that answers questions: built on first use, named after its content.

::

    <cache>/<content key>/       a snapshot, see ``ctkg.snapshot_folder``
    <cache>/seen/<data folder>   content key and file signature, so that most runs only stat

A folder whose files do not have the sizes written in ``meta.json`` is thrown
away and built anew. This module runs before every answer, so it is spare with
imports; ``ctkg.snapshot_writer`` does the building.
"""

from __future__ import annotations

import contextlib
import os
import time
import zlib
from os.path import isdir, join
from typing import TYPE_CHECKING

import pyoxigraph

from ctkg.errors import DataError, SettingsError, display_path
from ctkg.messages import tr
from ctkg.settings import Settings
from ctkg.snapshot_folder import Snapshot, discard, open_folder

if TYPE_CHECKING:
    from ctkg.build import Progress

__all__ = ["build", "open_snapshot"]

_FORMAT = 5
_SETTLED_SECONDS = 1.0  # a file younger than this may change again within one tick of its clock


def open_snapshot(settings: Settings, progress: Progress | None = None) -> Snapshot:
    """Open the snapshot of the files as they are now, building it where there is none.

    Raises `DataError` and `QueryError` as the build does, `SettingsError` where
    the cache folder cannot be written.
    """
    path = join(settings.cache, _key(settings))
    for _ in range(2):
        if not isdir(path):
            from ctkg.snapshot_writer import write_snapshot

            write_snapshot(settings, path, progress)
        snapshot = open_folder(path)
        if snapshot is not None:
            return snapshot
        discard(path)
    raise SettingsError(tr("the snapshot in {path} cannot be read", path=path), tr("remove that folder and try again"))


def build(settings: Settings, progress: Progress | None = None) -> Snapshot:
    """Build the snapshot anew, even where there is one already, and open it."""
    path = join(settings.cache, _key(settings))
    discard(path)
    return open_snapshot(settings, progress)


def _key(settings: Settings) -> str:
    """The name of the snapshot: a digest of all that decides its content.

    Reading every file tells it; their sizes and times, remembered from the last
    run, tell it faster.
    """
    version = f"{_FORMAT} {pyoxigraph.__version__}"
    stamps, newest = _stamps(settings)
    stamps = f"{version}\n{stamps}"
    seen = join(settings.cache, "seen", f"{zlib.crc32(os.fsencode(settings.data)):08x}")
    with contextlib.suppress(OSError, ValueError), open(seen, encoding="utf-8", errors="surrogateescape") as file:
        key, _, known = file.read().partition("\n")
        if known == stamps:
            return key
    from ctkg.snapshot_writer import content_key, write_whole

    key = content_key(settings, version)
    if time.time() - newest > _SETTLED_SECONDS:
        with contextlib.suppress(OSError):
            os.makedirs(join(settings.cache, "seen"), exist_ok=True)
            write_whole(seen, f"{key}\n{stamps}")
    return key


def _stamps(settings: Settings) -> tuple[str, float]:
    """What changes whenever a file that a build reads is touched, and when the youngest was.

    Costs one ``stat`` a file and no more.
    """
    stamps: list[str] = []
    newest = 0.0
    folders = [settings.data, settings.ontology, settings.queries]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                elif entry.name.endswith((".ttl", ".rq")):
                    s = entry.stat()
                    newest = max(newest, s.st_ctime)
                    stamps.append(f"{entry.path} {s.st_size} {s.st_mtime_ns} {s.st_ctime_ns} {s.st_ino}")
        except OSError as error:
            path = display_path(error.filename or folder)
            raise DataError(
                tr("cannot be read: {reason}", reason=error.strerror),
                tr("remove it, or let it be read; a link must lead to a file"),
                path=path,
            ) from error
    return "\n".join(stamps), newest
