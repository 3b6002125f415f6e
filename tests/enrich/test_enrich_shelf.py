from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from redis.asyncio import Redis

from services.enrich.rules.applying import apply_rules
from services.enrich.rules.model import Rules
from services.enrich.rules.undoing import let_go, without_rules
from services.enrich.rules.verdict import Verdict, evaluate
from services.enrich.shelf import Shelf
from shared.article import Article, Change
from shared.delivery import Done, Emit
from shared.events import ArticleEnriched, Outcome, StageOutcome
from shared.topics import ARTICLE_ENRICHED, NEWSROOM_LOG, Lane
from tests.enrich.stories import story
from tests.waiting import wait_until

TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
SOON = timedelta(milliseconds=300)


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
def shelf(redis: Redis) -> Shelf:
    return Shelf(redis, replica="test")


def judged(
    *then: dict[str, Any], revision: int = 16, change: Change = Change.NEW, names: str = "abc"
) -> tuple[ArticleEnriched, Verdict]:
    when = {"field": {"name": "newsroom.source", "is": "s"}}
    given = [{"name": name, "when": when, "then": one} for name, one in zip(names, then, strict=False)]
    article = story(newsroom={"revision": revision}, change=change)
    verdict = evaluate(Rules.model_validate(given).root, article, datetime.now(UTC))
    return ArticleEnriched.of(apply_rules(article, verdict), traceparent=TRACEPARENT), verdict


HOLD = {"hold": "legal reads it first"}


def embargo(wait: timedelta) -> dict[str, Any]:
    return {"embargo": (datetime.now(UTC) + wait).isoformat()}


def at_revision(article: Article, revision: int) -> Article:
    return article.model_copy(update={"newsroom": article.newsroom.model_copy(update={"revision": revision})})


async def entries(redis: Redis, stream: str) -> list[dict[bytes, bytes]]:
    return [cast("dict[bytes, bytes]", fields) for _, fields in await redis.xrange(stream) or ()]


async def emitted(redis: Redis, lane: Lane = Lane.ROUTINE) -> list[str]:
    return [fields[b"id"].decode() for fields in await entries(redis, ARTICLE_ENRICHED.stream(lane))]


async def on_the_shelf(shelf: Shelf) -> list[int]:
    return [held.event.data.newsroom.revision for held in await shelf.all()]


async def test_a_held_story_lies_on_the_shelf_and_on_no_topic(shelf: Shelf, redis: Redis) -> None:
    answer = await shelf.settle(*judged(HOLD))
    assert answer == Done(Outcome.HELD, "held_by_rule", "a")
    assert (await on_the_shelf(shelf), await emitted(redis)) == ([16], [])


async def test_a_story_that_no_rule_holds_goes_on(shelf: Shelf) -> None:
    event, verdict = judged({"route": "x"})
    assert await shelf.settle(event, verdict) == Emit(event)


async def test_a_released_story_is_emitted_whole(shelf: Shelf, redis: Redis) -> None:
    event, verdict = judged(HOLD)
    await shelf.settle(event, verdict)
    await shelf.release("a1", by="kim")
    (fields,) = await entries(redis, ARTICLE_ENRICHED.stream())
    sent = ArticleEnriched.from_fields(fields)
    assert (sent.id, sent.traceparent, sent.data) == (event.id, TRACEPARENT, event.data)


async def test_a_release_is_in_the_books(shelf: Shelf, redis: Redis) -> None:
    await shelf.settle(*judged(HOLD))
    await shelf.release("a1", by="kim")
    (fields,) = await entries(redis, NEWSROOM_LOG.stream())
    said = StageOutcome.from_fields(fields).data
    assert (said.stage, said.outcome, said.code, said.detail, said.emitted) == (
        "enrich", Outcome.EMITTED, "released", "kim", "a1.16.enrich",
    )  # fmt: skip


async def test_a_second_release_does_nothing(shelf: Shelf, redis: Redis) -> None:
    await shelf.settle(*judged(HOLD))
    await asyncio.gather(*(shelf.release("a1", by="kim") for _ in range(5)))
    assert await emitted(redis) == ["a1.16.enrich"]


