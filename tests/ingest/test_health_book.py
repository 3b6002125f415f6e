"""The books on the health of sources, in a real Redis."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from httpx import ASGITransport, AsyncClient
from prometheus_client import REGISTRY
from starlette.applications import Starlette
from structlog.testing import capture_logs

from services.ingest.admission.admit import Admission
from services.ingest.admission.archive import RawArchive
from services.ingest.admission.reading import CopyReader
from services.ingest.health.health import HOUR_MS, HOURS, hour_of
from services.ingest.health.health_book import HealthBook
from services.ingest.health.sources_web import sources_route
from services.ingest.items import Item
from shared.delivery import Delivery
from shared.events import Outcome, StageResult
from tests.ingest.desk import Desk, send
from tests.ingest.making import STORY, ninjs, rss

KEY = "ingest:health:harbour"


@pytest.fixture
def book(delivery: Delivery) -> HealthBook:
    return HealthBook(delivery, ["harbour"])


@pytest.fixture
def told(delivery: Delivery, archive: RawArchive, book: HealthBook) -> Iterator[Admission]:
    reader = CopyReader(at_once=2, seconds=10)
    yield Admission(delivery, archive, reader, state_days=400, notice=book.notice)
    reader.close()


def result(outcome: Outcome = Outcome.EMITTED, **parts: str) -> StageResult:
    return StageResult(stage="ingest", outcome=outcome, input="1.0", origin="harbour", **parts)


def numbered(number: str) -> Item:
    return replace(STORY, wire_sequence=number)


async def test_pushed_copy_counts_as_an_item_of_its_source(told: Admission, book: HealthBook) -> None:
    await send(told, ninjs())
    await book.flush()
    health = await book.read("harbour")
    assert (health.items, abs(health.item_ms / 1000 - time.time()) < 60) == (1, True)


async def test_repeated_copy_is_no_item(told: Admission, book: HealthBook) -> None:
    for _ in range(3):
        await send(told, ninjs())
    await book.flush()
    assert (await book.read("harbour")).items == 1


async def test_refusals_are_counted_by_code(told: Admission, book: HealthBook) -> None:
    await send(told, rss("<item><guid>bad</guid></item>"))
    await book.flush()
    assert list((await book.read("harbour")).errors.values()) == [1]


async def test_failures_are_counted_by_code(book: HealthBook) -> None:
    for code in ("http_500", "http_500", "too_slow"):
        book.failed("harbour", code)
    await book.flush()
    assert (await book.read("harbour")).errors == {"http_500": 2, "too_slow": 1}


async def test_items_of_two_replicas_are_counted_together(delivery: Delivery, book: HealthBook) -> None:
    other = HealthBook(delivery, ["harbour"])
    for each in (book, other, other):
        each.notice(result(), STORY)
        await each.flush()
    week, hour = hour_of(int(time.time() * 1000))
    assert (await book.read("harbour")).hours[hour] == (3.0, week)


async def test_items_of_earlier_weeks_count_for_less(book: HealthBook, desk: Desk) -> None:
    week, hour = hour_of(int(time.time() * 1000))
    desk.redis.hset(KEY, f"hour:{hour}", f"10@{week - 2}")
    book.notice(result(), STORY)
    await book.flush()
    count, counted = (await book.read("harbour")).hours[hour]
    assert (round(count, 3), counted) == (7.4, week)


async def test_gap_in_a_wires_numbers_is_said(book: HealthBook) -> None:
    for number in ("a0007", "a0010"):
        book.notice(result(), numbered(number))
    with capture_logs() as lines:
        await book.flush()
    assert [(line["first"], line["last"], line["missing"]) for line in lines] == [(8, 9, 2)]


async def test_gap_between_two_flushes_is_remembered(book: HealthBook) -> None:
    for number in ("a0007", "a0010"):
        book.notice(result(), numbered(number))
        await book.flush()
    assert (await book.read("harbour")).sequences["a"].missing == (8, 9)


async def test_copy_without_a_number_leaves_no_gap(book: HealthBook) -> None:
    for number in ("a0007", "n/a", "a0008"):
        book.notice(result(), numbered(number))
    await book.flush()
    assert (await book.read("harbour")).sequences["a"].missing == ()


async def test_closed_source_is_open_once_it_answers(book: HealthBook) -> None:
    book.closed("harbour", "http_410")
    await book.flush()
    before = (await book.read("harbour")).closed
    book.reached("harbour")
    await book.flush()
    assert (before, (await book.read("harbour")).closed) == ("http_410", "")


def put_history(desk: Desk, *, quiet_hours: float) -> None:
    """Book a month of twenty items an hour, ended so long ago."""
    now = int(time.time() * 1000)
    week, _ = hour_of(now)
    fields = {f"hour:{hour}": f"60@{week - 1}" for hour in range(HOURS)}
    fields |= {"first": str(now - 30 * 24 * HOUR_MS), "item": str(int(now - quiet_hours * HOUR_MS))}
    for name, value in fields.items():
        desk.redis.hset(KEY, name, value)


async def test_source_that_fell_silent_is_said_by_one_replica_once(
    delivery: Delivery, book: HealthBook, desk: Desk
) -> None:
    put_history(desk, quiet_hours=6)
    with capture_logs() as lines:
        for each in (book, HealthBook(delivery, ["harbour"]), book):
            await each.judge()
    assert [line["source"] for line in lines if line["event"] == "source_silent"] == ["harbour"]


async def test_source_that_is_heard_again_is_said(book: HealthBook, desk: Desk) -> None:
    put_history(desk, quiet_hours=6)
    await book.judge()
    book.notice(result(), STORY)
    await book.flush()
    with capture_logs() as lines:
        await book.judge()
    assert [line["event"] for line in lines] == ["source_heard_again"]


async def test_silence_is_a_metric(book: HealthBook, desk: Desk) -> None:
    put_history(desk, quiet_hours=6)
    await book.judge()
    assert REGISTRY.get_sample_value("newsroom_source_silent", {"source": "harbour"}) == 1


async def test_nothing_noted_is_lost_when_redis_refuses_it(book: HealthBook, desk: Desk) -> None:
    desk.redis.set(KEY, "not a hash")
    book.failed("harbour", "http_500")
    with pytest.raises(Exception, match="WRONGTYPE"):
        await book.flush()
    desk.redis.delete(KEY)
    await book.flush()
    assert (await book.read("harbour")).errors == {"http_500": 1}


async def test_what_is_noted_is_written_at_the_stop(book: HealthBook) -> None:
    book.start()
    book.failed("harbour", "http_500")
    await book.stop()
    assert (await book.read("harbour")).errors == {"http_500": 1}


async def test_anyone_may_ask_how_the_sources_are(book: HealthBook) -> None:
    book.notice(result(), numbered("a0007"))
    book.notice(result(Outcome.DEAD_LETTERED, code="no_content"), None)
    await book.flush()
    route = sources_route(book, ["harbour", "hills"])
    async with AsyncClient(transport=ASGITransport(Starlette(routes=[route])), base_url="http://here") as client:
        response = (await client.get("/v1/sources")).json()["sources"]
    assert (response["harbour"]["items"], response["harbour"]["errors"], response["hills"]["lastItem"]) == (
        1,
        {"no_content": 1},
        None,
    )
