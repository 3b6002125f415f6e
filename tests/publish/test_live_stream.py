"""The live stream, over HTTP: who is told what, who is refused, who is dropped, and that a stop does not wait."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager, suppress
from typing import Any

import httpx
import pytest
from prometheus_client import REGISTRY
from starlette.applications import Starlette
from starlette.types import Message, Receive, Scope, Send

from services.publish.live.client import MOST_WAITING, Client
from services.publish.live.events import BEAT
from services.publish.live.hub import LiveHub
from services.publish.live.stream import Stream
from services.publish.site.page_cache import Page
from services.publish.site.web import site_app
from services.publish.store.changes import Changes
from services.publish.store.database import Database
from shared.article import Change
from tests.publish.reading_pages import SYDNEY, Publish, parsed
from tests.publish.serving import serving
from tests.publish.test_live_events import moved
from tests.publish.written import article
from tests.waiting import wait_until, wait_until_sync


def clients() -> float:
    return REGISTRY.get_sample_value("newsroom_live_clients") or 0


@pytest.fixture
def live_site(site_database: Database) -> Iterator[httpx.Client]:
    """A site that looks at its store twenty times a second and has room for two."""
    app = site_app(site_database, SYDNEY, checks={}, cached_pages=8, watch_every=0.05, live_clients=2)
    with serving(app) as client:
        wait_until_sync(lambda: client.get("/").status_code == 200)
        yield client


@contextmanager
def listening(site: httpx.Client, path: str = "/live", **headers: str) -> Iterator[Callable[[], dict[str, Any]]]:
    """Open a stream; what is given returns the next event that has data."""
    with site.stream("GET", path, headers=headers) as answer:
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        lines = answer.iter_lines()

        def next_event() -> dict[str, Any]:
            event: dict[str, Any] = {}
            for line in lines:
                name, _, value = line.partition(": ")
                if line:
                    event[name] = value
                elif "data" in event:
                    return {**event, "data": json.loads(event["data"])}
                else:
                    event = {}
            raise EOFError

        yield next_event


def edition_of(page: httpx.Response) -> int:
    return int(parsed(page).xpath("/html/body/@data-edition")[0])


def test_a_story_is_told_within_a_second_of_its_commit(live_site: httpx.Client, publish: Publish) -> None:
    with listening(live_site) as next_event:
        publish(article())
        committed = time.monotonic()
        event = next_event()
        assert (event["event"], event["data"]["story_id"]) == ("story", "ferry1")
        assert time.monotonic() - committed < 1


def test_a_kill_is_told_without_a_word_of_the_story(live_site: httpx.Client, publish: Publish) -> None:
    publish(article())
    wait_until_sync(lambda: "Harbour ferry" in live_site.get("/").text)
    with listening(live_site) as next_event:
        publish(article(revision=2, change=Change.KILL))
        event = next_event()
    assert (event["data"]["status"], "headline" in event["data"]) == ("canceled", False)


def test_what_moves_between_a_page_and_its_stream_is_told(live_site: httpx.Client, publish: Publish) -> None:
    publish(article())
    wait_until_sync(lambda: "Harbour ferry" in live_site.get("/").text)
    page = live_site.get("/")
    publish(article(revision=2, change=Change.KILL))
    wait_until_sync(lambda: "Harbour ferry" not in live_site.get("/").text)
    with listening(live_site, f"/live?after={edition_of(page)}") as next_event:
        assert next_event()["data"]["change"] == "kill"


def test_a_browser_that_comes_back_goes_on_where_it_was(live_site: httpx.Client, publish: Publish) -> None:
    with listening(live_site, "/live?after=0") as next_event:
        publish(article())
        last = next_event()["id"]
    publish(article("ferry2"))
    # What it last heard counts, not the page's own edition, which its address still has.
    with listening(live_site, "/live?after=0", **{"Last-Event-ID": last}) as next_event:
        assert next_event()["data"]["story_id"] == "ferry2"


def test_a_page_is_the_same_page_whatever_edition_it_was_begun_at() -> None:
    first, later, other = (
        Page(b'<body data-edition="%d">%b</body>' % found) for found in ((1, b"ferry"), (2, b"ferry"), (2, b"bridge"))
    )
    assert first.etag == later.etag != other.etag


def test_a_stream_is_kept_by_no_cache_and_collected_by_no_proxy(live_site: httpx.Client) -> None:
    headers = live_site.head("/live").headers
    assert (headers["cache-control"], headers["x-accel-buffering"]) == ("no-store", "no")
    assert "connect-src 'self'" in headers["content-security-policy"]


def test_one_reader_too_many_is_refused_and_told_when_to_try_again(live_site: httpx.Client) -> None:
    before = clients()
    with listening(live_site), listening(live_site):
        wait_until_sync(lambda: clients() == before + 2)
        refused = live_site.get("/live")
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "60")


def test_a_reader_who_goes_makes_room(live_site: httpx.Client) -> None:
    before = clients()
    with listening(live_site), listening(live_site):
        wait_until_sync(lambda: clients() == before + 2)
    wait_until_sync(lambda: clients() == before)
    with listening(live_site):
        wait_until_sync(lambda: clients() == before + 1)


def test_a_stop_does_not_wait_for_streams(site_database: Database) -> None:
    app = site_app(site_database, SYDNEY, checks={}, cached_pages=8, watch_every=0.05)
    with ExitStack() as reading, ExitStack() as running:
        client = running.enter_context(serving(app))
        reader = reading.enter_context(httpx.Client(base_url=client.base_url))
        answer = reading.enter_context(reader.stream("GET", "/live"))
        chunks = answer.iter_bytes()
        next(chunks)
        begun = time.monotonic()
        running.close()
        assert list(chunks) == []
        assert time.monotonic() - begun < 3


async def test_what_waits_for_a_reader_is_bounded() -> None:
    async def never(_: Message) -> None:
        await asyncio.Event().wait()

    client = Client(never)
    taken = 0
    while client.offer(b"x" * 100):
        taken += 1
        await asyncio.sleep(0)
    assert taken == MOST_WAITING


async def test_a_reader_who_takes_nothing_between_beats_is_given_up() -> None:
    takes = asyncio.Event()

    async def late(_: Message) -> None:
        await takes.wait()

    client = Client(late)
    assert [client.beat(BEAT), client.beat(BEAT), client.beat(BEAT)] == [True, True, False]
    takes.set()
    await asyncio.sleep(0.01)
    assert client.beat(BEAT)


@contextmanager
def serving_only(hub: LiveHub) -> Iterator[tuple[str, int]]:
    """Serve the stream and nothing else."""
    stream = Stream(hub)

    @asynccontextmanager
    async def running(_: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(hub.run())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    starts = Starlette(lifespan=running)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await (stream if scope["type"] == "http" else starts)(scope, receive, send)

    with serving(app) as client:
        yield client.base_url.host, client.base_url.port or 0


@asynccontextmanager
async def stream_of(address: tuple[str, int]) -> AsyncIterator[asyncio.StreamReader]:
    reader, writer = await asyncio.open_connection(*address)
    writer.write(b"GET /live HTTP/1.1\r\nHost: site\r\n\r\n")
    yield reader
    writer.close()
    await writer.wait_closed()


async def test_a_slow_reader_is_dropped_and_the_others_are_told() -> None:
    hub = LiveHub(limit=10)
    hub.hear(Changes(1))
    with serving_only(hub) as address, closing(socket.create_connection(address)) as slow:
        slow.sendall(b"GET /live HTTP/1.1\r\nHost: site\r\n\r\n")
        async with stream_of(address) as reader:
            await wait_until(lambda: len(hub) == 2)
            edition = 1
            while len(hub) == 2:
                assert edition < 2_000, "nobody was dropped"
                edition += 1
                hub.hear(Changes(edition, (moved("a", edition, headline="x" * 20_000),)))
                await asyncio.wait_for(reader.readuntil(b"id: %d\n" % edition), 5)
        slow.settimeout(5)
        assert await asyncio.to_thread(ends, slow)


def ends(connection: socket.socket) -> bool:
    """Read until the other side has ended the connection; False where that takes more than 5 s a piece."""
    try:
        while connection.recv(65_536):
            pass
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False
    return True


async def test_a_reader_hears_a_sign_of_life() -> None:
    hub = LiveHub(limit=10, beat=0.2)
    hub.hear(Changes(1))
    with serving_only(hub) as address:
        async with stream_of(address) as reader:
            for _ in range(3):
                await asyncio.wait_for(reader.readuntil(BEAT), 5)
