"""What a story went on without, filled in later: an ``amend`` that changes no date and no order. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from services.enrich.additions import Finding, Found
from shared.article import Amends, Article, Change, Skipped
from shared.events import ArticleDeferred, ArticleIngested

__all__ = ["NothingNew", "amended", "deferred", "owed_by"]


class NothingNew(ValueError):
    """None of what was owed could be found now either. The message names the enrichers."""


def owed_by(findings: Sequence[Finding]) -> list[Skipped]:
    """Return what these findings leave open."""
    return [finding for finding in findings if isinstance(finding, Skipped)]


def deferred(event: ArticleIngested, findings: Sequence[Finding]) -> ArticleDeferred | None:
    """Return the event that keeps what is owed from being forgotten; None where nothing is."""
    owed = tuple(owed_by(findings))
    if not owed:
        return None
    newsroom = event.data.newsroom
    record = newsroom.enrichment.model_copy(update={"skipped": owed})
    article = event.data.model_copy(update={"newsroom": newsroom.model_copy(update={"enrichment": record})})
    return ArticleDeferred.of(article, traceparent=event.traceparent, **event.extensions())


def amended(article: Article, findings: Sequence[Finding]) -> Article:
    """Return a deferred article as the amendment that findings are to be merged into.

    Its revision is the one after the story's, which ingest leaves free; everything else is what the story had.

    Raises:
        NothingNew: the findings hold nothing of what the story went on without.
    """
    newsroom = article.newsroom
    owed = {skipped.name for skipped in newsroom.enrichment.skipped}
    if not owed & {finding.name for finding in findings if isinstance(finding, Found)}:
        raise NothingNew(", ".join(sorted(owed)))
    update = {
        "revision": newsroom.revision + 1,
        "change": Change.AMEND,
        "amends": Amends(revision=newsroom.revision, change=newsroom.change),
        "enrichment": newsroom.enrichment.model_copy(update={"skipped": ()}),
    }
    return article.model_copy(update={"newsroom": newsroom.model_copy(update=update)})
