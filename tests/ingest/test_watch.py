"""Watching feeds: of all replicas one polls, and another takes over when it dies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import cast

import pytest
from structlog.testing import capture_logs

from services.ingest.feeds.failing import SourceGone
from services.ingest.feeds.poll import FeedPoll
from services.ingest.feeds.watch import FeedWatch
from services.ingest.lease import Leases
from shared.delivery import Delivery
from tests.ingest.desk import Desk
from tests.waiting import wait_until


class FakeFeed:
    """A feed that counts how often it is polled."""

    def __init__(self, name: str = "harbour", *, every: float = 0.01) -> None:
        self.name = name
        self.every = every
        self.polls = 0
        self.failure: Exception | None = None

    async def wait_seconds(self) -> float:
        return self.every if self.polls else 0.0

    async def poll(self) -> None:
        self.polls += 1
        if self.failure:
            raise self.failure


def watch_of(delivery: Delivery, *feeds: FakeFeed) -> FeedWatch:
    return FeedWatch(delivery.redis, cast("list[FeedPoll]", list(feeds)), lease_seconds=1)


@pytest.fixture
def feed() -> FakeFeed:
    return FakeFeed()


@pytest.fixture
async def watch(delivery: Delivery, feed: FakeFeed) -> AsyncIterator[FeedWatch]:
    watching = watch_of(delivery, feed)
    watching.start()
    yield watching
    await watching.stop()


@pytest.mark.usefixtures("watch")
async def test_feed_is_polled_again_and_again(feed: FakeFeed) -> None:
    await wait_until(lambda: feed.polls >= 3)


@pytest.mark.usefixtures("watch")
async def test_one_replica_polls_while_the_other_waits(delivery: Delivery, feed: FakeFeed) -> None:
    await wait_until(lambda: feed.polls >= 1)
    other = FakeFeed()
    second = watch_of(delivery, other)
    second.start()
    await wait_until(lambda: feed.polls >= 100)
    await second.stop()
    assert other.polls == 0


async def test_other_replica_takes_over_at_once_when_one_stops(
    delivery: Delivery, watch: FeedWatch, feed: FakeFeed
) -> None:
    await wait_until(lambda: feed.polls >= 1)
    await watch.stop()
    other = FakeFeed()
    second = watch_of(delivery, other)
    second.start()
    await wait_until(lambda: other.polls, timeout=0.9)
    await second.stop()


async def test_other_replica_takes_over_when_one_dies(delivery: Delivery, feed: FakeFeed) -> None:
    dead = Leases(delivery.redis, seconds=1)
    await dead.hold([feed.name])
    second = watch_of(delivery, feed)
    second.start()
    await wait_until(lambda: feed.polls)
    await second.stop()


@pytest.mark.usefixtures("watch")
async def test_lease_is_kept_for_longer_than_it_lasts(desk: Desk, feed: FakeFeed) -> None:
    await wait_until(lambda: desk.redis.get("ingest:lease:harbour"))
    holder = desk.redis.get("ingest:lease:harbour")
    polls_in_two_seconds = feed.polls + 150
    await wait_until(lambda: feed.polls > polls_in_two_seconds)
    assert desk.redis.get("ingest:lease:harbour") == holder


@pytest.mark.usefixtures("watch")
async def test_polling_stops_when_the_lease_is_lost(desk: Desk, feed: FakeFeed) -> None:
    await wait_until(lambda: feed.polls)
    desk.redis.set("ingest:lease:harbour", "another", px=60_000)

    async def has_stopped() -> bool:
        before = feed.polls
        await asyncio.sleep(0.2)
        return feed.polls == before

    await wait_until(has_stopped)


async def test_lease_of_another_is_not_released(delivery: Delivery, desk: Desk) -> None:
    leases = Leases(delivery.redis, seconds=1)
    await leases.hold(["harbour"])
    desk.redis.set("ingest:lease:harbour", "another")
    await leases.release(["harbour"])
    assert desk.redis.get("ingest:lease:harbour") == b"another"


async def test_lease_is_taken_by_one(delivery: Delivery) -> None:
    holders = [Leases(delivery.redis, seconds=1) for _ in range(8)]
    held = await asyncio.gather(*(leases.hold(["harbour"]) for leases in holders))
    assert sum(map(len, held)) == 1


async def test_take_whose_reply_was_lost_counts_as_taken(delivery: Delivery) -> None:
    leases = Leases(delivery.redis, seconds=1)
    await leases.hold(["harbour"])
    assert await leases.hold(["harbour"]) == {"harbour"}


async def test_leases_of_many_sources_are_told_apart(delivery: Delivery) -> None:
    names = [f"feed-{number}" for number in range(450)]
    await Leases(delivery.redis, seconds=1).hold(names[100:300])
    assert await Leases(delivery.redis, seconds=1).hold(names) == {*names[:100], *names[300:]}


async def test_source_that_is_gone_is_not_asked_again(delivery: Delivery, feed: FakeFeed) -> None:
    feed.failure = SourceGone()
    watching = watch_of(delivery, feed, other := FakeFeed("hills"))
    with capture_logs() as lines:
        watching.start()
        await wait_until(lambda: other.polls >= 100)
        await watching.stop()
    told = [line["source"] for line in lines if line["event"] == "source_gone"]
    assert (feed.polls, told) == (1, ["harbour"])


@pytest.mark.parametrize("failure", [OSError("disk full"), ValueError("a fault of ours")])
async def test_feed_that_fails_costs_no_other(delivery: Delivery, feed: FakeFeed, failure: Exception) -> None:
    feed.failure = failure
    watching = watch_of(delivery, feed, other := FakeFeed("hills"))
    with capture_logs():
        watching.start()
        await wait_until(lambda: other.polls >= 20)
        await watching.stop()
