"""Time jobs that take turns, so that ratios hold where absolute times do not."""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Any, NamedTuple

__all__ = [
    "Measured", "TooSlow", "child", "peak_megabytes", "ratio", "resident_bytes", "run_process", "take_turns", "time_limit",
]  # fmt: skip


class TooSlow(Exception):
    """A job that did not end within its limit."""


class Measured(NamedTuple):
    """Seconds of each turn of a job; ``limit`` is set, and no time known, where a turn did not end within it."""

    seconds: tuple[float, ...]
    limit: float | None = None
    peak: float | None = None  # megabytes, of processes only

    @property
    def median(self) -> float:
        return statistics.median(self.seconds) if self.seconds else float("nan")

    def __str__(self) -> str:
        if not self.seconds:
            return f"> {self.limit:g} s"
        low, high, middle = min(self.seconds), max(self.seconds), self.median
        unit, factor = ("s", 1) if middle >= 1 else ("ms", 1000)
        span = f" ({low * factor:.3g}–{high * factor:.3g})" if len(self.seconds) > 1 else ""
        return f"{middle * factor:.3g} {unit}{span}"


def ratio(peer: Measured, ours: Measured) -> str:
    """How many times as long as ours the peer takes, by medians, with least and greatest by turns."""
    if not peer.seconds:
        return f"> {(peer.limit or 0) / ours.median:.3g}"
    turns = [p / o for p, o in zip(peer.seconds, ours.seconds, strict=False)]
    span = f" ({min(turns):.3g}–{max(turns):.3g})" if len(turns) > 1 else ""
    return f"{peer.median / ours.median:.3g}{span}"


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `TooSlow` in pure Python code that runs longer; where there is no alarm clock (Windows), let it run."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def stop(*_: object) -> None:
        raise TooSlow

    previous = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def take_turns(
    jobs: Mapping[str, Callable[[], object]],
    rounds: int,
    *,
    limit: float = 600,
    patience: float = 60,
    warm: bool = True,
    free: Collection[str] = (),
) -> dict[str, Measured]:
    """Time each job in turn, ``rounds`` times; a first turn only warms caches.

    A job that breaks the ``limit`` is out, but for those that are ``free`` of it. There are fewer rounds, but one, where
    all together took ``patience`` seconds; then the first turn counts.
    """
    times: dict[str, list[float]] = {name: [] for name in jobs}
    out: set[str] = set()
    began = time.perf_counter()
    for _ in range(rounds + warm):
        for name, job in jobs.items():
            if name in out:
                continue
            start = time.perf_counter()
            try:
                with nullcontext() if name in free else time_limit(limit):
                    job()
            except (TooSlow, subprocess.TimeoutExpired):
                out.add(name)
                times[name] = []
            else:
                times[name].append(time.perf_counter() - start)
        if time.perf_counter() - began > patience:
            break
    skip = {name: 1 if warm and len(values) > 1 else 0 for name, values in times.items()}
    return {
        name: Measured(tuple(values[skip[name] :]), limit if name in out else None) for name, values in times.items()
    }


def peak_megabytes() -> float:
    """The most memory that this process has held so far."""
    import resource

    try:  # on Linux, ru_maxrss would count what the parent held when it started this process
        with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)


def resident_bytes() -> int:
    """The memory that this process holds now; where Linux does not tell, the most that it has held."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) * 1024
    except OSError:
        return round(peak_megabytes() * 1024**2)


def run_process(*words: str, limit: float | None = None) -> str:
    """What a Python process of its own prints; raises ``subprocess.TimeoutExpired`` where it takes longer."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, *words], stdout=subprocess.PIPE, check=True, env=environment, timeout=limit, encoding="utf-8"
    )
    return done.stdout


def child(module: str, *words: str, limit: float) -> dict[str, Any]:
    """What a bench module prints as JSON when it is run as a process of its own; empty where it took too long."""
    try:
        return dict(json.loads(run_process("-m", module, *words, limit=limit).splitlines()[-1]))
    except subprocess.TimeoutExpired:
        return {}
