"""The rows that a fold leaves behind: pure."""

from __future__ import annotations

from typing import Any

from services.publish.excerpt import excerpt, first_words
from services.publish.pictures.leading import leading_picture
from services.publish.search.document import Document, document_of
from services.publish.slug import section_key, slug_of
from services.publish.store.fold import Fold
from services.publish.store.labels import labels_of
from services.publish.store.standing import Standing
from shared.article import Article, PubStatus

__all__ = ["documents", "label_rows", "revision_rows", "story_rows"]

Row = dict[str, Any]
COPY = (
    *("section", "slug", "headline", "summary", "provider", "urgency"),
    *("published", "day", "corrected", "picture", "article"),
)


def revision_rows(fold: Fold, *, arrivals: int) -> list[Row]:
    """Return a row for every revision taken, in the order in which they came, numbered on from ``arrivals``."""
    return [
        _revision_row(fold, story_id, number, arrival)
        for arrival, (story_id, number) in enumerate(fold.added, start=arrivals + 1)
    ]


def story_rows(fold: Fold, *, edition: int) -> list[Row]:
    """Return the stories that moved, as a reader finds them from this edition on."""
    return [_story_row(fold, story_id, edition) for story_id in sorted(fold.moved)]


def label_rows(fold: Fold) -> list[Row]:
    """Return what the moved stories are listed under; those that are off the site, under nothing."""
    rows: list[Row] = []
    for story_id in sorted(fold.moved):
        standing = _standing(fold, story_id)
        if standing.status is not PubStatus.USABLE:
            continue
        rows += (
            {
                "story_id": story_id,
                "kind": label.kind,
                "key": label.key,
                "name": label.name,
                "relevance": label.relevance,
                "published": standing.published,
            }
            for label in labels_of(fold.article_of(story_id, standing.current))
        )
    return rows


def documents(fold: Fold) -> dict[int, Document]:
    """Return the words by which the moved stories are found, by their number; none of those that are off the site."""
    found: dict[int, Document] = {}
    for story_id in sorted(fold.moved):
        number, standing = fold.book(story_id).number, _standing(fold, story_id)
        if number is not None and standing.status is PubStatus.USABLE:
            found[number] = document_of(fold.article_of(story_id, standing.current), standing.published)
    return found


def _standing(fold: Fold, story_id: str) -> Standing:
    standing = fold.book(story_id).standing()
    assert standing is not None  # noqa: S101 - a story that moved has a revision
    return standing


def _revision_row(fold: Fold, story_id: str, number: int, arrival: int) -> Row:
    book = fold.book(story_id)
    known = book.revisions[number]
    return {
        "story_id": story_id,
        "revision": number,
        "arrival": arrival,
        "change": known.change,
        "status": known.status,
        "published": known.published,
        "moment": known.moment,
        "sequence": book.led_to.get(number),
        "article": _json(fold.added[story_id, number]),
    }


def _story_row(fold: Fold, story_id: str, edition: int) -> Row:
    book, standing = fold.book(story_id), _standing(fold, story_id)
    return {
        "story_id": story_id,
        "number": book.number,
        "revision": standing.revision,
        "current": standing.current,
        "change": book.revisions[standing.current].change,
        "sequence": book.sequence,
        "edition": edition,
        "appeared": book.appeared,
        "status": standing.status,
        "modified": standing.modified,
        **_copy_columns(fold.article_of(story_id, standing.current), standing),
    }


def _copy_columns(article: Article, standing: Standing) -> Row:
    """Return the columns that hold copy: all empty for a story that is off the site."""
    if standing.status is not PubStatus.USABLE:
        return dict.fromkeys(COPY)
    return {
        "section": section_key(article.newsroom.section),
        "slug": slug_of(article.headline),
        "headline": article.headline or "(no headline)",
        "summary": excerpt(article.summary or first_words(article.body_html)),
        "provider": article.newsroom.provider,
        "urgency": article.urgency,
        "published": standing.published,
        "day": _day(article),
        "corrected": standing.corrected,
        "picture": leading_picture(article),
        "article": _json(article),
    }


def _day(article: Article) -> str | None:
    """Return the date as the copy printed it, if it printed no time.

    Midnight is then nobody's claim, and in the site's zone it may even be the day before.
    """
    assumed = {assumption.code for assumption in article.newsroom.assumptions}
    return article.published.date().isoformat() if "time_of_day_assumed" in assumed else None


def _json(article: Article) -> str:
    return article.model_dump_json(by_alias=True, exclude_none=True)
