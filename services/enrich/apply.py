"""Merging findings into the article. Pure: the same findings in the same order give the same article."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from services.enrich.additions import Additions, Finding, Found
from shared.article import Applied, Article, Enrichment, Named, Skipped, Tag

__all__ = ["apply"]

R = TypeVar("R", Applied, Skipped)


def apply(article: Article, findings: Sequence[Finding]) -> Article:
    """Return the article with what was found, and with who found it or was skipped.

    What the copy already says stands: a declared language, word count or keyword list is never replaced, and tags
    and places are added to those that are there. Among findings the first to say something wins.
    """
    if not findings:
        return article
    for finding in findings:
        if isinstance(finding, Found):
            article = _add(article, finding.additions)
    record = _record(article.newsroom.enrichment, findings)
    return article.model_copy(update={"newsroom": article.newsroom.model_copy(update={"enrichment": record})})


def _add(article: Article, additions: Additions) -> Article:
    newsroom = article.newsroom
    told: dict[str, Any] = {
        "word_count": _first(newsroom.word_count, additions.word_count),
        "reading_minutes": _first(newsroom.reading_minutes, additions.reading_minutes),
        "keywords": newsroom.keywords or additions.keywords,
        "tags": _with_new(newsroom.tags, additions.tags, _tag_key),
    }
    return article.model_copy(
        update={
            "language": article.language or additions.language,
            "places": _with_new(article.places, additions.places, _place_key),
            "newsroom": newsroom.model_copy(update=told),
        }
    )


def _first(declared: int | None, found: int | None) -> int | None:
    return found if declared is None else declared


def _with_new(there: tuple[Any, ...], found: tuple[Any, ...], key: Any) -> tuple[Any, ...]:
    known = {key(item) for item in there}
    return there + tuple(item for item in found if key(item) not in known)


def _tag_key(tag: Tag) -> tuple[str, str, str]:
    return tag.scheme, tag.code or tag.name.casefold(), tag.rel


def _place_key(place: Named) -> str:
    """A provider's *Tokyo* and our own are one place to a reader, whatever the one or the other calls it by."""
    return place.name.casefold()


def _record(before: Enrichment, findings: Sequence[Finding]) -> Enrichment:
    """Name every enricher once; entries of names that are not among these findings are kept."""
    applied = [Applied(name=f.name, version=f.version) for f in findings if isinstance(f, Found)]
    skipped = [f for f in findings if isinstance(f, Skipped)]
    ours = {finding.name for finding in findings}
    return before.model_copy(
        update={
            "applied": (*_others(before.applied, ours), *applied),
            "skipped": (*_others(before.skipped, ours), *skipped),
        }
    )


def _others(records: Iterable[R], ours: set[str]) -> list[R]:
    return [record for record in records if record.name not in ours]
