"""Processes that answer requests, and the one that raises them.

A query cannot be stopped from within its process, and one that takes all memory
takes its process with it. So requests are answered by worker processes that may
be killed, forked from a nursery that holds the whole graph in memory: a fork
shares it and takes some milliseconds. The nursery is itself forked before
anything listens, so that no worker inherits the listening socket; and it leaves
the network, so that no query can call out.

::

    front ── control ── nursery        b"F"        → b"F" pid, with the worker's channel
                           │           b"K" pid    → b"D" pid how
                           ├ worker    and b"D" pid how, whenever a worker has died
                           └ worker

Over its channel a worker gets one request at a time, a WSGI environment, and
answers in frames (see `Kind`). When the front closes a channel, its worker ends.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import io
import marshal
import os
import resource
import select
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Callable
from enum import IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

__all__ = ["HEAD", "NOTICE", "NO_MEMORY", "Kind", "Nursery", "open_nursery", "pack"]

HEAD = struct.Struct("!BI")
"""What stands before the content of a frame: its kind and its length."""
NOTICE = struct.Struct("!cii")
"""What the nursery says: ``F`` or ``D``, a process, and how it ended (a signal, negative; or an exit code)."""

NO_MEMORY = 4
"""How a worker ends that could say that it has no memory left; others are ended by SIGABRT."""

_FIRST_BYTES = 1 << 14
_CHUNK = 1 << 16


class Kind(IntEnum):
    """Frames of an answer: all of it at once, or its head, its data piece by piece, and its end."""

    WHOLE = 1
    HEAD = 2
    DATA = 3
    END = 4


def pack(kind: Kind, content: bytes) -> bytes:
    """A frame."""
    return HEAD.pack(kind, len(content)) + content


class Nursery(NamedTuple):
    """The nursery as the front sees it: its process and the socket to talk to it."""

    pid: int
    control: socket.socket


def open_nursery(load: Callable[[], WSGIApplication], memory: int) -> Nursery | int:
    """Fork the nursery and wait until it has loaded the application.

    ``memory`` is how many bytes each worker may take beside what it shares.
    Returns the exit code of ``load`` where that gave up (`SystemExit`).
    """
    ours, theirs = socket.socketpair()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        ours.close()
        _run_nursery(theirs, load, memory)
    theirs.close()
    if ours.recv(1):
        return Nursery(pid, ours)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _run_nursery(control: socket.socket, load: Callable[[], WSGIApplication], memory: int) -> NoReturn:
    code = 1
    try:
        _die_with_parent()
        os.environ["RUST_BACKTRACE"] = "0"  # running out of memory is told in a line
        application = load()
        # Ctrl-C goes to the whole group, and a service manager may stop all of it: it is for the front to say when
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        _leave_network()
        gc.collect()
        gc.freeze()  # a collection would write into every shared page
        control.send(b"R")
        _raise_workers(control, application, memory)
        code = 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    except KeyboardInterrupt:
        code = 130
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _raise_workers(control: socket.socket, application: WSGIApplication, memory: int) -> None:
    """Fork, kill and bury as the front says, until it is gone."""
    alive: set[int] = set()
    wake, woken = os.pipe()
    for end in (wake, woken):
        os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    try:
        while True:
            ready, _, _ = select.select([control.fileno(), wake], [], [])
            if wake in ready:
                os.read(wake, 512)
                _bury(control, alive)
            if control.fileno() in ready:
                command = control.recv(1)
                if not command:
                    return
                if command == b"F":
                    _fork_worker(control, application, memory, alive)
                else:
                    (pid,) = struct.unpack("!i", control.recv(4, socket.MSG_WAITALL))
                    if pid in alive:  # and so not buried yet: no other process can bear the number
                        os.kill(pid, signal.SIGKILL)
    except (BrokenPipeError, ConnectionResetError):
        return
    finally:
        for pid in alive:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)


def _fork_worker(control: socket.socket, application: WSGIApplication, memory: int, alive: set[int]) -> None:
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        control.close()
        ours.close()
        _run_worker(theirs, application, memory)
    theirs.close()
    alive.add(pid)
    socket.send_fds(control, [NOTICE.pack(b"F", pid, 0)], [ours.fileno()])
    ours.close()


def _bury(control: socket.socket, alive: set[int]) -> None:
    while alive:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        alive.discard(pid)
        control.send(NOTICE.pack(b"D", pid, os.waitstatus_to_exitcode(status)))


def _run_worker(channel: socket.socket, application: WSGIApplication, memory: int) -> NoReturn:
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _die_with_parent()
        _bound_memory(memory)
        channel.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 18)
        _answer_requests(channel, application)
    except MemoryError:
        os._exit(NO_MEMORY)
    except (BrokenPipeError, ConnectionResetError):
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _answer_requests(channel: socket.socket, application: WSGIApplication) -> None:
    """One after the other, until the channel is closed."""
    while request := _receive(channel):
        environ, body = marshal.loads(request)  # noqa: S302 - from our own front
        environ["wsgi.input"] = io.BytesIO(body)
        environ["wsgi.errors"] = sys.stderr
        _Answer(channel).give(application, environ)


def _receive(channel: socket.socket) -> bytes:
    """A request, in as few calls as may be: each costs as much as reading a small query; empty where none will come."""
    found = channel.recv(_CHUNK)
    while len(found) < 4 or len(found) < 4 + struct.unpack_from("!I", found)[0]:
        if not (more := channel.recv(_CHUNK)):
            return b""
        found += more
    return found[4:]


class _Answer:
    """The answer to one request on its way to the front: at once where it is short, else in pieces."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._head: tuple[str, list[tuple[str, str]]] | None = None
        self._waiting: list[bytes] = []
        self._size = 0
        self._begun = False
        self._whole = False

    def give(self, application: WSGIApplication, environ: dict[str, Any]) -> None:
        parts = application(environ, self._start)
        try:
            for part in parts:
                self._write(part)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        if self._begun:
            self._send()
            self._channel.sendall(pack(Kind.END, b""))
            return
        assert self._head is not None
        whole = marshal.dumps((*self._head, b"".join(self._waiting)))
        self._channel.sendall(pack(Kind.WHOLE, whole))

    def _start(self, status: str, headers: list[tuple[str, str]], *_: object) -> Callable[[bytes], object]:
        self._head = (status, headers)
        self._whole = any(name == "Content-Length" for name, _ in headers)  # it is in memory already
        return self._write

    def _write(self, part: bytes) -> int:
        self._waiting.append(part)
        self._size += len(part)
        if not self._whole and self._size >= (_CHUNK if self._begun else _FIRST_BYTES):
            self._send()
        return len(part)

    def _send(self) -> None:
        if not self._begun:
            self._channel.sendall(pack(Kind.HEAD, marshal.dumps(self._head)))
            self._begun = True
        content = b"".join(self._waiting)
        if content:
            self._channel.sendall(pack(Kind.DATA, content))
        self._waiting.clear()
        self._size = 0


def _bound_memory(memory: int) -> None:
    """Let an allocation fail that goes beyond; a failing one ends the process."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, ValueError):  # no /proc, as on macOS: there is no bound there
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - no pathlib in a fresh process
            pages = int(file.read().split()[0])
        bound = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))


_PR_SET_PDEATHSIG = 1
_CLONE_NEWNET, _CLONE_NEWUSER = 0x40000000, 0x10000000


def _die_with_parent() -> None:
    """Where the kernel can (Linux): no orphan is left, even by a kill -9."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _leave_network() -> None:
    """Where the kernel lets us (Linux): a network of its own, in which there is nobody."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
            libc.unshare(_CLONE_NEWNET)
