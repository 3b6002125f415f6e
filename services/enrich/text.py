"""The words of an article, as enrichers read them."""

# ruff: noqa: RUF001 - copy is full of typographic quotes, and they are matched here

from __future__ import annotations

import re
from html.parser import HTMLParser

from shared.article import Article

__all__ = ["WORD", "paragraphs", "plain_text"]

WORD = re.compile(r"[^\W_]+(?:(?:\.?-|['’.])[^\W_]+)*")
"""A word: letters and digits, with inner apostrophes, hyphens and points (*doesn't*, *U.S.-led*, *2.5*)."""

BLOCKS = frozenset({"address", "blockquote", "br", "dd", "div", "dt", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6"})
BLOCKS |= frozenset({"hr", "li", "ol", "p", "pre", "table", "td", "th", "tr", "ul"})
UNREAD = frozenset({"script", "style", "template"})


class _Reader(HTMLParser):
    """Collects text. The body was sanitised where it was taken in, so this need not be clever, only quick."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - HTMLParser's
        self._unread += tag in UNREAD
        if tag in BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._unread = max(0, self._unread - (tag in UNREAD))
        if tag in BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.pieces.append(data.replace("\n", " "))


def paragraphs(body_html: str) -> list[str]:
    """Return the paragraphs of an HTML body as plain text, white space collapsed, empty ones left out."""
    reader = _Reader()
    reader.feed(body_html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.pieces).split("\n"))
    return [line for line in lines if line]


def plain_text(article: Article) -> str:
    """Return headline and body, a paragraph a line."""
    return "\n".join(filter(None, [article.headline, *paragraphs(article.body_html)]))
