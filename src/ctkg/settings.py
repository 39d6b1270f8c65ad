"""Where ctkg reads and writes, from arguments, the environment and the package itself.

``CTKG_DATA``      folder of Turtle files laid out like ``data/``; without it that of the checkout
                   in which the command is run, else the package's own
``CTKG_CACHE``     folder for snapshots
``CTKG_LANG``      ``en`` or ``zh``; without it the locale decides
``CTKG_ENDPOINT``  query address of a remote store, which then answers instead of the data folder
``CTKG_TIMEOUT``   seconds that a remote store may take; 60 without it

The remote store's credentials are read by ``ctkg.endpoint``.
"""

from __future__ import annotations

import os
import sys
from os.path import abspath, dirname, expanduser, isdir, isfile, join
from typing import NamedTuple

from ctkg.errors import SettingsError
from ctkg.messages import tr

__all__ = ["LANGUAGES", "Settings", "locale_language", "remote_address", "settings", "timeout_seconds"]

LANGUAGES = ("en", "zh")


class Settings(NamedTuple):
    """Folders that a run reads (``data``, ``ontology``, ``queries``) and writes (``cache``).

    Absolute paths as text: importing pathlib would cost a tenth of an answer.
    """

    data: str
    ontology: str
    queries: str
    cache: str


def settings(data: str | os.PathLike[str] | None = None) -> Settings:
    """The settings of this run.

    ``data`` wins over ``CTKG_DATA``, which wins over the data folder that the
    working folder lies in or beside; the package's own data come last.
    Raises `SettingsError` where the folder is not there.
    """
    package = _package_files()
    path = abspath(data or os.environ.get("CTKG_DATA") or _data_here() or join(package, "data"))
    if not isdir(path):
        raise SettingsError(
            tr("no data folder at {path}", path=path),
            tr("give a folder laid out like data/: --data DIR or CTKG_DATA"),
        )
    return Settings(path, join(package, "ontology"), join(package, "queries"), _cache_folder())


def _data_here() -> str | None:
    """The ``data/`` of the checkout in which the command is run, so that who edits it never asks another copy."""
    folder = os.getcwd()
    while True:
        if isfile(join(folder, "data", "curated", "dataset.ttl")):
            return join(folder, "data")
        parent = dirname(folder)
        if parent == folder:
            return None
        folder = parent


def remote_address(given: str | None, *, data: str | os.PathLike[str] | None, engine: str | None) -> str | None:
    """The query address of the remote store that is to answer; ``None`` where the files do.

    An argument wins over ``CTKG_ENDPOINT``. Raises `SettingsError` where two
    arguments each name something else to answer from.
    """
    if given is None:
        return None if data or engine else os.environ.get("CTKG_ENDPOINT") or None
    if data or engine:
        raise SettingsError(
            tr("a remote store answers from its own data, with its own engine"),
            tr("give either --endpoint, or --data and --engine"),
        )
    return given


def timeout_seconds() -> float:
    """How long a remote store may take, by ``CTKG_TIMEOUT``."""
    text = os.environ.get("CTKG_TIMEOUT") or "60"
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0 < seconds < 1e6:
        raise SettingsError(tr("CTKG_TIMEOUT is {value!r}", value=text), tr("write a number of seconds, such as 60"))
    return seconds


def locale_language() -> str:
    """``zh`` where ``CTKG_LANG`` or the locale says so, else ``en``."""
    chosen = os.environ.get("CTKG_LANG")
    if chosen and chosen not in LANGUAGES:
        raise SettingsError(tr("CTKG_LANG is {value!r}", value=chosen), tr("write {choices}", choices="en / zh"))
    names = (chosen, *(os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")))
    return "zh" if next((name for name in names if name), "en").lower().startswith("zh") else "en"


def _package_files() -> str:
    """The folder that holds ontology, data and queries: inside a wheel, or the checkout's root."""
    here = dirname(abspath(__file__))
    for folder in (join(here, "resources"), dirname(dirname(here))):
        if isdir(join(folder, "ontology")):
            return folder
    raise SettingsError(
        tr("this installation of ctkg lacks its ontology"),
        tr("install it again: pip install --force-reinstall ctkg"),
    )


def _cache_folder() -> str:
    chosen = os.environ.get("CTKG_CACHE")
    if chosen:
        return abspath(chosen)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or expanduser(join("~", "AppData", "Local"))
    elif sys.platform == "darwin":
        base = expanduser(join("~", "Library", "Caches"))
    else:
        base = os.environ.get("XDG_CACHE_HOME") or expanduser(join("~", ".cache"))
    return join(abspath(base), "ctkg")
