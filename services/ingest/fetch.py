"""One guarded fetch of one feed: bounded in time, bytes and redirects, and never to an address that is not public."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from services.ingest.inflate import BadEncoding, BodyTooLarge, Inflater
from services.ingest.judge import ForbiddenAddress, judge
from services.ingest.settings import Network

__all__ = ["Fetched", "Fetcher", "Resolve", "SourceGone", "SourceUnavailable", "resolve"]

MAX_REDIRECTS = 5
CONNECT_SECONDS = 5.0
LONGEST_WAIT = 86_400.0
REDIRECTS = {301, 302, 303, 307, 308}
DEFAULT_PORTS = {"http": 80, "https": 443}

Resolve = Callable[[str, int], Awaitable[list[str]]]


class SourceUnavailable(Exception):
    """Nothing could be had from the source this time. ``retry_after`` is what it asked for, in seconds."""

    def __init__(self, code: str, detail: str, *, retry_after: float | None = None) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.retry_after = retry_after


class SourceGone(Exception):
    """The source answered 410: it is not to be asked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A whole body, and what to say next time so as not to be given it again."""

    body: bytes
    content_type: str | None
    etag: str | None
    last_modified: str | None
    url: str


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
    ) -> Fetched | None:
        """Fetch ``url``; None when the source says that nothing changed.

        ``headers`` may hold a key: they are for the server of ``url`` alone, and a redirect to another carries none.

        Raises:
            SourceUnavailable: with a stable code.
            SourceGone: the source answered 410.
        """
        sent = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        conditions = {name: value for name, value in sent.items() if value}
        try:
            async with asyncio.timeout(self._seconds):
                return await self._follow(httpx.URL(url), conditions, headers or {})
        except TimeoutError as error:
            raise SourceUnavailable("too_slow", f"not whole within {self._seconds:g} s") from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise SourceUnavailable("connection_failed", f"{type(error).__name__}: {error}") from error
        except BodyTooLarge as error:
            raise SourceUnavailable("too_large", str(error)) from error
        except BadEncoding as error:
            raise SourceUnavailable("bad_encoding", str(error)) from error

    async def _follow(self, url: httpx.URL, conditions: dict[str, str], own: Mapping[str, str]) -> Fetched | None:
        server = url.netloc
        for _ in range(MAX_REDIRECTS + 1):
            async with self._answer(url, {**conditions, **(own if url.netloc == server else {})}) as response:
                if response.status_code not in REDIRECTS:
                    return await self._read(url, response)
                url = _next_hop(url, response.headers.get("location", ""))
        raise SourceUnavailable("too_many_redirects", f"more than {MAX_REDIRECTS}")

    @asynccontextmanager
    async def _answer(self, url: httpx.URL, conditions: dict[str, str]) -> AsyncIterator[httpx.Response]:
        """Ask a judged address of the host, by number, under the host's own name."""
        host = url.raw_host.decode("ascii")
        port = url.port or DEFAULT_PORTS.get(url.scheme, 0)
        if not host or not port:
            raise SourceUnavailable("forbidden_address", f"{url.scheme[:20]!r} is not fetched, only http and https")
        addresses = await self._judged(host, port)
        for number, address in enumerate(addresses, start=1):
            request = self._client.build_request(
                "GET",
                url.copy_with(host=address),
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

    async def _read(self, url: httpx.URL, response: httpx.Response) -> Fetched | None:
        if response.status_code == 304:
            return None
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
            url=str(url.copy_with(userinfo=b"")),
        )


def retry_after(header: str | None, *, now: datetime) -> float | None:
    """Read a Retry-After header, seconds or a date, as seconds from now; at most a day is believed."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), LONGEST_WAIT)


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
