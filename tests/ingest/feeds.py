"""A far server that serves a feed, well or badly. Each path is one way to behave."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

__all__ = ["FarServer"]

PRIVATE = "http://169.254.169.254/latest/meta-data/"


class FarServer:
    """Remembers every request it got. ``/feed`` answers with what the test sets."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.forms: list[dict[str, str]] = []
        self.hub_status = 202
        self.status = 200
        self.body = b"<rss/>"
        self.headers: dict[str, str] = {"Content-Type": "application/rss+xml"}

    def app(self) -> Starlette:
        """Return the server's app."""
        ways: dict[str, Callable[[Request], Awaitable[Response]]] = {
            "/feed": self.feed,
            "/drip": self.drip,
            "/endless": self.endless,
            "/bomb": self.bomb,
            "/loop/{n:int}": self.loop,
            "/hops/{n:int}": self.hops,
            "/to-private": self.to_private,
            "/to-file": self.to_file,
            "/headers": self.many_headers,
            "/cookie": self.cookie,
            "/moved/{status:int}": self.moved,
            "/gone": self.gone,
        }
        routes = [Route(path, way) for path, way in ways.items()]
        return Starlette(routes=[*routes, Route("/hub", self.hub, methods=["POST"])])

    async def feed(self, request: Request) -> Response:
        self.requests.append(request)
        return Response(self.body, self.status, self.headers)

    async def moved(self, request: Request) -> Response:
        self.requests.append(request)
        return RedirectResponse(request.query_params.get("to", "/feed"), request.path_params["status"])

    async def gone(self, request: Request) -> Response:
        self.requests.append(request)
        return Response(status_code=410)

    async def hub(self, request: Request) -> Response:
        self.forms.append({name: str(value) for name, value in parse_qsl((await request.body()).decode())})
        return Response(status_code=self.hub_status)

    async def drip(self, _: Request) -> Response:
        async def drops() -> AsyncIterator[bytes]:
            while True:
                yield b" "
                await asyncio.sleep(0.02)

        return StreamingResponse(drops())

    async def endless(self, _: Request) -> Response:
        async def zeros() -> AsyncIterator[bytes]:
            while True:
                yield bytes(10_000)
                await asyncio.sleep(0)

        return StreamingResponse(zeros())

    async def bomb(self, _: Request) -> Response:
        return Response(gzip.compress(bytes(50_000_000)), headers={"Content-Encoding": "gzip"})

    async def loop(self, request: Request) -> Response:
        self.requests.append(request)
        return RedirectResponse(f"/loop/{request.path_params['n'] + 1}")

    async def hops(self, request: Request) -> Response:
        left = request.path_params["n"]
        return RedirectResponse(f"/hops/{left - 1}" if left else "/feed", status_code=301)

    async def to_private(self, _: Request) -> Response:
        return RedirectResponse(PRIVATE)

    async def to_file(self, _: Request) -> Response:
        return Response(status_code=302, headers={"Location": "file:///etc/passwd"})

    async def many_headers(self, _: Request) -> Response:
        return Response(b"", headers={f"X-{n}": "x" * 4000 for n in range(100)})

    async def cookie(self, request: Request) -> Response:
        self.requests.append(request)
        return Response(b"<rss/>", headers={"Set-Cookie": "who=you; Path=/"})
