"""One guarded fetch of one feed: bounded in time, bytes and redirects, and never to an address that is not public."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import httpx

from services.ingest.feeds.caching import fresh_for, retry_after
from services.ingest.feeds.failing import SourceGone, SourceUnavailable, unavailable_by
from services.ingest.feeds.fetched import Fetched, NotModified
from shared.fetching.guarded import PERMANENT, REDIRECTS, BadRedirect, GuardedClient, Resolve, next_hop, resolve
from shared.fetching.inflate import BadEncoding, BodyTooLarge, Inflater
from shared.fetching.judge import ForbiddenAddress, Network

__all__ = ["Fetched", "Fetcher", "NotModified", "Resolve", "SourceGone", "SourceUnavailable", "resolve"]

MAX_REDIRECTS = 5
TOLD_BY_CODE = (httpx.HTTPError, httpx.InvalidURL, OSError, BodyTooLarge, BadEncoding, BadRedirect, ForbiddenAddress)
HEADERS = {
    "User-Agent": "wireroom-ingest/1",
    "Accept": "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5",
    "Accept-Encoding": "gzip",
}


class Fetcher:
    """Fetches feeds through a guarded client, in bounded time and bytes."""

    def __init__(
        self,
        *,
        max_bytes: int,
        seconds: float,
        allowed: Sequence[Network],
        resolver: Resolve = resolve,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._max_bytes = max_bytes
        self._seconds = seconds
        self._client = GuardedClient(seconds=seconds, allowed=allowed, headers=HEADERS, resolver=resolver, tls=tls)

    async def close(self) -> None:
        """Close the client."""
        await self._client.close()

    async def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> NotModified:
        """Fetch ``url``: a :class:`Fetched`, or the bare word that nothing changed.

        ``headers`` may hold a key: they are for the server of ``url`` alone, and a redirect to another carries none.

        Raises:
            SourceUnavailable: with a stable code.
            SourceGone: the source answered 410.
        """
        sent = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        conditions = {name: value for name, value in sent.items() if value}
        async with self._bounded():
            return await self._follow(httpx.URL(url), conditions, headers or {})

    async def post(self, url: str, form: Mapping[str, str]) -> int:
        """Send a form and return the status of the answer. Redirects are not followed.

        Raises:
            SourceUnavailable: with a stable code.
        """
        async with self._bounded(), self._client.ask(httpx.URL(url), {}, form=form) as response:
            return response.status_code

    async def judge(self, url: str) -> None:
        """Refuse an address that would not be fetched from.

        Raises:
            SourceUnavailable: with a stable code.
        """
        async with self._bounded():
            await self._client.judged(httpx.URL(url))

    @asynccontextmanager
    async def _bounded(self) -> AsyncIterator[None]:
        """Bound the time, and say what goes wrong by code."""
        try:
            async with asyncio.timeout(self._seconds):
                yield
        except TimeoutError as error:
            raise SourceUnavailable("too_slow", f"not whole within {self._seconds:g} s") from error
        except TOLD_BY_CODE as error:
            raise unavailable_by(error) from error

    async def _follow(self, url: httpx.URL, conditions: dict[str, str], own: Mapping[str, str]) -> NotModified:
        start = moved = url
        for _ in range(MAX_REDIRECTS + 1):
            sent = {**conditions, **(own if url.netloc == start.netloc else {})}
            async with self._client.ask(url, sent) as response:
                if response.status_code not in REDIRECTS:
                    return await self._read(url, response, None if moved == start else _without_password(moved))
                permanent = response.status_code in PERMANENT and url == moved
                url = next_hop(url, response.headers.get("location", ""))
                moved = url if permanent else moved
        raise SourceUnavailable("too_many_redirects", f"more than {MAX_REDIRECTS}")

    async def _read(self, url: httpx.URL, response: httpx.Response, moved_to: str | None) -> NotModified:
        fresh = fresh_for(response.headers, now=datetime.now(UTC))
        if response.status_code == 304:
            return NotModified(fresh_seconds=fresh, moved_to=moved_to)
        if response.status_code == 410:
            raise SourceGone
        if response.status_code != 200:
            wait = retry_after(response.headers.get("retry-after"), now=datetime.now(UTC))
            raise SourceUnavailable(f"http_{response.status_code}", "the source answered so", retry_after=wait)
        inflater = Inflater(response.headers.get("content-encoding"), limit=self._max_bytes)
        async for part in response.aiter_raw():
            inflater.feed(part)
        return Fetched(
            body=inflater.body(),
            content_type=response.headers.get("content-type"),
            etag=response.headers.get("etag"),
            last_modified=response.headers.get("last-modified"),
            url=_without_password(url),
            links=tuple(response.headers.get_list("link")),
            fresh_seconds=fresh,
            moved_to=moved_to,
        )


def _without_password(url: httpx.URL) -> str:
    return str(url.copy_with(userinfo=b""))
