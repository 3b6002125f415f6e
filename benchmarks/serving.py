"""Pages from memory: the web process beside nginx, which serves the same bytes as files, each on one core.

Both answer the same requests in turn, from another core, plain and on connections that are kept. nginx is what a site
generator's output would be served with.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks.invented import stories
from benchmarks.processes import running, web
from services.publish.store.database import Database
from services.publish.store.writing import Store
from tools.redis_server import free_port

STORIES = 200
ROUNDS = 5
SECONDS = 3
CONNECTIONS = 32
SERVER_CORE, LOAD_CORE = 0, 1
NGINX = """\
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{ access_log off; default_type text/html; sendfile on; tcp_nopush on; keepalive_requests 100000;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; root {folder}/root; }} }}
"""
NEEDED = ("nginx", "wrk", "taskset")


@dataclass(frozen=True)
class Told:
    rate: float
    p99: float
    """Milliseconds."""


async def measure() -> str:
    """Return the section, or raise where what it needs is not installed."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        raise SystemExit(f"serving: not installed: {', '.join(missing)} (Debian: nginx-light wrk util-linux)")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)  # noqa: ASYNC240 - nothing else runs here yet
        return await asyncio.to_thread(_measure, folder)


def _measure(folder: Path) -> str:
    url = f"sqlite:///{folder / 'site.db'}"
    database = Database(url)
    Store(database).apply(list(stories(STORIES)))
    database.close()
    with _web(url) as ours, httpx.Client(base_url=ours, headers={"Accept-Encoding": "identity"}) as client:
        paths = {"home page": "/", "story": _story_path(client)}
        root = folder / "root"
        root.mkdir()
        files = {}
        for number, path in enumerate(paths.values()):
            (root / f"page{number}").write_bytes(client.get(path).content)
            files[path] = (f"/page{number}", len(client.get(path).content))
        with _nginx(folder) as theirs:
            return _section(
                {name: _rounds(ours + path, theirs + files[path][0]) for name, path in paths.items()}, files, paths
            )


def _rounds(ours: str, theirs: str) -> list[tuple[Told, Told]]:
    return [(_load(ours), _load(theirs)) for _ in range(ROUNDS)]


def _load(address: str) -> Told:
    command = ["taskset", "-c", str(LOAD_CORE), "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency", address]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise AssertionError(said)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])  # type: ignore[index]
    p99, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", said).groups()  # type: ignore[union-attr]
    return Told(rate, float(p99) * {"us": 0.001, "ms": 1, "s": 1000}[unit])


def _story_path(client: httpx.Client) -> str:
    return re.search(r'href="(/story/[^"]+)"', client.get("/").text)[1]  # type: ignore[index]


@contextmanager
def _web(url: str) -> Iterator[str]:
    with web(url, on_core=SERVER_CORE) as address:
        yield address


@contextmanager
def _nginx(folder: Path) -> Iterator[str]:
    port = free_port()
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port))
    command = [
        "taskset",
        "-c",
        str(SERVER_CORE),
        "nginx",
        "-c",
        str(folder / "nginx.conf"),
        "-e",
        str(folder / "error.log"),
    ]
    with running(command, f"http://127.0.0.1:{port}", dict(os.environ)) as address:
        yield address


def _section(
    found: dict[str, list[tuple[Told, Told]]], files: dict[str, tuple[str, int]], paths: dict[str, str]
) -> str:
    lines = [
        "## Pages from memory, beside nginx",
        "",
        (__doc__ or "").partition("\n\n")[2].strip(),
        "",
        "| page | bytes | Wireroom, requests/s | nginx, requests/s | ratio | Wireroom p99, ms | nginx p99, ms |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name, rounds in found.items():
        ours, theirs = zip(*rounds, strict=True)
        ratio = statistics.median(our.rate / their.rate for our, their in rounds)
        cells = (
            name,
            f"{files[paths[name]][1]:,}",
            f"{statistics.median(t.rate for t in ours):,.0f}",
            f"{statistics.median(t.rate for t in theirs):,.0f}",
            f"{ratio:.2f}",
            f"{statistics.median(t.p99 for t in ours):.1f}",
            f"{statistics.median(t.p99 for t in theirs):.1f}",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, ""])