async def test_an_input_that_comes_again_is_not_kept_twice(shelf: Shelf) -> None:
    await shelf.settle(*judged(HOLD))
    assert await shelf.settle(*judged(HOLD)) == Done(Outcome.HELD, "held_by_rule", "a")
    assert await on_the_shelf(shelf) == [16]


async def test_an_input_that_comes_again_after_the_release_is_neither_kept_nor_emitted(shelf: Shelf) -> None:
    await shelf.settle(*judged(HOLD))
    await shelf.release("a1", by="kim")
    assert isinstance(await shelf.settle(*judged(HOLD)), Done)
    assert await on_the_shelf(shelf) == []


async def test_a_newer_revision_takes_the_place_of_the_one_on_the_shelf(shelf: Shelf) -> None:
    await shelf.settle(*judged(HOLD))
    await shelf.settle(*judged(HOLD, revision=32))
    assert await on_the_shelf(shelf) == [32]


async def test_an_older_revision_does_not(shelf: Shelf) -> None:
    await shelf.settle(*judged(HOLD, revision=32))
    assert await shelf.settle(*judged(HOLD)) == Done(Outcome.STALE, "overtaken", None)
    assert await on_the_shelf(shelf) == [32]


async def test_a_newer_revision_that_is_not_held_takes_the_older_one_off(shelf: Shelf) -> None:
    await shelf.settle(*judged(HOLD))
    assert isinstance(await shelf.settle(*judged(revision=32)), Emit)
    assert await on_the_shelf(shelf) == []


async def test_a_kill_passes_at_once_and_takes_the_story_off(shelf: Shelf) -> None:
    await shelf.settle(*judged(HOLD))
    assert isinstance(await shelf.settle(*judged(HOLD, revision=32, change=Change.KILL)), Emit)
    assert await shelf.release("a1", by="kim") is None


async def test_what_a_kill_overtook_is_not_put_on_the_shelf_after_it(shelf: Shelf) -> None:
    await shelf.settle(*judged(HOLD, revision=32, change=Change.KILL))
    assert await shelf.settle(*judged(HOLD)) == Done(Outcome.STALE, "overtaken", None)
    assert await on_the_shelf(shelf) == []


async def test_the_rule_that_held_a_released_story_does_not_hold_its_later_revisions(shelf: Shelf) -> None:
    await shelf.settle(*judged(HOLD))
    await shelf.release("a1", by="kim")
    assert isinstance(await shelf.settle(*judged(HOLD, revision=32)), Emit)


async def test_an_amendment_of_a_story_that_lies_there_is_kept_with_it(shelf: Shelf) -> None:
    await shelf.settle(*judged(HOLD))
    await shelf.settle(*judged(HOLD, revision=17, change=Change.AMEND))
    assert await on_the_shelf(shelf) == [17]


async def test_an_amendment_of_a_story_that_is_out_is_not(shelf: Shelf) -> None:
    await shelf.settle(*judged())
    assert isinstance(await shelf.settle(*judged(HOLD, revision=17, change=Change.AMEND)), Emit)


async def test_another_rule_does(shelf: Shelf) -> None:
    await shelf.settle(*judged(HOLD))
    await shelf.release("a1", by="kim")
    assert isinstance(await shelf.settle(*judged(HOLD, revision=32, names="b")), Done)


async def test_a_story_under_embargo_goes_on_when_it_is_over(shelf: Shelf, redis: Redis) -> None:
    assert await shelf.settle(*judged(embargo(SOON))) == Done(Outcome.HELD, "embargoed_by_rule", "a")
    stop = asyncio.Event()
    tending = [asyncio.create_task(Shelf(redis, replica=name).tend(stop)) for name in "xy"]
    await wait_until(lambda: emitted(redis))
    stop.set()
    await asyncio.gather(*tending)
    assert await emitted(redis) == ["a1.16.enrich"]


