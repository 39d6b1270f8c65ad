"""Run the server: nursery, pool, front, socket, in this order."""

from __future__ import annotations

import errno
import logging
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ctkg.errors import CtkgError, SettingsError
from ctkg.http.access_log import AccessLog
from ctkg.http.front import Front
from ctkg.http.nursery import open_nursery
from ctkg.http.pool import Limits, Pool
from ctkg.messages import tr

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    import uvicorn

__all__ = ["serve"]

_GRACE_SECONDS = 5
_MOST_CONNECTIONS = 2000


def serve(
    load: Callable[[], WSGIApplication],
    host: str,
    port: int,
    limits: Limits,
    *,
    log: bool = True,
    workers: int | None = None,
    listening: Callable[[str], None],
) -> int:
    """Serve until told to stop; returns the exit code.

    ``load`` makes the application, in a process of its own. ``listening`` is told
    the address once it is bound. Raises `SettingsError` where that cannot be
    had, or this system has no fork.
    """
    if not hasattr(socket, "send_fds") or sys.platform == "win32":
        raise SettingsError(tr("ctkg serve needs a system that can fork"), tr("use Linux, macOS or WSL"))
    nursery = open_nursery(load, limits.memory)
    if isinstance(nursery, int):
        return nursery
    try:
        bound = _bind(host, port)
    except SettingsError:
        nursery.control.close()
        raise
    import uvicorn

    from ctkg.http.bounded import BoundedProtocol

    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    pool = Pool(nursery, limits, quick=workers)
    access = AccessLog() if log else None
    config = uvicorn.Config(
        Front(pool, limits, access),
        http=BoundedProtocol,
        ws="none",
        loop="auto",
        lifespan="on",
        interface="asgi3",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    address = bound.getsockname()
    name = f"[{address[0]}]" if ":" in address[0] else address[0]
    listening(f"http://{name}:{address[1]}/")
    server = uvicorn.Server(config)
    server.capture_signals = lambda: _signals(server)  # type: ignore[method-assign] # its own ends by the signal again
    server.run(sockets=[bound])
    if access is not None:
        access.flush()
    if pool.failed:
        raise CtkgError(tr("the process that raises workers has ended"), tr("start the server again"))
    return 0


@contextmanager
def _signals(server: uvicorn.Server) -> Iterator[None]:
    """Stop in good order when told to: a first time when the answers under way are given, a second time at once."""

    def stop(*_: object) -> None:
        server.force_exit = server.should_exit
        server.should_exit = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _bind(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        bound = socket.socket(family)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen(2048)
    except (OSError, OverflowError) as error:
        taken = getattr(error, "errno", None) == errno.EADDRINUSE
        raise SettingsError(
            tr("{host}:{port} cannot be had: {reason}", host=host, port=port, reason=error),
            tr("another program listens there; choose another with --port, or 0 for a free one")
            if taken
            else tr("choose another address with --host and --port"),
        ) from error
    return bound
