"""Redis dies, loses replies, loses a group, or is full; delivery heals by itself and the books still balance."""

from __future__ import annotations

import asyncio
import time

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ConstantBackoff

from shared.delivery import Delivery, DeliverySettings, Emit, Received, one_by_one
from shared.events import ArticleIngested
from shared.topics import ARTICLE_ENRICHED, ARTICLE_INGESTED
from tests.delivery.copy_desk import QUICK, emitted, enrich, ingested, outcomes, pending, put, reading
from tests.delivery.cutting_proxy import cutting
from tests.waiting import wait_until
from tools.redis_server import RedisServer


async def test_killed_and_restarted_redis_is_read_again_within_ten_seconds(redis_server: RedisServer) -> None:
    sent = 0
    patient = Retry(ConstantBackoff(0.05), 200)
    async with Redis.from_url(redis_server.url, retry=patient) as bus:
        enough = asyncio.Event()

        async def load() -> None:
            nonlocal sent
            # Ended by a flag: redis-py loses a cancellation that comes while it connects.
            while not enough.is_set():
                await put(bus, ingested(sent))
                sent += 1
                await asyncio.sleep(0.001)

        # The numbers of production: only what waits is the test's.
        async with reading(redis_server.url, one_by_one(enrich), settings=DeliverySettings(janitor_seconds=0.2)):
            loading = asyncio.create_task(load())
            await wait_until(lambda: sent > 200)
            redis_server.kill()
            await asyncio.sleep(0.5)
            await asyncio.to_thread(redis_server.restart)
            back = time.monotonic()
            before = await bus.xlen(ARTICLE_ENRICHED.stream())
            await wait_until(lambda: _length(bus, ARTICLE_ENRICHED.stream(), before + 50), timeout=10)
            assert time.monotonic() - back < 10
            enough.set()
            await loading
            await wait_until(lambda: _length(bus, ARTICLE_ENRICHED.stream(), sent), timeout=20)
            await wait_until(lambda: _nothing_pending(bus))
        inputs = {e.subject for e in await emitted(bus, ARTICLE_INGESTED)}
        results = [e.subject for e in await emitted(bus)]
    assert set(results) == inputs
    # The load itself may have been told twice of one story; the hop doubles none of its entries.
    assert len(results) == len(await _entries(redis_server, ARTICLE_INGESTED.stream()))


async def test_a_reply_lost_after_the_handoff_makes_no_second_event(redis_url: str, bus: Redis) -> None:
    async with cutting(redis_url, b"EVALSHA") as proxy, reading(proxy.url, one_by_one(enrich)):
        await put(bus, ingested(0))
        await wait_until(lambda: _length(bus, ARTICLE_ENRICHED.stream(), 1))
        proxy.cuts = 5
        await put(bus, *map(ingested, range(1, 11)))
        await wait_until(lambda: _length(bus, ARTICLE_ENRICHED.stream(), 11))
        await wait_until(lambda: _nothing_pending(bus))
        await wait_until(lambda: proxy.cut >= 1)
    assert sorted(e.id for e in await emitted(bus)) == sorted(f"story{n}.1.enrich" for n in range(11))
    assert len(await outcomes(bus)) == 11


async def test_a_destroyed_group_is_made_again_and_nothing_is_missed(redis_url: str, bus: Redis) -> None:
    async with reading(redis_url, one_by_one(enrich)):
        await put(bus, *map(ingested, range(10)))
        await wait_until(lambda: _length(bus, ARTICLE_ENRICHED.stream(), 10))
        await bus.xgroup_destroy(ARTICLE_INGESTED.stream(), "enrich")
        await put(bus, *map(ingested, range(10, 20)))
        await wait_until(lambda: _all_of(bus, 20))


async def test_a_group_destroyed_later_starts_where_it_had_finished(redis_url: str, bus: Redis) -> None:
    async with reading(redis_url, one_by_one(enrich)):
        await put(bus, *map(ingested, range(10)))
        await wait_until(lambda: _length(bus, ARTICLE_ENRICHED.stream(), 10))
        last = (await bus.xinfo_stream(ARTICLE_INGESTED.stream()))["last-generated-id"]
        await wait_until(lambda: _checkpoint_is(bus, last))
        await bus.xgroup_destroy(ARTICLE_INGESTED.stream(), "enrich")
        await put(bus, ingested(99))
        await wait_until(lambda: _length(bus, ARTICLE_ENRICHED.stream(), 11))
    assert len(await emitted(bus)) == 11


