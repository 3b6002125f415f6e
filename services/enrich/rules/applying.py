"""Doing to an article what the rules said. Pure; keeping it back is the shelf's."""

from __future__ import annotations

from typing import Any

from services.enrich.apply import with_tags
from services.enrich.rules.undoing import without_rules
from services.enrich.rules.verdict import Judged, Verdict
from shared.article import Article, Ruled
from shared.events import rfc3339

__all__ = ["apply_rules"]


def apply_rules(article: Article, verdict: Verdict) -> Article:
    """Return the article with the verdict's effects, and the rules that it met. Applied twice, it is applied once."""
    article = without_rules(article)
    if not any(judged.met for judged in verdict.judged):
        return article
    ruled = tuple(_ruled(judged, article) for judged in verdict.judged if judged.met)
    article = with_tags(article, verdict.tags)
    newsroom = article.newsroom.model_copy(
        update={
            "section": verdict.section or article.newsroom.section,
            "routes": verdict.routes,
            "rules": ruled,
        }
    )
    outside: dict[str, Any] = {"newsroom": newsroom, "urgency": verdict.urgency or article.urgency}
    if verdict.embargo:
        outside["embargoed_until"] = max(filter(None, [verdict.embargo, article.embargoed_until]))
    return article.model_copy(update=outside)


def _ruled(judged: Judged, article: Article) -> Ruled:
    """Record what a rule did, and what stood there before, by which it can be taken back."""
    did = [one for one in judged.did if one.before is None]
    before = {
        "section": ("section", article.newsroom.section),
        "urgency": ("urgency", str(article.urgency or "")),
        "embargo": ("embargoedUntil", rfc3339(article.embargoed_until) if article.embargoed_until else ""),
    }
    was = dict(before[one.what] for one in did if one.what in before)
    record: dict[str, Any] = {"name": judged.rule.name, "did": [str(one) for one in did]}
    return Ruled.model_validate(record | {"was": was})
