from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from shared.healthcheck import why_not_ready


class Service(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status = {"/ready": 200, "/not-ready": 503}[self.path]
        self.send_response(status)
        self.end_headers()
        self.wfile.write(b'{"missing": {"redis": "refused"}}')

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def service() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def healthcheck(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "shared.healthcheck"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=20, check=False)


def test_a_ready_service_passes(service: str) -> None:
    assert healthcheck({"PROBE_URL": f"{service}/ready"}).returncode == 0


def test_a_service_that_is_not_ready_fails_with_its_own_words(service: str) -> None:
    assert "refused" in healthcheck({"PROBE_URL": f"{service}/not-ready"}).stdout


def test_a_service_that_is_not_ready_fails(service: str) -> None:
    assert healthcheck({"PROBE_URL": f"{service}/not-ready"}).returncode == 1


def test_a_service_that_does_not_answer_fails() -> None:
    assert healthcheck({"PROBE_URL": "http://127.0.0.1:1/readyz"}).returncode == 1


def test_no_address_fails() -> None:
    assert healthcheck({}).returncode == 1


def test_a_proxy_is_not_asked_for_the_containers_own_address(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert why_not_ready(f"{service}/ready") is None
