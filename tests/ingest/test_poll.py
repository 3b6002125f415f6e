"""Polling a feed: what is new in it is admitted once, and the cursor moves only after that."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from redis.exceptions import RedisError
from structlog.testing import capture_logs

from services.ingest.admission.admit import Admission
from services.ingest.feeds.cursor import FeedCursors
from shared.delivery import Delivery
from shared.events import Outcome, StageResult
from tests.ingest.desk import Desk
from tests.ingest.feeds import FarServer
from tests.ingest.making import entry, ninjs, rss
from tests.ingest.polling import Make, polled


@pytest.fixture
def far() -> FarServer:
    far = FarServer()
    far.body = rss(entry("b", "Bridge shut"), entry("a", "Ferry returns"))
    return far


@pytest.fixture
async def make(far: FarServer, delivery: Delivery, admission: Admission) -> AsyncIterator[Make]:
    async with polled(far, delivery, admission) as make:
        yield make


@pytest.fixture
def poll(make: Make) -> Callable[[], Awaitable[None]]:
    return make().poll


async def test_every_entry_of_a_feed_is_admitted(poll: Callable[[], Awaitable[None]], desk: Desk) -> None:
    await poll()
    assert {event.data.headline for event in desk.ingested} == {"Bridge shut", "Ferry returns"}


async def test_entries_are_told_oldest_first(poll: Callable[[], Awaitable[None]], desk: Desk) -> None:
    await poll()
    assert [event.data.headline for event in desk.ingested] == ["Ferry returns", "Bridge shut"]


async def test_next_poll_says_what_it_has(poll: Callable[[], Awaitable[None]], far: FarServer) -> None:
    far.headers = {"ETag": '"v1"', "Last-Modified": "Mon, 04 May 2026 10:00:00 GMT"}
    await poll()
    await poll()
    sent = far.requests[1].headers
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('"v1"', "Mon, 04 May 2026 10:00:00 GMT")


async def test_same_body_again_is_no_input(poll: Callable[[], Awaitable[None]], desk: Desk) -> None:
    await poll()
    await poll()
    assert len(desk.outcomes) == 2


async def test_not_modified_is_no_input(poll: Callable[[], Awaitable[None]], far: FarServer, desk: Desk) -> None:
    await poll()
    far.status = 304
    await poll()
    assert len(desk.outcomes) == 2


async def test_unchanged_entries_of_a_changed_feed_are_no_inputs(
    poll: Callable[[], Awaitable[None]], far: FarServer, desk: Desk
) -> None:
    await poll()
    far.body = rss(entry("c", "Market opens"), entry("b", "Bridge shut"), entry("a", "Ferry returns"))
    await poll()
    assert [o.outcome for o in desk.outcomes] == [Outcome.EMITTED] * 3


async def test_unchanged_entries_are_counted(poll: Callable[[], Awaitable[None]], far: FarServer) -> None:
    await poll()
    far.body = rss(entry("c", "Market opens"), entry("a", "Ferry returns"))
    with capture_logs() as lines:
        await poll()
    assert [line["unchanged"] for line in lines if line["event"] == "feed_taken"] == [1]


async def test_changed_entry_is_an_update(poll: Callable[[], Awaitable[None]], far: FarServer, desk: Desk) -> None:
    await poll()
    far.body = rss(entry("b", "Bridge shut"), entry("a", "Ferry returns, late"))
    await poll()
    assert desk.ingested[-1].data.newsroom.change == "update"


async def test_feed_that_rolls_back_changes_nothing(
    poll: Callable[[], Awaitable[None]], far: FarServer, desk: Desk
) -> None:
    for headline in ("Ferry returns", "Ferry returns, late", "Ferry returns"):
        far.body = rss(entry("a", headline))
        await poll()
    assert ([o.outcome for o in desk.outcomes][-1], len(desk.ingested)) == (Outcome.STALE, 2)


async def test_listing_is_bounded_by_the_feed(poll: Callable[[], Awaitable[None]], far: FarServer, desk: Desk) -> None:
    for name in "abcde":
        far.body = rss(entry(name, f"Headline {name}"))
        await poll()
    assert desk.redis.hlen("ingest:seen:harbour") == 1


async def test_two_entries_under_one_name_do_not_take_turns(
    poll: Callable[[], Awaitable[None]], far: FarServer, desk: Desk
) -> None:
    for more in ("c", "d", "e"):
        far.body = rss(entry("a", "One"), entry("a", "Other"), entry(more, f"Headline {more}"))
        await poll()
    assert [o.outcome for o in desk.outcomes] == [Outcome.EMITTED] * 5


async def test_entry_that_cannot_be_used_is_booked_once(
    poll: Callable[[], Awaitable[None]], far: FarServer, desk: Desk
) -> None:
    for name in "abc":
        far.body = rss("<item><guid>bad</guid></item>", entry(name, f"Headline {name}"))
        await poll()
    assert [o.outcome for o in desk.outcomes].count(Outcome.DEAD_LETTERED) == 1


class Failing:
    """Admits one entry and then loses Redis."""

    def __init__(self, admission: Admission) -> None:
        self._admission = admission
        self.take = admission.take
        self.left = 1

    async def admit(self, *entry: Any) -> StageResult:
        if not self.left:
            raise RedisError("away")
        self.left -= 1
        return await self._admission.admit(*entry)


async def test_cursor_stays_when_only_half_was_admitted(make: Make, admission: Admission, far: FarServer) -> None:
    far.headers = {"ETag": '"v1"'}
    with pytest.raises(RedisError):
        await make(admission=Failing(admission)).poll()
    await make().poll()
    assert "if-none-match" not in far.requests[1].headers


async def test_nothing_is_lost_when_only_half_was_admitted(make: Make, admission: Admission, desk: Desk) -> None:
    with pytest.raises(RedisError):
        await make(admission=Failing(admission)).poll()
    await make().poll()
    assert {event.data.headline for event in desk.ingested} == {"Bridge shut", "Ferry returns"}


async def test_source_that_fails_is_put_off(make: Make, far: FarServer) -> None:
    far.status = 500
    feed = make(every=100)
    for _ in range(3):
        await feed.poll()
    assert await feed.wait_seconds() > 300


async def test_source_is_left_alone_for_as_long_as_it_asks(make: Make, far: FarServer) -> None:
    far.status, far.headers = 429, {"Retry-After": "7200"}
    feed = make()
    await feed.poll()
    assert await feed.wait_seconds() > 7100


async def test_source_that_is_back_is_polled_at_its_pace(make: Make, far: FarServer) -> None:
    feed = make()
    for far.status in (500, 500, 500, 200):
        await feed.poll()
    assert await feed.wait_seconds() < 67


async def test_failure_moves_no_mark(poll: Callable[[], Awaitable[None]], far: FarServer) -> None:
    far.headers = {"ETag": '"v1"'}
    await poll()
    far.status = 500
    await poll()
    await poll()
    assert far.requests[2].headers["if-none-match"] == '"v1"'


async def test_body_that_is_no_feed_is_booked_once(
    poll: Callable[[], Awaitable[None]], far: FarServer, desk: Desk
) -> None:
    far.body = b"\x00\x01\x02\x03"
    for _ in range(3):
        await poll()
    assert [o.outcome for o in desk.outcomes] == [Outcome.DEAD_LETTERED]


async def test_feed_at_another_address_starts_afresh(make: Make, delivery: Delivery) -> None:
    feed = make()
    await feed.poll()
    cursor = await FeedCursors(delivery).load("harbour", "https://harbour.example/other")
    assert (cursor.sha256, cursor.due_ms) == ("", 0)


async def test_held_entry_is_let_out_at_the_first_poll_after_its_lift(
    poll: Callable[[], Awaitable[None]], far: FarServer, desk: Desk
) -> None:
    lift = datetime.now(UTC) + timedelta(seconds=0.4)
    far.body, far.headers = ninjs(embargoedUntil=lift.isoformat()), {"ETag": '"v1"'}
    await poll()
    before = len(desk.ingested)
    time.sleep(max(0.0, (lift - datetime.now(UTC)).total_seconds()))  # noqa: ASYNC251 - the lift is what is waited for
    await poll()
    assert (before, len(desk.ingested)) == (0, 1)


async def test_held_entry_is_booked_once_while_it_waits(
    poll: Callable[[], Awaitable[None]], far: FarServer, desk: Desk
) -> None:
    far.body = ninjs(embargoedUntil=(datetime.now(UTC) + timedelta(hours=1)).isoformat())
    for _ in range(3):
        await poll()
    assert [o.outcome for o in desk.outcomes] == [Outcome.HELD]
