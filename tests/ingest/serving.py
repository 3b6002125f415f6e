"""Real servers on 127.0.0.1, in the test's own event loop."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Literal

import uvicorn

from tests.waiting import wait_until


class QuietServer(uvicorn.Server):
    """Leaves the signals of the test process alone."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(app: Any, *, lifespan: Literal["on", "off"] = "off", tls: Path | None = None) -> AsyncIterator[str]:
    """Serve an ASGI app and give its address. ``tls`` names a certificate; its key lies beside it."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        lifespan=lifespan,
        ssl_certfile=tls,
        ssl_keyfile=tls.with_suffix(".key") if tls else None,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=1,
        timeout_keep_alive=1,
    )
    server = QuietServer(config)
    running = asyncio.create_task(server.serve(sockets=[listening]))
    await wait_until(lambda: server.started or running.done())
    try:
        yield f"http{'s' if tls else ''}://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running
        listening.close()
