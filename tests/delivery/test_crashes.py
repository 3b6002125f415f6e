"""However workers die or stall, one input gives one output and one outcome."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys

import pytest
from redis.asyncio import Redis

from shared.delivery import Emit, Received, one_by_one
from shared.events import ArticleIngested
from shared.topics import ARTICLE_ENRICHED, ARTICLE_INGESTED
from tests.delivery.copy_desk import QUICK, emitted, enrich, ingested, outcomes, pending, put, reading
from tests.delivery.crashing import ENTRIES
from tests.waiting import wait_until

pytestmark = pytest.mark.heavy


@pytest.mark.timeout(180)
def test_a_worker_killed_between_any_two_awaits_loses_nothing_and_doubles_nothing(redis_url: str) -> None:
    command = [sys.executable, "-m", "tests.delivery.crashing", redis_url]
    done = subprocess.run(command, capture_output=True, text=True, timeout=170, check=False)
    assert done.returncode == 0, done.stdout[-500:] + done.stderr[-2000:]
    points = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    expected = {
        "emitted": [f"story{n}.1.enrich" for n in range(ENTRIES)],
        "outcomes": [f"story{n}.1.ingest.enrich.outcome" for n in range(ENTRIES)],
        "pending": 0,
    }
    wrong = [p for p in points if {name: p[name] for name in expected} != expected]
    assert wrong == []
    # The handler, the pipeline's write, its read and the loop around them give way more often than this.
    assert sum(p["killed"] for p in points) >= 10


async def test_entries_of_a_dead_worker_are_taken_over(redis_url: str, bus: Redis) -> None:
    await put(bus, *map(ingested, range(5)))
    await bus.xgroup_create(ARTICLE_INGESTED.stream(), "enrich", "0")
    await bus.xreadgroup("enrich", "dead-worker", {ARTICLE_INGESTED.stream(): ">"}, count=5)
    async with reading(redis_url, one_by_one(enrich)):
        await wait_until(lambda: _length(bus, ARTICLE_ENRICHED.stream(), 5))
    assert {o.data.deliveries for o in await outcomes(bus)} == {2}


async def test_a_restarted_worker_takes_up_its_own_entries_at_once(redis_url: str, bus: Redis) -> None:
    await put(bus, *map(ingested, range(5)))
    await bus.xgroup_create(ARTICLE_INGESTED.stream(), "enrich", "0")
    await bus.xreadgroup("enrich", "r1", {ARTICLE_INGESTED.stream(): ">"}, count=5)
    for_ever = QUICK.model_copy(update={"reclaim_idle_ms": 3_600_000, "tick_seconds": 3_600})
    async with reading(redis_url, one_by_one(enrich), replica="r1", settings=for_ever):
        await wait_until(lambda: _length(bus, ARTICLE_ENRICHED.stream(), 5))


async def test_a_slow_worker_whose_entry_was_reclaimed_cannot_emit_a_second_time(redis_url: str, bus: Redis) -> None:
    slow_has_it, let_go = asyncio.Event(), asyncio.Event()

    async def stall(received: Received[ArticleIngested]) -> Emit:
        slow_has_it.set()
        await let_go.wait()
        return await enrich(received)

    await put(bus, ingested(1))
    # A stalled process does not refresh what it holds either.
    stalled = QUICK.model_copy(update={"tick_seconds": 3_600})
    async with reading(redis_url, one_by_one(stall), replica="slow", settings=stalled):
        await slow_has_it.wait()
        async with reading(redis_url, one_by_one(enrich), replica="quick"):
            await wait_until(lambda: _length(bus, ARTICLE_ENRICHED.stream(), 1))
            let_go.set()
    assert len(await emitted(bus)) == 1
    assert len(await outcomes(bus)) == 1
    assert await pending(bus) == 0


async def test_a_living_worker_keeps_what_takes_it_long(redis_url: str, bus: Redis) -> None:
    tries = 0

    async def thorough(received: Received[ArticleIngested]) -> Emit:
        nonlocal tries
        tries += 1
        await asyncio.sleep(3 * QUICK.reclaim_idle_ms / 1000)
        return await enrich(received)

    await put(bus, ingested(1))
    async with (
        reading(redis_url, one_by_one(thorough), replica="a"),
        reading(redis_url, one_by_one(thorough), replica="b"),
    ):
        await wait_until(lambda: _length(bus, ARTICLE_ENRICHED.stream(), 1))
    assert tries == 1


async def _length(bus: Redis, stream: str, count: int) -> bool:
    return int(await bus.xlen(stream)) >= count
