"""Watching the feeds: a task for each that this replica holds, and of all replicas one holds it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.ingest.admission.admit import StoryContended
from services.ingest.ending import end
from services.ingest.feeds.failing import SourceGone
from services.ingest.feeds.poll import FeedPoll
from services.ingest.lease import Leases
from services.ingest.metrics import POLLS
from shared.logs import get_logger

__all__ = ["FeedWatch"]

RELEASE_SECONDS = 2.0

log = get_logger("ingest")


class FeedWatch:
    """Polls every source with a feed until stopped. A source that fails, or is slow, costs no other anything."""

    def __init__(self, redis: Redis, feeds: Sequence[FeedPoll], *, lease_seconds: float) -> None:
        self._feeds = {feed.name: feed for feed in feeds}
        self._lease_seconds = lease_seconds
        self._leases = Leases(redis, seconds=lease_seconds)
        self._polling: dict[str, asyncio.Task[None]] = {}
        self._round: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start watching."""
        self._round = asyncio.create_task(self._keep(), name="watch feeds")

    async def stop(self) -> None:
        """Stop where it stands: a poll that is cut short moved no cursor, and its leases are given up."""
        if self._round:
            await end([self._round])
        held = list(self._polling)
        await self._leave(held)
        with suppress(RedisError, TimeoutError):
            async with asyncio.timeout(RELEASE_SECONDS):
                await self._leases.release(held)

    async def _keep(self) -> None:
        """Hold what can be held, three times in the life of a lease."""
        while True:
            try:
                async with asyncio.timeout(self._lease_seconds / 2):
                    held = await self._leases.hold(list(self._feeds))
            except (RedisError, OSError) as error:
                # Unrenewed, a lease may be another's before the next round: whoever cannot tell stops polling.
                log.warning("leases_unknown", error=f"{type(error).__name__}: {error}")
                held = set()
            await self._leave([name for name in self._polling if name not in held])
            for name in held - self._polling.keys():
                self._polling[name] = asyncio.create_task(self._watch(self._feeds[name]), name=f"poll {name}")
            await asyncio.sleep(self._lease_seconds / 3 * random.uniform(0.8, 1.2))  # noqa: S311 - jitter

    async def _leave(self, names: Sequence[str]) -> None:
        await end([self._polling.pop(name) for name in names])

    async def _watch(self, feed: FeedPoll) -> None:
        """Poll until the lease is lost. After a fault it is given up: on another replica there may be none."""
        try:
            await self._poll(feed)
        except SourceGone:
            POLLS.labels(feed.name, "gone").inc()
            log.warning("source_gone", source=feed.name, detail="it answered 410: give it another address, or none")
            self._feeds.pop(feed.name, None)
        except (RedisError, OSError, StoryContended) as error:
            log.warning("poll_put_off", source=feed.name, error=f"{type(error).__name__}: {error}")
        except Exception:
            log.exception("poll_failed", source=feed.name)
        with suppress(RedisError, OSError):
            await self._leases.release([feed.name])
        self._polling.pop(feed.name, None)

    async def _poll(self, feed: FeedPoll) -> None:
        while True:
            await asyncio.sleep(await feed.wait_seconds())
            await feed.poll()
