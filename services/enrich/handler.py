"""The edge: articles in, the same articles with what was found out; and what was owed, sent after them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from services.enrich.additions import Finding
from services.enrich.amending import NothingNew, amended, deferred, owed_by
from services.enrich.apply import apply
from services.enrich.batches import batches
from services.enrich.copy import READ
from services.enrich.links.store import Links
from services.enrich.rules.applying import apply_rules
from services.enrich.rules.model import Rule
from services.enrich.rules.verdict import Verdict as Ruling
from services.enrich.rules.verdict import evaluate
from services.enrich.running import Enrichers
from services.enrich.shelf import Shelf
from shared.article import Article
from shared.delivery import BatchHandler, Done, Emit, NotYet, Received, Verdict
from shared.events import ArticleDeferred, ArticleEnriched, ArticleIngested

__all__ = ["Desk", "amending", "enriching"]


@dataclass(frozen=True, slots=True)
class Desk:
    """What a story passes in enrich, in this order."""

    enrichers: Enrichers
    rules: Sequence[Rule] = ()
    links: Links | None = None
    shelf: Shelf | None = None
    turns: tuple[asyncio.Lock, asyncio.Lock] = field(default_factory=lambda: (asyncio.Lock(), asyncio.Lock()))
    """Of routine and of urgent copy. One story is finished at a time, for each holds the loop for some milliseconds."""

    async def finish(
        self, article: Article, findings: Sequence[Finding], *, urgent: bool = False
    ) -> tuple[Article, Ruling]:
        """Merge findings, link the story to others, and do what the newsroom's rules say of it."""
        async with self.turns[urgent]:
            await asyncio.sleep(0)  # so that those who come now wait for their turn
            article = apply(article, findings)
            if self.links:
                article = await self.links.finish(article, findings)
            ruling = evaluate(self.rules, article, datetime.now(UTC))
            return apply_rules(article, ruling), ruling

    async def settle(self, event: ArticleEnriched, ruling: Ruling) -> Emit | Done:
        """Let the story go on, or lay it on the shelf."""
        return await self.shelf.settle(event, ruling) if self.shelf else Emit(event)


def enriching(desk: Desk, *, batch: int) -> BatchHandler[ArticleIngested]:
    """Make the handler of ``article.ingested``; ``batch`` stories go to a worker together."""

    async def enrich_articles(received: Sequence[Received[ArticleIngested]]) -> Sequence[Verdict]:
        parts = batches(received, batch, lambda one: min(READ, len(one.event.data.body_html)))
        return [verdict for part in await asyncio.gather(*map(enrich_part, parts)) for verdict in part]

    async def enrich_part(part: Sequence[Received[ArticleIngested]]) -> Sequence[Verdict]:
        urgent = any(one.event.is_urgent for one in part)
        found = await desk.enrichers.ask([one.event.data for one in part], urgent=urgent)
        told = zip(part, found, strict=True)
        return await asyncio.gather(*(enrich_article(one.event, findings) for one, findings in told))

    async def enrich_article(event: ArticleIngested, findings: Sequence[Finding]) -> Verdict:
        article, ruling = await desk.finish(event.data, findings, urgent=event.is_urgent)
        if ruling.holding and owed_by(findings):
            # What is kept back need not hurry.
            (findings,) = await desk.enrichers.ask([event.data], urgent=False, patient=True)
            article, ruling = await desk.finish(event.data, findings)
        enriched = ArticleEnriched.of(article, traceparent=event.traceparent, **event.extensions())
        verdict = await desk.settle(enriched, ruling)
        return Emit(verdict.event, deferred(event, findings)) if isinstance(verdict, Emit) else verdict

    return enrich_articles


def amending(desk: Desk) -> BatchHandler[ArticleDeferred]:
    """Make the handler of ``article.deferred``: no time presses here, and what was owed is asked for once more."""

    async def amend_articles(received: Sequence[Received[ArticleDeferred]]) -> Sequence[Verdict]:
        return await asyncio.gather(*(amend_article(one.event) for one in received))

    async def amend_article(event: ArticleDeferred) -> Verdict:
        (findings,) = await desk.enrichers.ask([event.data], urgent=False, patient=True)
        try:
            base = amended(event.data, findings)
        except NothingNew as still_owed:
            return NotYet("enrichers_failed", str(still_owed))
        article, ruling = await desk.finish(base, findings)
        enriched = ArticleEnriched.of(article, traceparent=event.traceparent, **event.extensions())
        return await desk.settle(enriched, ruling)

    return amend_articles
