"""Copy that waits for its lift, on a real Redis: let out once and in time, however replicas die."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from services.ingest.admission.admit import Admission
from services.ingest.admission.archive import RawArchive
from services.ingest.admission.reading import CopyReader
from services.ingest.lifecycle.recall import Recall
from services.ingest.lifecycle.release import FORGOTTEN, Releases
from services.ingest.lifecycle.waiting import WaitingRoom
from shared.article import Change
from shared.delivery import Delivery
from shared.events import Outcome, StageResult
from tests.ingest.desk import HARBOUR, Desk, send
from tests.ingest.making import ninjs
from tests.waiting import wait_until

SOON = 0.6  # time to admit the copy on a busy machine
CANARY = "The ferry is back."


def lifting(seconds: float, **members: Any) -> bytes:
    lift = datetime.now(UTC) + timedelta(seconds=seconds)
    return ninjs(embargoedUntil=lift.isoformat(), **members)


@pytest.fixture
def recall(archive: RawArchive) -> Iterator[Recall]:
    reader = CopyReader(at_once=1, seconds=10)
    yield Recall(archive, reader, {"harbour": HARBOUR})
    reader.close()


@pytest.fixture
def releases(delivery: Delivery, admission: Admission, recall: Recall) -> Releases:
    return Releases(delivery.redis, admission, recall)


async def lifted(releases: Releases, desk: Desk) -> None:
    """Look until everything that waits is out."""

    async def look() -> bool:
        await releases.let_out_due()
        return desk.redis.exists("ingest:embargoed") == 0

    await wait_until(look)


def line(desk: Desk) -> tuple[bytes, float]:
    """Return the one story that waits, and its lift in milliseconds."""
    rows: Any = desk.redis.zrange("ingest:embargoed", 0, -1, withscores=True)
    (row,) = rows
    return row[0], float(row[1])


def is_past(milliseconds: float) -> bool:
    return datetime.now(UTC).timestamp() * 1000 > milliseconds


async def held(admission: Admission, body: bytes) -> StageResult:
    (result,) = await send(admission, body)
    assert result.outcome is Outcome.HELD
    return result


async def test_copy_is_let_out_at_its_lift(admission: Admission, releases: Releases, desk: Desk) -> None:
    await held(admission, lifting(SOON))
    await lifted(releases, desk)
    assert [event.data.headline for event in desk.ingested] == ["Ferry returns to Port Ellis"]


async def test_copy_is_not_let_out_before_its_lift(admission: Admission, releases: Releases, desk: Desk) -> None:
    await held(admission, lifting(60))
    await releases.let_out_due()
    assert desk.ingested == []


async def test_copy_is_let_out_within_a_second_of_its_lift(
    admission: Admission, releases: Releases, desk: Desk
) -> None:
    releases.start()
    await held(admission, lifting(SOON))
    await wait_until(lambda: desk.ingested)
    await releases.stop()
    lag = desk.ingested[0].time - (desk.ingested[0].data.embargoed_until or datetime.now(UTC))
    assert timedelta(0) <= lag < timedelta(seconds=1)


async def test_lift_is_an_input_of_its_own_with_one_outcome(
    admission: Admission, releases: Releases, desk: Desk
) -> None:
    first = await held(admission, lifting(SOON))
    await lifted(releases, desk)
    assert [(o.outcome, o.input == first.input) for o in desk.outcomes] == [
        (Outcome.HELD, True),
        (Outcome.EMITTED, False),
    ]


async def test_replicas_that_look_at_once_let_copy_out_once(
    admission: Admission, releases: Releases, desk: Desk
) -> None:
    await held(admission, lifting(SOON))
    await wait_until(lambda: is_past(line(desk)[1]))
    await asyncio.gather(*(releases.let_out_due() for _ in range(8)))
    await lifted(releases, desk)
    assert (len(desk.ingested), len(desk.outcomes)) == (1, 2)


async def test_replica_that_died_after_letting_out_costs_nothing(
    admission: Admission, releases: Releases, desk: Desk
) -> None:
    await held(admission, lifting(SOON))
    story, lift = line(desk)
    await lifted(releases, desk)
    desk.redis.zadd("ingest:embargoed", {story: lift})
    await releases.let_out_due()
    assert (len(desk.ingested), len(desk.outcomes)) == (1, 2)


async def test_replica_that_died_before_letting_out_gives_way(
    admission: Admission, releases: Releases, desk: Desk
) -> None:
    result = await held(admission, lifting(SOON))
    desk.redis.set(f"ingest:lift:{result.story_id}", "1", px=600)
    await lifted(releases, desk)
    assert len(desk.ingested) == 1


async def test_each_revision_is_let_out_at_its_own_lift(admission: Admission, releases: Releases, desk: Desk) -> None:
    await send(admission, ninjs())
    await held(admission, lifting(SOON, headlines=[{"value": "Ferry sails on Sundays"}]))
    await lifted(releases, desk)
    assert [event.data.newsroom.change for event in desk.ingested] == [Change.NEW, Change.UPDATE]


async def test_correction_inherits_the_embargo_and_takes_the_place_of_what_waits(
    admission: Admission, releases: Releases, desk: Desk
) -> None:
    await held(admission, lifting(SOON))
    await held(admission, ninjs(edNote="CORRECTS the port", headlines=[{"value": "Ferry returns to Port Alan"}]))
    await lifted(releases, desk)
    assert [event.data.headline for event in desk.ingested] == ["Ferry returns to Port Alan"]


async def test_later_lift_takes_the_place_of_the_earlier(admission: Admission, releases: Releases, desk: Desk) -> None:
    await held(admission, lifting(SOON))
    await held(admission, lifting(60))
    await asyncio.sleep(SOON)
    await releases.let_out_due()
    assert desk.ingested == []


async def test_kill_of_copy_that_waits_goes_out_at_once_without_a_word_of_it(admission: Admission, desk: Desk) -> None:
    await held(admission, lifting(60))
    await send(admission, ninjs(pubStatus="canceled"))
    told = desk.everything()
    assert ([event.data.newsroom.change for event in desk.urgent], b"Ferry" in told) == ([Change.KILL], False)


async def test_killed_copy_is_not_let_out(admission: Admission, releases: Releases, desk: Desk) -> None:
    await held(admission, lifting(SOON))
    await send(admission, ninjs(pubStatus="canceled"))
    await asyncio.sleep(SOON)
    await releases.let_out_due()
    assert [event.data.newsroom.change for event in desk.ingested] == [Change.KILL]


async def test_copy_that_came_without_its_embargo_is_let_out_once(
    admission: Admission, releases: Releases, desk: Desk
) -> None:
    await held(admission, lifting(SOON))
    await send(admission, ninjs())
    await asyncio.sleep(SOON)
    await releases.let_out_due()
    assert len(desk.ingested) == 1


@pytest.mark.parametrize("lift", ["", "tomorrow", "2031-05-04T12:00:00", "2031-05-04", 1])
async def test_lift_that_cannot_be_told_never_comes_and_is_told_of(
    admission: Admission, releases: Releases, desk: Desk, lift: object
) -> None:
    counted = REGISTRY.get_sample_value("newsroom_embargoes_unreadable_total", {"source": "harbour"}) or 0
    with capture_logs() as lines:
        await held(admission, ninjs(embargoedUntil=lift))
        await releases.let_out_due()
    after = REGISTRY.get_sample_value("newsroom_embargoes_unreadable_total", {"source": "harbour"})
    assert ([(line["log_level"], line["code"]) for line in lines], after, CANARY in str(lines), desk.ingested) == (
        [("error", "embargo_unreadable")],
        counted + 1,
        False,
        [],
    )


async def test_bytes_that_are_gone_are_told_of_and_tried_again(
    delivery: Delivery, admission: Admission, recall: Recall, desk: Desk, archive: RawArchive
) -> None:
    result = await held(admission, lifting(SOON))
    archive.path_of(result.raw or "").unlink()
    await asyncio.sleep(SOON)
    with capture_logs() as lines:
        await Releases(delivery.redis, admission, recall, patience=0).let_out_due()
    assert ([entry["event"] for entry in lines], is_past(line(desk)[1] - 30_000)) == (["embargo_failed"], False)


async def test_replica_without_the_bytes_leaves_the_copy_to_one_that_has_them(
    delivery: Delivery, admission: Admission, releases: Releases, desk: Desk, tmp_path: Path
) -> None:
    elsewhere = Recall(RawArchive(tmp_path / "other", replica="o"), CopyReader(at_once=1, seconds=10), {})
    await held(admission, lifting(SOON))
    await asyncio.sleep(SOON)
    with capture_logs() as lines:
        await Releases(delivery.redis, admission, elsewhere).let_out_due()
    await lifted(releases, desk)
    assert (lines, len(desk.ingested)) == ([], 1)


async def test_line_without_a_story_is_forgotten_in_the_end(delivery: Delivery, releases: Releases, desk: Desk) -> None:
    room = WaitingRoom(delivery.redis)
    await room.put_until("young", datetime.now(UTC) - FORGOTTEN / 2)
    await room.put_until("old", datetime.now(UTC) - FORGOTTEN * 2)
    await releases.let_out_due()
    assert desk.redis.zrange("ingest:embargoed", 0, -1) == [b"young"]


async def test_line_is_not_forgotten_when_a_later_lift_was_set(delivery: Delivery, desk: Desk) -> None:
    room = WaitingRoom(delivery.redis)
    now = datetime.now(UTC)
    await room.put_until("story", now + timedelta(seconds=5))
    await room.settle("story", now.timestamp() * 1000)
    assert desk.redis.zcard("ingest:embargoed") == 1
