"""One guarded fetch of one feed: bounded in time, bytes and redirects, and never to an address that is not public."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from services.ingest.feeds.caching import fresh_for, retry_after
from services.ingest.feeds.failing import SourceGone, SourceUnavailable, unavailable_by
from services.ingest.feeds.fetched import Fetched, NotModified
from services.ingest.feeds.inflate import BadEncoding, BodyTooLarge, Inflater
from services.ingest.feeds.judge import ForbiddenAddress, judge
from services.ingest.settings import Network

__all__ = ["Fetched", "Fetcher", "NotModified", "Resolve", "SourceGone", "SourceUnavailable", "resolve"]

MAX_REDIRECTS = 5
CONNECT_SECONDS = 5.0
PERMANENT = {301, 308}
REDIRECTS = PERMANENT | {302, 303, 307}
DEFAULT_PORTS = {"http": 80, "https": 443}

Resolve = Callable[[str, int], Awaitable[list[str]]]


async def resolve(host: str, port: int) -> list[str]:
    """Return every address of a host."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[4][0]) for address in found]


class Fetcher:
    """Fetches feeds. Each hop is resolved once, all its addresses are judged, and one that was judged is dialled.

    Nothing can then move the name to another address between the judging and the connecting, and a redirect is
    judged as the first address was. Connections and cookies are not kept: both are known by the address alone,
    and two hosts behind one address must not share them.
    """

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
        self._allowed = allowed
        self._resolve = resolver
        self._client = httpx.AsyncClient(
            # A proxy from the environment would do the connecting, past every check.
            trust_env=False,
            follow_redirects=False,
            verify=tls or ssl.create_default_context(),
            timeout=httpx.Timeout(seconds, connect=CONNECT_SECONDS),
            limits=httpx.Limits(max_keepalive_connections=0),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={
                "User-Agent": "wireroom-ingest/1",
                "Accept": "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5",
                "Accept-Encoding": "gzip",
            },
        )

    async def close(self) -> None:
        """Close the client."""
        await self._client.aclose()

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
        async with self._bounded(), self._answer(httpx.URL(url), {}, form=form) as response:
            return response.status_code

    async def judge(self, url: str) -> None:
        """Refuse an address that would not be fetched from.

        Raises:
            SourceUnavailable: with a stable code.
        """
        async with self._bounded():
            await self._judged(*_host_and_port(httpx.URL(url)))

    @asynccontextmanager
    async def _bounded(self) -> AsyncIterator[None]:
        """Bound the time, and say what goes wrong by code."""
        try:
            async with asyncio.timeout(self._seconds):
                yield
        except TimeoutError as error:
            raise SourceUnavailable("too_slow", f"not whole within {self._seconds:g} s") from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError, BodyTooLarge, BadEncoding) as error:
            raise unavailable_by(error) from error

    async def _follow(self, url: httpx.URL, conditions: dict[str, str], own: Mapping[str, str]) -> NotModified:
        start = moved = url
        for _ in range(MAX_REDIRECTS + 1):
            sent = {**conditions, **(own if url.netloc == start.netloc else {})}
            async with self._answer(url, sent) as response:
                if response.status_code not in REDIRECTS:
                    return await self._read(url, response, None if moved == start else _without_password(moved))
                permanent = response.status_code in PERMANENT and url == moved
                url = _next_hop(url, response.headers.get("location", ""))
                moved = url if permanent else moved
        raise SourceUnavailable("too_many_redirects", f"more than {MAX_REDIRECTS}")

    @asynccontextmanager
    async def _answer(
        self, url: httpx.URL, conditions: dict[str, str], *, form: Mapping[str, str] | None = None
    ) -> AsyncIterator[httpx.Response]:
        """Ask a judged address of the host, by number, under the host's own name."""
        host, port = _host_and_port(url)
        addresses = await self._judged(host, port)
        for number, address in enumerate(addresses, start=1):
            request = self._client.build_request(
                "GET" if form is None else "POST",
                url.copy_with(host=address),
                data=form,
                headers={**conditions, "Host": url.netloc.decode("ascii").rpartition("@")[2]},
                extensions={"sni_hostname": host},
            )
            try:
                response = await self._client.send(request, stream=True)
                break
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if number == len(addresses):
                    raise
        try:
            yield response
        finally:
            await response.aclose()

    async def _judged(self, host: str, port: int) -> list[str]:
        """Return the host's addresses, each once. One that is forbidden forbids the host: an honest name has none."""
        found = await self._resolve(host, port)
        if not found:
            raise SourceUnavailable("connection_failed", "the name has no address")
        try:
            return list(dict.fromkeys(judge(address, self._allowed) for address in found))
        except ForbiddenAddress as error:
            raise SourceUnavailable("forbidden_address", str(error)) from error

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


def _host_and_port(url: httpx.URL) -> tuple[str, int]:
    host = url.raw_host.decode("ascii")
    port = url.port or DEFAULT_PORTS.get(url.scheme, 0)
    if not host or url.scheme not in DEFAULT_PORTS:
        raise SourceUnavailable("forbidden_address", f"{url.scheme[:20]!r} is not fetched, only http and https")
    return host, port


def _without_password(url: httpx.URL) -> str:
    return str(url.copy_with(userinfo=b""))


def _next_hop(url: httpx.URL, location: str) -> httpx.URL:
    """Return where a redirect leads. It carries no password along and does not leave TLS."""
    if not location:
        raise SourceUnavailable("bad_redirect", "a redirect without an address")
    target = url.join(location)
    if target.scheme not in DEFAULT_PORTS:
        raise SourceUnavailable("forbidden_address", f"a redirect to {target.scheme[:20]!r}")
    if url.scheme == "https" and target.scheme == "http":
        raise SourceUnavailable("forbidden_address", "a redirect from https to http")
    return target if target.netloc == url.netloc else target.copy_with(userinfo=b"")