async def test_an_emptied_redis_is_worked_on_like_a_new_one(redis_url: str, bus: Redis) -> None:
    async with reading(redis_url, one_by_one(enrich)):
        await put(bus, ingested(1))
        await wait_until(lambda: _length(bus, ARTICLE_ENRICHED.stream(), 1))
        await bus.flushall()
        await put(bus, ingested(2))
        await wait_until(lambda: _length(bus, ARTICLE_ENRICHED.stream(), 1))
    assert [e.subject for e in await emitted(bus)] == ["story2"]


async def test_a_full_redis_loses_nothing_and_buries_nothing(redis_url: str, bus: Redis) -> None:
    begun, full = asyncio.Event(), asyncio.Event()

    async def hold_until_full(received: Received[ArticleIngested]) -> Emit:
        begun.set()
        await full.wait()
        return await enrich(received)

    await put(bus, *map(ingested, range(20)))
    try:
        async with reading(redis_url, one_by_one(hold_until_full)):
            # In hand before memory is full: it is the handoff that is refused, for longer than every try that counts.
            await asyncio.wait_for(begun.wait(), 10)
            await bus.config_set("maxmemory", "1")
            full.set()
            await asyncio.sleep(0.6)
            assert await bus.xlen(ARTICLE_ENRICHED.stream()) == 0
            await bus.config_set("maxmemory", "0")
            await wait_until(lambda: _length(bus, ARTICLE_ENRICHED.stream(), 20))
            await wait_until(lambda: _length(bus, "newsroom.log", 20))
    finally:
        await bus.config_set("maxmemory", "0")
    assert {o.data.outcome for o in await outcomes(bus)} == {"emitted"}
    assert len(await outcomes(bus)) == 20


async def test_a_service_starts_without_redis_says_so_and_reads_when_it_comes(redis_server: RedisServer) -> None:
    redis_server.kill()
    delivery = Delivery(redis_url=redis_server.url, stage="enrich", replica="r1", settings=QUICK)
    delivery.read(ARTICLE_INGESTED, one_by_one(enrich), emits=ARTICLE_ENRICHED)
    await delivery.start()
    try:
        check = delivery.checks()[ARTICLE_INGESTED.stream()]
        await wait_until(lambda: _mentions(check, "ConnectionError"))
        redis_server.start()
        async with Redis.from_url(redis_server.url) as bus:
            await put(bus, ingested(1))
            await wait_until(lambda: _length(bus, ARTICLE_ENRICHED.stream(), 1))
        assert await check() is None
    finally:
        await delivery.stop()


async def test_a_service_stops_within_seconds_while_redis_is_away(redis_server: RedisServer) -> None:
    delivery = Delivery(redis_url=redis_server.url, stage="enrich", replica="r1")
    delivery.read(ARTICLE_INGESTED, one_by_one(enrich), emits=ARTICLE_ENRICHED)
    await delivery.start()
    await wait_until(lambda: _is_well(delivery))
    redis_server.kill()
    check = delivery.checks()[ARTICLE_INGESTED.stream()]
    await wait_until(lambda: _mentions(check, "ConnectionError"))
    begun = time.monotonic()
    await delivery.stop()
    assert time.monotonic() - begun < 5


async def test_readiness_fails_when_redis_would_drop_events(redis_url: str, bus: Redis) -> None:
    async with reading(redis_url, one_by_one(enrich)) as delivery:
        check = delivery.checks()["redis"]
        assert await check() is None
        await bus.config_set("maxmemory-policy", "allkeys-lru")
        try:
            assert "allkeys-lru" in (await check() or "")
        finally:
            await bus.config_set("maxmemory-policy", "noeviction")


async def _is_well(delivery: Delivery) -> bool:
    return not [problem for check in delivery.checks().values() if (problem := await check())]


async def _mentions(check: object, text: str) -> bool:
    return text in (await check() or "")  # type: ignore[operator]  # a readiness check


async def _length(bus: Redis, stream: str, count: int) -> bool:
    return int(await bus.xlen(stream)) >= count


async def _all_of(bus: Redis, count: int) -> bool:
    return {e.subject for e in await emitted(bus)} == {f"story{n}" for n in range(count)}


async def _nothing_pending(bus: Redis) -> bool:
    return await pending(bus) == 0


async def _checkpoint_is(bus: Redis, entry_id: object) -> bool:
    return await bus.hget("delivery:checkpoints", f"{ARTICLE_INGESTED.stream()}|enrich") == entry_id


async def _entries(server: RedisServer, stream: str) -> list[object]:
    async with Redis.from_url(server.url) as bus:
        return list(await bus.xrange(stream) or ())
