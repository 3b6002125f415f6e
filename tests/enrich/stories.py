"""Invented stories for the enrichers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from services.enrich.additions import Additions, Cost, Enrich, Enricher, each
from shared.article import Article, Body, Change, Dateline, Headline, Newsroom

__all__ = ["BODY", "HEADLINE", "enricher", "story"]

HEADLINE = "Kenya to test electric ferries on Lake Turkana"
BODY = (
    "<p>NAIROBI: Kenya: The ferry company Maji Lines will try two electric ferries on Lake Turkana from May, its head "
    "Wanjiru Odede told shareholders.</p>"
    "<p>Each of the ferries carries ninety passengers. Charging takes four hours, and the posts run on the wind that"
    " the lake is known for.</p>"
    "<p>“A ferry that is quiet does not frighten the fish,” Odede said. Maji Lines has lost money since 2021.</p>"
)

NOTHING = each(lambda _: Additions())


def story(
    *,
    headline: str = HEADLINE,
    body: str = BODY,
    dateline: Dateline | None = None,
    change: Change = Change.NEW,
    newsroom: dict[str, Any] | None = None,
    **members: Any,
) -> Article:
    facts: dict[str, Any] = {"story_id": "a1", "revision": 1, "change": change, "source": "s", "provider": "p"}
    return Article(
        uri="https://wire.example/ferries",
        headlines=(Headline(value=headline),),
        bodies=(Body(value=body),),
        newsroom=Newsroom(received=datetime(2026, 3, 4, tzinfo=UTC), dateline=dateline, **facts | (newsroom or {})),
        **members,
    )


def enricher(
    name: str,
    enrich: Enrich = NOTHING,
    *,
    cost: Cost = Cost.LIGHT,
    after: tuple[str, ...] = (),
) -> Enricher:
    return Enricher(name=name, version="1", adds=(), load=lambda: enrich, cost=cost, after=after)
