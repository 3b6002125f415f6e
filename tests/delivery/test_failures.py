"""Failure has two names, never will and not yet; neither costs anybody else anything."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from redis.asyncio import Redis

from shared.delivery import Emit, NeverWill, NotYet, Received, Unavailable, Verdict, one_by_one
from shared.events import ArticleIngested
from shared.probes import Check
from tests.delivery.copy_desk import (
    ARTICLE_ENRICHED,
    ARTICLE_INGESTED,
    QUICK,
    dead,
    emitted,
    enrich,
    ingested,
    outcomes,
    pending,
    put,
    reading,
)
from tests.waiting import wait_until


async def test_poison_is_dead_lettered_and_its_batch_goes_on(redis_url: str, bus: Redis) -> None:
    await put(bus, ingested(1))
    await bus.xadd(ARTICLE_INGESTED.stream(), {"type": b"\xff\xfe", "data": "{"})
    await put(bus, ingested(2))
    async with reading(redis_url, one_by_one(enrich)):
        await wait_until(lambda: _length(bus, "newsroom.log", 3))
    assert [e.subject for e in await emitted(bus)] == ["story1", "story2"]
    assert len(await dead(bus)) == 1


async def test_dead_letter_has_the_event_unharmed_and_says_who_when_what_where(redis_url: str, bus: Redis) -> None:
    poison = {b"id": b"odd-1", b"type": b"newsroom.article.ingested.v1", b"data": b'{"uri": 5}', b"x": b"\xff\x00"}
    await bus.xadd(ARTICLE_INGESTED.stream(), poison)  # type: ignore[arg-type]  # invariance of dict
    async with reading(redis_url, one_by_one(enrich)):
        await wait_until(lambda: _length(bus, ARTICLE_INGESTED.dead_letters("enrich"), 1))
    (letter,) = await dead(bus)
    assert {name: letter[name] for name in poison} == poison
    assert letter[b"dead:stage"] == b"enrich"
    assert letter[b"dead:replica"] == b"r1"
    assert letter[b"dead:stream"] == b"article.ingested"
    assert letter[b"dead:code"] == b"not_utf8"
    assert {b"dead:time", b"dead:entry", b"dead:detail", b"dead:deliveries"} <= letter.keys()


async def test_dead_letter_is_the_inputs_one_outcome(redis_url: str, bus: Redis) -> None:
    await bus.xadd(ARTICLE_INGESTED.stream(), {"id": "odd-1", "type": "other", "data": "{}"})
    async with reading(redis_url, one_by_one(enrich)):
        await wait_until(lambda: _length(bus, "newsroom.log", 1))
    (outcome,) = await outcomes(bus)
    assert (outcome.data.input, outcome.data.outcome, outcome.data.code) == ("odd-1", "dead_lettered", "wrong_type")


async def test_what_fails_for_now_is_tried_again(redis_url: str, bus: Redis) -> None:
    tries = 0

    async def flaky(received: Received[ArticleIngested]) -> Emit:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise NotYet("busy", "come back")
        return await enrich(received)

    await put(bus, ingested(1))
    async with reading(redis_url, one_by_one(flaky)):
        await wait_until(lambda: _length(bus, ARTICLE_ENRICHED.stream(), 1))
    (outcome,) = await outcomes(bus)
    assert outcome.data.deliveries == 3


async def test_what_keeps_failing_is_dead_lettered_after_the_cap(redis_url: str, bus: Redis) -> None:
    tries = 0

    async def broken(_: Received[ArticleIngested]) -> Emit:
        nonlocal tries
        tries += 1
        raise ValueError("no such vowel")

    await put(bus, ingested(1))
    async with reading(redis_url, one_by_one(broken)):
        await wait_until(lambda: _length(bus, ARTICLE_INGESTED.dead_letters("enrich"), 1))
    assert tries == QUICK.max_deliveries
    (letter,) = await dead(bus)
    assert letter[b"dead:code"] == b"handler_error"
    assert b"ValueError: no such vowel at test_failures.py:" in letter[b"dead:detail"]


async def test_an_outage_of_what_the_stage_needs_buries_nothing(redis_url: str, bus: Redis) -> None:
    tries = 0

    async def away_for_long(received: Received[ArticleIngested]) -> Emit:
        nonlocal tries
        tries += 1
        if tries <= 4 * QUICK.max_deliveries:
            raise Unavailable("store_away", "no route")
        return await enrich(received)

    await put(bus, ingested(1))
    async with reading(redis_url, one_by_one(away_for_long)):
        await wait_until(lambda: _length(bus, ARTICLE_ENRICHED.stream(), 1))
    assert await dead(bus) == []


async def test_a_batch_handler_that_raises_costs_only_the_entry_that_made_it(redis_url: str, bus: Redis) -> None:
    async def whole(batch: Sequence[Received[ArticleIngested]]) -> Sequence[Verdict]:
        if any(r.event.subject == "story3" for r in batch):
            raise NeverWill("cursed", "story3 spoils the transaction")
        return [await enrich(r) for r in batch]

    await put(bus, *map(ingested, range(6)))
    async with reading(redis_url, whole):
        await wait_until(lambda: _length(bus, "newsroom.log", 6))
    assert sorted(e.subject for e in await emitted(bus)) == ["story0", "story1", "story2", "story4", "story5"]
    assert [letter[b"dead:code"] for letter in await dead(bus)] == [b"cursed"]


async def test_a_surge_of_dead_letters_stops_the_reader_and_readiness_says_so(redis_url: str, bus: Redis) -> None:
    async def never(_: Received[ArticleIngested]) -> Emit:
        raise NeverWill("bad_deploy", "everything fails")

    await put(bus, *map(ingested, range(200)))
    settings = QUICK.model_copy(update={"surge_in_a_row": 20, "batch": 50})
    async with reading(redis_url, one_by_one(never), settings=settings) as delivery:
        check = delivery.checks()["article.ingested"]
        await wait_until(lambda: _says(check, "stopped: 20 inputs in a row went to the dead letters"))
        await wait_until(lambda: _length(bus, ARTICLE_INGESTED.dead_letters("enrich"), 19))
    assert len(await dead(bus)) == 19
    assert len(await outcomes(bus)) == 19


async def test_what_a_stopped_reader_left_is_handled_after_its_restart(redis_url: str, bus: Redis) -> None:
    async def never(_: Received[ArticleIngested]) -> Emit:
        raise NeverWill("bad_deploy", "everything fails")

    await put(bus, *map(ingested, range(60)))
    settings = QUICK.model_copy(update={"surge_in_a_row": 10})
    async with reading(redis_url, one_by_one(never), settings=settings) as delivery:
        await wait_until(lambda: _says(delivery.checks()["article.ingested"], "stopped: 10 inputs"))
    async with reading(redis_url, one_by_one(enrich), settings=settings):
        await wait_until(lambda: _length(bus, "newsroom.log", 60))
    assert len(await emitted(bus)) + len(await dead(bus)) == 60
    assert await pending(bus) == 0


async def test_an_entry_that_kills_its_readers_is_set_aside_and_takes_no_other_with_it(
    redis_url: str, bus: Redis
) -> None:
    await put(bus, *map(ingested, range(5)))
    await bus.xgroup_create(ARTICLE_INGESTED.stream(), "enrich", "0")
    rows: Any = await bus.xreadgroup("enrich", "gone", {ARTICLE_INGESTED.stream(): ">"}, count=5)
    poison = rows[0][1][2][0]
    # Its readers died with it in hand as often as we try.
    await bus.xclaim(ARTICLE_INGESTED.stream(), "enrich", "gone", 0, [poison], retrycount=QUICK.max_deliveries)
    async with reading(redis_url, one_by_one(enrich)):
        await wait_until(lambda: _length(bus, "newsroom.log", 5))
    assert sorted(e.subject for e in await emitted(bus)) == ["story0", "story1", "story3", "story4"]
    assert [letter[b"dead:code"] for letter in await dead(bus)] == [b"too_many_deliveries"]


async def test_a_handler_that_answers_too_few_is_a_fault_of_the_handler(redis_url: str, bus: Redis) -> None:
    async def forgetful(batch: Sequence[Received[ArticleIngested]]) -> Sequence[Verdict]:
        await asyncio.sleep(0)
        return [await enrich(r) for r in batch[1:]]

    await put(bus, ingested(1))
    async with reading(redis_url, forgetful):
        await wait_until(lambda: _length(bus, ARTICLE_INGESTED.dead_letters("enrich"), 1))
    (letter,) = await dead(bus)
    assert b"the handler answered 0 of 1 entries" in letter[b"dead:detail"]


async def test_an_event_of_another_topic_is_a_fault_of_the_handler(redis_url: str, bus: Redis) -> None:
    async def confused(received: Received[ArticleIngested]) -> Emit:
        return Emit(received.event)

    await put(bus, ingested(1))
    async with reading(redis_url, one_by_one(confused)):
        await wait_until(lambda: _length(bus, ARTICLE_INGESTED.dead_letters("enrich"), 1))
    (letter,) = await dead(bus)
    assert b"enrich does not emit ArticleIngested from article.ingested" in letter[b"dead:detail"]
    assert await emitted(bus) == []


async def _length(bus: Redis, stream: str, count: int) -> bool:
    return int(await bus.xlen(stream)) >= count


async def _says(check: Check, start: str) -> bool:
    return (await check() or "").startswith(start)
