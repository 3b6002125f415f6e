"""Urgent copy overtakes, and routine copy still moves."""

from __future__ import annotations

import asyncio

import pytest
from redis.asyncio import Redis

from shared.article import Change
from shared.delivery import Emit, Received, one_by_one
from shared.events import ArticleIngested
from shared.topics import ARTICLE_ENRICHED, Lane
from tests.delivery.copy_desk import enrich, ingested, put, reading
from tests.waiting import wait_until

pytestmark = pytest.mark.heavy


async def test_an_urgent_entry_overtakes_ten_thousand_routine_ones(redis_url: str, bus: Redis) -> None:
    handled = 0
    overtaken: int | None = None

    async def watch(received: Received[ArticleIngested]) -> Emit:
        nonlocal handled, overtaken
        handled += 1
        if received.lane is Lane.URGENT:
            overtaken = handled
        return await enrich(received)

    await put(bus, *map(ingested, range(10_000)))
    async with reading(redis_url, one_by_one(watch)):
        await wait_until(lambda: handled >= 300)
        before = handled
        await put(bus, ingested(99_999, change=Change.KILL))
        await wait_until(lambda: overtaken is not None, timeout=30)
    assert overtaken is not None
    # What was in hand when it came may finish first: a few batches, never the queue.
    assert overtaken - before < 1_500


async def test_routine_still_moves_under_a_constant_urgent_load(redis_url: str, bus: Redis) -> None:
    routine = urgent = 0

    async def watch(received: Received[ArticleIngested]) -> Emit:
        nonlocal routine, urgent
        await asyncio.sleep(0.001)
        if received.lane is Lane.URGENT:
            urgent += 1
        else:
            routine += 1
        return await enrich(received)

    enough = asyncio.Event()

    async def flood() -> None:
        number = 1_000_000
        # Ended by a flag: redis-py loses a cancellation that comes while it connects.
        while not enough.is_set():
            await put(bus, *(ingested(number + n, urgency=1) for n in range(50)))
            number += 50
            sent = number - 1_000_000
            await wait_until(lambda: urgent > sent - 500)  # noqa: B023 - awaited before the loop goes on

    flooding = asyncio.create_task(flood())
    async with reading(redis_url, one_by_one(watch)):
        try:
            await wait_until(lambda: urgent > 200)
            await put(bus, *map(ingested, range(300)))
            await wait_until(lambda: routine == 300, timeout=30)
            assert urgent > 300
        finally:
            enough.set()
            await flooding


async def test_kills_and_flashes_leave_in_the_urgent_lane(redis_url: str, bus: Redis) -> None:
    await put(bus, ingested(1, change=Change.KILL), ingested(2, urgency=2), ingested(3, urgency=5), ingested(4))
    async with reading(redis_url, one_by_one(enrich)):
        await wait_until(lambda: _length(bus, "newsroom.log", 4))
    assert await bus.xlen(ARTICLE_ENRICHED.stream(Lane.URGENT)) == 2
    assert await bus.xlen(ARTICLE_ENRICHED.stream(Lane.ROUTINE)) == 2


async def _length(bus: Redis, stream: str, count: int) -> bool:
    return int(await bus.xlen(stream)) >= count
