"""A page as it goes over the wire: worked out once, sent many times."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING, Any, cast

from starlette.types import Scope, Send

from services.publish.site.guard import HEADERS

if TYPE_CHECKING:
    from services.publish.site.page_cache import Page

__all__ = ["ALWAYS_ASK", "Answer"]

# Browsers and caches may keep a page, but must ask each time whether it still stands: a killed story is gone at once.
ALWAYS_ASK = "public, max-age=0, must-revalidate"
LEAST_TO_PACK = 1_024
LONGEST_NAMES = 6_000
"""Bytes of ``Surrogate-Key``: servers in front of us take about 8 kB of headers."""
_NO_GZIP = re.compile(rb"gzip\s*;\s*q=0(\.0*)?(\s*,|\s*$)", re.IGNORECASE)
RawHeaders = list[tuple[bytes, bytes]]
Head = dict[str, Any]


class Answer:
    """One page, plain and packed, with all of its headers."""

    __slots__ = ("_not_modified", "_packed", "_plain", "etag", "page")

    def __init__(self, page: Page) -> None:
        self.page = page
        self.etag = page.etag.encode()
        common = _common(page)
        body = page.body
        self._plain = (_head(page.status, [*common, (b"content-length", b"%d" % len(body))]), body)
        self._packed = self._plain
        if len(body) >= LEAST_TO_PACK:
            packed = gzip.compress(body, compresslevel=6, mtime=0)
            headers = [*common, (b"content-encoding", b"gzip"), (b"content-length", b"%d" % len(packed))]
            self._packed = (_head(page.status, headers), packed)
        self._not_modified = _head(304, [h for h in common if h[0] != b"content-type"])

    async def send(self, scope: Scope, send: Send, *, more: RawHeaders | None = None) -> int:
        """Answer the request, whole, packed or as not modified, and return the status."""
        encoding = none_match = b""
        for name, value in scope["headers"]:
            if name == b"accept-encoding":
                encoding = value
            elif name == b"if-none-match":
                none_match = value
        if none_match and self.page.status == 200 and (self.etag in none_match or none_match == b"*"):
            await send(_with(self._not_modified, more))
            await send({"type": "http.response.body", "body": b""})
            return 304
        packs = b"gzip" in encoding and not _NO_GZIP.search(encoding)
        head, body = self._packed if packs else self._plain
        await send(_with(head, more))
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
        return self.page.status


def _common(page: Page) -> RawHeaders:
    headers = {**HEADERS, "Cache-Control": ALWAYS_ASK, "Content-Type": page.media_type, "Vary": "Accept-Encoding"}
    if page.status == 200:
        headers["ETag"] = page.etag
    if page.location is not None:
        headers["Location"] = page.location
    if page.keys:
        headers["Surrogate-Key"] = _names(page.keys)
    headers.update(page.headers)
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]


def _names(keys: frozenset[str]) -> str:
    """Return the keys as a header. One that is not ASCII cannot stand in it; too many are cut at a whole one."""
    text = " ".join(sorted(key for key in keys if key.isascii()))
    return text if len(text) <= LONGEST_NAMES else text[:LONGEST_NAMES].rpartition(" ")[0]


def _head(status: int, headers: RawHeaders) -> Head:
    return {"type": "http.response.start", "status": status, "headers": headers}


def _with(head: Head, more: RawHeaders | None) -> Head:
    """Return a copy: whoever passes a message on may add to it."""
    headers = cast("RawHeaders", head["headers"])
    return {**head, "headers": [*headers, *(more or ())]}
