"""A whole newsroom of real processes on a real Redis, to push copy into and to read the site of."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import redis

from tests.waiting import wait_until_sync
from tools.redis_server import RedisServer, free_port

PROCESSES = {
    "ingest": (["services.ingest"], "PUSH_PORT"),
    "enrich": (["services.enrich"], "ENRICH_PORT"),
    "projector": (["services.publish", "projector"], "PROJECTOR_PORT"),
    "web": (["services.publish", "web"], "SITE_PORT"),
}
CONFIG = """\
site:
  name: Harbour News
  timezone: Australia/Sydney
sources:
  demo:
    provider: Harbour Desk
    timezone: Australia/Sydney
    push: true
"""


@dataclass
class Newsroom:
    """Four processes and where they answer. Their logs are kept to be read."""

    folder: Path
    server: RedisServer
    ports: dict[str, int] = field(default_factory=lambda: {name: free_port() for _, name in PROCESSES.values()})
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self) -> None:
        (self.folder / "newsroom.yaml").write_text(CONFIG)
        for name in PROCESSES:
            self.start_one(name)
        for name in PROCESSES:
            wait_until_sync(lambda name=name: self.is_ready(name), timeout=50)  # type: ignore[misc]  # bound now

    def start_one(self, name: str) -> None:
        module, _ = PROCESSES[name]
        environment = {
            **os.environ,
            **{variable: str(port) for variable, port in self.ports.items()},
            "REDIS_URL": self.server.url,
            "WIREROOM_DATA": str(self.folder / "data"),
            "NEWSROOM_CONFIG": str(self.folder / "newsroom.yaml"),
            "WIREROOM_REPLICA": name,
            "PYTHONUNBUFFERED": "1",
        }
        environment.pop("DATABASE_URL", None)
        with self.log_file(name).open("ab") as log:
            self.running[name] = subprocess.Popen([sys.executable, "-m", *module], env=environment, stdout=log)

    def stop(self) -> dict[str, int]:
        """End all as an operator would; return how each ended."""
        for process in self.running.values():
            process.terminate()
        return {name: process.wait(timeout=30) for name, process in self.running.items()}

    def kill(self, name: str) -> None:
        self.running[name].send_signal(signal.SIGKILL)
        self.running[name].wait(timeout=10)

    def log_file(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def log(self, name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log_file(name).read_text().splitlines() if line.startswith("{")]

    def address(self, name: str) -> str:
        return f"http://127.0.0.1:{self.ports[PROCESSES[name][1]]}"

    def is_ready(self, name: str) -> bool:
        assert self.running[name].poll() is None, f"{name} ended: {self.log_file(name).read_text()[-1500:]}"
        try:
            return httpx.get(f"{self.address(name)}/readyz", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def push(self, body: str, media_type: str = "text/plain; charset=utf-8", **headers: str) -> httpx.Response:
        token = (self.folder / "data" / "secrets" / "demo.token").read_text().strip()
        return httpx.post(
            f"{self.address('ingest')}/v1/items?source=demo",
            content=body.encode(),
            headers={"Authorization": f"Bearer {token}", "Content-Type": media_type, **headers},
            timeout=20,
        )

    def push_one(self, body: str, media_type: str = "text/plain; charset=utf-8", **headers: str) -> dict[str, Any]:
        answer = self.push(body, media_type, **headers)
        assert answer.status_code == 202, answer.text
        (item,) = answer.json()["items"]
        return dict(item)

    def push_ninjs(self, **document: Any) -> dict[str, Any]:
        return self.push_one(json.dumps(document), "application/json")

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"{self.address('web')}{path}", timeout=10, follow_redirects=True)

    def story(self, story_id: str) -> httpx.Response:
        return self.get(f"/story/x-{story_id}")

    def outcomes(self) -> list[dict[str, Any]]:
        """Every entry of newsroom.log, its body parsed."""
        with redis.Redis.from_url(self.server.url, decode_responses=True) as bus:
            entries: Any = bus.xrange("newsroom.log")
        return [{**json.loads(fields["data"]), "traceparent": fields["traceparent"]} for _, fields in entries]
