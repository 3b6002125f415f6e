"""A story as it is looked for: its words, by where they stand. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from services.publish.plain_text import text_of
from services.publish.sanitise import plain
from services.publish.search.filing import filed
from services.publish.search.words import words_of
from services.publish.slug import section_key
from services.publish.store.labels import Label, labels_of
from shared.article import Article

__all__ = ["Document", "document_of", "filed_at", "words_in"]

LONGEST_BODY = 100_000
"""Characters of a body that are looked at. PostgreSQL takes a megabyte for all words of a story, places included."""


@dataclass(frozen=True, slots=True)
class Document:
    headline: tuple[str, ...]
    names: tuple[str, ...]
    """Who and what the story is about, and who wrote it."""
    summary: tuple[str, ...]
    body: tuple[str, ...]
    filed: tuple[str, ...]


def document_of(article: Article, published: int) -> Document:
    """Return the words of an article; ``published`` is the story's own moment, in milliseconds since 1970."""
    return filed_at(words_in(article, labels_of(article)), article, published)


def words_in(article: Article, labels: Iterable[Label]) -> Document:
    """Return the words of an article that is not filed yet."""
    names = (*(label.name for label in labels), plain(article.by))
    return Document(
        headline=_words(article.headline),
        names=_words(" . ".join(names)),
        summary=_words(article.summary),
        body=_words(text_of(article.body_html[:LONGEST_BODY])),
        filed=(),
    )


def filed_at(document: Document, article: Article, published: int) -> Document:
    """Return the document with the words that it is filed under: section, provider, day."""
    newsroom = article.newsroom
    return replace(document, filed=filed(section_key(newsroom.section), newsroom.provider, published))


def _words(text: str) -> tuple[str, ...]:
    return tuple(words_of(text[:LONGEST_BODY]))
