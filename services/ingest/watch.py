"""Watching the feeds: one task a source, and of all replicas only the one that holds the source's lease polls."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.ingest.admit import StoryContended
from services.ingest.fetch import SourceGone
from services.ingest.lease import Lease
from services.ingest.metrics import POLLS
from services.ingest.poll import FeedPoll
from shared.logs import get_logger

__all__ = ["FeedWatch"]

RELEASE_SECONDS = 2.0
AFTER_A_FAULT = 5.0
"""Seconds until the next try after a fault on our side: Redis away, disk full."""

log = get_logger("ingest")


class FeedWatch:
    """Polls every source with a feed until stopped. A source that fails, or is slow, costs no other anything."""

    def __init__(self, redis: Redis, feeds: Sequence[FeedPoll], *, lease_seconds: float, at_once: int) -> None:
        self._redis = redis
        self._feeds = feeds
        self._lease_seconds = lease_seconds
        self._free = asyncio.Semaphore(at_once)
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Start watching."""
        self._tasks = [asyncio.create_task(self._watch(feed), name=f"watch {feed.name}") for feed in self._feeds]

    async def stop(self) -> None:
        """Stop where it stands: a poll that is cut short moved no cursor, and its leases are given up."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _watch(self, feed: FeedPoll) -> None:
        while True:
            lease = Lease(self._redis, feed.name, seconds=self._lease_seconds)
            try:
                if await lease.take():
                    await self._poll_while_held(feed, lease)
            except SourceGone:
                POLLS.labels(feed.name, "gone").inc()
                log.warning("source_gone", source=feed.name, detail="it answered 410: take it out of newsroom.yaml")
                return
            except (RedisError, OSError, StoryContended) as error:
                log.warning("poll_put_off", source=feed.name, error=f"{type(error).__name__}: {error}")
                await asyncio.sleep(AFTER_A_FAULT * random.uniform(0.8, 1.2))  # noqa: S311 - jitter
            except Exception:
                log.exception("poll_failed", source=feed.name)
                await asyncio.sleep(AFTER_A_FAULT * random.uniform(0.8, 1.2))  # noqa: S311 - jitter
            else:
                await asyncio.sleep(self._lease_seconds / 3 * random.uniform(0.8, 1.2))  # noqa: S311 - jitter

    async def _poll_while_held(self, feed: FeedPoll, lease: Lease) -> None:
        """Poll until the lease is lost. What ends either task ends both, and is raised here."""
        tasks = {asyncio.create_task(self._renew(lease)), asyncio.create_task(self._poll(feed))}
        try:
            ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            with suppress(RedisError, TimeoutError):
                async with asyncio.timeout(RELEASE_SECONDS):
                    await lease.release()
        for task in ended:
            task.result()

    async def _renew(self, lease: Lease) -> None:
        """Return when the lease is no longer ours."""
        while True:
            await asyncio.sleep(self._lease_seconds / 3)
            if not await lease.renew():
                return

    async def _poll(self, feed: FeedPoll) -> None:
        while True:
            await asyncio.sleep(await feed.wait_seconds())
            async with self._free:
                await feed.poll()
