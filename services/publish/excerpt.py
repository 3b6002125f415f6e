"""The few words that stand for a story in a list. Pure."""

from __future__ import annotations

import re

from markupsafe import Markup

__all__ = ["excerpt", "first_words"]

LONGEST = 280
_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)


def first_words(body: str) -> str:
    """Return the words of the first paragraph that has any, of a sanitised body."""
    words = (Markup(found).striptags() for found in _PARAGRAPH.findall(body))  # noqa: S704 - it becomes plain text
    return next(filter(None, words), "")


def excerpt(text: str) -> str:
    """Return the text, or as many whole words of it as a list has room for."""
    if len(text) <= LONGEST:
        return text
    return text[:LONGEST].rpartition(" ")[0].rstrip(" ,;:.-\u2013\u2014") + "\u2026"
