"""What one hop from a topic to the next promises when nothing breaks."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from redis.asyncio import Redis

from shared.delivery import Done, Emit, Received, one_by_one
from shared.events import ArticleDeferred, ArticleIngested, Outcome
from shared.topics import ARTICLE_DEFERRED
from tests.delivery.copy_desk import (
    ARTICLE_ENRICHED,
    ARTICLE_INGESTED,
    ARTICLE_PUBLISHED,
    QUICK,
    emitted,
    enrich,
    entries,
    ingested,
    outcomes,
    pending,
    publish,
    put,
    reading,
)
from tests.waiting import wait_until


async def test_events_published_before_the_first_start_are_read(redis_url: str, bus: Redis) -> None:
    await put(bus, *map(ingested, range(5)))
    async with reading(redis_url, one_by_one(enrich)):
        await wait_until(lambda: _has(bus, ARTICLE_ENRICHED.stream(), 5))
    assert [e.subject for e in await emitted(bus)] == [f"story{n}" for n in range(5)]


async def test_each_input_has_one_outcome_and_leaves_nothing_pending(redis_url: str, bus: Redis) -> None:
    await put(bus, *map(ingested, range(250)))
    async with reading(redis_url, one_by_one(enrich)):
        await wait_until(lambda: _has(bus, "newsroom.log", 250))
    said = await outcomes(bus)
    assert {o.data.input for o in said} == {f"story{n}.1.ingest" for n in range(250)}
    assert len(said) == 250
    assert await pending(bus) == 0


async def test_outcome_names_what_was_emitted_and_keeps_the_trace(redis_url: str, bus: Redis) -> None:
    event = ingested(7)
    await put(bus, event)
    async with reading(redis_url, one_by_one(enrich)):
        await wait_until(lambda: _has(bus, "newsroom.log", 1))
    (outcome,) = await outcomes(bus)
    assert (outcome.data.stage, outcome.data.outcome, outcome.data.emitted) == ("enrich", "emitted", "story7.1.enrich")
    assert outcome.traceparent == event.traceparent


async def test_a_handler_may_end_an_input_without_an_event(redis_url: str, bus: Redis) -> None:
    async def drop(_: Received[ArticleIngested]) -> Done:
        return Done(Outcome.FILTERED, "not_for_us", "a test")

    await put(bus, ingested(1))
    async with reading(redis_url, one_by_one(drop)):
        await wait_until(lambda: _has(bus, "newsroom.log", 1))
    (outcome,) = await outcomes(bus)
    assert (outcome.data.outcome, outcome.data.code) == ("filtered", "not_for_us")
    assert await emitted(bus) == []


async def test_what_a_stage_still_owes_is_written_in_the_same_step_and_once(redis_url: str, bus: Redis) -> None:
    async def owe(received: Received[ArticleIngested]) -> Emit:
        emit = await enrich(received)
        return Emit(emit.event, ArticleDeferred.of(received.event.data, traceparent=received.event.traceparent))

    await put(bus, *map(ingested, range(20)))
    async with reading(redis_url, one_by_one(owe)), reading(redis_url, one_by_one(owe), replica="other"):
        await wait_until(lambda: _has(bus, "newsroom.log", 20))
    owed = [ArticleDeferred.from_fields(fields) for fields in await entries(bus, ARTICLE_DEFERRED.stream())]
    assert sorted(event.id for event in owed) == sorted(f"story{n}.1.deferred" for n in range(20))
    assert len(await emitted(bus)) == 20
    assert await pending(bus) == 0


async def test_attributes_and_members_that_are_not_known_survive_the_hop(redis_url: str, bus: Redis) -> None:
    fields: dict[Any, Any] = ingested(1).to_fields()
    fields["partnerkey"] = "ferry-desk"
    body = json.loads(fields["data"])
    body["newsroom"]["mood"] = {"colour": "blue"}
    await bus.xadd(ARTICLE_INGESTED.stream(), {**fields, "data": json.dumps(body)})
    async with reading(redis_url, one_by_one(enrich)):
        await wait_until(lambda: _has(bus, ARTICLE_ENRICHED.stream(), 1))
    (handed_on,) = await entries(bus, ARTICLE_ENRICHED.stream())
    assert handed_on[b"partnerkey"] == b"ferry-desk"
    assert json.loads(handed_on[b"data"])["newsroom"]["mood"] == {"colour": "blue"}


async def test_an_entry_is_plain_text_that_any_client_reads(redis_url: str, bus: Redis) -> None:
    await put(bus, ingested(1))
    async with reading(redis_url, one_by_one(enrich)):
        await wait_until(lambda: _has(bus, ARTICLE_ENRICHED.stream(), 1))
    async with Redis.from_url(redis_url, decode_responses=True) as any_client:
        (fields,) = await entries(any_client, ARTICLE_ENRICHED.stream())
    assert fields["specversion"] == "1.0"
    assert fields["subject"] == "story1"
    assert "“on time”" in json.loads(fields["data"])["bodies"][0]["value"]


async def test_replicas_share_the_work(redis_url: str, bus: Redis) -> None:
    taken: dict[str, int] = {"a": 0, "b": 0}

    def counting(name: str) -> Any:
        async def handle(received: Received[ArticleIngested]) -> Emit:
            taken[name] += 1
            await asyncio.sleep(0.001)
            return await enrich(received)

        return one_by_one(handle)

    # Both are in this one process: on a busy machine neither must take the other for dead.
    patient = QUICK.model_copy(update={"reclaim_idle_ms": 60_000})
    async with (
        reading(redis_url, counting("a"), replica="a", settings=patient),
        reading(redis_url, counting("b"), replica="b", settings=patient),
    ):
        await put(bus, *map(ingested, range(1000)))
        await wait_until(lambda: _has(bus, "newsroom.log", 1000), timeout=30)
    assert taken["a"] + taken["b"] == 1000
    assert min(taken.values()) > 100


async def test_published_never_goes_back_within_a_story(redis_url: str, bus: Redis) -> None:
    events = [(await enrich(_received(ingested(1, revision=r)))).event for r in (5, 3, 5, 6)]
    await put(bus, *events, topic=ARTICLE_ENRICHED)  # type: ignore[arg-type]  # enrich emits ArticleEnriched
    async with reading(
        redis_url, one_by_one(publish), stage="publish", topic=ARTICLE_ENRICHED, emits=ARTICLE_PUBLISHED
    ):
        await wait_until(lambda: _has(bus, "newsroom.log", 4))
    assert [e.storyrevision for e in await emitted(bus, ARTICLE_PUBLISHED)] == [5, 6]
    assert [o.data.outcome for o in await outcomes(bus)] == ["emitted", "stale", "stale", "emitted"]


async def test_stopping_finishes_what_is_in_hand(redis_url: str, bus: Redis) -> None:
    begun = asyncio.Event()

    async def slow(received: Received[ArticleIngested]) -> Emit:
        begun.set()
        await asyncio.sleep(0.3)
        return await enrich(received)

    await put(bus, ingested(1))
    async with reading(redis_url, one_by_one(slow)):
        await begun.wait()
    assert len(await emitted(bus)) == 1
    assert await pending(bus) == 0


def _received(event: ArticleIngested) -> Received[ArticleIngested]:
    return Received(event, "s", "1-1", ARTICLE_INGESTED.lanes[0], 1)


async def _has(bus: Redis, stream: str, count: int) -> bool:
    return int(await bus.xlen(stream)) >= count
