"""A client that never asks an address that is not public, by whatever name, redirect or proxy it is led there.

Redirects are the caller's to follow, hop by hop, with :func:`next_hop`: each is judged as the first address was.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from shared.fetching.judge import ForbiddenAddress, Network, judge

__all__ = ["PERMANENT", "REDIRECTS", "BadRedirect", "GuardedClient", "Resolve", "next_hop", "resolve"]

CONNECT_SECONDS = 5.0
PERMANENT = {301, 308}
REDIRECTS = PERMANENT | {302, 303, 307}
DEFAULT_PORTS = {"http": 80, "https": 443}

Resolve = Callable[[str, int], Awaitable[list[str]]]


class BadRedirect(ValueError):
    """A redirect that leads nowhere."""


async def resolve(host: str, port: int) -> list[str]:
    """Return every address of a host."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[4][0]) for address in found]


class GuardedClient:
    """Asks one hop at a time: its host is resolved once, all addresses are judged, one that was judged is dialled.

    Nothing can then move the name to another address between the judging and the connecting. Connections and cookies
    are not kept: both are known by the address alone, and two hosts behind one address must not share them.
    """

    def __init__(
        self,
        *,
        seconds: float,
        allowed: Sequence[Network],
        headers: Mapping[str, str],
        resolver: Resolve = resolve,
        tls: ssl.SSLContext | None = None,
    ) -> None:
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
            headers=headers,
        )

    async def close(self) -> None:
        """Close the client."""
        await self._client.aclose()

    @asynccontextmanager
    async def ask(
        self, url: httpx.URL, headers: Mapping[str, str], *, form: Mapping[str, str] | None = None
    ) -> AsyncIterator[httpx.Response]:
        """Ask a judged address of the host, by number, under the host's own name. The body is not read yet.

        Raises:
            ForbiddenAddress: the address is none that may be asked.
            httpx.HTTPError, OSError: no answer.
        """
        host, _ = _host_and_port(url)
        addresses = await self.judged(url)
        for number, address in enumerate(addresses, start=1):
            request = self._client.build_request(
                "GET" if form is None else "POST",
                url.copy_with(host=address),
                data=form,
                headers={**headers, "Host": url.netloc.decode("ascii").rpartition("@")[2]},
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

    async def judged(self, url: httpx.URL) -> list[str]:
        """Return the host's addresses, each once. One that is forbidden forbids the host: an honest name has none.

        Raises:
            ForbiddenAddress: one is not public, or the address is not of the web.
            OSError: the name has no address.
        """
        found = await self._resolve(*_host_and_port(url))
        if not found:
            raise OSError("the name has no address")
        return list(dict.fromkeys(judge(address, self._allowed) for address in found))


def _host_and_port(url: httpx.URL) -> tuple[str, int]:
    host = url.raw_host.decode("ascii")
    port = url.port or DEFAULT_PORTS.get(url.scheme, 0)
    if not host or url.scheme not in DEFAULT_PORTS:
        raise ForbiddenAddress(f"{url.scheme[:20]!r} is not fetched, only http and https")
    return host, port


def next_hop(url: httpx.URL, location: str) -> httpx.URL:
    """Return where a redirect leads. It carries no password along and does not leave TLS.

    Raises:
        BadRedirect: it has no address.
        ForbiddenAddress: it leads out of the web, or out of TLS.
    """
    if not location:
        raise BadRedirect("a redirect without an address")
    target = url.join(location)
    if target.scheme not in DEFAULT_PORTS:
        raise ForbiddenAddress(f"a redirect to {target.scheme[:20]!r}")
    if url.scheme == "https" and target.scheme == "http":
        raise ForbiddenAddress("a redirect from https to http")
    return target if target.netloc == url.netloc else target.copy_with(userinfo=b"")
