"""Serving: one way to run a service's ASGI app until a signal ends it, with an exit code that tells the truth."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

import uvicorn

from shared.logs import get_logger

__all__ = ["serve"]

log = get_logger("serving")

DRAIN_SECONDS = 20
"""Time for requests in hand at SIGTERM. Less than the 30 s that a container is given to stop."""
NOT_STARTED = 3


def serve(app: Callable[..., Any], *, bind: str, port: int, drain_seconds: int = DRAIN_SECONDS) -> None:
    """Serve until SIGTERM or SIGINT, then finish what is in hand and return.

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
    server = uvicorn.Server(config)
    log.info("service_starting", address=f"http://{bind}:{port}")
    server.run()
    if not server.started:
        raise SystemExit(NOT_STARTED)
    log.info("service_stopped")
