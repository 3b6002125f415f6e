"""Invented copy and quick deliveries for the tests of this folder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from redis.asyncio import Redis

from shared.article import Article, Body, Change, Headline, Newsroom, PubStatus
from shared.delivery import BatchHandler, Delivery, DeliverySettings, Emit, Received
from shared.events import ArticleEnriched, ArticleIngested, ArticlePublished, StageOutcome, new_traceparent
from shared.topics import ARTICLE_ENRICHED, ARTICLE_INGESTED, ARTICLE_PUBLISHED, NEWSROOM_LOG, Lane, Topic

QUICK = DeliverySettings(
    block_ms=20,
    tick_seconds=0.02,
    reclaim_idle_ms=300,
    retry_base_seconds=0.02,
    retry_cap_seconds=0.05,
    max_deliveries=3,
    janitor_seconds=0.05,
    drain_seconds=5,
)


def article(number: int, *, revision: int = 1, change: Change = Change.NEW, urgency: int | None = None) -> Article:
    status = PubStatus.CANCELED if change is Change.KILL else PubStatus.USABLE
    return Article(
        uri=f"urn:test:{number}",
        pub_status=status,
        urgency=urgency,
        headlines=(Headline(value=f"Ferry {number} returns to the harbour"),),
        bodies=(Body(value=f"<p>Ferry {number} came back at noon, “on time”.</p>"),),
        newsroom=Newsroom(
            story_id=f"story{number}",
            revision=revision,
            change=change,
            source="test",
            provider="Harbour News",
            received=datetime.now(UTC),
        ),
    )


def ingested(number: int, **kwargs: Any) -> ArticleIngested:
    return ArticleIngested.of(article(number, **kwargs), traceparent=new_traceparent())


async def put(redis: Redis, *events: ArticleIngested | ArticleEnriched, topic: Topic = ARTICLE_INGESTED) -> None:
    """Publish events as a neighbour would: each in its lane."""
    async with redis.pipeline(transaction=False) as pipe:
        for event in events:
            lane = Lane.URGENT if event.is_urgent else Lane.ROUTINE
            pipe.xadd(topic.stream(lane), dict(event.to_fields()))  # type: ignore[arg-type]  # invariance of dict
        await pipe.execute()


async def enrich(received: Received[ArticleIngested]) -> Emit:
    """Hand on as it is."""
    event = received.event
    return Emit(ArticleEnriched.of(event.data, traceparent=event.traceparent, **event.extensions()))


async def publish(received: Received[ArticleEnriched]) -> Emit:
    event = received.event
    return Emit(ArticlePublished.of(event.data, traceparent=event.traceparent, sequence="1"))


@asynccontextmanager
async def reading(
    url: str,
    handler: BatchHandler[Any],
    *,
    stage: str = "enrich",
    topic: Topic = ARTICLE_INGESTED,
    emits: Topic | None = ARTICLE_ENRICHED,
    replica: str = "r1",
    settings: DeliverySettings = QUICK,
) -> AsyncIterator[Delivery]:
    """Run a reader for the length of the block."""
    delivery = Delivery(redis_url=url, stage=stage, replica=replica, settings=settings)
    delivery.read(topic, handler, emits=emits)
    await delivery.start()
    try:
        yield delivery
    finally:
        await delivery.stop()


async def emitted(redis: Redis, topic: Topic = ARTICLE_ENRICHED) -> list[Any]:
    """Everything on a topic, as events, in the order of its streams (urgent first)."""
    return [topic.event.from_fields(fields) for stream in topic.streams for fields in await entries(redis, stream)]


async def outcomes(redis: Redis) -> Sequence[StageOutcome]:
    return await emitted(redis, NEWSROOM_LOG)


async def pending(redis: Redis, topic: Topic = ARTICLE_INGESTED, group: str = "enrich") -> int:
    return sum([(await redis.xpending(stream, group))["pending"] for stream in topic.streams])


async def dead(redis: Redis, topic: Topic = ARTICLE_INGESTED, group: str = "enrich") -> list[dict[bytes, bytes]]:
    return await entries(redis, topic.dead_letters(group))


async def entries(redis: Redis, stream: str) -> list[Any]:
    """The fields of every entry, as they stand (redis-py's types leave open what they are)."""
    answer: Any = await redis.xrange(stream)
    return [fields for _, fields in answer]


__all__ = [
    "ARTICLE_ENRICHED",
    "ARTICLE_INGESTED",
    "ARTICLE_PUBLISHED",
    "QUICK",
    "article",
    "dead",
    "emitted",
    "enrich",
    "entries",
    "ingested",
    "outcomes",
    "pending",
    "publish",
    "put",
    "reading",
]
