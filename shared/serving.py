"""Serving: one way to run a service's ASGI app until a signal ends it, with an exit code that tells the truth."""

from __future__ import annotations

import resource
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import uvicorn

from shared.logs import get_logger

__all__ = ["StoppingServer", "allow_open_files", "serve"]

log = get_logger("serving")

DRAIN_SECONDS = 20
"""Time for requests in hand at SIGTERM. Less than the 30 s that a container is given to stop."""
NOT_STARTED = 3
OTHER_FILES = 512
"""Open files that are kept back for everything but connections that last: the store, logs, requests."""


class StoppingServer(uvicorn.Server):
    """Says that it stops before it waits for what is in hand: an answer without end would make it wait in vain."""

    def __init__(self, config: uvicorn.Config, on_stop: Callable[[], None] | None = None) -> None:
        super().__init__(config)
        self._on_stop = on_stop

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._on_stop is not None:
            self._on_stop()
        await super().shutdown(sockets)


def allow_open_files(wanted: int) -> int:
    """Raise this process's limit of open files as far as it may; return how many of ``wanted`` it leaves room for."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + OTHER_FILES
    more = max(soft, needed if hard == resource.RLIM_INFINITY else min(hard, needed))
    with suppress(ValueError, OSError):  # macOS allows less than it says
        resource.setrlimit(resource.RLIMIT_NOFILE, (more, hard))
        soft = more
    return max(0, min(wanted, soft - OTHER_FILES))


def serve(
    app: Callable[..., Any],
    *,
    bind: str,
    port: int,
    drain_seconds: int = DRAIN_SECONDS,
    on_stop: Callable[[], None] | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT, then finish what is in hand and return.

    ``on_stop`` is called in the event loop before that, to end answers that would not end by themselves.

    Raises:
        SystemExit: 3, the app did not start (its port is taken, or its start failed); the log says which.
    """
    # uvicorn raises the signal that ended it once more when all is closed; a drained stop is then no failure.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    config = uvicorn.Config(
        app,
        host=bind,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=drain_seconds,
    )
    server = StoppingServer(config, on_stop)
    log.info("service_starting", address=f"http://{bind}:{port}")
    server.run()
    if not server.started:
        raise SystemExit(NOT_STARTED)
    log.info("service_stopped")
