"""Where the nodes of a picture stand: boxes that never overlap, the same for the same view every time.

Around one entity its neighbours stand in two columns: who points to it on the
left, what it points to on the right. Any other view is laid out by forces
(Fruchterman & Reingold 1991), then boxes that overlap push each other apart.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

__all__ = ["Box", "by_forces", "columns"]

_GAP = 14.0
_WORK = 2_000_000  # pairs of nodes that are looked at in all: some seconds


class Box:
    """A node's rectangle: centre and size."""

    def __init__(self, width: float, height: float) -> None:
        self.x = 0.0
        self.y = 0.0
        self.width = width
        self.height = height

    def border(self, x: float, y: float) -> tuple[float, float]:
        """The point of the border on the way to another point."""
        dx, dy = x - self.x, y - self.y
        if not dx and not dy:
            return self.x, self.y
        scale = min(
            (self.width / 2) / abs(dx) if dx else math.inf,
            (self.height / 2) / abs(dy) if dy else math.inf,
        )
        return self.x + dx * min(scale, 1), self.y + dy * min(scale, 1)

    def hits(self, other: Box, gap: float = 0.0) -> bool:
        return (
            abs(self.x - other.x) * 2 < self.width + other.width + 2 * gap
            and abs(self.y - other.y) * 2 < self.height + other.height + 2 * gap
        )


def columns(boxes: Mapping[str, Box], centre: str, left: Sequence[str], right: Sequence[str], between: float) -> None:
    """Place the neighbours of ``centre`` beside it, ``between`` points away, so that long labels have room."""
    for side, names in ((-1, left), (1, right)):
        height = sum(boxes[name].height + _GAP for name in names) - _GAP
        y = -height / 2
        for name in names:
            box = boxes[name]
            box.x = side * (boxes[centre].width / 2 + between + box.width / 2)
            box.y = y + box.height / 2
            y += box.height + _GAP


def by_forces(boxes: Mapping[str, Box], links: Sequence[tuple[str, str]]) -> None:
    """Place boxes so that linked ones stand near each other and none overlap; what is not linked stands apart."""
    parts = _components(boxes, links)
    for part in parts:
        _lay_out({name: boxes[name] for name in part}, [link for link in links if link[0] in part])
    _pack([[boxes[name] for name in sorted(part)] for part in parts])


def _components(boxes: Mapping[str, Box], links: Sequence[tuple[str, str]]) -> list[set[str]]:
    """What hangs together, the larger first."""
    beside: dict[str, set[str]] = {name: set() for name in boxes}
    for a, b in links:
        beside[a].add(b)
        beside[b].add(a)
    parts: list[set[str]] = []
    done: set[str] = set()
    for name in boxes:
        if name not in done:
            part, rim = {name}, {name}
            while rim:
                rim = {other for one in rim for other in beside[one]} - part
                part |= rim
            parts.append(part)
            done |= part
    return sorted(parts, key=lambda part: (-len(part), min(part)))


def _lay_out(boxes: Mapping[str, Box], links: Sequence[tuple[str, str]]) -> None:
    names = sorted(boxes)
    count = len(names)
    place = {name: n for n, name in enumerate(names)}
    pairs = sorted({(place[a], place[b]) for a, b in links if a != b})
    xs = [math.sqrt(n + 1) * math.cos(n * 2.399963) for n in range(count)]  # a sunflower, which nothing overlaps in
    ys = [math.sqrt(n + 1) * math.sin(n * 2.399963) for n in range(count)]
    rounds = max(10, min(200, _WORK // (count * count)))
    for step in range(rounds):
        _one_round(xs, ys, pairs, 0.1 * math.sqrt(count) * (1 - step / rounds))
    wide = sum(box.width for box in boxes.values()) / count
    for n, name in enumerate(names):
        boxes[name].x, boxes[name].y = xs[n] * wide * 0.95, ys[n] * wide * 0.6
    _push_apart(list(boxes.values()))


def _pack(parts: list[list[Box]]) -> None:
    """Stand the parts side by side in rows, as wide as they are high in all, or somewhat wider."""
    between = 46.0
    sizes = []
    for part in parts:
        left = min(box.x - box.width / 2 for box in part)
        top = min(box.y - box.height / 2 for box in part)
        for box in part:
            box.x, box.y = box.x - left, box.y - top
        sizes.append((max(b.x + b.width / 2 for b in part) + between, max(b.y + b.height / 2 for b in part) + between))
    widest = max(max(width for width, _ in sizes), 1.3 * math.sqrt(sum(width * height for width, height in sizes)))
    x = y = row = 0.0
    for part, (width, height) in zip(parts, sizes, strict=True):
        if x and x + width > widest:
            x, y, row = 0.0, y + row, 0.0
        for box in part:
            box.x, box.y = box.x + x, box.y + y
        x, row = x + width, max(row, height)


def _one_round(xs: list[float], ys: list[float], pairs: list[tuple[int, int]], heat: float) -> None:
    """Move every node a little, at most by ``heat``: all repel each other, linked ones attract; 1 is the ideal way."""
    count = len(xs)
    dx, dy = [0.0] * count, [0.0] * count
    for a in range(count):
        ax, ay, fx, fy = xs[a], ys[a], 0.0, 0.0
        for b in range(a + 1, count):
            x, y = ax - xs[b], ay - ys[b]
            force = 1 / (x * x + y * y + 0.01)
            x *= force
            y *= force
            fx += x
            fy += y
            dx[b] -= x
            dy[b] -= y
        dx[a] += fx
        dy[a] += fy
    for a, b in pairs:
        x, y = xs[a] - xs[b], ys[a] - ys[b]
        force = math.hypot(x, y)
        dx[a] -= x * force
        dy[a] -= y * force
        dx[b] += x * force
        dy[b] += y * force
    for n in range(count):
        fx, fy = dx[n] - 0.05 * xs[n], dy[n] - 0.05 * ys[n]  # and a weak pull to the middle
        length = math.hypot(fx, fy) or 1.0
        xs[n] += fx / length * min(length, heat)
        ys[n] += fy / length * min(length, heat)


def _push_apart(boxes: list[Box]) -> None:
    """Move boxes as little as needed so that none overlap, each pair along the shorter way."""
    widest = max(box.width for box in boxes)
    for attempt in range(400):
        moved = False
        boxes.sort(key=lambda box: box.x)
        for n, one in enumerate(boxes):
            for other in boxes[n + 1 :]:
                if other.x - one.x > (one.width + widest) / 2 + _GAP and other.x > one.x:
                    break
                if not one.hits(other, _GAP / 2):
                    continue
                moved = True
                right = (one.width + other.width) / 2 + _GAP - abs(one.x - other.x)
                down = (one.height + other.height) / 2 + _GAP - abs(one.y - other.y)
                if down <= right or attempt > 300:
                    way = down / 2 if (one.y, one.x) <= (other.y, other.x) else -down / 2
                    one.y -= way
                    other.y += way
                else:
                    way = right / 2 if one.x <= other.x else -right / 2
                    one.x -= way
                    other.x += way
        if not moved:
            return
