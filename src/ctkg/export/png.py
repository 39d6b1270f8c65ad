"""PNG: the SVG as pixels, drawn by resvg with a font of this machine that has the labels' characters."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from ctkg.errors import SettingsError
from ctkg.export import Options
from ctkg.export.svg import render as svg
from ctkg.messages import tr
from ctkg.results.edges import EdgeTable

__all__ = ["chinese_fonts", "render"]

_CHINESE = (
    "notosanscjk", "notosanssc", "sourcehansans", "pingfang", "msyh", "wqy", "droidsansfallback", "simhei", "stheiti",
    "hiragino", "notoserifcjk", "simsun", "uming", "ukai",
)  # fmt: skip
"""How the files of the usual fonts with Chinese characters begin, the better ones first."""
_ZOOM = 2


def render(table: EdgeTable, options: Options) -> dict[str, bytes]:
    """One PNG at twice the SVG's size.

    Raises `SettingsError` where resvg-py is not installed or no font has Chinese
    characters: empty boxes in their place would be worse than no picture.
    """
    try:
        import resvg_py
    except ImportError as error:
        raise SettingsError(tr("{name} is not installed", name="resvg-py"), "pip install 'ctkg[png]'") from error

    text = svg(table, options)[""].decode()
    fonts = chinese_fonts()
    if not fonts and any("\u3400" <= sign <= "\u9fff" for sign in text):
        raise SettingsError(
            tr("no font with Chinese characters is installed, which the labels need"),
            tr("install one (Debian: apt install fonts-noto-cjk), or write .svg, which the reader's fonts draw"),
        )
    return {"": bytes(resvg_py.svg_to_bytes(svg_string=text, zoom=_ZOOM, font_files=[str(font) for font in fonts[:2]]))}


def chinese_fonts() -> list[Path]:
    """The font files of this machine that are known to have Chinese characters, the best first."""
    found: dict[Path, int] = {}
    for folder in _font_folders():
        for where, _, names in os.walk(folder):
            for name in names:
                plain = name.lower().replace("-", "").replace(" ", "")
                rank = next((n for n, start in enumerate(_CHINESE) if plain.startswith(start)), None)
                if rank is not None and plain.endswith((".ttc", ".ttf", ".otf")):
                    found[Path(where, name)] = 2 * rank + ("regular" not in plain)
    return sorted(found, key=lambda path: (found[path], path))


def _font_folders() -> Iterator[Path]:
    home = Path.home()
    if sys.platform == "win32":
        yield Path(os.environ.get("WINDIR", "C:/Windows"), "Fonts")
        yield home / "AppData/Local/Microsoft/Windows/Fonts"
    elif sys.platform == "darwin":
        yield from (Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts")
    else:
        data = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
        yield from (Path(folder, "fonts") for folder in data.split(":"))
        yield from (home / ".local/share/fonts", home / ".fonts")
