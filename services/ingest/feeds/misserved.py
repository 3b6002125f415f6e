"""Telling a web page from a feed by its bytes: log-in, maintenance and captive-portal pages answer 200 too. Pure."""

from __future__ import annotations

import re

__all__ = ["is_html"]

LOOKED_AT = 4_096
# What may stand before the root. Each branch ends in a fixed string or at the first character that is not a space.
BEFORE = re.compile(rb"(?:\s+|<\?[^>]*>|<!--.*?-->|\xef\xbb\xbf)", re.DOTALL)
PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
FEED = re.compile(rb"<(?:[a-z_][\w.-]*:)?(?:rss|feed|rdf)[\s>]", re.IGNORECASE)


def is_html(body: bytes, content_type: str | None) -> bool:
    """Tell whether the body is a web page. A feed that calls itself ``text/html`` is a feed."""
    start = body[:LOOKED_AT]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start.replace(b"\0", b"")[2:]
    while found := BEFORE.match(start):
        start = start[found.end() :]
    if PAGE.match(start):
        return True
    declared = (content_type or "").partition(";")[0].strip().lower()
    return declared in {"text/html", "application/xhtml+xml"} and start.startswith(b"<") and not FEED.search(start)
