"""Live streams: as many open pages as one web process is to hold, all of them idle until a story is killed.

The web process as its operators start it, on SQLite; each client is a connection with the headers of a browser. Memory
is the process's own as it tells it, streams open less none open, by their number. A story is killed, and the time is
taken from its commit to when the first client and the last one knows; the time in which the process looks at its store
(200 ms) is in both. Meanwhile another process reads the home page again and again; with the clients' own that makes
three processes, on the two cores of a small machine.
"""

from __future__ import annotations

import asyncio
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from benchmarks.invented import stories
from benchmarks.processes import web
from services.publish.store.database import Database
from services.publish.store.writing import Store
from shared.article import Article, Change, PubStatus
from shared.serving import allow_open_files
from tests.waiting import wait_until

CLIENTS = (1_000, 5_000, 10_000)
STORIES = 50
KILLS = 5
AT_ONCE = 200
"""Connections that are made at a time."""
REQUEST = (
    b"GET /live?after=1 HTTP/1.1\r\nHost: news.example\r\nConnection: keep-alive\r\n"
    b"User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
    b"Safari/537.36\r\n"
    b"Accept: text/event-stream\r\nCache-Control: no-cache\r\nSec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\n"
    b"Sec-Fetch-Dest: empty\r\nReferer: http://news.example/story/ferry-returns-to-service-after-winter-refit-1\r\n"
    b"Accept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: en-AU,en;q=0.9\r\n\r\n"
)


@dataclass(frozen=True)
class Found:
    clients: int
    kib_each: float
    first_ms: float
    last_ms: float
    page_idle_ms: float
    page_told_ms: float


class Reader(asyncio.Protocol):
    """An open page: it notes when it was told of something."""

    def __init__(self) -> None:
        self.told = 0
        self.told_at = 0.0
        self.ended = False
        self.transport: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what a TCP connection has
        transport.write(REQUEST)

    def data_received(self, data: bytes) -> None:
        events = data.count(b"event: story")
        if events:
            self.told += events
            self.told_at = time.perf_counter()

    def connection_lost(self, _: Exception | None) -> None:
        self.ended = True


async def measure() -> str:
    allowed = allow_open_files(max(CLIENTS))
    if allowed < max(CLIENTS):
        raise SystemExit(f"live_clients: the limit of open files leaves room for {allowed:,} clients")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        found = [await _measured(Path(folder) / f"{clients}.db", clients) for clients in CLIENTS]
    return _section(found)


async def _measured(file: Path, clients: int) -> Found:
    database = Database(f"sqlite:///{file}")
    store, articles = Store(database), list(stories(STORIES))
    await asyncio.to_thread(store.apply, articles)
    with web(f"sqlite:///{file}") as address:
        async with httpx.AsyncClient(base_url=address, timeout=30) as pages:
            await _pages_read(address, 0.5)
            before = await _memory(pages)
            readers = await _connected(address, clients)
            await asyncio.sleep(1)
            after = await _memory(pages)
            idle = await _pages_read(address, 3)
            reading = asyncio.create_task(_pages_read(address, 4))
            await asyncio.sleep(1)  # it starts
            times = [await _kill(store, articles[number], readers, number + 1) for number in range(KILLS)]
            told = await reading
            if any(reader.ended for reader in readers):
                raise AssertionError("a stream ended")
        for reader in readers:
            if reader.transport is not None:
                reader.transport.close()
    database.close()
    return Found(
        clients=clients,
        kib_each=(after - before) / clients / 1024,
        first_ms=statistics.median(first for first, _ in times),
        last_ms=statistics.median(last for _, last in times),
        page_idle_ms=idle,
        page_told_ms=told,
    )


async def _connected(address: str, clients: int) -> list[Reader]:
    parts = urlsplit(address)
    readers: list[Reader] = []
    loop = asyncio.get_running_loop()
    while len(readers) < clients:
        more = min(AT_ONCE, clients - len(readers))
        made = await asyncio.gather(
            *(loop.create_connection(Reader, parts.hostname or "", parts.port or 80) for _ in range(more))
        )
        readers += [reader for _, reader in made]
    async with httpx.AsyncClient(base_url=address, timeout=30) as pages:

        async def all_are_in() -> bool:
            return await _metric(pages, "newsroom_live_clients") == clients

        await wait_until(all_are_in, timeout=60)
    return readers


async def _kill(store: Store, article: Article, readers: Sequence[Reader], told: int) -> tuple[float, float]:
    """Kill the story; return the milliseconds until the first reader and until the last one knows."""
    newsroom = article.newsroom.model_copy(update={"revision": 2, "change": Change.KILL})
    kill = article.model_copy(
        update={
            "pub_status": PubStatus.CANCELED,
            "headlines": (),
            "descriptions": (),
            "bodies": (),
            "newsroom": newsroom,
        }
    )
    await asyncio.to_thread(store.apply, [kill])
    committed = time.perf_counter()
    await wait_until(lambda: all(reader.told >= told for reader in readers), timeout=30)
    at = [reader.told_at for reader in readers]
    return (min(at) - committed) * 1000, (max(at) - committed) * 1000


async def _pages_read(address: str, seconds: float) -> float:
    """Have another process read the home page again and again; return the 99th percentile in milliseconds."""
    command = (sys.executable, "-m", "benchmarks.live_clients", address, str(seconds))
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    return float(said)


def _read_pages(address: str, seconds: float) -> float:
    times, end = [], time.perf_counter() + seconds
    with httpx.Client(base_url=address, timeout=30) as pages:
        while (begun := time.perf_counter()) < end:
            pages.get("/").raise_for_status()
            times.append((time.perf_counter() - begun) * 1000)
            time.sleep(0.005)
    return statistics.quantiles(times, n=100)[98]


async def _memory(pages: httpx.AsyncClient) -> float:
    return await _metric(pages, "process_resident_memory_bytes")


async def _metric(pages: httpx.AsyncClient, name: str) -> float:
    text = (await pages.get("/metrics")).text
    return float(re.search(rf"^{name} (\S+)$", text, re.MULTILINE)[1])  # type: ignore[index]


def _section(found: Sequence[Found]) -> str:
    rows = (
        f"| {one.clients:,} | {one.kib_each:.1f} | {one.first_ms:.0f} | {one.last_ms:.0f} "
        f"| {one.page_idle_ms:.1f} | {one.page_told_ms:.1f} |"
        for one in found
    )
    return "\n".join(
        [
            "## Live streams",
            "",
            (__doc__ or "").partition("\n\n")[2].strip(),
            "",
            f"Medians of {KILLS} kills. Pages: 99th percentile, ms.",
            "",
            "| open streams | KiB each | first knows, ms | last knows, ms | page, all idle | page, kills told |",
            "|---:|---:|---:|---:|---:|---:|",
            *rows,
            "",
        ]
    )


if __name__ == "__main__":
    print(_read_pages(sys.argv[1], float(sys.argv[2])) if len(sys.argv) > 1 else asyncio.run(measure()))
