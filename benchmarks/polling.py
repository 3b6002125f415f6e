"""A thousand feeds on one replica: does each keep its schedule, and what does that cost beside the obvious loop?

A far server of its own process serves a thousand feeds under a thousand host names. At every tenth poll a feed has a
new entry; it honours conditional requests. The obvious loop is a task for each feed that fetches with httpx, parses
with feedparser and sleeps: it keeps nothing, and forgets where it was when it stops. Wireroom polls through its whole
path: lease, cursor, judged addresses, archive, parser, atomic admission, pace (held at one interval here, so that both
have the same work). Lateness is the time from when a poll was due to when its request was sent; the part of a core is
that of the polling process alone.
"""

from __future__ import annotations

import asyncio
import logging
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import feedparser  # type: ignore[import-untyped]  # it ships no types
import httpx
import structlog
from pydantic import HttpUrl

from services.ingest.admission.admit import Admission
from services.ingest.admission.archive import RawArchive
from services.ingest.admission.reading import CopyReader
from services.ingest.feeds.cursor import Cursor, FeedCursors
from services.ingest.feeds.fetch import Fetcher
from services.ingest.feeds.fetched import NotModified
from services.ingest.feeds.poll import FeedPoll
from services.ingest.feeds.subscriber import Subscriber
from services.ingest.feeds.visits import Visits
from services.ingest.feeds.watch import FeedWatch
from services.ingest.health.health_book import HealthBook
from services.ingest.settings import Source
from shared.delivery import Delivery
from tools.redis_server import RedisServer, free_port

FEEDS = 1_000
EVERY = 30.0
SECONDS = 45.0
"""Time measured, a round and a half: after each feed was polled once, which takes all of it in, and one round more."""

AT_ONCE = 32
LOOPBACK = (ip_network("127.0.0.1/32"),)


class Polls:
    """When each request was due and when it was sent."""

    def __init__(self) -> None:
        self.lateness: list[float] = []
        self.met: set[str] = set()
        self.started = 0.0
        self.cpu = 0.0
        self.cells = ""

    def note(self, feed: str, late: float) -> None:
        self.met.add(feed)
        self.lateness.append(late)

    def begin(self) -> None:
        self.lateness.clear()
        self.started, self.cpu = time.perf_counter(), time.process_time()

    def end(self) -> None:
        seconds = time.perf_counter() - self.started
        late = sorted(self.lateness)
        cells = [f"{late[min(int(len(late) * part), len(late) - 1)] * 1000:,.0f}" for part in (0.5, 0.95, 0.99)]
        rate, cpu = len(late) / seconds, (time.process_time() - self.cpu) / seconds
        self.cells = f"{rate:.1f} | {' | '.join(cells)} | {cpu:.0%}"


class MeasuredPoll(FeedPoll):
    """Notes how late each request is."""

    polls: Polls
    due: float = 0.0

    async def wait_seconds(self) -> float:
        wait = await super().wait_seconds()
        self.due = time.perf_counter() + wait
        return wait


class MeasuredFetcher(Fetcher):
    """Notes when a request is sent."""

    def __init__(self, polls: Polls, **limits: object) -> None:
        super().__init__(**limits)  # type: ignore[arg-type]  # handed through
        self.polls = polls
        self.due: dict[str, Callable[[], float]] = {}

    async def fetch(self, url: str, **conditions: object) -> NotModified:
        self.polls.note(url, max(0.0, time.perf_counter() - self.due[url]()))
        return await super().fetch(url, **conditions)  # type: ignore[arg-type]  # handed through


@asynccontextmanager
async def far_server() -> AsyncIterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "benchmarks.far_feeds:app", "--port", str(port), "--log-level", "error"]
    process = subprocess.Popen(command)  # noqa: ASYNC220 - it has begun long before it is needed
    try:
        async with httpx.AsyncClient(trust_env=False) as client:
            while True:
                try:
                    await client.get(f"http://127.0.0.1:{port}/0")
                    break
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


def address(number: int, port: int) -> str:
    return f"http://feed{number}.example:{port}/{number}"


