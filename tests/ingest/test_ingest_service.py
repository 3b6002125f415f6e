"""The service as it is run: a process, its probes, its signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.ingest.desk import Desk
from tests.ingest.making import ninjs
from tests.waiting import wait_until_sync
from tools.redis_server import RedisServer, free_port

ROOT = Path(__file__).parents[2]


class Running:
    """One process of the service."""

    def __init__(self, process: subprocess.Popen[bytes], url: str, data: Path) -> None:
        self.process = process
        self.url = url
        self.data = data

    def ready(self) -> dict[str, str] | None:
        """Return what is missing, or None while nothing answers."""
        try:
            return dict(httpx.get(f"{self.url}/readyz", trust_env=False).json()["missing"])
        except httpx.TransportError:
            return None

    def push(self, token: str | None = None, **members: Any) -> httpx.Response:
        token = token or (self.data / "secrets" / "demo.token").read_text().strip()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        address = f"{self.url}/v1/items?source=demo"
        return httpx.post(address, content=ninjs(**members), headers=headers, trust_env=False, timeout=30)


def environment(tmp_path: Path, redis_url: str, **more: str) -> dict[str, str]:
    config = {"REDIS_URL": redis_url, "WIREROOM_DATA": str(tmp_path), "NEWSROOM_CONFIG": str(ROOT / "newsroom.yaml")}
    return {**os.environ, **config, **more}


@contextmanager
def run(tmp_path: Path, redis_url: str, **more: str) -> Iterator[Running]:
    port = free_port()
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "services.ingest"],
            cwd=ROOT,
            env=environment(tmp_path, redis_url, PUSH_PORT=str(port), **more),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    service = Running(process, f"http://127.0.0.1:{port}", tmp_path)
    try:
        wait_until_sync(lambda: service.ready() is not None or process.poll() is not None, timeout=30)
        yield service
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory, running_redis: RedisServer) -> Iterator[Running]:
    """One process for the tests that leave it as it was: a start takes most of a second."""
    with run(tmp_path_factory.mktemp("standing"), running_redis.url) as running:
        yield running


@pytest.fixture
def service(standing: Running, redis_url: str) -> Running:
    assert redis_url
    return standing


def test_service_takes_copy_with_the_token_that_it_made(service: Running, desk: Desk) -> None:
    service.push()
    assert [event.data.newsroom.source for event in desk.ingested] == ["demo"]


def test_service_files_copy_under_the_section_of_the_site_that_it_names(service: Running, desk: Desk) -> None:
    service.push(keywords=["ferries", "Sport"])
    assert [event.data.newsroom.section for event in desk.ingested] == ["sport"]


def test_service_with_all_that_it_needs_is_ready(service: Running) -> None:
    wait_until_sync(lambda: service.ready() == {})


def test_service_has_metrics(service: Running) -> None:
    service.push()
    told = httpx.get(f"{service.url}/metrics", trust_env=False).text
    assert 'newsroom_outcomes_total{outcome="emitted",stage="ingest"}' in told


def test_every_line_of_the_log_is_json(service: Running) -> None:
    service.push()
    lines = [json.loads(line) for line in (service.data / "log").read_text().splitlines()]
    assert "article_ingested" in {line["event"] for line in lines}


def test_log_never_has_the_token(service: Running) -> None:
    service.push()
    token = (service.data / "secrets" / "demo.token").read_text().strip()
    assert token not in (service.data / "log").read_text()


def test_token_may_come_from_a_file_that_is_handed_over(tmp_path: Path, redis_url: str) -> None:
    (tmp_path / "secret").write_text("handed-over-0123456789\n")
    with run(tmp_path, redis_url, INGEST_TOKEN_DEMO_FILE=str(tmp_path / "secret")) as service:
        assert service.push("handed-over-0123456789").status_code == 202


def test_service_without_redis_says_what_is_missing(tmp_path: Path) -> None:
    with run(tmp_path, "redis://127.0.0.1:9/0") as service:
        assert set(service.ready() or ()) == {"redis"}


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_service_that_is_told_to_stop_ends_with_0(tmp_path: Path, redis_url: str, stop: signal.Signals) -> None:
    with run(tmp_path, redis_url) as service:
        service.process.send_signal(stop)
        assert service.process.wait(timeout=20) == 0


def test_wrong_configuration_ends_with_78_and_its_line(tmp_path: Path, redis_url: str) -> None:
    (tmp_path / "newsroom.yaml").write_text("sources:\n  demo:\n    provider: Demo\n    fed: x\n")
    ended = subprocess.run(
        [sys.executable, "-m", "services.ingest"],
        cwd=ROOT,
        env=environment(tmp_path, redis_url, NEWSROOM_CONFIG=str(tmp_path / "newsroom.yaml")),
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert (ended.returncode, b"newsroom.yaml:4: sources.demo.fed" in ended.stderr) == (78, True)


def test_port_that_is_taken_ends_with_an_error(service: Running, tmp_path: Path, redis_url: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "services.ingest"],
        cwd=ROOT,
        env=environment(tmp_path, redis_url, PUSH_PORT=service.url.rpartition(":")[2]),
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert ended.returncode != 0
