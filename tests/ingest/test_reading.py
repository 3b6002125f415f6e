"""Copy is read beside the event loop, for a bounded time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.ingest.admission.reading import CopyReader
from services.ingest.items import Hints, Parsed, UnreadableCopy
from services.ingest.parse import parse
from tests.ingest.making import entry, rss
from tests.waiting import wait_until

HINTS = Hints(provider="Harbour", timezone=ZoneInfo("UTC"), timezone_name="UTC", received=datetime.now(UTC))
FEED = rss(*(entry(f"n-{number}", text="The ferry is back. " * 40) for number in range(400)))


class Watched:
    """The parsers, and which thread they ran in."""

    def __init__(self) -> None:
        self.threads: list[str] = []

    def __call__(self, body: bytes, **told: Any) -> Parsed:
        self.threads.append(threading.current_thread().name)
        return parse(body, **told)


class Endless:
    """A parser that goes on until it is let go."""

    def __init__(self) -> None:
        self.let_go = threading.Event()

    def __call__(self, body: bytes, **_: Any) -> Parsed:
        self.let_go.wait(20)
        return Parsed(str(len(body)), ())


@pytest.fixture
def endless() -> Iterator[Endless]:
    parser = Endless()
    yield parser
    parser.let_go.set()


async def test_a_feed_is_read_in_a_thread_of_the_readers() -> None:
    watched = Watched()
    reader = CopyReader(at_once=1, seconds=20, parser=watched)
    await reader.read(FEED, content_type="application/rss+xml", hints=HINTS)
    reader.close()
    assert [name.startswith("parse") for name in watched.threads] == [True]


async def test_the_event_loop_goes_on_while_a_large_feed_is_read() -> None:
    reader = CopyReader(at_once=1, seconds=20)
    reading = asyncio.create_task(reader.read(FEED, content_type="application/rss+xml", hints=HINTS))
    turns = 0
    while not reading.done():
        await asyncio.sleep(0.001)
        turns += 1
    reader.close()
    assert (len((await reading).items), turns > 5) == (400, True)


async def test_copy_that_is_not_read_in_time_is_refused(endless: Endless) -> None:
    reader = CopyReader(at_once=1, seconds=0.05, parser=endless)
    with pytest.raises(UnreadableCopy) as refusal:
        await reader.read(b"x", content_type=None, hints=HINTS)
    reader.close()
    assert refusal.value.code == "parse_timeout"


async def test_a_reader_whose_every_thread_is_stuck_says_so_until_one_is_free(endless: Endless) -> None:
    reader = CopyReader(at_once=1, seconds=0.05, parser=endless)
    with pytest.raises(UnreadableCopy):
        await reader.read(b"x", content_type=None, hints=HINTS)
    stuck = await reader.check()
    endless.let_go.set()

    async def is_free() -> bool:
        return await reader.check() is None

    await wait_until(is_free)
    reader.close()
    assert stuck == "all 1 parsers are stuck; restart"
