"""Publish's two processes as they are started: their addresses, their end, and what they refuse."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from services.publish.store.database import Database
from services.publish.store.writing import Store
from tests.publish.written import article
from tests.waiting import wait_until_sync

pytestmark = pytest.mark.heavy

ROOT = Path(__file__).parents[2]
NOWHERE = "redis://127.0.0.1:1/0"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def started(data: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    config = str(data / "newsroom.yaml")
    return subprocess.Popen(
        [sys.executable, "-m", "services.publish", *arguments],
        cwd=ROOT,
        env={**clean, "WIREROOM_DATA": str(data), "NEWSROOM_CONFIG": config, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextmanager
def running(data: Path, *arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    process = started(data, *arguments, **environment)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 200
    except httpx.TransportError:
        return False


def test_the_site_is_served_without_a_redis(tmp_path: Path, sqlite_url: str) -> None:
    database = Database(sqlite_url)
    Store(database).apply([article(headline="Ferry sails")])
    database.close()
    port = free_port()
    with running(tmp_path, "web", SITE_PORT=str(port), REDIS_URL=NOWHERE):
        wait_until_sync(lambda: answers(f"http://127.0.0.1:{port}/readyz"), timeout=30)
        assert "Ferry sails" in httpx.get(f"http://127.0.0.1:{port}/").text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize(("name", "port_name"), [("web", "SITE_PORT"), ("projector", "PROJECTOR_PORT")])
def test_a_signal_ends_a_process_cleanly(tmp_path: Path, name: str, port_name: str, number: int) -> None:
    port = free_port()
    with running(tmp_path, name, **{port_name: str(port), "REDIS_URL": NOWHERE}) as process:
        wait_until_sync(lambda: answers(f"http://127.0.0.1:{port}/healthz"), timeout=30)
        process.send_signal(number)
        assert process.wait(timeout=10) == 0


def test_the_projector_without_a_redis_says_that_it_is_missing(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, "projector", PROJECTOR_PORT=str(port), REDIS_URL=NOWHERE):
        wait_until_sync(lambda: answers(f"http://127.0.0.1:{port}/healthz"), timeout=30)
        answer = httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=30)
        assert (answer.status_code, "redis" in answer.json()["missing"]) == (503, True)


def test_a_port_that_is_taken_ends_the_process(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        process = started(tmp_path, "web", SITE_PORT=str(listener.getsockname()[1]))
        process.communicate(timeout=30)
    assert process.returncode not in {0, None}


def test_an_address_of_a_database_that_is_none_is_refused_without_repeating_it(tmp_path: Path) -> None:
    process = started(tmp_path, "web", DATABASE_URL="secret-password")
    output, _ = process.communicate(timeout=30)
    assert (process.returncode, "DATABASE_URL" in output, "secret" in output) == (78, True, False)


def test_a_zone_that_is_none_is_refused_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "newsroom.yaml").write_text("site:\n  timezone: Mars/Olympus\n")
    process = started(tmp_path, "web", SITE_PORT=str(free_port()))
    output, _ = process.communicate(timeout=30)
    assert (process.returncode, "Mars/Olympus" in output) == (78, True)


def test_a_process_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    process = started(tmp_path, "printer")
    output, _ = process.communicate(timeout=30)
    assert (process.returncode, "projector|web" in output) == (1, True)
