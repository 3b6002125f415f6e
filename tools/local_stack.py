"""A newsroom of one's own for as long as a ``with`` block lasts: free ports, an empty folder, the real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tools.feed_samples import push
from tools.ports import DEFAULTS
from tools.redis_server import free_port
from tools.run_local import ROOT, SERVICES, what_is_missing

__all__ = ["LocalStack", "StackFailed", "local_stack"]


class StackFailed(RuntimeError):
    """The newsroom did not come up, or ended. The message has the end of its log."""


@dataclass(frozen=True)
class LocalStack:
    data: Path
    log: Path
    ports: dict[str, int]
    process: subprocess.Popen[bytes]

    @property
    def addresses(self) -> dict[str, str]:
        return {name: f"http://127.0.0.1:{self.ports[port]}" for name, (_, port) in SERVICES.items()}

    @property
    def site(self) -> str:
        return self.addresses["web"]

    @property
    def token(self) -> str:
        return (self.data / "secrets" / "demo.token").read_text().strip()

    def push(self, client: httpx.Client, content: bytes, declared: str) -> list[str]:
        """Push one body as the source ``demo`` and return its outcomes."""
        address = self.addresses["ingest"]
        return push(client, address=address, source="demo", token=self.token, content=content, declared=declared)

    def wait_until_ready(self, client: httpx.Client, patience: float = 60.0) -> None:
        """Return when every service says that it is ready.

        Raises:
            StackFailed: it ended, or is not ready in time.
        """
        deadline = time.monotonic() + patience
        while missing := what_is_missing(client, self.addresses):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise StackFailed(f"not ready: {missing}\n{self.end_of_log()}")
            time.sleep(0.1)

    def end_of_log(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-30:])


@contextmanager
def local_stack(folder: Path | None = None, *, samples: bool = False) -> Iterator[LocalStack]:
    """Start ``tools.run_local`` as its own program and end it as Ctrl-C does.

    With ``folder`` its data and log are there and stay; without, they are in a temporary folder and go.
    """
    if folder is None:
        with (
            tempfile.TemporaryDirectory(prefix="wireroom-") as temporary,
            local_stack(Path(temporary), samples=samples) as stack,
        ):
            yield stack
        return
    data, log = folder / "var", folder / "log"
    ports = {name: free_port() for name in DEFAULTS}
    environment = {**os.environ, **{k: str(v) for k, v in ports.items()}, "WIREROOM_DATA": str(data)}
    command = [sys.executable, "-m", "tools.run_local", *([] if samples else ["--no-samples"])]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    try:
        yield LocalStack(data, log, ports, process)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=15)
        finally:
            process.kill()
            process.wait()
