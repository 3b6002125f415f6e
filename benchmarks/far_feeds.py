"""The far server of the polling benchmark: a thousand feeds of ten entries; each tenth request finds a new one."""

from __future__ import annotations

from collections import Counter

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

__all__ = ["app"]

ENTRIES = 10
FRESH_EVERY = 10
ENTRY = (
    "<item><guid>{feed}-{number}</guid><title>Harbour {feed}, report {number}</title>"
    "<description>The pilot boat went out again, and came back with report {number}.</description></item>"
)
requests: Counter[int] = Counter()


async def feed(request: Request) -> Response:
    number = request.path_params["number"]
    requests[number] += 1
    # Feeds turn at different polls, so that the work is spread as the polls are.
    edition = (requests[number] + number) // FRESH_EVERY
    etag = f'"{edition}"'
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"ETag": etag})
    items = "".join(ENTRY.format(feed=number, number=edition + n) for n in range(ENTRIES, 0, -1))
    body = f'<rss version="2.0"><channel><title>Harbour {number}</title>{items}</channel></rss>'
    return Response(body, headers={"ETag": etag, "Content-Type": "application/rss+xml"})


app = Starlette(routes=[Route("/{number:int}", feed)])
