"""Which file belongs to which dataset, graph and theme.

::

    data/<dataset>/dataset.ttl           the card
    data/curated/<theme>/<slug>.ttl      one file per root entity
    data/<imported dataset>/<batch>.ttl  written by its importer
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from ctkg.errors import DataError, display_path
from ctkg.messages import tr
from ctkg.namespaces import ID
from ctkg.settings import Settings
from ctkg.turtle import read_bytes

__all__ = ["CURATED", "THEMES", "Catalog", "DataFile", "open_catalog", "turtle_files"]

CURATED = "curated"
THEMES = ("actors", "people", "models", "chips", "policies", "capital", "controls", "events", "evidence")


class DataFile(NamedTuple):
    """One Turtle file below ``data/``; ``theme`` is ``None`` outside the curated dataset."""

    path: Path
    dataset: str
    theme: str | None

    @property
    def slug(self) -> str:
        return self.path.stem

    @property
    def graph(self) -> str:
        """The named graph of its dataset, which is also the dataset's IRI."""
        return f"{ID}dataset/{self.dataset}"


class Catalog(NamedTuple):
    """All files that a build reads, each group in a fixed order."""

    root: Path
    data: tuple[DataFile, ...]
    ontology: tuple[Path, ...]
    shapes: tuple[Path, ...]
    questions: tuple[Path, ...]
    views: tuple[Path, ...]
    rules: tuple[Path, ...]
    checks: tuple[Path, ...]

    def built_from(self) -> Iterator[Path]:
        """The files whose content decides what a build makes."""
        yield from (file.path for file in self.data)
        yield from self.ontology
        yield from self.rules
        yield from self.questions
        yield from self.views

    def content_key(self) -> str:
        """Changes whenever what a build makes could change; reads every file."""
        import hashlib

        digest = hashlib.blake2b(digest_size=16)
        for path in self.built_from():
            name = path.relative_to(self.root) if path.is_relative_to(self.root) else Path(path.name)
            digest.update(os.fsencode(name) + b"\0")
            digest.update(hashlib.blake2b(read_bytes(path)).digest())
        return digest.hexdigest()


def open_catalog(settings: Settings) -> Catalog:
    """List the files of a run; raises `DataError` where a Turtle file lies outside the layout."""
    data, ontology, queries = Path(settings.data), Path(settings.ontology), Path(settings.queries)
    return Catalog(
        data,
        tuple(_data_files(data)),
        tuple(path for path in _files(ontology, ".ttl") if "shapes" not in path.parts),
        tuple(_files(ontology / "shapes", ".ttl")),
        tuple(_files(queries / "questions", ".rq")),
        tuple(_files(queries / "views", ".rq")),
        tuple(_files(queries / "rules", ".rq")),
        tuple(_files(queries / "checks", ".rq")),
    )


def _data_files(root: Path) -> Iterator[DataFile]:
    for path in _files(root, ".ttl"):
        parts = path.relative_to(root).parts
        dataset = parts[0]
        if len(parts) == 2:
            if dataset == CURATED and parts[1] != "dataset.ttl":
                raise _misplaced(path)
            yield DataFile(path, dataset, None)
        elif len(parts) == 3 and dataset == CURATED and parts[1] in THEMES:
            yield DataFile(path, dataset, parts[1])
        else:
            raise _misplaced(path)
    if not (root / CURATED / "dataset.ttl").is_file():
        raise DataError(
            tr("holds no {card}", card=f"{CURATED}/dataset.ttl"),
            tr("a data folder is laid out like the data/ of ctkg: {layout}", layout=_LAYOUT),
            path=display_path(root),
        )


def turtle_files(paths: Iterable[Path]) -> list[Path]:
    """The Turtle files that ``paths``, files or folders, name, each once; raises `DataError` for one that is not there.

    Unlike `open_catalog` it does not ask for the layout.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        if not path.exists():
            raise DataError(tr("is not there"), path=display_path(path))
        for file in _files(path, ".ttl") if path.is_dir() else [path]:
            found.setdefault(file.absolute(), file)
    return list(found.values())


_LAYOUT = "<dataset>/dataset.ttl, curated/<theme>/<slug>.ttl"


def _files(folder: Path, ending: str) -> Iterator[Path]:
    """The files below ``folder`` by name; hidden ones are an editor's business, not ours."""
    try:
        with os.scandir(folder) as scan:
            entries = sorted(scan, key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    except OSError as error:
        raise _unreadable(folder, error) from error
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _files(Path(entry.path), ending)
        elif entry.is_symlink() and Path(entry.path).is_dir():
            raise DataError(
                tr("is a link to a folder"),
                tr("links may turn in a circle: copy the files"),
                path=display_path(entry.path),
            )
        elif entry.name.endswith(ending):
            yield Path(entry.path)


def _misplaced(path: Path) -> DataError:
    return DataError(
        tr("lies outside the layout"),
        tr("move it to one of: {layout}; themes: {themes}", layout=_LAYOUT, themes=", ".join(THEMES)),
        path=display_path(path),
    )


def _unreadable(path: Path, error: OSError) -> DataError:
    return DataError(
        tr("cannot be read: {reason}", reason=error.strerror),
        tr("remove it, or let it be read; a link must lead to a file"),
        path=display_path(path),
    )
