"""Copy that was received before, read again: after a fix, and after Redis lost what it knew."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.ingest.admission.admit import Admission, RefusedCopy
from services.ingest.admission.archive import RawArchive, Receipt
from services.ingest.admission.reading import CopyReader
from services.ingest.admission.received import Copy
from services.ingest.commands.command import run_command
from services.ingest.commands.rehearsal import Foreseen
from services.ingest.commands.replay import Replay
from services.ingest.commands.replay_command import since
from services.ingest.commands.replay_steps import Rehearsed, Step, last_words
from services.ingest.items import Parsed, UnreadableCopy
from services.ingest.lifecycle.orders import Orders
from services.ingest.lifecycle.recall import Recall
from shared.article import Change
from shared.delivery import Delivery
from shared.events import Outcome
from tests.ingest.desk import HARBOUR, Desk, send
from tests.ingest.making import entry, ninjs, rss
from tests.ingest.test_wire_documents import KILL as NOTICE
from tests.ingest.test_wire_documents import STORY
from tests.waiting import wait_until

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
MAY = datetime(2026, 5, 4, 12, tzinfo=UTC)
KILL = {"uri": "urn:example:ferry", "pubStatus": "canceled"}


@pytest.fixture
def reader() -> Iterator[CopyReader]:
    reading = CopyReader(at_once=1, seconds=30)
    yield reading
    reading.close()


@pytest.fixture
def broken(delivery: Delivery, archive: RawArchive) -> Iterator[Admission]:
    """Admission with a parser that is yet to be mended."""

    def parse(_: bytes, **__: Any) -> Parsed:
        raise UnreadableCopy("invalid_ninjs", "the parser does not know it")

    reading = CopyReader(at_once=1, seconds=30, parser=parse)
    yield Admission(delivery, archive, reading, state_days=400)
    reading.close()


@pytest.fixture
def replay(archive: RawArchive, reader: CopyReader, admission: Admission) -> Replay:
    return Replay(archive, reader, admission, {"harbour": HARBOUR})


async def replayed(replay: Replay, *, rejected: bool = False) -> list[tuple[str, str | None]]:
    """Replay everything and return what became of what was admitted."""
    steps = (await replay.rehearse(LONG_AGO, rejected=rejected)).steps
    return [(result.outcome.value, result.change) for result in await replay.admit(steps)]


async def refused(admission: Admission, body: bytes, **copy: Any) -> RefusedCopy:
    with pytest.raises(RefusedCopy) as reason:
        await send(admission, body, **copy)
    return reason.value


def everything(desk: Desk, folder: Path | None = None) -> list[bytes]:
    """Return all that Redis holds, and the journals in a folder, in an order of no matter."""
    journals = folder.rglob("*.jsonl") if folder else ()
    return sorted([*desk.everything().split(b"\n"), *(path.read_bytes() for path in journals)])


async def lose_redis(desk: Desk) -> None:
    desk.redis.flushall()


async def test_refused_copy_is_listed_with_source_code_and_reason(broken: Admission, archive: RawArchive) -> None:
    reason = await refused(broken, ninjs(), content_type="application/json", receipt="r1")
    (line,) = archive.rejections(LONG_AGO)
    assert (line.receipt, line.source, line.code, line.detail, line.sha256, line.media_type) == (
        "r1",
        "harbour",
        "invalid_ninjs",
        "the parser does not know it",
        reason.raw,
        "application/json",
    )


async def test_entry_that_is_refused_is_listed_by_its_place(admission: Admission, archive: RawArchive) -> None:
    await send(admission, rss(entry("a"), "<item><guid>b</guid></item>"))
    assert [(line.index, line.receipt != "") for line in archive.rejections(LONG_AGO)] == [(1, True)]


async def test_copy_that_is_taken_is_not_on_the_list(admission: Admission, archive: RawArchive) -> None:
    await send(admission, ninjs())
    assert list(archive.rejections(LONG_AGO)) == []


async def test_refused_copy_is_taken_after_the_fix(broken: Admission, replay: Replay) -> None:
    await refused(broken, ninjs())
    assert await replayed(replay, rejected=True) == [("emitted", Change.NEW)]


async def test_rehearsal_writes_nothing(broken: Admission, replay: Replay, desk: Desk, tmp_path: Path) -> None:
    await refused(broken, ninjs())
    before = everything(desk, tmp_path)
    await replay.rehearse(LONG_AGO, rejected=True)
    assert everything(desk, tmp_path) == before


async def test_rehearsal_foresees_what_then_happens(broken: Admission, replay: Replay) -> None:
    await refused(broken, ninjs())
    (step,) = (await replay.rehearse(LONG_AGO, rejected=True)).steps
    (result,) = await replay.admit([step])
    assert (step.foreseen.outcome, step.foreseen.change, step.foreseen.story_id, step.was) == (
        result.outcome,
        result.change,
        result.story_id,
        "invalid_ninjs",
    )


@pytest.mark.parametrize("rejected", [True, False])
async def test_second_replay_changes_nothing(broken: Admission, replay: Replay, desk: Desk, *, rejected: bool) -> None:
    await refused(broken, ninjs())
    await replayed(replay, rejected=True)
    before = everything(desk)
    assert (await replayed(replay, rejected=rejected), everything(desk)) == ([], before)


async def test_copy_that_is_refused_still_is_left_alone(admission: Admission, replay: Replay, desk: Desk) -> None:
    await refused(admission, b'{"uri": ', content_type="application/json")
    before = everything(desk)
    assert (await replayed(replay, rejected=True), everything(desk)) == ([], before)


async def test_refused_copy_puts_back_nothing_that_came_after_it(
    broken: Admission, admission: Admission, replay: Replay
) -> None:
    await refused(broken, ninjs(headlines=[{"role": "main", "value": "Monday"}]), received=MAY)
    await send(admission, ninjs(headlines=[{"role": "main", "value": "Tuesday"}]), received=MAY + timedelta(days=1))
    assert await replayed(replay, rejected=True) == []


@pytest.mark.parametrize("rejected", [True, False])
async def test_web_page_in_place_of_a_feed_is_not_read_as_a_story(
    admission: Admission, replay: Replay, *, rejected: bool
) -> None:
    body = b"<html><h1>Log in</h1><p>To read this feed, say who you are, and that in many words.</p></html>"
    page = Copy(source="harbour", config=HARBOUR, body=body, content_type="text/html")
    await admission.set_aside(page, UnreadableCopy("html_instead_of_feed", "a web page"))
    assert await replayed(replay, rejected=rejected) == []


async def test_body_that_has_its_receipt_twice_is_replayed_once(broken: Admission, replay: Replay) -> None:
    for _ in range(2):
        await refused(broken, ninjs(), receipt="r1")
    assert len((await replay.rehearse(LONG_AGO, rejected=True)).steps) == 1


async def test_copy_of_another_source_is_not_replayed(broken: Admission, replay: Replay) -> None:
    await refused(broken, ninjs())
    assert (await replay.rehearse(LONG_AGO, rejected=True, source="valley")).steps == []


async def test_copy_from_before_is_not_replayed(broken: Admission, replay: Replay) -> None:
    await refused(broken, ninjs(), received=MAY)
    assert (await replay.rehearse(datetime.now(UTC), source="harbour")).steps == []


async def test_stories_come_back_under_their_ids_when_redis_was_lost(
    admission: Admission, replay: Replay, desk: Desk
) -> None:
    await send(admission, rss(entry("a"), entry("b")))
    known = {event.data.newsroom.story_id for event in desk.ingested}
    await lose_redis(desk)
    await replayed(replay)
    assert {event.data.newsroom.story_id for event in desk.ingested} == known


async def test_story_comes_back_with_its_last_text_alone(admission: Admission, replay: Replay, desk: Desk) -> None:
    for text in ("One", "Two", "Three"):
        await send(admission, ninjs(headlines=[{"role": "main", "value": text}]))
    await lose_redis(desk)
    await replayed(replay)
    assert [event.data.headlines[0].value for event in desk.ingested] == ["Three"]


async def test_killed_story_stays_killed_and_is_not_seen_for_a_moment(
    admission: Admission, replay: Replay, desk: Desk
) -> None:
    await send(admission, ninjs())
    await send(admission, ninjs(**KILL))
    await lose_redis(desk)
    assert (await replayed(replay), [event.data.pub_status.value for event in desk.ingested]) == (
        [("emitted", Change.KILL)],
        ["canceled"],
    )


async def test_kill_by_reference_is_of_the_story_that_it_was_of(
    admission: Admission, replay: Replay, desk: Desk
) -> None:
    await send(admission, STORY)
    await send(admission, NOTICE)
    (story,) = {event.data.newsroom.story_id for event in desk.ingested}
    await lose_redis(desk)
    await replayed(replay)
    again = [(event.data.newsroom.story_id, event.data.newsroom.change) for event in desk.ingested]
    assert again == [(story, Change.KILL)]


async def test_nothing_follows_a_kill_that_was_replayed(admission: Admission, replay: Replay, desk: Desk) -> None:
    await send(admission, ninjs())
    await send(admission, ninjs(**KILL))
    await lose_redis(desk)
    await replayed(replay)
    (result,) = await send(admission, ninjs())
    assert (result.outcome, result.code) == (Outcome.STALE, "killed")


async def test_embargoed_copy_is_sealed_again(admission: Admission, replay: Replay, desk: Desk) -> None:
    lift = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    await send(admission, ninjs(embargoed=lift, embargoedUntil=lift, headlines=[{"role": "main", "value": "Canary"}]))
    await lose_redis(desk)
    assert (await replayed(replay), b"Canary" in desk.everything()) == ([("held", None)], False)


async def test_correction_of_sealed_copy_is_sealed_again(admission: Admission, replay: Replay, desk: Desk) -> None:
    lift = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    await send(admission, ninjs(embargoed=lift, embargoedUntil=lift))
    await send(admission, ninjs(version="2", headlines=[{"role": "main", "value": "Canary"}], edNote="CORRECTION"))
    await lose_redis(desk)
    assert (await replayed(replay), desk.ingested) == ([("held", None)] * 2, [])


@pytest.fixture
def orders(admission: Admission, archive: RawArchive, reader: CopyReader) -> Orders:
    sources = {"harbour": HARBOUR}
    recall = Recall(archive, reader, sources)
    return Orders(admission.redis, admission, recall, sources, operator="Ada", reason="she said so")


async def test_story_that_an_operator_killed_stays_killed(
    admission: Admission, replay: Replay, orders: Orders, desk: Desk
) -> None:
    (sent,) = await send(admission, ninjs())
    await orders.kill(sent.story_id or "")
    await lose_redis(desk)
    await replayed(replay)
    assert [(e.data.newsroom.story_id, e.data.newsroom.change) for e in desk.ingested] == [(sent.story_id, Change.KILL)]


async def test_order_that_is_replayed_still_says_whose_it_was(
    admission: Admission, replay: Replay, orders: Orders, desk: Desk
) -> None:
    (sent,) = await send(admission, ninjs())
    await orders.kill(sent.story_id or "")
    await lose_redis(desk)
    await replayed(replay)
    assert [result.detail for result in desk.outcomes] == ["Ada: she said so"]


async def test_story_that_an_operator_brought_back_comes_back(
    admission: Admission, replay: Replay, orders: Orders, desk: Desk
) -> None:
    (sent,) = await send(admission, ninjs())
    await send(admission, ninjs(**KILL))
    await orders.reinstate(sent.story_id or "")
    await lose_redis(desk)
    assert await replayed(replay) == [("emitted", Change.NEW)]


async def test_kill_is_not_replayed_over_the_reinstatement_that_followed(
    admission: Admission, replay: Replay, orders: Orders
) -> None:
    (sent,) = await send(admission, ninjs())
    await send(admission, ninjs(**KILL))
    await orders.reinstate(sent.story_id or "")
    assert await replayed(replay) == []


async def test_copy_that_an_operator_held_is_held_past_its_lift(
    admission: Admission, replay: Replay, orders: Orders, desk: Desk
) -> None:
    lift = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
    (sent,) = await send(admission, ninjs(embargoed=lift, embargoedUntil=lift))
    await orders.hold(sent.story_id or "")
    await lose_redis(desk)
    await wait_until(lambda: datetime.now(UTC) > datetime.fromisoformat(lift))
    await replayed(replay)
    assert (desk.ingested, [result.code for result in desk.outcomes]) == ([], ["held_by_desk"])


async def test_bytes_that_are_gone_cost_no_other_copy(
    admission: Admission, replay: Replay, archive: RawArchive, desk: Desk
) -> None:
    (first,), _ = [await send(admission, ninjs(uri=f"urn:example:{name}")) for name in ("a", "b")]
    archive.path_of(first.raw or "").unlink()
    await lose_redis(desk)
    assert await replayed(replay) == [("emitted", Change.NEW)]


def step(story: str, outcome: Outcome, change: Change | None = None, *, at: int = 0) -> Step:
    receipt = Receipt(
        receipt=f"r{at}", source="s", media_type=None, url=None, sha256="", size=0, received=f"2026-05-04T12:00:{at:02}"
    )
    return Step(receipt=receipt, index=0, foreseen=Foreseen(outcome=outcome, change=change, story_id=story, news=True))


NEW = step("a", Outcome.EMITTED, Change.NEW, at=1)
SEALED = step("a", Outcome.HELD, at=2)
AMENDED = step("a", Outcome.EMITTED, Change.AMEND, at=3)
UPDATED = step("a", Outcome.EMITTED, Change.UPDATE, at=4)


@pytest.mark.parametrize(
    ("steps", "last"),
    [
        ([NEW, UPDATED], [UPDATED]),
        ([NEW, SEALED], [NEW, SEALED]),
        ([NEW, SEALED, AMENDED], [AMENDED, SEALED]),
        ([NEW, SEALED, UPDATED], [UPDATED]),
        ([NEW, step("b", Outcome.EMITTED, Change.NEW)], [step("b", Outcome.EMITTED, Change.NEW), NEW]),
    ],
    ids=["last text", "sealed beside it", "amended while sealed", "sealed text replaced", "two stories in their order"],
)
def test_of_each_story_is_admitted_what_it_ends_with(steps: list[Step], last: list[Step]) -> None:
    assert last_words(steps) == last


def test_refusal_for_another_reason_is_a_change() -> None:
    rehearsed = Rehearsed()
    receipt, refusal = NEW.receipt, Foreseen(outcome=Outcome.DEAD_LETTERED, code="too_deep")
    for was in ("too_deep", "invalid_xml"):
        rehearsed.add(Step(receipt=receipt, index=0, foreseen=refusal, was=was))
    assert ([found.was for found in rehearsed.steps], rehearsed.unchanged) == (["invalid_xml"], 1)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-05-04", datetime(2026, 5, 4, tzinfo=UTC)),
        ("2026-05-04T10:00+10:00", datetime(2026, 5, 4, tzinfo=UTC)),
    ],
)
def test_since_is_read_as_a_moment(text: str, moment: datetime) -> None:
    assert since(text) == moment


@pytest.mark.parametrize(("text", "hours"), [("12h", 12), ("7d", 168), ("2w", 336)])
def test_since_is_read_as_an_age(text: str, hours: int) -> None:
    assert abs(datetime.now(UTC) - since(text) - timedelta(hours=hours)) < timedelta(minutes=1)


def test_since_that_says_nothing_is_refused() -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        since("lately")


def test_command_says_what_would_change(
    redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("WIREROOM_DATA", str(tmp_path))
    archive = RawArchive(tmp_path, replica="test")
    asyncio.run(
        archive.keep(
            ninjs(), receipt="r1", source="demo", media_type="application/json", url=None, received=datetime.now(UTC)
        )
    )
    run_command(["replay", "--from", "raw", "--since", "1h", "--dry-run", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (told["input"], told["outcome"], told["change"]) == ("r1.0", "emitted", "new")
