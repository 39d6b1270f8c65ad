"""The workers as the front sees them: who is idle, who takes long, who has to go.

Some workers stand idle at all times. One that takes longer than a moment is set
back behind the others (its nice value), and another is raised in its stead, so
that slow questions wait for each other and quick ones do not wait for them. How
many may be slow at once is bounded; a question that takes longer than the
deadline is ended. Time in which the client does not read counts for neither: one
whose client is slow to read gets a successor, too, and of too many such the one
that has waited longest is ended.
"""

from __future__ import annotations

import asyncio
import contextlib
import marshal
import os
import signal
import socket
import struct
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import NamedTuple

from ctkg.http.nursery import HEAD, NO_MEMORY, NOTICE, Kind, Nursery

__all__ = ["Busy", "Ended", "Limits", "Pool", "Worker"]


class Limits(NamedTuple):
    """What one request may take. Seconds and bytes."""

    deadline: float = 30.0
    memory: int = 1 << 30
    result: int = 1 << 28
    body: int = 1 << 20
    patience: float = 600.0
    """How long an answer may take in all, the client's own slowness included."""


class Busy(Exception):
    """All workers have more than they can do."""


class Ended(Exception):
    """The worker is gone: for ``time``, ``result``, ``slots``, ``reader``, ``memory``, ``shutdown``, or it ``died``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


_SWEEP = 0.02
_MOURNING = 1.0
_MOMENT = 0.05
_READING = 0.5
"""Seconds that a client may take to read before another worker is raised."""
_MOST_READING = 32
_SET_BACK = 10
"""Not further: on a machine that is busy with other things, too, an answer set back to the end would never come."""
_MOST_WAITING = 1000
_BUFFERED = 1 << 18


class Pool:
    """Takes requests to workers. Made before the event loop runs, started within it."""

    def __init__(self, nursery: Nursery, limits: Limits, *, quick: int | None = None, slow: int = 8) -> None:
        self.limits = limits
        self._nursery = nursery
        self._quick = quick or max(4, os.cpu_count() or 1)
        self._most_slow = slow
        self._idle: deque[Worker] = deque()
        self._workers: dict[int, Worker] = {}
        self._coming = 0
        self._waiting: deque[asyncio.Future[Worker]] = deque()
        self._open = False
        self.failed = False

    async def start(self) -> None:
        """Raise the first workers; returns when one can answer."""
        self._open = True
        self._loop = asyncio.get_running_loop()
        self._nursery.control.setblocking(False)
        self._loop.add_reader(self._nursery.control, self._hear)
        self._raise()
        self._give(await self.take())
        self._sweeper = self._loop.create_task(self._sweep())

    async def stop(self) -> None:
        """Let go of all workers and of the nursery; returns when they are gone."""
        self._open = False
        self._sweeper.cancel()
        self._loop.remove_reader(self._nursery.control)
        for worker in list(self._workers.values()):
            worker.end("shutdown")
        self._nursery.control.close()  # which ends the nursery, and with it the workers
        await asyncio.to_thread(os.waitpid, self._nursery.pid, 0)

    @property
    def ready(self) -> bool:
        """Whether there are workers to answer."""
        return self._open and bool(self._workers)

    async def take(self) -> Worker:
        """An idle worker, now or when there is one; raises `Busy` where too many wait already."""
        while self._idle:
            worker = self._idle.popleft()
            if worker.reason is None:
                self._raise()
                return worker
        if len(self._waiting) >= _MOST_WAITING or not self._open:
            raise Busy
        self._raise()
        future: asyncio.Future[Worker] = self._loop.create_future()
        self._waiting.append(future)
        return await future

    def give_back(self, worker: Worker) -> None:
        """The worker has answered; one that was set aside has a successor and cannot come forward again, so it goes."""
        worker.since = worker.when_slow = None
        if worker.aside or worker.reason is not None:
            worker.end("done")
            self._raise()
        else:
            self._give(worker)

    def _give(self, worker: Worker) -> None:
        while self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_result(worker)
                return
        self._idle.append(worker)

    def _raise(self) -> None:
        """Ask for as many workers as are missing."""
        quick = sum(not worker.aside for worker in self._workers.values()) + self._coming
        for _ in range(self._quick - quick):
            self._coming += 1
            self._say(b"F")

    def _say(self, message: bytes) -> None:
        with contextlib.suppress(OSError):
            self._nursery.control.send(message)

    def _hear(self) -> None:
        try:
            message, files, _, _ = socket.recv_fds(self._nursery.control, NOTICE.size, 1)
        except BlockingIOError:
            return
        except OSError:
            message, files = b"", []
        if len(message) < NOTICE.size:
            self._loop.remove_reader(self._nursery.control)
            self._open = False
            self.failed = True
            signal.raise_signal(signal.SIGTERM)  # there is nobody left to answer
            return
        what, pid, how = NOTICE.unpack(message)
        if what == b"F":
            channel = socket.socket(fileno=files[0])
            channel.setblocking(False)
            self._loop.create_task(self._welcome(pid, channel))
        elif pid in self._workers:
            worker = self._workers.pop(pid)
            worker.end("memory" if how in (-signal.SIGABRT, NO_MEMORY) else "died")
            if self._open:
                self._raise()

    async def _welcome(self, pid: int, channel: socket.socket) -> None:
        worker = Worker(pid, self)
        await self._loop.connect_accepted_socket(lambda: worker, channel)
        self._coming -= 1
        self._workers[pid] = worker
        self._give(worker)

    def kill(self, worker: Worker) -> None:
        """End a worker at once, whatever it does."""
        self._say(b"K" + struct.pack("!i", worker.pid))

    async def _sweep(self) -> None:
        before = monotonic()
        while True:
            await asyncio.sleep(_SWEEP)
            now = monotonic()
            busy = [worker for worker in self._workers.values() if worker.since is not None and worker.reason is None]
            for worker in busy:
                if worker.paused:
                    worker.waited += now - before
            before = now
            slow = sum(worker.slow and not worker.paused for worker in busy)
            for worker in sorted(busy, key=Worker.took, reverse=True):
                if worker.took(now) > self.limits.deadline or worker.spent(now) > self.limits.patience:
                    worker.end("time")
                elif not worker.slow and worker.took(now) > _MOMENT:
                    slow += 1
                    if slow > self._most_slow:
                        worker.end("slots")
                        continue
                    worker.slow = True
                    self._set_aside(worker)
                    with contextlib.suppress(OSError, AttributeError):
                        os.setpriority(os.PRIO_PROCESS, worker.pid, _SET_BACK)
                elif not worker.aside and worker.spent(now) > _READING:
                    self._set_aside(worker)
            read = sorted((worker for worker in busy if worker.aside and worker.paused), key=lambda one: one.spent(now))
            for worker in read[_MOST_READING:]:
                worker.end("reader")

    def _set_aside(self, worker: Worker) -> None:
        """Another stands in for it; when it has answered, it goes."""
        if worker.aside:
            return
        worker.aside = True
        if worker.when_slow is not None:
            worker.when_slow()
        self._raise()


class Worker(asyncio.Protocol):
    """One worker's channel: a request out, frames in."""

    def __init__(self, pid: int, pool: Pool) -> None:
        self.pid = pid
        self.since: float | None = None
        self.waited = 0.0
        self.slow = False
        self.aside = False
        self.when_slow: Callable[[], object] | None = None
        self.paused = False
        self.reason: str | None = None
        self._pool = pool
        self._buffer = bytearray()
        self._frames: deque[tuple[Kind, bytes]] = deque()
        self._held = 0
        self._next: asyncio.Future[tuple[Kind, bytes]] | None = None

    def took(self, now: float | None = None) -> float:
        """Seconds for which it has worked on its request."""
        return 0.0 if self.since is None else (now or monotonic()) - self.since - self.waited

    def spent(self, now: float) -> float:
        """Seconds since it was given its request."""
        return 0.0 if self.since is None else now - self.since

    def ask(self, environ: dict[str, object], body: bytes) -> None:
        """Send it a request."""
        self.since, self.waited = monotonic(), 0.0
        content = marshal.dumps((environ, body))
        self._transport.write(struct.pack("!I", len(content)) + content)

    async def frame(self) -> tuple[Kind, bytes]:
        """The next frame of its answer; raises `Ended` where none will come."""
        if not self._frames:
            if self.reason is not None:
                raise Ended(self.reason)
            self._next = asyncio.get_running_loop().create_future()
            return await self._next
        kind, content = self._frames.popleft()
        self._held -= len(content)
        if self.paused and self._held < _BUFFERED:
            self.paused = False
            self._transport.resume_reading()
        return kind, content

    def end(self, reason: str) -> None:
        """Kill it; whoever waits for its answer is told the reason."""
        if self.reason is None:
            self.reason = reason
            self._pool.kill(self)
            self._transport.close()
            if self._next is not None and not self._next.done():
                self._next.set_exception(Ended(reason))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while len(self._buffer) >= HEAD.size:
            kind, length = HEAD.unpack_from(self._buffer)
            end = HEAD.size + length
            if len(self._buffer) < end:
                return
            content = bytes(self._buffer[HEAD.size : end])
            del self._buffer[:end]
            self._arrived(Kind(kind), content)

    def _arrived(self, kind: Kind, content: bytes) -> None:
        if self._next is not None and not self._next.done():
            self._next.set_result((kind, content))
            self._next = None
            return
        self._frames.append((kind, content))
        self._held += len(content)
        if self._held >= _BUFFERED and not self.paused:
            self.paused = True
            self._transport.pause_reading()

    def connection_lost(self, error: Exception | None) -> None:
        """It died; of what, the nursery knows."""
        asyncio.get_running_loop().call_later(_MOURNING, self.end, "died")
