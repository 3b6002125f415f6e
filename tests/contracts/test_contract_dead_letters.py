"""What the AsyncAPI document says of dead letters is what delivery writes."""

from __future__ import annotations

from typing import Any

import pytest
from redis.asyncio import Redis

from shared.delivery import Delivery, Emit, Received, one_by_one
from shared.events import ArticleEnriched, ArticleIngested
from shared.topics import ARTICLE_ENRICHED, ARTICLE_INGESTED
from tests.contracts.invented import read_example
from tests.waiting import wait_until
from tools.asyncapi import DEAD_LETTER_FIELDS

UNREADABLE = read_example("ingested-new") | {b"data": b"no json", b"partitionkey": b"north"}


async def enrich_article(received: Received[ArticleIngested]) -> Emit:
    return Emit(ArticleEnriched.of(received.event.data, traceparent=received.event.traceparent))


@pytest.fixture
async def dead_letter(redis_url: str) -> dict[bytes, bytes]:
    """Return the entry that becomes of one that no reader can read."""
    delivery = Delivery(redis_url=redis_url, stage="enrich", replica="test")
    delivery.read(ARTICLE_INGESTED, one_by_one(enrich_article), emits=ARTICLE_ENRICHED)
    stream = ARTICLE_INGESTED.dead_letters("enrich")
    async with Redis.from_url(redis_url) as redis:
        await redis.xadd(ARTICLE_INGESTED.stream(), dict[Any, Any](UNREADABLE))
        await delivery.start()
        await wait_until(lambda: redis.xlen(stream))
        await delivery.stop()
        entries: Any = await redis.xrange(stream)
    fields: dict[bytes, bytes] = entries[0][1]
    return fields


async def test_a_dead_letter_has_the_fields_that_the_document_names(dead_letter: dict[bytes, bytes]) -> None:
    assert {name.decode() for name in dead_letter.keys() - UNREADABLE.keys()} == DEAD_LETTER_FIELDS.keys()


async def test_a_dead_letter_holds_the_entry_unharmed(dead_letter: dict[bytes, bytes]) -> None:
    assert {name: dead_letter.get(name) for name in UNREADABLE} == UNREADABLE
