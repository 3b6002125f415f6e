"""The WebSub hub is told of changes, and can do no harm: a real hub over HTTP."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import parse_qs

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.publish.hub import Hub
from tests.publish.serving import serving
from tests.waiting import wait_until

SITE_FEEDS = [f"https://news.example/{name}" for name in ("feed.xml", "atom.xml", "feed.json")]
SPORT_FEEDS = [f"https://news.example/sport/{name}" for name in ("feed.xml", "atom.xml", "feed.json")]


class Listening:
    """A hub that writes down what it is told, and answers as it is bidden."""

    def __init__(self) -> None:
        self.told: list[list[str]] = []
        self.modes: set[str] = set()
        self.answers: list[int] = []
        self.address = ""

    async def hear(self, request: Request) -> Response:
        form = parse_qs((await request.body()).decode())
        self.modes |= set(form["hub.mode"])
        self.told.append(form["hub.url"])
        return Response(status_code=self.answers.pop(0) if self.answers else 204)


@pytest.fixture
def hub() -> Iterator[Listening]:
    listening = Listening()
    with serving(Starlette(routes=[Route("/", listening.hear, methods=["POST"])])) as client:
        listening.address = str(client.base_url)
        yield listening


@asynccontextmanager
async def telling(address: str, on_second_try: asyncio.Event | None = None) -> AsyncIterator[Hub]:
    tries: list[httpx.Request] = []

    async def tried(request: httpx.Request) -> None:
        tries.append(request)
        if on_second_try is not None and len(tries) == 2:
            on_second_try.set()

    async with httpx.AsyncClient(trust_env=False, event_hooks={"request": [tried]}) as client:
        teller = Hub(address, "https://news.example/", client, pause=0.05)
        task = asyncio.create_task(teller.run())
        try:
            yield teller
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def test_the_hub_is_told_where_the_news_is(hub: Listening) -> None:
    async with telling(hub.address) as teller:
        teller.touched(["sport"])
        await wait_until(lambda: hub.told)
    assert (hub.modes, hub.told) == ({"publish"}, [[*SITE_FEEDS, *SPORT_FEEDS]])


async def test_changes_close_together_are_one_ping(hub: Listening) -> None:
    async with telling(hub.address) as teller:
        for _ in range(50):
            teller.touched(["sport"])
        await wait_until(lambda: hub.told)
        teller.touched([])
        await wait_until(lambda: len(hub.told) == 2)
    assert hub.told[1] == SITE_FEEDS


async def test_what_the_hub_refused_is_told_again_with_what_came_since(hub: Listening) -> None:
    hub.answers = [503]
    async with telling(hub.address) as teller:
        teller.touched(["sport"])
        await wait_until(lambda: hub.told)
        teller.touched([])
        await wait_until(lambda: len(hub.told) == 2)
    assert hub.told[1] == [*SITE_FEEDS, *SPORT_FEEDS]


async def test_a_hub_that_is_away_is_told_when_it_is_back() -> None:
    """Connections are refused until the port is listened on, after the first try has failed."""
    refused = asyncio.Event()
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        host, port = reserved.getsockname()
        async with telling(f"http://{host}:{port}/", on_second_try=refused) as teller:
            teller.touched([])
            await refused.wait()
            reserved.listen()
            reserved.setblocking(False)  # noqa: FBT003 - the socket's own way
            connection, _ = await asyncio.get_running_loop().sock_accept(reserved)
            with connection:
                assert b"hub.mode=publish" in await asyncio.get_running_loop().sock_recv(connection, 4096)
