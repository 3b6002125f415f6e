"""The text of a sanitised body, without its markup. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markupsafe import Markup

__all__ = ["paragraphs_of", "text_of"]

_BLOCK = re.compile(r"</?(?:p|h[2-4]|li|ul|ol|blockquote)(?:\s[^>]*)?>|<br\s*/?>")


def paragraphs_of(body: str) -> Iterator[str]:
    """Yield the text of each block that has any, white space collapsed."""
    for block in _BLOCK.split(body):
        words = Markup(block).striptags()  # noqa: S704 - it becomes plain text
        if words:
            yield words


def text_of(body: str) -> str:
    """Return the whole text, its blocks parted by a space."""
    return " ".join(paragraphs_of(body))
