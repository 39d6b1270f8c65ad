"""Where ctkg reads and writes, from arguments, the environment and the package itself.

``CTKG_DATA``   folder of Turtle files laid out like ``data/``
``CTKG_CACHE``  folder for snapshots
``CTKG_LANG``   ``en`` or ``zh``; without it the locale decides
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NamedTuple

from ctkg.errors import SettingsError
from ctkg.messages import tr

__all__ = ["LANGUAGES", "Settings", "locale_language", "settings"]

LANGUAGES = ("en", "zh")


class Settings(NamedTuple):
    """Folders that a run reads (``data``, ``ontology``, ``queries``) and writes (``cache``)."""

    data: Path
    ontology: Path
    queries: Path
    cache: Path


def settings(data: str | os.PathLike[str] | None = None) -> Settings:
    """The settings of this run.

    ``data`` wins over ``CTKG_DATA``, which wins over the package's own data.
    Raises `SettingsError` where the folder is not there.
    """
    package = _package_files()
    folder = data or os.environ.get("CTKG_DATA") or package / "data"
    path = Path(folder).absolute()
    if not path.is_dir():
        raise SettingsError(
            tr("no data folder at {path}", path=path),
            tr("give a folder laid out like data/: --data DIR or CTKG_DATA"),
        )
    return Settings(path, package / "ontology", package / "queries", _cache_folder())


def locale_language() -> str:
    """``zh`` where ``CTKG_LANG`` or the locale says so, else ``en``."""
    chosen = os.environ.get("CTKG_LANG")
    if chosen and chosen not in LANGUAGES:
        raise SettingsError(tr("CTKG_LANG is {value!r}", value=chosen), tr("write {choices}", choices="en / zh"))
    names = (chosen, *(os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")))
    return "zh" if next((name for name in names if name), "en").lower().startswith("zh") else "en"


def _package_files() -> Path:
    """The folder that holds ontology, data and queries: inside a wheel, or the checkout's root."""
    here = Path(__file__).parent
    for folder in (here / "resources", here.parents[1]):
        if (folder / "ontology").is_dir():
            return folder
    raise SettingsError(
        tr("this installation of ctkg lacks its ontology"),
        tr("install it again: pip install --force-reinstall ctkg"),
    )


def _cache_folder() -> Path:
    chosen = os.environ.get("CTKG_CACHE")
    if chosen:
        return Path(chosen).absolute()
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "ctkg"
