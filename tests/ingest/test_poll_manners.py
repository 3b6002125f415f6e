"""How a feed is treated that moves, ends, changes seldom, or is a web page today."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from services.ingest.admission.admit import Admission
from services.ingest.feeds.cursor import Cursor, FeedCursors
from services.ingest.feeds.failing import SourceGone
from services.ingest.feeds.poll import FeedPoll
from services.ingest.feeds.visits import Visits
from services.ingest.health.health_book import HealthBook
from shared.delivery import Delivery
from tests.ingest.desk import Desk
from tests.ingest.feeds import FarServer
from tests.ingest.making import entry, rss
from tests.ingest.polling import Make, polled

PAGE = b"<!DOCTYPE html><title>Sign in to the network</title><p>Welcome"


@pytest.fixture
def far() -> FarServer:
    far = FarServer()
    far.body = rss(entry("a", "Ferry returns"))
    return far


@pytest.fixture
async def make(far: FarServer, delivery: Delivery, admission: Admission) -> AsyncIterator[Make]:
    async with polled(far, delivery, admission) as make:
        yield make


async def stored(delivery: Delivery, feed: FeedPoll) -> Cursor:
    return await FeedCursors(delivery).load(feed.name, feed.url)


async def paths_of(make: Make, far: FarServer, path: str) -> list[str]:
    """Return what is asked for when the feed at ``path`` is polled twice."""
    for _ in range(2):
        await make(path=path).poll()
    return [request.url.path for request in far.requests]


@pytest.mark.parametrize("status", [301, 308])
async def test_permanent_redirect_is_remembered(make: Make, far: FarServer, status: int) -> None:
    assert await paths_of(make, far, f"/moved/{status}") == [f"/moved/{status}", "/feed", "/feed"]


@pytest.mark.parametrize("status", [302, 307])
async def test_passing_redirect_is_not_remembered(make: Make, far: FarServer, status: int) -> None:
    assert await paths_of(make, far, f"/moved/{status}") == [f"/moved/{status}", "/feed"] * 2


async def test_move_is_said_once(make: Make) -> None:
    with capture_logs() as lines:
        for _ in range(3):
            await make(path="/moved/301").poll()
    assert [line["event"] for line in lines].count("source_moved") == 1


async def test_redirect_to_a_page_is_not_remembered(make: Make, far: FarServer, delivery: Delivery) -> None:
    far.body = PAGE
    feed = make(path="/moved/301")
    await feed.poll()
    assert (await stored(delivery, feed)).moved == ""


async def test_feed_that_is_gone_is_not_asked_again_after_a_restart(make: Make, far: FarServer) -> None:
    with pytest.raises(SourceGone):
        await make(path="/gone").poll()
    with pytest.raises(SourceGone):
        await make(path="/gone").wait_seconds()
    assert len(far.requests) == 1


async def test_feed_that_is_gone_is_asked_again_at_another_address(make: Make) -> None:
    with pytest.raises(SourceGone):
        await make(path="/gone").poll()
    assert await make(path="/feed").wait_seconds() == 0


async def test_feed_that_is_gone_is_said_in_its_health(make: Make, delivery: Delivery) -> None:
    book = HealthBook(delivery, ["harbour"])
    with pytest.raises(SourceGone):
        await make(path="/gone", health=book).poll()
    await book.flush()
    assert (await book.read("harbour")).closed == "http_410"


async def test_page_in_place_of_a_feed_is_refused_by_its_own_code(make: Make, far: FarServer, desk: Desk) -> None:
    far.body = PAGE
    await make().poll()
    assert [(outcome.outcome, outcome.code) for outcome in desk.outcomes] == [("dead_lettered", "html_instead_of_feed")]


async def test_page_that_is_another_at_every_poll_is_booked_once(make: Make, far: FarServer, desk: Desk) -> None:
    for number in range(3):
        far.body = PAGE + str(number).encode()
        await make().poll()
    assert len(desk.outcomes) == 1


async def test_page_in_place_of_a_feed_leaves_what_we_have(make: Make, far: FarServer, desk: Desk) -> None:
    feed, far.headers = make(), {"ETag": '"v1"'}
    await feed.poll()
    feed_body, far.body, far.headers = far.body, PAGE, {"ETag": '"portal"'}
    await feed.poll()
    far.body = feed_body
    await feed.poll()
    assert (far.requests[2].headers["if-none-match"], len(desk.ingested)) == ('"v1"', 1)


async def test_source_is_left_alone_while_its_answer_is_fresh(make: Make, far: FarServer) -> None:
    far.headers = {"Cache-Control": "max-age=1800"}
    feed = make()
    await feed.poll()
    assert await feed.wait_seconds() > 1_790


async def test_feed_with_nothing_new_for_long_is_asked_more_seldom(make: Make, delivery: Delivery) -> None:
    feed = make()
    await feed.poll()
    cursors = FeedCursors(delivery)
    cursor = await stored(delivery, feed)
    await cursors.save(feed.name, Cursor(url=feed.url, changed_ms=cursor.changed_ms - 86_400_000, sha256=cursor.sha256))
    await feed.poll()
    assert await feed.wait_seconds() > 200


async def test_clock_in_a_feed_is_nothing_new(make: Make, far: FarServer, delivery: Delivery) -> None:
    feed = make()
    await feed.poll()
    before = (await stored(delivery, feed)).changed_ms
    far.body = rss(entry("a", "Ferry returns"), title="Harbour Weekly, 12:01")
    await feed.poll()
    assert (await stored(delivery, feed)).changed_ms == before


async def test_feeds_of_a_host_that_is_away_are_put_off_without_being_asked(make: Make, far: FarServer) -> None:
    visits = Visits(at_once=2, per_host=2)
    for _ in range(3):
        visits.met("127.0.0.1", reached=False)
    feed = make(visits=visits)
    await feed.poll()
    assert (far.requests, await feed.wait_seconds() > 25) == ([], True)


async def test_cursor_of_an_earlier_version_is_read(delivery: Delivery, desk: Desk) -> None:
    fields = {"url": "https://harbour.example/feed", "etag": "e", "last_modified": "", "sha256": "", "due_ms": "7"}
    for name, value in fields.items():
        desk.redis.hset("ingest:feed:harbour", name, value)
    cursor = await FeedCursors(delivery).load("harbour", fields["url"])
    assert (cursor.etag, cursor.due_ms, cursor.moved) == ("e", 7, "")
