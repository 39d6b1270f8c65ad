"""The chart: how many times as long as ctkg each peer takes, one bar each, on a logarithmic scale."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bench.section import Bar

__all__ = ["chart"]

_LEFT, _WIDTH, _ROW, _TOP = 300, 560, 24, 64
_LEAST, _GREATEST = 0.1, 1000.0


def chart(bars: Sequence[Bar], size: str) -> str:
    """The chart as SVG."""
    height = _TOP + _ROW * len(bars) + 40
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _WIDTH + 90} {height}" '
        'font-family="sans-serif" font-size="13" role="img">',
        f"<title>Time of each peer as a multiple of ctkg's, {size}</title>",
        f'<rect width="100%" height="{height}" fill="#fff"/>',
        f'<text x="16" y="26" font-size="16">Times as long as ctkg, {size} (longer bar: peer is slower)</text>',
    ]
    for power in range(round(math.log10(_LEAST)), round(math.log10(_GREATEST)) + 1):
        x = _x(10.0**power)
        colour = "#666" if power == 0 else "#ddd"
        parts.append(f'<path d="M{x:.1f} {_TOP - 14}V{height - 30}" stroke="{colour}"/>')
        parts.append(f'<text x="{x:.1f}" y="{height - 12}" text-anchor="middle" fill="#444">{10.0**power:g}</text>')
    for number, bar in enumerate(bars):
        y, one, end = _TOP + _ROW * number, _x(1), _x(bar.times)
        colour = "#2b6cb0" if bar.times >= 1 else "#c05621"
        words = f"{'> ' if bar.bound else ''}{bar.times:.3g}"
        parts += [
            f'<text x="{_LEFT - 10}" y="{y + 12}" text-anchor="end">{bar.what}: {bar.peer}</text>',
            f'<rect x="{min(one, end):.1f}" y="{y}" width="{max(abs(end - one), 1):.1f}" height="15" fill="{colour}"/>',
            f'<text x="{max(one, end) + 6:.1f}" y="{y + 12}" fill="#222">{words}</text>',
        ]
    return "\n".join([*parts, "</svg>"]).replace("> ", "&gt; ").replace("\n&gt;", "\n>") + "\n"


def _x(times: float) -> float:
    span = math.log10(_GREATEST / _LEAST)
    return _LEFT + _WIDTH * math.log10(min(max(times, _LEAST), _GREATEST) / _LEAST) / span
