from __future__ import annotations

from services.enrich.additions import Additions, Enricher
from services.enrich.handler import handler
from services.enrich.loading import load_all
from services.enrich.running import Enrichers
from shared.article import Article, Change
from shared.delivery import Received
from shared.events import ArticleEvent, ArticleIngested
from shared.topics import ARTICLE_INGESTED, Lane
from tests.enrich.stories import enricher, story

TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def fail(_: Article) -> Additions:
    raise ValueError("no")


REGISTRY = [enricher("counts", lambda _: Additions(word_count=70), instant=True), enricher("fails", fail)]


async def enriched(article: Article, registry: list[Enricher] = REGISTRY, **attributes: str) -> ArticleEvent:
    enrichers = Enrichers(load_all(registry), budget=30.0)
    event = ArticleIngested.of(article, traceparent=TRACEPARENT, **attributes)
    emit = await handler(enrichers)(Received(event, ARTICLE_INGESTED.stream(), "1-0", Lane.ROUTINE, 1))
    enrichers.close()
    return emit.event


async def test_an_ingested_article_is_emitted_enriched() -> None:
    assert (await enriched(story())).type == "newsroom.article.enriched.v1"


async def test_what_was_found_is_emitted() -> None:
    assert (await enriched(story())).data.newsroom.word_count == 70


async def test_who_failed_is_named_in_what_is_emitted() -> None:
    skipped = (await enriched(story())).data.newsroom.enrichment.skipped
    assert [(one.name, one.reason, one.detail) for one in skipped] == [("fails", "failed", "ValueError")]


async def test_the_event_is_of_the_same_revision() -> None:
    assert (await enriched(story())).id == "a1.1.enrich"


async def test_the_trace_goes_on() -> None:
    assert (await enriched(story())).traceparent == TRACEPARENT


async def test_an_attribute_that_this_version_does_not_know_goes_on() -> None:
    assert (await enriched(story(), partitionkey="north")).extensions() == {"partitionkey": "north"}


async def test_a_kill_is_emitted_as_it_came() -> None:
    article = story(change=Change.KILL)
    assert (await enriched(article)).data == article


async def test_a_flash_goes_without_those_that_take_their_time() -> None:
    event = await enriched(story(urgency=1), [enricher("slow", lambda _: Additions(word_count=70))])
    assert event.data.newsroom.word_count is None
