"""Write files whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ctkg.errors import SettingsError
from ctkg.messages import tr

__all__ = ["write_files"]


def write_files(contents: Mapping[Path, bytes]) -> list[Path]:
    """Write each beside its place, then put all in place; an interrupted run leaves what was there before.

    Raises `SettingsError` where a file cannot be written.
    """
    written: dict[Path, Path] = {}
    try:
        for path, content in contents.items():
            if path.is_dir():
                raise IsADirectoryError(21, tr("is a folder"), str(path))
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem[:40]}-")
            written[path] = Path(name)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            written[path].chmod(0o666 & ~_umask())
        for path, temporary in written.items():
            temporary.replace(path)
    except OSError as error:
        raise SettingsError(
            tr("{path} cannot be written: {reason}", path=next(iter(contents)), reason=error.strerror),
            tr("give another file with -o"),
        ) from error
    finally:
        for temporary in written.values():
            with contextlib.suppress(OSError):
                temporary.unlink()
    return list(contents)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
