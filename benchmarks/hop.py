"""One hop from topic to topic, three ways: plain redis-py in pipelines, Wireroom's delivery, stock FastStream.

All three read the same 3 KB events, validate them with pydantic, make the next event and the outcome with pydantic, add
both to their streams and acknowledge, on a Redis with AOF ``always``. Only delivery does more: it hands over in one
step, so that a crash loses and doubles nothing, and it keeps its books.
"""

from __future__ import annotations

import asyncio
import logging
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
from faststream.redis import RedisBroker, StreamSub
from redis.asyncio import Redis

from shared.article import Article, Body, Change, Headline, Newsroom
from shared.delivery import Delivery, DeliverySettings, Emit, Received, one_by_one
from shared.events import ArticleEnriched, ArticleIngested, Outcome, StageOutcome, StageResult, new_traceparent
from shared.topics import ARTICLE_ENRICHED, ARTICLE_INGESTED, NEWSROOM_LOG
from tools.redis_server import RedisServer

EVENTS = 4_000
ONE_AT_A_TIME_EVENTS = 1_000
ROUNDS = 5
BATCH = 100
IN, OUT, LOG = ARTICLE_INGESTED.stream(), ARTICLE_ENRICHED.stream(), NEWSROOM_LOG.stream()
PARAGRAPH = "<p>The harbour board said on Tuesday that the ferry would sail again once its ramp had been mended.</p>"

Variant = Callable[[str, Redis, int], Awaitable[float]]


def event(number: int) -> ArticleIngested:
    """Make an invented event of about 3 KB."""
    article = Article(
        uri=f"urn:bench:{number}",
        headlines=(Headline(value=f"Ferry {number} to sail again within the week"),),
        bodies=(Body(value=PARAGRAPH * 20),),
        newsroom=Newsroom(
            story_id=f"story{number}",
            revision=1,
            change=Change.NEW,
            source="bench",
            provider="Harbour News",
            received=datetime.now(UTC),
        ),
    )
    return ArticleIngested.of(article, traceparent=new_traceparent())


def following(incoming: ArticleIngested) -> ArticleEnriched:
    return ArticleEnriched.of(incoming.data, traceparent=incoming.traceparent, **incoming.extensions())


def outcome(incoming: ArticleIngested, emitted: str) -> StageOutcome:
    newsroom = incoming.data.newsroom
    result = StageResult(
        stage="enrich",
        outcome=Outcome.EMITTED,
        input=incoming.id,
        story_id=newsroom.story_id,
        revision=newsroom.revision,
        change=newsroom.change,
        origin=newsroom.source,
        emitted=emitted,
    )
    return StageOutcome.of(result, traceparent=incoming.traceparent)


async def seed(redis: Redis, count: int) -> None:
    await redis.flushall()
    for start in range(0, count, 500):
        async with redis.pipeline(transaction=False) as pipe:
            for number in range(start, start + 500):
                fields: Any = event(number).to_fields()
                pipe.xadd(IN, fields)
            await pipe.execute()


async def plain(url: str, redis: Redis, count: int) -> float:
    """Read a batch, validate, and send everything back in one pipeline: as good as the loop gets by hand."""
    await seed(redis, count)
    await redis.xgroup_create(IN, "enrich", "0")
    async with Redis.from_url(url) as client:
        started, done = time.perf_counter(), 0
        while done < count:
            answer: Any = await client.xreadgroup("enrich", "r1", {IN: ">"}, count=BATCH, block=500)
            entries = answer[0][1] if isinstance(answer, list) else answer[IN.encode()][0]
            async with client.pipeline(transaction=False) as pipe:
                for entry_id, raw in entries:
                    incoming = ArticleIngested.from_fields(raw)
                    outgoing = following(incoming)
                    body: Any = outgoing.to_fields()
                    said: Any = outcome(incoming, outgoing.id).to_fields()
                    pipe.xadd(OUT, body)
                    pipe.xadd(LOG, said)
                    pipe.xack(IN, "enrich", entry_id)
                await pipe.execute()
            done += len(entries)
        return count / (time.perf_counter() - started)


