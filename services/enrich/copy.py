"""An article as enrichers read it: its text taken out once, bounded, and what earlier enrichers found in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self

from services.enrich.text import paragraphs
from shared.article import Article

if TYPE_CHECKING:
    from services.enrich.additions import Additions

__all__ = ["READ", "Copy"]

READ = 20_000
"""Characters of the body that are read: ten times an ordinary story. What a longer one is about stands in its
beginning, and the time that a story takes is bounded by it."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One article on its way through the enrichers."""

    article: Article
    headline: str
    paragraphs: tuple[str, ...]
    """The body's block elements as plain text, white space collapsed, at most :data:`READ` characters together; their
    numbers are those of ``Position.paragraph``."""
    found: Mapping[str, Additions] = field(default_factory=dict)
    """By enricher, what those named in ``Enricher.after`` found; one that failed is missing."""

    @classmethod
    def of(cls, article: Article) -> Self:
        """Take the text out of an article."""
        headline = " ".join(article.headline.split())[:READ]
        return cls(article, headline, tuple(bounded(paragraphs(article.body_html))))

    @property
    def lead(self) -> str:
        """The first paragraph; empty where there is no body."""
        return self.paragraphs[0] if self.paragraphs else ""

    @property
    def text(self) -> str:
        """Headline and body, a paragraph a line."""
        return "\n".join(filter(None, [self.headline, *self.paragraphs]))

    @property
    def language(self) -> str | None:
        """The language that the copy declares, else the one that was found; primary tag alone (``en``)."""
        language = self.article.language
        for additions in self.found.values():
            language = language or additions.language
        return language.lower().split("-")[0] if language else None

    def knowing(self, found: Mapping[str, Additions]) -> Self:
        """Return the copy with what was found in it so far."""
        return replace(self, found=found)


def bounded(body: list[str]) -> list[str]:
    """Return the first paragraphs, :data:`READ` characters together; the last of them may be cut."""
    kept, left = [], READ
    for paragraph in body:
        if left <= 0:
            break
        kept.append(paragraph[:left])
        left -= len(paragraph)
    return kept
