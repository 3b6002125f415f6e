"""Taking a body off the wire within a limit, whatever its compression says. Pure."""

from __future__ import annotations

import zlib

__all__ = ["BadEncoding", "BodyTooLarge", "Inflater"]

STEP = 65_536
"""Bytes inflated at a time. httpx inflated 67 MB in one step from a bomb of 1 MB before any cap could see it."""

GZIP = 16 + zlib.MAX_WBITS


class BodyTooLarge(ValueError):
    """The body passes the limit, as sent or inflated."""


class BadEncoding(ValueError):
    """The body is not in the encoding that it claims, or in one that was not asked for."""


class Inflater:
    """Collects a body of at most ``limit`` bytes. Feed it what comes; :meth:`body` gives the whole."""

    def __init__(self, encoding: str | None, *, limit: int) -> None:
        name = (encoding or "identity").strip().lower()
        if name not in {"identity", "gzip", "x-gzip"}:
            raise BadEncoding(f"Content-Encoding {name[:40]!r} was not asked for")
        self._inflating = name != "identity"
        self._stream = zlib.decompressobj(GZIP)
        self._limit = limit
        self._parts: list[bytes] = []
        self._size = 0
        self._sent = 0

    def feed(self, data: bytes) -> None:
        """Take the next piece.

        Raises:
            BodyTooLarge: at the first byte over the limit.
            BadEncoding: the piece is not gzip.
        """
        self._sent += len(data)
        if self._sent > self._limit:
            raise BodyTooLarge(f"over {self._limit} bytes as sent")
        if not self._inflating:
            self._add(data)
            return
        while data:
            data = self._inflate(data)

    def body(self) -> bytes:
        """Return the whole body.

        Raises:
            BadEncoding: the compressed stream stops before its end.
        """
        if self._inflating and self._sent and not self._stream.eof:
            raise BadEncoding("the gzip stream is cut short")
        return b"".join(self._parts)

    def _inflate(self, data: bytes) -> bytes:
        """Inflate one step and return what is still to be inflated. A gzip stream may have several members."""
        if self._stream.eof:
            self._stream = zlib.decompressobj(GZIP)
        try:
            self._add(self._stream.decompress(data, STEP))
        except zlib.error as error:
            raise BadEncoding(str(error)) from error
        return self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail

    def _add(self, data: bytes) -> None:
        self._size += len(data)
        if self._size > self._limit:
            raise BodyTooLarge(f"over {self._limit} bytes when inflated")
        self._parts.append(data)
