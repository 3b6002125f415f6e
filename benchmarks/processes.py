"""Servers that are measured: started as their operators start them, and ended."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.waiting import wait_until_sync
from tools.redis_server import free_port

__all__ = ["running", "web"]


@contextmanager
def web(url: str, *, on_core: int | None = None, **settings: str) -> Iterator[str]:
    """Yield the address of a web process on this store. ``settings`` are more of its environment."""
    port = free_port()
    environment = {"DATABASE_URL": url, "SITE_PORT": str(port), "LOG_LEVEL": "warning", **settings}
    pinned = [] if on_core is None else ["taskset", "-c", str(on_core)]
    command = [*pinned, sys.executable, "-m", "services.publish", "web"]
    with running(command, f"http://127.0.0.1:{port}", {**os.environ, **environment}) as address:
        yield address


@contextmanager
def running(command: list[str], address: str, environment: dict[str, str]) -> Iterator[str]:
    """Yield the address once it answers."""
    process = subprocess.Popen(command, env=environment)
    try:
        wait_until_sync(lambda: _answers(address), timeout=30)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def _answers(address: str) -> bool:
    try:
        httpx.get(address, timeout=2)
    except httpx.TransportError:
        return False
    return True
