"""Fetching one picture from a server that may mean harm: in bounded time and bytes, and never from inside."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Sequence

import httpx

from services.publish.pictures.unavailable import PictureUnavailable
from shared.fetching.guarded import REDIRECTS, BadRedirect, GuardedClient, Resolve, next_hop, resolve
from shared.fetching.inflate import BadEncoding, BodyTooLarge, Inflater
from shared.fetching.judge import ForbiddenAddress, Network

__all__ = ["PictureFetcher"]

MAX_REDIRECTS = 3
HEADERS = {
    "User-Agent": "wireroom-site/1",
    "Accept": "image/avif,image/webp,image/png,image/jpeg,image/gif",
    "Accept-Encoding": "identity",
}
NO_NAME = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}


class PictureFetcher:
    """Fetches pictures; what they are is told from their bytes, by whoever opens them."""

    def __init__(
        self,
        *,
        max_bytes: int,
        seconds: float,
        allowed: Sequence[Network] = (),
        resolver: Resolve = resolve,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._max_bytes = max_bytes
        self._seconds = seconds
        self._client = GuardedClient(seconds=seconds, allowed=allowed, headers=HEADERS, resolver=resolver, tls=tls)

    async def close(self) -> None:
        """Close the client."""
        await self._client.close()

    async def fetch(self, address: str) -> bytes:
        """Return the bytes at an address.

        Raises:
            PictureUnavailable: with a stable code.
        """
        try:
            async with asyncio.timeout(self._seconds):
                return await self._follow(httpx.URL(address))
        except TimeoutError as error:
            raise PictureUnavailable("too_slow", f"not whole within {self._seconds:g} s") from error
        except (ForbiddenAddress, httpx.InvalidURL) as error:
            raise PictureUnavailable("forbidden_address", str(error)) from error
        except BodyTooLarge as error:
            raise PictureUnavailable("too_large", str(error)) from error
        except (httpx.HTTPError, OSError, BadEncoding, BadRedirect) as error:
            raise PictureUnavailable(_code_of(error), f"{type(error).__name__}: {error}") from error

    async def _follow(self, url: httpx.URL) -> bytes:
        for _ in range(MAX_REDIRECTS + 1):
            async with self._client.ask(url, {}) as response:
                if response.status_code not in REDIRECTS:
                    return await self._read(response)
                url = next_hop(url, response.headers.get("location", ""))
        raise PictureUnavailable("too_many_redirects", f"more than {MAX_REDIRECTS}")

    async def _read(self, response: httpx.Response) -> bytes:
        if response.status_code != 200:
            raise PictureUnavailable(f"http_{response.status_code}", "the server answered so")
        announced = response.headers.get("content-length", "")
        if announced.isascii() and announced.isdigit() and int(announced) > self._max_bytes:
            raise PictureUnavailable("too_large", f"{announced} bytes announced")
        body = Inflater(response.headers.get("content-encoding"), limit=self._max_bytes)
        async for part in response.aiter_raw():
            body.feed(part)
        return body.body()


def _code_of(error: Exception) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, socket.gaierror) and cause.errno in NO_NAME:
            return "no_such_host"
        cause = cause.__cause__ or cause.__context__
    return "connection_failed"