async def obvious(port: int, polls: Polls) -> None:
    """Poll with a task for each feed."""

    async def watch(client: httpx.AsyncClient, number: int) -> None:
        etag, due = "", time.perf_counter() + random.uniform(0, EVERY)  # noqa: S311 - spread, as ours are
        while True:
            await asyncio.sleep(due - time.perf_counter())
            polls.note(str(number), time.perf_counter() - due)
            # The name is not to be resolved; that is all this knows of addresses.
            response = await client.get(f"http://127.0.0.1:{port}/{number}", headers={"If-None-Match": etag})
            if response.status_code == 200:
                etag = response.headers["etag"]
                feedparser.parse(response.content)
            due = time.perf_counter() + EVERY * random.uniform(0.9, 1.1)  # noqa: S311 - jitter

    async with httpx.AsyncClient(trust_env=False) as client:
        tasks = [asyncio.create_task(watch(client, number)) for number in range(FEEDS)]
        await _measured(polls)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def wireroom(port: int, polls: Polls) -> None:
    """Poll as the service does."""

    async def here(_: str, __: int) -> list[str]:
        return ["127.0.0.1"]

    with tempfile.TemporaryDirectory() as folder:
        server = RedisServer(data=Path(folder))
        await asyncio.to_thread(server.start)
        delivery = Delivery(redis_url=server.url, stage="ingest", replica="bench")
        await delivery.start()
        reader = CopyReader(at_once=2, seconds=20)
        names = [f"feed{number}" for number in range(FEEDS)]
        health = HealthBook(delivery, names)
        admission = Admission(
            delivery, RawArchive(Path(folder), replica="bench"), reader, state_days=1, notice=health.notice
        )
        fetcher = MeasuredFetcher(polls, max_bytes=1_000_000, seconds=20, allowed=LOOPBACK, resolver=here)
        parts = {
            "fetcher": fetcher,
            "cursors": FeedCursors(delivery),
            "admission": admission,
            "visits": Visits(at_once=AT_ONCE, per_host=2),
            "health": health,
            "subscriber": Subscriber(delivery, fetcher, callback=None),
        }
        feeds = []
        for number, name in enumerate(names):
            config = Source(provider=name, feed=HttpUrl(address(number, port)), slowest=EVERY)
            feed = MeasuredPoll(name, config, every=EVERY, **parts)  # type: ignore[arg-type]  # each is what it says
            fetcher.due[feed.url] = partial(getattr, feed, "due")
            feeds.append(feed)
            # As after a restart: each is due at its own moment.
            due_ms = int((time.time() + random.uniform(0, EVERY)) * 1000)  # noqa: S311 - spread
            await FeedCursors(delivery).save(name, Cursor(url=feed.url, due_ms=due_ms))
        watch = FeedWatch(delivery.redis, feeds, lease_seconds=30)
        health.start()
        watch.start()
        await _measured(polls)
        await watch.stop()
        await health.stop()
        await fetcher.close()
        reader.close()
        await delivery.stop()
        await asyncio.to_thread(server.stop)


async def _measured(polls: Polls) -> None:
    while len(polls.met) < FEEDS:  # noqa: ASYNC110 - a look now and then
        await asyncio.sleep(0.5)
    await asyncio.sleep(EVERY)
    polls.begin()
    await asyncio.sleep(SECONDS)
    polls.end()


VARIANTS: dict[str, Callable[[int, Polls], Coroutine[Any, Any, None]]] = {
    "task for each, httpx": obvious,
    "Wireroom": wireroom,
}


async def measure() -> str:
    """Run both against one server and return the section of the page."""
    structlog.configure(
        processors=[structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(Path("/dev/null").open("w")),  # noqa: ASYNC230, SIM115 - for the run
    )
    rows: list[str] = []
    async with far_server() as port:
        for name, variant in VARIANTS.items():
            polls = Polls()
            await variant(port, polls)
            rows.append(f"| {name} | {polls.cells} |")
    lines = [
        "## Polling",
        "",
        (__doc__ or "").strip(),
        "",
        f"{FEEDS:,} feeds each {EVERY:.0f} s, so {FEEDS / EVERY:.1f} polls a second are due; {SECONDS:.0f} s measured.",
        "",
        "| variant | polls/s | late p50, ms | p95 | p99 | of a core |",
        "|---|---:|---:|---:|---:|---:|",
        *rows,
    ]
    return "\n".join(lines) + "\n"
