"""What leaves enrich: the article with its findings, what is owed of it, and the amendment that follows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from services.enrich.additions import Additions, Finding, Found
from services.enrich.amending import NothingNew, amended
from services.enrich.handler import Desk, amending, enriching
from services.enrich.rules.model import Rules
from services.enrich.rules.verdict import Verdict as Ruling
from services.enrich.running import Enrichers
from shared.article import Amends, Article, Change, Skipped
from shared.delivery import Emit, NotYet, Received, Verdict
from shared.events import ArticleDeferred, ArticleEnriched, ArticleEvent, ArticleIngested
from shared.topics import ARTICLE_DEFERRED, ARTICLE_INGESTED, Lane
from tests.enrich.stories import story

TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
async def enrichers() -> AsyncIterator[Enrichers]:
    started = Enrichers("tests.enrich.odd_registry:BASIC", budget=30.0, urgent_budget=30.0)
    await started.start()
    yield started
    await started.close()


def received(event: Any, topic: Any = ARTICLE_INGESTED) -> Received[Any]:
    return Received(event, topic.stream(), "1-0", Lane.ROUTINE, 1)


async def enriched(enrichers: Enrichers, article: Article, rules: Sequence[Any] = (), **attributes: str) -> Emit:
    event = ArticleIngested.of(article, traceparent=TRACEPARENT, **attributes)
    desk = Desk(enrichers, Rules.model_validate(list(rules)).root)
    (verdict,) = await enriching(desk, batch=8)([received(event)])
    assert isinstance(verdict, Emit)
    return verdict


async def later(enrichers: Enrichers, event: ArticleEvent) -> Verdict:
    (verdict,) = await amending(Desk(enrichers))([received(event, ARTICLE_DEFERRED)])
    return verdict


async def test_an_article_leaves_enriched_with_its_trace_its_revision_and_what_is_not_known_here(
    enrichers: Enrichers,
) -> None:
    emit = await enriched(enrichers, story(), partitionkey="north")
    assert (emit.event.type, emit.event.id) == ("newsroom.article.enriched.v1", "a1.1.enrich")
    assert (emit.event.traceparent, emit.event.extensions()) == (TRACEPARENT, {"partitionkey": "north"})
    assert emit.event.data.newsroom.keywords == ("good",)
    assert emit.deferred is None


async def test_a_kill_leaves_as_it_came_and_nothing_is_owed_of_it(enrichers: Enrichers) -> None:
    article = story(change=Change.KILL)
    emit = await enriched(enrichers, article)
    assert (emit.event.data, emit.deferred) == (article, None)


async def test_a_flash_goes_at_once_and_is_amended_after_without_a_change_of_date(enrichers: Enrichers) -> None:
    flash = await enriched(enrichers, story(urgency=1))
    assert [(one.name, one.reason) for one in flash.event.data.newsroom.enrichment.skipped] == [("picky", "deferred")]
    assert isinstance(flash.deferred, ArticleDeferred)
    amend = await later(enrichers, flash.deferred)
    assert isinstance(amend, Emit)
    newsroom = amend.event.data.newsroom
    assert (newsroom.revision, newsroom.change, newsroom.amends) == (
        2,
        Change.AMEND,
        Amends(revision=1, change=Change.NEW),
    )
    assert (newsroom.keywords, newsroom.enrichment.skipped, newsroom.received) == (
        ("good",),
        (),
        story().newsroom.received,
    )
    assert (amend.event.data.version_created, amend.deferred) == (story().version_created, None)


async def test_what_fails_again_is_put_off_and_named(enrichers: Enrichers) -> None:
    emit = await enriched(enrichers, story(headline="A bad one"))
    assert emit.deferred
    verdict = await later(enrichers, emit.deferred)
    assert isinstance(verdict, NotYet)
    assert (verdict.code, verdict.detail) == ("enrichers_failed", "picky")


def test_the_same_debt_paid_twice_is_the_same_revision() -> None:
    article = story(newsroom={"enrichment": {"skipped": [Skipped(name="a", reason="late")]}})
    findings: list[Finding] = [Found("a", "1", Additions())]
    assert amended(article, findings).newsroom.revision == amended(article, findings).newsroom.revision == 2


def test_an_amendment_needs_something_of_what_was_owed() -> None:
    article = story(newsroom={"enrichment": {"skipped": [Skipped(name="a", reason="late")]}})
    with pytest.raises(NothingNew, match="a"):
        amended(article, [Found("b", "1", Additions()), Skipped(name="a", reason="failed")])


async def test_a_rule_of_the_newsroom_is_applied(enrichers: Enrichers) -> None:
    when = {"text": {"any_of": ["ferries"], "in": ["headline"]}}
    rule = {"name": "ferries", "when": when, "then": {"section": "transport"}}
    emit = await enriched(enrichers, story(), [rule])
    assert emit.event.data.newsroom.section == "transport"


async def test_the_loop_comes_round_between_the_stories_of_a_batch(enrichers: Enrichers) -> None:
    # Each story's rules hold the loop for a while; all of them at once would hold it for as many times as long.
    looked: list[int] = []
    rounds = 0

    class Watched(Desk):
        async def settle(self, event: ArticleEnriched, _: Ruling) -> Emit:
            looked.append(rounds)
            return Emit(event)

    async def come_round() -> None:
        nonlocal rounds
        while True:
            rounds += 1
            await asyncio.sleep(0)

    events = [ArticleIngested.of(story(newsroom={"story_id": f"s{n}"}), traceparent=TRACEPARENT) for n in range(4)]
    coming = asyncio.create_task(come_round())
    await enriching(Watched(enrichers), batch=8)([received(event) for event in events])
    coming.cancel()
    assert len(set(looked)) == len(events)
