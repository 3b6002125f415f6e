"""``GET /live``: one answer that does not end, as server-sent events.

It stands outside Starlette: an open stream then costs what the server needs for its connection, and little else.
"""

from __future__ import annotations

import random
import re
from urllib.parse import parse_qs

from starlette.types import Receive, Scope, Send

from services.publish.live.client import Client
from services.publish.live.hub import LiveHub
from services.publish.live.metrics import REFUSED
from services.publish.site.guard import HEADERS

__all__ = ["PATH", "Stream"]

PATH = "/live"
COME_BACK = 3_000
"""Milliseconds after which a browser comes back, and up to as much again: not all of them at once."""
TRY_AGAIN = b"60"
_EDITION = re.compile(r"[0-9]{1,16}")
_COMMON = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
_STREAM = [
    *_COMMON,
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx would collect the events and pass them on together
    (b"connection", b"close"),  # what follows the last event is the end
]
_FULL = [
    *_COMMON,
    (b"content-type", b"text/plain; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"retry-after", TRY_AGAIN),
]


class Stream:
    """The ASGI application of the address."""

    def __init__(self, hub: LiveHub) -> None:
        self._hub = hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "HEAD":
            await _answer(send, 200, _STREAM, b"")
            return
        if self._hub.full:
            REFUSED.inc()
            await _answer(send, 503, _FULL, b"There are as many live readers as this server can tell.\n")
            return
        await send({"type": "http.response.start", "status": 200, "headers": _STREAM})
        client = Client(send)
        pause = COME_BACK + random.randrange(COME_BACK)  # noqa: S311 - it spreads load and guards nothing
        self._hub.join(client, after=edition_asked(scope), first=b"retry: %d\n\n" % pause)
        try:
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            self._hub.leave(client)


def edition_asked(scope: Scope) -> int:
    """Return the edition after which the reader wants to be told, or -1 where none is named.

    A browser that comes back names the last one that it was told of, which is never older than its page.
    """
    found = next((value for name, value in scope["headers"] if name == b"last-event-id"), b"").decode("latin-1")
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("after", [""])[0]
    return max((int(text) for text in (found, asked) if _EDITION.fullmatch(text)), default=-1)


async def _answer(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send(
        {"type": "http.response.start", "status": status, "headers": [*headers, (b"content-length", b"%d" % len(body))]}
    )
    await send({"type": "http.response.body", "body": body})
