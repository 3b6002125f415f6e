"""Taking an input into the books: at most once a receipt, and only onto the state that was decided about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from redis.asyncio import Redis

from shared.delivery import Delivery
from shared.events import ArticleIngested, Outcome, StageOutcome, StageResult
from shared.topics import ARTICLE_INGESTED, NEWSROOM_LOG, Lane
from tests.delivery.copy_desk import QUICK, emitted, ingested
from tests.delivery.cutting_proxy import cutting

KEY = "ingest:story:story1"


def outcome(receipt: str) -> StageOutcome:
    result = StageResult(stage="ingest", outcome=Outcome.EMITTED, input=receipt)
    return StageOutcome.of(result, traceparent=ingested(1).traceparent)


async def admit(
    delivery: Delivery,
    receipt: str,
    expected: int | None,
    event: ArticleIngested | None = None,
    aliases: Mapping[str, tuple[str | bytes, timedelta]] | None = None,
) -> bool:
    return await delivery.admit(
        receipt=receipt,
        outcome=outcome(receipt),
        key=KEY,
        expected_revision=expected,
        state={"revision": str(event.storyrevision)} if event else None,
        expires=timedelta(days=1),
        aliases=aliases,
        event=event,
        topic=ARTICLE_INGESTED,
    )


async def started(url: str) -> Delivery:
    delivery = Delivery(redis_url=url, stage="ingest", replica="r1", settings=QUICK)
    await delivery.start()
    return delivery


async def test_state_event_and_outcome_move_together(redis_url: str, bus: Redis) -> None:
    delivery = await started(redis_url)
    assert await admit(delivery, "r-1", None, ingested(1, revision=10))
    await delivery.stop()
    assert await bus.hget(KEY, "revision") == b"10"
    assert 0 < await bus.ttl(KEY) <= 86_400
    assert [e.storyrevision for e in await emitted(bus, ARTICLE_INGESTED)] == [10]
    assert await bus.xlen(NEWSROOM_LOG.stream()) == 1


async def test_a_state_that_moved_on_admits_nothing(redis_url: str, bus: Redis) -> None:
    delivery = await started(redis_url)
    assert await admit(delivery, "r-1", None, ingested(1, revision=10))
    assert not await admit(delivery, "r-2", None, ingested(1, revision=11))
    assert not await admit(delivery, "r-2", 9, ingested(1, revision=11))
    assert await admit(delivery, "r-2", 10, ingested(1, revision=11))
    await delivery.stop()
    assert [e.storyrevision for e in await emitted(bus, ARTICLE_INGESTED)] == [10, 11]


async def test_a_receipt_is_admitted_once_however_often_it_is_sent(redis_url: str, bus: Redis) -> None:
    delivery = await started(redis_url)
    for _ in range(3):
        assert await admit(delivery, "r-1", None, ingested(1, revision=10))
    await delivery.stop()
    assert await bus.xlen(ARTICLE_INGESTED.stream()) == 1
    assert await bus.xlen(NEWSROOM_LOG.stream()) == 1


async def test_a_reply_lost_after_admission_makes_no_second_event(redis_url: str, bus: Redis) -> None:
    async with cutting(redis_url, b"EVALSHA") as proxy:
        delivery = await started(proxy.url)
        assert await admit(delivery, "r-0", None)
        proxy.cuts = 2
        assert await admit(delivery, "r-1", None, ingested(1, revision=10))
        await delivery.stop()
        assert proxy.cut == 2
    assert await bus.xlen(ARTICLE_INGESTED.stream()) == 1


async def test_an_outcome_alone_leaves_the_state_as_it_is(redis_url: str, bus: Redis) -> None:
    delivery = await started(redis_url)
    await admit(delivery, "r-1", None, ingested(1, revision=10))
    assert await admit(delivery, "r-2", 10)
    await delivery.stop()
    assert await bus.hget(KEY, "revision") == b"10"
    assert await bus.xlen(NEWSROOM_LOG.stream()) == 2


async def test_flashes_are_admitted_to_the_urgent_lane(redis_url: str, bus: Redis) -> None:
    delivery = await started(redis_url)
    await admit(delivery, "r-1", None, ingested(1, revision=10, urgency=1))
    await delivery.stop()
    assert await bus.xlen(ARTICLE_INGESTED.stream(Lane.URGENT)) == 1


async def test_aliases_are_set_for_their_time_with_the_state(redis_url: str, bus: Redis) -> None:
    delivery = await started(redis_url)
    named: dict[str, tuple[str | bytes, timedelta]] = {
        "ingest:alias:a": (b"story1", timedelta(hours=1)),
        "ingest:alias:b": ("story1", timedelta(days=1)),
    }
    assert await admit(delivery, "r-1", None, ingested(1, revision=10), aliases=named)
    await delivery.stop()
    assert [await bus.get(key) for key in named] == [b"story1", b"story1"]
    assert 0 < await bus.ttl("ingest:alias:a") <= 3600 < await bus.ttl("ingest:alias:b")
    assert [e.storyrevision for e in await emitted(bus, ARTICLE_INGESTED)] == [10]


async def test_an_empty_alias_is_deleted(redis_url: str, bus: Redis) -> None:
    delivery = await started(redis_url)
    await bus.set("ingest:alias:a", "story1")
    await admit(delivery, "r-1", None, aliases={"ingest:alias:a": ("", timedelta(hours=1))})
    await delivery.stop()
    assert not await bus.exists("ingest:alias:a")


async def test_no_alias_is_written_onto_a_state_that_moved_on(redis_url: str, bus: Redis) -> None:
    delivery = await started(redis_url)
    await admit(delivery, "r-1", None, ingested(1, revision=10))
    await admit(delivery, "r-2", None, aliases={"ingest:alias:a": ("story1", timedelta(hours=1))})
    await delivery.stop()
    assert not await bus.exists("ingest:alias:a")
