"""An article as it was before the newsroom's rules: what they did is recorded with it, and is taken back by that."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.enrich.rules.model import RULE
from shared.article import Article

__all__ = ["without_rules"]

CREATOR = f"urn:wireroom:enricher:{RULE}"


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
    if "embargoedUntil" in was:
        outside["embargoed_until"] = _moment(was["embargoedUntil"])
    return article.model_copy(update={**outside, "newsroom": newsroom.model_copy(update=inside)})


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
