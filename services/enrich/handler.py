"""The edge: one article in, the same article with what was found out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from services.enrich.apply import apply
from services.enrich.running import Enrichers
from shared.delivery import Emit, Received
from shared.events import ArticleEnriched, ArticleIngested

__all__ = ["handler"]


def handler(enrichers: Enrichers) -> Callable[[Received[ArticleIngested]], Awaitable[Emit]]:
    """Make the handler for these enrichers."""

    async def enrich_article(received: Received[ArticleIngested]) -> Emit:
        event = received.event
        findings = await enrichers.ask(event.data, urgent=event.is_urgent)
        article = apply(event.data, findings)
        return Emit(ArticleEnriched.of(article, traceparent=event.traceparent, **event.extensions()))

    return enrich_article
