"""Many feeds on one replica, through the whole path: each is polled when due, and a host that hangs delays none."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from pydantic import HttpUrl
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from structlog.testing import capture_logs

from services.ingest.admission.admit import Admission
from services.ingest.feeds.cursor import FeedCursors
from services.ingest.feeds.fetch import Fetcher
from services.ingest.feeds.poll import FeedPoll
from services.ingest.feeds.subscriber import Subscriber
from services.ingest.feeds.visits import Visits
from services.ingest.feeds.watch import FeedWatch
from services.ingest.health.health_book import HealthBook
from services.ingest.settings import Source
from shared.delivery import Delivery
from tests.ingest.polling import LOOPBACK, TLS
from tests.ingest.serving import serving
from tests.waiting import wait_until

pytestmark = pytest.mark.heavy

FEEDS = 60
HANGING = 20
EVERY = 1.0


class ManyFeeds:
    """A far server that remembers when each feed was asked for. Those from 900 on never answer."""

    def __init__(self) -> None:
        self.asked: dict[int, list[float]] = {}

    async def feed(self, request: Request) -> Response:
        number = request.path_params["number"]
        self.asked.setdefault(number, []).append(time.monotonic())
        if number >= 900:
            await asyncio.sleep(60)
        return Response(status_code=304)

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/{number:int}", self.feed)])

    def least(self) -> int:
        """Return how often the feed that was asked least was asked."""
        return min(len(self.asked.get(number, [])) for number in range(FEEDS))


async def resolved(_: str, __: int) -> list[str]:
    return ["127.0.0.1"]


@asynccontextmanager
async def watched(delivery: Delivery, admission: Admission, port: str, numbers: list[int]) -> AsyncIterator[None]:
    """Watch feeds, each of a host of its own; those that hang share one."""
    fetcher = Fetcher(max_bytes=1_000, seconds=1, allowed=LOOPBACK, resolver=resolved, tls=TLS)
    visits = Visits(at_once=16, per_host=2)
    feeds = []
    for number in numbers:
        host = "hanging.example" if number >= 900 else f"feed{number}.example"
        config = Source(provider="x", feed=HttpUrl(f"http://{host}:{port}/{number}"), slowest=EVERY)
        feeds.append(
            FeedPoll(
                f"feed{number}",
                config,
                every=EVERY,
                fetcher=fetcher,
                cursors=FeedCursors(delivery),
                admission=admission,
                visits=visits,
                health=HealthBook(delivery, []),
                subscriber=Subscriber(delivery, fetcher, callback=None),
            )
        )
    watch = FeedWatch(delivery.redis, feeds, lease_seconds=30)
    watch.start()
    try:
        yield
    finally:
        await watch.stop()
        await fetcher.close()


async def test_feeds_are_polled_when_they_are_due_beside_a_host_that_hangs(
    delivery: Delivery, admission: Admission
) -> None:
    far = ManyFeeds()
    numbers = [*range(FEEDS), *range(900, 900 + HANGING)]
    with capture_logs():
        async with serving(far.app()) as url, watched(delivery, admission, url.rpartition(":")[2], numbers):
            await wait_until(lambda: far.least() >= 2, timeout=30)
    gaps = sorted(times[1] - times[0] for number, times in far.asked.items() if number < FEEDS)
    # The upper limit is for a machine that does other things: on schedule half of them are below 1 s.
    assert (gaps[0] > EVERY * 0.85, gaps[FEEDS // 2] < EVERY * 1.5) == (True, True)


async def test_feeds_of_a_host_that_hangs_are_not_each_waited_for(delivery: Delivery, admission: Admission) -> None:
    far = ManyFeeds()
    numbers = list(range(900, 900 + HANGING))
    with capture_logs() as lines:
        async with serving(far.app()) as url, watched(delivery, admission, url.rpartition(":")[2], numbers):
            await wait_until(lambda: {f"feed{n}" for n in numbers} <= {line.get("source") for line in lines})
    assert len(far.asked) <= 4