async def delivery(url: str, redis: Redis, count: int) -> float:
    """Run the real thing, as a service runs it."""
    await seed(redis, count)

    async def enrich(received: Received[ArticleIngested]) -> Emit:
        return Emit(following(received.event))

    hop = Delivery(redis_url=url, stage="enrich", replica="r1", settings=DeliverySettings(batch=BATCH))
    hop.read(ARTICLE_INGESTED, one_by_one(enrich), emits=ARTICLE_ENRICHED)
    started = time.perf_counter()
    await hop.start()
    rate = await _until(redis, count, started)
    await hop.stop()
    return rate


async def one_at_a_time(url: str, redis: Redis, count: int) -> float:
    """Run FastStream's stock subscriber: one message, one call, one acknowledgement."""
    await redis.flushall()
    broker = RedisBroker(url, logger=None)  # type: ignore[arg-type]  # None switches its log off

    @broker.subscriber(stream=StreamSub(IN, group="enrich", consumer="r1", max_records=BATCH))
    async def enrich(incoming: ArticleIngested) -> None:
        outgoing = following(incoming)
        await broker.publish(outgoing, stream=OUT)
        await broker.publish(outcome(incoming, outgoing.id), stream=LOG)

    await broker.connect()
    await redis.xgroup_create(IN, "enrich", "0", mkstream=True)
    for number in range(count):
        await broker.publish(event(number), stream=IN)
    started = time.perf_counter()
    await broker.start()
    rate = await _until(redis, count, started)
    await broker.stop()
    return rate


async def _until(redis: Redis, count: int, started: float) -> float:
    while await redis.xlen(LOG) < count:  # noqa: ASYNC110 - Redis tells nobody when a stream has grown
        await asyncio.sleep(0.005)
    return count / (time.perf_counter() - started)


VARIANTS: dict[str, tuple[Variant, int]] = {
    "plain redis-py, pipelines": (plain, EVENTS),
    "Wireroom delivery": (delivery, EVENTS),
    "FastStream, one at a time": (one_at_a_time, ONE_AT_A_TIME_EVENTS),
}


async def measure() -> str:
    """Run every variant in turn, ROUNDS times, and return the section of the page."""
    # Logs go nowhere, formatted all the same: a service pays for its canonical line.
    structlog.configure(
        processors=[structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(Path("/dev/null").open("w")),  # noqa: ASYNC230, SIM115 - for the run
    )
    rates: dict[str, list[float]] = {name: [] for name in VARIANTS}
    with tempfile.TemporaryDirectory() as folder:
        server = RedisServer(data=Path(folder))
        await asyncio.to_thread(server.start)
        try:
            async with Redis.from_url(server.url) as redis:
                for _ in range(ROUNDS):
                    for name, (variant, count) in VARIANTS.items():
                        rates[name].append(await variant(server.url, redis, count))
        finally:
            await asyncio.to_thread(server.stop)
    return table(rates)


def table(rates: dict[str, list[float]]) -> str:
    base = rates["plain redis-py, pipelines"]
    size = sum(len(k) + len(v) for k, v in event(1).to_fields().items())
    lines = [
        "## One hop",
        "",
        (__doc__ or "").split("\n\n", 1)[1].strip(),
        f"Events of {size:,} bytes, {ROUNDS} rounds.",
        "",
        "| variant | events/s (median) | against plain redis-py | against one at a time |",
        "|---|---:|---:|---:|",
    ]
    slow = rates["FastStream, one at a time"]
    for name, row in rates.items():
        against = statistics.median(a / b for a, b in zip(row, base, strict=True))
        beside = statistics.median(a / b for a, b in zip(row, slow, strict=True))
        lines.append(f"| {name} | {statistics.median(row):,.0f} | {against:.2f} | {beside:.1f} |")
    return "\n".join(lines) + "\n"
