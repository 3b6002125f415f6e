"""Feeds of a far server, polled as the service polls them."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_network
from typing import Any

from pydantic import HttpUrl

from services.ingest.admission.admit import Admission
from services.ingest.feeds.cursor import FeedCursors
from services.ingest.feeds.fetch import Fetcher
from services.ingest.feeds.poll import FeedPoll
from services.ingest.feeds.subscriber import Subscriber
from services.ingest.feeds.visits import Visits
from services.ingest.health.health_book import HealthBook
from shared.delivery import Delivery
from tests.ingest.desk import HARBOUR
from tests.ingest.feeds import FarServer
from tests.ingest.serving import serving

__all__ = ["LOOPBACK", "TLS", "Make", "polled"]

TLS = ssl.create_default_context()
"""Made once: reading the certificates of a whole system takes longer than most tests here."""

LOOPBACK = (ip_network("127.0.0.0/8"),)
Make = Callable[..., FeedPoll]
"""Makes the poll of the source ``harbour``: ``path`` is the feed's, any other part replaces the real one."""


@asynccontextmanager
async def polled(far: FarServer, delivery: Delivery, admission: Admission) -> AsyncIterator[Make]:
    """Serve a far server and give what makes polls of it."""
    fetcher = Fetcher(max_bytes=1_000_000, seconds=2, allowed=LOOPBACK, tls=TLS)
    async with serving(far.app()) as url:

        def made(*, path: str = "/feed", callback: str | None = None, **parts: Any) -> FeedPoll:
            config = HARBOUR.model_copy(
                update={
                    "feed": HttpUrl(url + path),
                    "every": parts.pop("every", None),
                    "slowest": parts.pop("slowest", None),
                }
            )
            given: dict[str, Any] = {
                "fetcher": fetcher,
                "cursors": FeedCursors(delivery),
                "admission": admission,
                "visits": Visits(at_once=8, per_host=8),
                "health": HealthBook(delivery, ["harbour"]),
                "subscriber": Subscriber(delivery, fetcher, callback=callback),
            }
            return FeedPoll("harbour", config, every=60, **(given | parts))

        yield made
    await fetcher.close()
