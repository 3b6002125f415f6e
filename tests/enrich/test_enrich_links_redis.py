"""Links among the stories that Redis remembers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from redis.asyncio import Redis

from services.enrich.additions import Finding, Found
from services.enrich.copy import Copy
from services.enrich.enrichers.traits import find_traits
from services.enrich.links.settings import LinkSettings
from services.enrich.links.store import PREFIX, Links
from shared.article import Article, Change, PubStatus
from tests.enrich.stories import story

RECEIVED = datetime(2026, 3, 4, tzinfo=UTC)


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
def links(redis: Redis) -> Links:
    return Links(redis, LinkSettings(timeout_ms=5_000))


def copy(story_id: str, *, revision: int = 16, hours: float = 0, **members: Any) -> Article:
    made = story(newsroom={"story_id": story_id, "revision": revision}, **members)
    received = RECEIVED + timedelta(hours=hours)
    return made.model_copy(update={"newsroom": made.newsroom.model_copy(update={"received": received})})


async def finished(links: Links, article: Article) -> Article:
    findings: list[Finding] = [Found("traits", "1", find_traits(Copy.of(article)))]
    return await links.finish(article, findings)


async def linked(links: Links, article: Article) -> list[tuple[str, str]]:
    return [(link.story_id, link.rel) for link in (await finished(links, article)).newsroom.links]


async def test_the_second_story_is_linked_to_the_first(links: Links) -> None:
    assert await linked(links, copy("a")) == []
    assert await linked(links, copy("b")) == [("a", "duplicate")]


async def test_a_link_says_who_found_it_and_why(links: Links) -> None:
    await finished(links, copy("a"))
    article = await finished(links, copy("b"))
    (link,) = article.newsroom.links
    assert (link.enricher, link.score, bool(link.explanation)) == ("links", 100, True)
    assert [one.name for one in article.newsroom.enrichment.applied] == ["links"]


async def test_a_revision_is_not_linked_to_the_one_before(links: Links) -> None:
    await finished(links, copy("a"))
    assert await linked(links, copy("a", revision=32)) == []


async def test_a_revision_replaces_what_was_remembered(links: Links, redis: Redis) -> None:
    await finished(links, copy("a"))
    before = await redis.dbsize()
    await finished(links, copy("a", revision=32, headline="Rates", body="<p>The bank of Norway left its rate.</p>"))
    assert await redis.dbsize() < before
    assert await linked(links, copy("b")) == []


async def test_an_older_revision_replaces_nothing(links: Links) -> None:
    await finished(links, copy("a", revision=32, headline="Rates", body="<p>The bank of Norway left its rate.</p>"))
    await finished(links, copy("a"))
    assert await linked(links, copy("b")) == []


@pytest.mark.parametrize("change", [Change.KILL, Change.WITHHOLD])
async def test_a_story_that_was_taken_away_is_offered_to_none(links: Links, change: Change) -> None:
    await finished(links, copy("a"))
    await links.finish(copy("a", revision=32, change=change, pub_status=PubStatus.CANCELED), [])
    await finished(links, copy("a"))  # arrives late
    assert await linked(links, copy("b")) == []


async def test_a_story_that_came_back_is_offered_again(links: Links) -> None:
    await links.finish(copy("a", revision=32, pub_status=PubStatus.WITHHELD), [])
    await finished(links, copy("a", revision=48))
    assert await linked(links, copy("b")) == [("a", "duplicate")]


async def test_nobody_is_told_of_a_story_under_embargo(links: Links) -> None:
    await finished(links, copy("a", embargoed_until=RECEIVED + timedelta(hours=2)))
    assert await linked(links, copy("b", hours=1)) == []
    assert await linked(links, copy("c", hours=3)) == [("b", "duplicate"), ("a", "duplicate")][::-1]


async def test_a_story_of_last_week_is_not_the_same_event(links: Links) -> None:
    await finished(links, copy("a"))
    assert await linked(links, copy("b", hours=73)) == []


async def test_the_oldest_are_forgotten_where_there_are_too_many(redis: Redis) -> None:
    links = Links(redis, LinkSettings(stories=10, timeout_ms=5_000))
    for number in range(30):
        await finished(links, copy(f"s{number}", hours=number / 10))
    assert await redis.zcard(f"{PREFIX}stories") == 10
    assert await redis.exists(f"{PREFIX}story:s0") == 0


async def test_every_key_has_an_end(links: Links, redis: Redis) -> None:
    await finished(links, copy("a"))
    await links.finish(copy("b", pub_status=PubStatus.CANCELED), [])
    keys = [key async for key in redis.scan_iter()]
    assert all([key.startswith(PREFIX.encode()) and await redis.ttl(key) > 0 for key in keys])


async def test_a_story_has_ten_links_at_most(links: Links) -> None:
    for number in range(15):
        await finished(links, copy(f"s{number}"))
    assert len(await linked(links, copy("b"))) == 10


async def test_a_redis_that_cannot_be_reached_costs_the_story_its_links_alone() -> None:
    async with Redis.from_url("redis://127.0.0.1:1/0") as gone:
        article = await finished(Links(gone), copy("a"))
        await Links(gone).finish(copy("a", pub_status=PubStatus.CANCELED), [])
    (skipped,) = article.newsroom.enrichment.skipped
    assert (skipped.name, article.newsroom.links) == ("links", ())


async def test_a_redis_that_is_slow_costs_the_story_its_links_alone(redis: Redis, links: Links) -> None:
    slow = Links(redis, LinkSettings(timeout_ms=30))
    await redis.client_pause(300, all=True)
    article = await finished(slow, copy("a"))
    assert [one.reason for one in article.newsroom.enrichment.skipped] == ["late"]
    assert await linked(links, copy("b")) in ([], [("a", "duplicate")])
