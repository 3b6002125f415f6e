"""Streams stay bounded, and what is not finished is never trimmed."""

from __future__ import annotations

import time

from prometheus_client import REGISTRY
from redis.asyncio import Redis

from shared.delivery import one_by_one
from shared.streams.janitor import Janitor
from shared.topics import ARTICLE_ENRICHED, ARTICLE_INGESTED, ARTICLE_PUBLISHED
from tests.delivery.copy_desk import QUICK, enrich, ingested, put, reading
from tests.waiting import wait_until

STREAM = ARTICLE_INGESTED.stream()
HOUR_MS = 3_600_000


async def _put_old(bus: Redis, count: int, *, stream: str = STREAM, hours: int = 1_000) -> None:
    start = int(time.time() * 1000) - hours * HOUR_MS
    for n in range(count):
        await bus.xadd(stream, ingested(n).to_fields(), id=f"{start + n}-0")  # type: ignore[arg-type]  # invariance


async def test_old_entries_that_every_group_has_finished_are_trimmed(redis_url: str, bus: Redis) -> None:
    await _put_old(bus, 10)
    await put(bus, ingested(99))
    async with reading(redis_url, one_by_one(enrich)):
        await wait_until(lambda: _length_is(bus, STREAM, 1))
    assert await bus.xlen(ARTICLE_ENRICHED.stream()) == 11


async def test_entries_that_a_slow_group_has_not_read_stay_however_old(redis_url: str, bus: Redis) -> None:
    await _put_old(bus, 10)
    await bus.xgroup_create(STREAM, "partner", "0")
    await bus.xreadgroup("partner", "p1", {STREAM: ">"}, count=4)
    await bus.xack(STREAM, "partner", *[i for i, _ in (await bus.xrange(STREAM, count=2) or ())])  # type: ignore[arg-type]
    async with reading(redis_url, one_by_one(enrich)):
        await wait_until(lambda: _length_is(bus, STREAM, 8))
        await Janitor(bus, (ARTICLE_INGESTED,), QUICK).sweep()
    assert await bus.xlen(STREAM) == 8


async def test_nothing_is_trimmed_before_the_stage_that_reads_it_ever_came(bus: Redis) -> None:
    await _put_old(bus, 10)
    await Janitor(bus, (ARTICLE_INGESTED,), QUICK).sweep()
    assert await bus.xlen(STREAM) == 10


async def test_a_topic_with_no_group_is_trimmed_by_age_alone(bus: Redis) -> None:
    await _put_old(bus, 10, stream=ARTICLE_PUBLISHED.stream())
    await _put_old(bus, 3, stream=ARTICLE_PUBLISHED.stream(), hours=ARTICLE_PUBLISHED.retention_hours - 1)
    await Janitor(bus, (ARTICLE_PUBLISHED,), QUICK).sweep()
    assert await bus.xlen(ARTICLE_PUBLISHED.stream()) == 3


async def test_a_consumer_long_gone_is_forgotten_unless_it_holds_an_entry(bus: Redis) -> None:
    await put(bus, ingested(1))
    await bus.xgroup_create(STREAM, "enrich", "0")
    await bus.xreadgroup("enrich", "holder", {STREAM: ">"}, count=1)
    await bus.xgroup_createconsumer(STREAM, "enrich", "empty")
    at_once = QUICK.model_copy(update={"forget_consumer_hours": 0.001 / 3600})
    await wait_until(lambda: _sweep_leaves(bus, at_once, {b"holder"}))


async def test_lag_and_pending_are_measured(bus: Redis) -> None:
    await put(bus, *map(ingested, range(7)))
    await bus.xgroup_create(STREAM, "enrich", "0")
    await bus.xreadgroup("enrich", "someone", {STREAM: ">"}, count=3)
    await Janitor(bus, (ARTICLE_INGESTED,), QUICK).sweep()
    labels = {"stream": STREAM, "group": "enrich"}
    assert REGISTRY.get_sample_value("newsroom_stream_pending_events", labels) == 3
    assert REGISTRY.get_sample_value("newsroom_stream_lag_events", labels) == 4


async def test_an_entry_deleted_under_its_reader_is_counted_as_lost(redis_url: str, bus: Redis) -> None:
    await put(bus, ingested(1))
    await bus.xgroup_create(STREAM, "enrich", "0")
    await bus.xreadgroup("enrich", "dead-worker", {STREAM: ">"}, count=1)
    await bus.xtrim(STREAM, maxlen=0, approximate=False)
    labels = {"stream": STREAM, "group": "enrich"}
    before = REGISTRY.get_sample_value("newsroom_stream_unread_lost_total", labels) or 0
    async with reading(redis_url, one_by_one(enrich)):
        await wait_until(
            lambda: (REGISTRY.get_sample_value("newsroom_stream_unread_lost_total", labels) or 0) == before + 1
        )


async def _length_is(bus: Redis, stream: str, count: int) -> bool:
    return int(await bus.xlen(stream)) == count


async def _sweep_leaves(bus: Redis, settings: object, names: set[bytes]) -> bool:
    await Janitor(bus, (ARTICLE_INGESTED,), settings).sweep()  # type: ignore[arg-type]  # DeliverySettings
    return {info["name"] for info in await bus.xinfo_consumers(STREAM, "enrich")} == names
