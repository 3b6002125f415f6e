"""The text of an article, as enrichers read it: HTML taken apart in bounded work."""

# ruff: noqa: RUF001 - copy is full of typographic quotes, and they are matched here

from __future__ import annotations

import html
import re

__all__ = ["ENOUGH", "WORD", "paragraphs"]

WORD = re.compile(r"[^\W_]+(?:(?:\.?-|['’.])[^\W_]+)*")
"""A word: letters and digits, with inner apostrophes, hyphens and points (*doesn't*, *U.S.-led*, *2.5*)."""

ENOUGH = 20_000
"""Characters after which no further paragraph is begun: what ``copy.READ`` keeps of them, and no less."""
MARKED_UP = 20
"""Characters of HTML that are looked at for each of text that is wanted. Copy with more mark-up is none."""

BLOCKS = frozenset({"address", "blockquote", "br", "dd", "div", "dt", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6"})
BLOCKS |= frozenset({"hr", "li", "ol", "p", "pre", "table", "td", "th", "tr", "ul"})
UNREAD = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "template")}

# No part of it reads over a `<`, so each begins where the last one gave up and the whole is linear. A `<` in an
# attribute is written `&lt;` by the sanitiser of ingest.
TAG = re.compile(r"""<(?:!--|(/?)([a-zA-Z][a-zA-Z0-9]*)(?:[^<>"']|"[^"<]*+"|'[^'<]*+')*+>|[a-zA-Z/!?][^<>]*+>)""")
HUGE_REFERENCE = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{8,});?")
"""No character has so high a number, and Python refuses to read one of thousands of digits."""


def paragraphs(body_html: str, most: int = ENOUGH) -> list[str]:
    """Return the block elements of an HTML body that have text, as plain text with white space collapsed.

    Reading stops with the paragraph that brings them to ``most`` characters. The body was sanitised where it was taken
    in, so this need not be clever, only quick: it is a third of what ``html.parser`` takes.
    """
    source = body_html[: most * MARKED_UP]
    found: list[str] = []
    pieces: list[str] = []
    size = at = 0
    while size < most:
        tag = TAG.search(source, at)
        pieces.append(source[at : tag.start() if tag else len(source)])
        if tag is None or (tag[2] or "").lower() in BLOCKS:
            size += _end_paragraph(pieces, found)
        if tag is None:
            break
        at = _past(tag, source)
    return found


def _end_paragraph(pieces: list[str], found: list[str]) -> int:
    """Add what the pieces say to the paragraphs, unless it is nothing, and return its length."""
    text = "".join(pieces)
    pieces.clear()
    if "&" in text:
        text = html.unescape(HUGE_REFERENCE.sub("\ufffd", text))
    text = " ".join(text.split())
    if text:
        found.append(text)
    return len(text)


def _past(tag: re.Match[str], source: str) -> int:
    """Return where reading goes on: past a tag, or past the end of what is not read."""
    if tag[0] == "<!--":
        end = source.find("-->", tag.end())
        return end + 3 if end >= 0 else len(source)
    if tag[2] and not tag[1] and (closing := UNREAD.get(tag[2].lower())):
        ended = closing.search(source, tag.end())
        return ended.start() if ended else len(source)
    return tag.end()
