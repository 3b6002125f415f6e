"""The rows that a fold leaves behind: pure."""

from __future__ import annotations

from typing import Any

from services.publish.search.document import Document, filed_at
from services.publish.store.fold import Fold
from services.publish.store.prepared import COPY, Prepared
from services.publish.store.standing import Standing

__all__ = ["documents", "label_rows", "revision_rows", "story_rows"]

Row = dict[str, Any]


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
    return [
        {
            "story_id": story_id,
            "kind": label.kind,
            "key": label.key,
            "name": label.name,
            "relevance": label.relevance,
            "published": standing.published,
        }
        for story_id in sorted(fold.moved)
        for standing, prepared in [_now(fold, story_id)]
        if prepared.shown is not None
        for label in prepared.shown.labels
    ]


def documents(fold: Fold) -> dict[int, Document]:
    """Return the words by which the moved stories are found, by their number; none of those that are off the site."""
    found: dict[int, Document] = {}
    for story_id in sorted(fold.moved):
        number, (standing, prepared) = fold.book(story_id).number, _now(fold, story_id)
        if number is not None and prepared.shown is not None:
            found[number] = filed_at(prepared.shown.words, prepared.article, standing.published)
    return found


def _now(fold: Fold, story_id: str) -> tuple[Standing, Prepared]:
    """Return where the story stands, and the revision that is shown or that took it off."""
    standing = fold.book(story_id).standing()
    assert standing is not None  # noqa: S101 - a story that moved has a revision
    return standing, fold.prepared(story_id, standing.current)


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
        "article": fold.added[story_id, number].text,
    }


def _story_row(fold: Fold, story_id: str, edition: int) -> Row:
    book, (standing, prepared) = fold.book(story_id), _now(fold, story_id)
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
        **_copy_columns(prepared, standing),
    }


def _copy_columns(prepared: Prepared, standing: Standing) -> Row:
    """Return the columns that hold copy: all empty for a story that is off the site."""
    if prepared.shown is None:
        return dict.fromkeys((*COPY, "published", "corrected"))
    return {**prepared.shown.columns, "published": standing.published, "corrected": standing.corrected}
