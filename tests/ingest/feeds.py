"""A far server that serves a feed, well or badly. Each path is one way to behave."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tests.hostile_answers import drip, endless, packed, to_private

__all__ = ["FarServer"]


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
            "/drip": drip,
            "/endless": endless,
            "/bomb": packed,
            "/loop/{n:int}": self.loop,
            "/hops/{n:int}": self.hops,
            "/to-private": to_private,
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

    async def loop(self, request: Request) -> Response:
        self.requests.append(request)
        return RedirectResponse(f"/loop/{request.path_params['n'] + 1}")

    async def hops(self, request: Request) -> Response:
        left = request.path_params["n"]
        return RedirectResponse(f"/hops/{left - 1}" if left else "/feed", status_code=301)

    async def to_file(self, _: Request) -> Response:
        return Response(status_code=302, headers={"Location": "file:///etc/passwd"})

    async def many_headers(self, _: Request) -> Response:
        return Response(b"", headers={f"X-{n}": "x" * 4000 for n in range(100)})

    async def cookie(self, request: Request) -> Response:
        self.requests.append(request)
        return Response(b"<rss/>", headers={"Set-Cookie": "who=you; Path=/"})
