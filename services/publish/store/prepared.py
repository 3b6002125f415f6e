"""What can be worked out of one revision by itself: pure, and done before the store is locked.

Projectors stand in line to write. What takes their time, sanitising and cutting words, they do side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from services.publish.excerpt import excerpt, first_words
from services.publish.pictures.leading import leading_picture
from services.publish.sanitise import clean_article, tombstone
from services.publish.search.document import Document, words_in
from services.publish.slug import section_key, slug_of
from services.publish.store.labels import Label, labels_of
from services.publish.store.standing import Revision, revision_of
from shared.article import Article, PubStatus

__all__ = ["COPY", "Prepared", "prepare", "prepared_again"]

COPY = ("section", "slug", "headline", "summary", "provider", "urgency", "day", "picture", "article")


@dataclass(frozen=True, slots=True)
class Shown:
    """A usable revision as readers find it."""

    columns: dict[str, Any]
    """Of the story's row: ``COPY``."""
    labels: tuple[Label, ...]
    words: Document


@dataclass(frozen=True, slots=True)
class Prepared:
    fact: Revision
    article: Article
    """What is kept of it: the copy made safe, or the little that may be said of a story off the site."""
    text: str
    """The same, as JSON."""
    shown: Shown | None


def prepare(article: Article) -> Prepared:
    """Work out all that the store needs of a revision that has come."""
    fact = revision_of(article)
    usable = fact.status is PubStatus.USABLE
    return _prepared(fact, clean_article(article) if usable else tombstone(article, fact.status))


def prepared_again(text: str) -> Prepared:
    """Return a revision that was kept, from its JSON."""
    article = Article.model_validate_json(text)
    return _prepared(revision_of(article), article)


def _prepared(fact: Revision, kept: Article) -> Prepared:
    text = kept.model_dump_json(by_alias=True, exclude_none=True)
    shown = _shown(kept, text) if fact.status is PubStatus.USABLE else None
    return Prepared(fact, kept, text, shown)


def _shown(article: Article, text: str) -> Shown:
    columns = {
        "section": section_key(article.newsroom.section),
        "slug": slug_of(article.headline),
        "headline": article.headline or "(no headline)",
        "summary": excerpt(article.summary or first_words(article.body_html)),
        "provider": article.newsroom.provider,
        "urgency": article.urgency,
        "day": _day(article),
        "picture": leading_picture(article),
        "article": text,
    }
    labels = labels_of(article)
    return Shown(columns, labels, words_in(article, labels))


def _day(article: Article) -> str | None:
    """Return the date as the copy printed it, if it printed no time.

    Midnight is then nobody's claim, and in the site's zone it may even be the day before.
    """
    assumed = {assumption.code for assumption in article.newsroom.assumptions}
    return article.published.date().isoformat() if "time_of_day_assumed" in assumed else None
