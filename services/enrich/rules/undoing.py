"""Taking back what the newsroom's rules did, all of it or an embargo alone: it is recorded with the article. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from services.enrich.rules.model import RULE
from shared.article import Article, Ruled

__all__ = ["let_go", "lifted", "without_rules"]

CREATOR = f"urn:wireroom:enricher:{RULE}"
EMBARGO, EMBARGOED = "embargo: ", "embargoedUntil"
LET_GO = " (let go)"
"""Ends the record of an embargo that a rule set and that holds this story no more."""


def without_rules(article: Article) -> Article:
    """Return the article without what rules gave it, so that they can be asked again, or others in their place."""
    newsroom = article.newsroom
    if not newsroom.rules and not newsroom.routes and not any(tag.enricher.startswith(RULE) for tag in newsroom.tags):
        return article
    was: dict[str, str] = {}
    for ruled in newsroom.rules:
        was |= ruled.was
    inside: dict[str, Any] = {
        "rules": (),
        "routes": (),
        "tags": tuple(tag for tag in newsroom.tags if not tag.enricher.startswith(RULE)),
    }
    outside: dict[str, Any] = {
        "subjects": tuple(one for one in article.subjects if not (one.creator or "").startswith(CREATOR))
    }
    if "section" in was:
        inside["section"] = was["section"]
    if "urgency" in was:
        outside["urgency"] = int(was["urgency"]) if was["urgency"] else None
    if EMBARGOED in was:
        outside["embargoed_until"] = _moment(was[EMBARGOED])
    return article.model_copy(update={**outside, "newsroom": newsroom.model_copy(update=inside)})


def lifted(article: Article, rules: Collection[str]) -> Article:
    """Return the article without the embargo that one of these rules set: the story was let go."""
    newsroom = article.newsroom
    ended = [ruled for ruled in newsroom.rules if ruled.name in rules and EMBARGOED in ruled.was]
    if not ended:
        return article
    told = tuple(_marked(ruled) if ruled in ended else ruled for ruled in newsroom.rules)
    # One rule alone has set it, and knows what stood there: the embargo of the copy itself, or none.
    update = {"embargoed_until": _moment(ended[0].was[EMBARGOED])}
    return article.model_copy(update={**update, "newsroom": newsroom.model_copy(update={"rules": told})})


def let_go(article: Article) -> frozenset[str]:
    """Return the rules whose embargo was lifted from this article."""
    return frozenset(ruled.name for ruled in article.newsroom.rules if any(did.endswith(LET_GO) for did in ruled.did))


def _marked(ruled: Ruled) -> Ruled:
    did = (f"{one.removesuffix(LET_GO)}{LET_GO}" if one.startswith(EMBARGO) else one for one in ruled.did)
    return ruled.model_copy(update={"did": tuple(did)})


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
