"""Markup that feeds hand over as text: HTML, plain text, or HTML that was escaped once too often."""

from __future__ import annotations

import html
import re

from services.ingest.parse.blocks import Block
from services.ingest.parse.codes import Assumed, assumption
from services.ingest.parse.fragment import blocks_of_html
from services.ingest.parse.plain import blocks_of_text
from shared.article import Assumption

__all__ = ["blocks_of_markup", "unescaped", "without_cdata"]

ESCAPED_BLOCK = re.compile(r"&lt;/?(?:p|div|br|h[1-6]|ul|ol|a|em|strong|blockquote)\b", re.IGNORECASE)
ANY_TAG = re.compile(r"</?[A-Za-z][^<>]{0,2000}>")


def unescaped(value: str) -> tuple[str, tuple[Assumption, ...]]:
    """Return a body as markup where all of its markup was escaped, and say so; any other as it is."""
    if ANY_TAG.search(value) or not ESCAPED_BLOCK.search(value):
        return value, ()
    return html.unescape(value), (assumption(Assumed.DOUBLE_ESCAPED, "the markup of the body"),)


def without_cdata(value: str) -> str:
    """Take off the marks of CDATA that was put into CDATA: what is left of them is no markup and no copy."""
    return value.replace("<![CDATA[", "").replace("]]>", "") if "<![CDATA[" in value else value


def blocks_of_markup(value: str, base: str | None) -> tuple[list[Block], tuple[Assumption, ...]]:
    """Return the blocks, and what had to be assumed to have them.

    Raises:
        UnreadableCopy: it is deeper or wider than any copy.
    """
    value, notes = unescaped(without_cdata(value))
    if not ANY_TAG.search(value):
        return blocks_of_text(html.unescape(value)), notes
    return blocks_of_html(value, base), notes