async def test_a_story_under_embargo_does_not_go_before(shelf: Shelf, redis: Redis) -> None:
    await shelf.settle(*judged(embargo(timedelta(hours=1))))
    await shelf.let_out_due()
    assert await emitted(redis) == []


async def test_a_story_for_an_editor_waits_for_one_though_its_embargo_is_over(shelf: Shelf, redis: Redis) -> None:
    await shelf.settle(*judged(embargo(SOON), HOLD))
    await asyncio.sleep(SOON.total_seconds())
    await shelf.let_out_due()
    assert await emitted(redis) == []


async def test_an_editor_who_releases_a_story_ends_its_embargo(shelf: Shelf, redis: Redis) -> None:
    await shelf.settle(*judged(embargo(timedelta(hours=1))))
    await shelf.release("a1", by="kim")
    (fields,) = await entries(redis, ARTICLE_ENRICHED.stream())
    assert ArticleEnriched.from_fields(fields).data.embargoed_until is None


async def test_nor_do_later_revisions_say_an_embargo_that_an_editor_has_ended(shelf: Shelf) -> None:
    rule = embargo(timedelta(hours=1))
    await shelf.settle(*judged(rule))
    await shelf.release("a1", by="kim")
    later = await shelf.settle(*judged(rule, revision=32))
    assert isinstance(later, Emit)
    article = later.event.data
    assert (article.embargoed_until, let_go(article)) == (None, frozenset("a"))


async def test_an_embargo_that_is_over_does_not_begin_again_with_a_later_revision(shelf: Shelf) -> None:
    await shelf.settle(*judged(embargo(SOON)))
    await asyncio.sleep(SOON.total_seconds())
    await shelf.let_out_due()
    later = await shelf.settle(*judged(embargo(timedelta(hours=1)), revision=32))
    assert isinstance(later, Emit)
    assert later.event.data.embargoed_until is None


async def test_the_end_of_a_rules_embargo_leaves_the_one_that_the_copy_came_with(shelf: Shelf) -> None:
    own = datetime(2026, 3, 5, tzinfo=UTC)
    event, verdict = judged(embargo(timedelta(hours=1)))
    came = without_rules(event.data).model_copy(update={"embargoed_until": own})
    for revision in (16, 32):
        article = apply_rules(at_revision(came, revision), verdict)
        answer = await shelf.settle(ArticleEnriched.of(article, traceparent=TRACEPARENT), verdict)
        await shelf.release("a1", by="kim")
    assert isinstance(answer, Emit)
    assert answer.event.data.embargoed_until == own


async def test_an_amendment_of_a_story_that_is_out_says_no_embargo(shelf: Shelf) -> None:
    await shelf.settle(*judged())
    amend = await shelf.settle(*judged(embargo(timedelta(hours=1)), revision=17, change=Change.AMEND))
    assert isinstance(amend, Emit)
    assert amend.event.data.embargoed_until is None


async def test_what_another_rule_holds_waits_for_that_rule_alone(shelf: Shelf) -> None:
    await shelf.settle(*judged(HOLD))
    await shelf.release("a1", by="kim")
    answer = await shelf.settle(*judged(HOLD, embargo(timedelta(hours=1)), revision=32))
    assert answer == Done(Outcome.HELD, "embargoed_by_rule", "b")


async def test_a_flash_is_let_go_by_the_urgent_lane(shelf: Shelf, redis: Redis) -> None:
    await shelf.settle(*judged(HOLD | {"urgency": 1}))
    await shelf.release("a1", by="kim")
    assert await emitted(redis, Lane.URGENT) == ["a1.16.enrich"]


async def test_what_cannot_be_read_does_not_keep_the_others(shelf: Shelf, redis: Redis) -> None:
    await redis.hset("enrich:held:broken", mapping={"revision": "1", "event": "{"})
    await redis.zadd("enrich:held", {"broken": 0})
    await shelf.settle(*judged(embargo(SOON)))
    await asyncio.sleep(SOON.total_seconds())
    await shelf.let_out_due()
    assert await emitted(redis) == ["a1.16.enrich"]
