"""An application on a real port, for as long as a test needs it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from starlette.types import ASGIApp

from services.publish.site.front_door import FrontDoor
from shared.serving import StoppingServer
from tests.waiting import wait_until_sync

__all__ = ["serving"]


@contextmanager
def serving(app: ASGIApp) -> Iterator[httpx.Client]:
    """Yield a client of the running application; redirections are not followed."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=5)
    server = StoppingServer(config, app.stop if isinstance(app, FrontDoor) else None)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        wait_until_sync(lambda: server.started)
        with httpx.Client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=15) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        listener.close()
