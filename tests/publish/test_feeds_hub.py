"""The WebSub hub is told of changes, and can do no harm: a real hub over HTTP."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qs

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from structlog.testing import capture_logs

from services.publish.hub import Hub, changed_folders
from services.publish.site.web import site_app
from services.publish.store.changes import Changes, Moved
from services.publish.store.database import Database
from services.publish.store.writing import Store
from shared.article import Change, PubStatus
from shared.settings import SiteIdentity
from tests.publish.serving import serving
from tests.publish.written import article
from tests.waiting import wait_until, wait_until_sync

pytestmark = pytest.mark.heavy

SITE_FEEDS = [f"https://news.example/{name}" for name in ("feed.xml", "atom.xml", "feed.json")]
WORLD_FEEDS = [f"https://news.example/world/{name}" for name in ("feed.xml", "atom.xml", "feed.json")]
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
async def telling(address: str) -> AsyncIterator[Hub]:
    teller = Hub(address, "https://news.example/", ("news", "sport"), pause=0.05)
    async with teller.running():
        yield teller


def changes(*moved: tuple[str, PubStatus], complete: bool = True) -> Changes:
    return Changes(
        edition=7,
        moved=tuple(
            Moved(f"s{n}", 7, n, Change.UPDATE, status, is_new=False, section=section, slug="", headline="")
            for n, (section, status) in enumerate(moved, start=1)
        ),
        complete=complete,
    )


SPORT = changes(("sport", PubStatus.USABLE))
WORLD = changes(("world", PubStatus.USABLE))


async def test_the_hub_is_told_where_the_news_is(hub: Listening) -> None:
    async with telling(hub.address) as teller:
        teller.hear(SPORT)
        await wait_until(lambda: hub.told)
    assert (hub.modes, hub.told) == ({"publish"}, [[*SITE_FEEDS, *SPORT_FEEDS]])


async def test_changes_close_together_are_one_ping(hub: Listening) -> None:
    async with telling(hub.address) as teller:
        for _ in range(50):
            await asyncio.to_thread(teller.hear, SPORT)  # the watch looks in threads
        await wait_until(lambda: hub.told)
        teller.hear(WORLD)
        await wait_until(lambda: len(hub.told) == 2)
    assert hub.told[1] == [*SITE_FEEDS, *WORLD_FEEDS]


async def test_what_the_hub_refused_is_told_again_with_what_came_since(hub: Listening) -> None:
    hub.answers = [503]
    async with telling(hub.address) as teller:
        teller.hear(SPORT)
        await wait_until(lambda: hub.told)
        teller.hear(WORLD)
        await wait_until(lambda: len(hub.told) == 2)
    assert hub.told[1] == [*SITE_FEEDS, *SPORT_FEEDS, *WORLD_FEEDS]


async def test_a_hub_that_is_away_is_told_when_it_is_back() -> None:
    """Connections are refused until the port is listened on, after the first try has failed."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        host, port = reserved.getsockname()
        async with telling(f"http://{host}:{port}/") as teller:
            with capture_logs() as lines:
                teller.hear(SPORT)
                await wait_until(lambda: [line["event"] for line in lines] == ["hub_not_told"])
            reserved.listen()
            reserved.setblocking(False)  # noqa: FBT003 - the socket's own way
            connection, _ = await asyncio.get_running_loop().sock_accept(reserved)
            with connection:
                assert b"hub.mode=publish" in await asyncio.get_running_loop().sock_recv(connection, 4096)


def test_a_story_that_was_taken_off_is_told_of_in_every_section() -> None:
    assert changed_folders(changes(("", PubStatus.CANCELED)), ("news", "sport")) == {"", "/news", "/sport"}


def test_changes_without_number_are_told_of_in_every_section() -> None:
    assert changed_folders(changes(complete=False), ("news", "sport")) == {"", "/news", "/sport"}


def test_nothing_is_told_of_nothing() -> None:
    assert changed_folders(changes(), ("news", "sport")) == frozenset()


def test_a_served_site_tells_its_hub(hub: Listening, site_database: Database) -> None:
    site = SiteIdentity(url="https://news.example", hub=hub.address)
    with serving(site_app(site_database, site, checks={}, cached_pages=8, watch_every=0.05)) as client:
        client.get("/feed.xml")
        Store(site_database).apply([article(newsroom={"section": "Sport"})])
        wait_until_sync(lambda: hub.told)
    assert hub.told[0] == [*SITE_FEEDS, *SPORT_FEEDS]
