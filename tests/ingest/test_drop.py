"""The drop folder of a source: each file is one input, and lies afterwards where an operator looks for it."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from services.ingest.admission.admit import Admission
from services.ingest.ending import end
from services.ingest.folders.drop import Drop, DropHabits
from services.ingest.folders.dropfolder import DropFolder
from shared.delivery import Delivery
from shared.events import Outcome
from tests.ingest.desk import HARBOUR, Desk
from tests.ingest.making import ninjs
from tests.waiting import wait_until

# A minute between looks: what is seen sooner was told of.
HABITS = DropHabits(max_bytes=100_000, stable_seconds=0.05, rescan_seconds=60, polls=False)
Round = Callable[[], Awaitable[float]]


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    return tmp_path / "inbox" / "harbour"


@pytest.fixture
def drop(inbox: Path, admission: Admission) -> Drop:
    return Drop("harbour", HARBOUR, folder=inbox, admission=admission, habits=HABITS)


@pytest.fixture
async def look(drop: Drop, inbox: Path) -> AsyncIterator[Round]:
    folder = DropFolder(inbox)

    async def once() -> float:
        return await drop.round(folder)

    yield once
    folder.close()


@pytest.fixture
async def running(drop: Drop, inbox: Path) -> AsyncIterator[Path]:
    task = asyncio.create_task(drop.run())
    await wait_until((inbox / "rejected").exists)
    yield inbox
    await end([task])


def rename_in(inbox: Path, name: str, body: bytes, *, mtime: float | None = None) -> None:
    """Deliver as a careful sender does, whose writing took longer than the clock of the file system ticks."""
    inbox.mkdir(parents=True, exist_ok=True)
    aside = inbox / f".{name}"
    aside.write_bytes(body)
    written = time.time() - 1 if mtime is None else mtime
    os.utime(aside, (written, written))
    aside.rename(inbox / name)


def names(folder: Path) -> list[str]:
    return sorted(place.name for place in folder.iterdir())


async def test_file_that_is_renamed_into_place_is_on_its_way_at_once(running: Path, desk: Desk) -> None:
    rename_in(running, "ferry.json", ninjs())
    await wait_until(lambda: desk.ingested, timeout=2)
    assert desk.ingested[0].data.headline == "Ferry returns to Port Ellis"


async def test_file_that_is_written_in_place_is_taken_when_it_stands_still(running: Path, desk: Desk) -> None:
    (running / "ferry.json").write_bytes(ninjs())
    await wait_until(lambda: desk.ingested, timeout=3)
    assert [event.data.newsroom.source for event in desk.ingested] == ["harbour"]


async def test_taken_file_lies_in_done(running: Path) -> None:
    rename_in(running, "ferry.json", ninjs())
    await wait_until((running / "done" / "ferry.json").exists)


async def test_files_that_were_there_before_are_taken(drop: Drop, inbox: Path, desk: Desk) -> None:
    rename_in(inbox, "ferry.json", ninjs())
    task = asyncio.create_task(drop.run())
    await wait_until(lambda: desk.ingested)
    await end([task])


async def test_folder_that_nobody_tells_of_is_looked_through_by_the_clock(
    inbox: Path, admission: Admission, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.ingest.folders.bell._is_news", lambda *_: False)
    habits = replace(HABITS, rescan_seconds=0.1)
    task = asyncio.create_task(Drop("harbour", HARBOUR, folder=inbox, admission=admission, habits=habits).run())
    await wait_until((inbox / "rejected").exists)
    rename_in(inbox, "ferry.json", ninjs())
    await wait_until(lambda: desk.ingested)
    await end([task])


async def test_folder_is_polled_where_asked(inbox: Path, admission: Admission, desk: Desk) -> None:
    habits = replace(HABITS, polls=True)
    task = asyncio.create_task(Drop("harbour", HARBOUR, folder=inbox, admission=admission, habits=habits).run())
    await wait_until((inbox / "rejected").exists)
    rename_in(inbox, "ferry.json", ninjs())
    await wait_until(lambda: desk.ingested, timeout=8)
    await end([task])


async def test_oldest_copy_is_told_first(look: Round, inbox: Path, desk: Desk) -> None:
    for name, mtime in (("b", 2_000_000), ("c", 3_000_000), ("a", 1_000_000)):
        rename_in(inbox, f"{name}.json", ninjs(uri=f"urn:example:{name}"), mtime=mtime)
    await look()
    assert [event.data.uri[-1] for event in desk.ingested] == ["a", "b", "c"]


async def test_poison_costs_no_other_file_anything(look: Round, inbox: Path, desk: Desk) -> None:
    rename_in(inbox, "poison.json", b"\x00\x01\x02", mtime=1_000_000)
    rename_in(inbox, "ferry.json", ninjs())
    await look()
    assert sorted(o.outcome for o in desk.outcomes) == [Outcome.DEAD_LETTERED, Outcome.EMITTED]


async def test_poison_is_set_aside_with_its_reason(look: Round, inbox: Path, desk: Desk) -> None:
    rename_in(inbox, "poison.json", b"\x00\x01\x02")
    await look()
    reason = json.loads((inbox / "rejected" / "poison.json.reason.json").read_text())
    (booked,) = desk.outcomes
    assert (reason["code"], reason["sha256"], f"{reason['receipt']}.0") == (booked.code, booked.raw, booked.input)


async def test_link_is_in_the_books_and_aside(look: Round, inbox: Path, desk: Desk) -> None:
    (inbox / "a.txt").symlink_to("/etc/hostname")
    await look()
    await asyncio.sleep(HABITS.stable_seconds)
    await look()
    assert ([o.code for o in desk.outcomes], names(inbox / "rejected")) == (
        ["not_a_file"],
        ["a.txt", "a.txt.reason.json"],
    )


async def test_file_that_is_too_large_is_in_the_books(look: Round, inbox: Path, desk: Desk) -> None:
    rename_in(inbox, "a.txt", b"x" * (HABITS.max_bytes + 1))
    await look()
    assert [o.code for o in desk.outcomes] == ["too_large"]


async def test_file_of_which_no_item_can_be_had_is_refused(look: Round, inbox: Path) -> None:
    rename_in(inbox, "list.json", b"[" + ninjs(pubStatus="perhaps") + b"]")
    await look()
    assert names(inbox / "rejected") == ["list.json", "list.json.reason.json"]


async def test_file_with_one_good_item_is_taken(look: Round, inbox: Path) -> None:
    rename_in(inbox, "list.json", b"[" + ninjs(pubStatus="perhaps") + b"," + ninjs() + b"]")
    await look()
    assert names(inbox / "done") == ["list.json"]


async def test_unfinished_names_are_left_alone(look: Round, inbox: Path, desk: Desk) -> None:
    for name in (".hidden", "a.tmp", "b.part", "c.filepart"):
        (inbox / name).write_bytes(ninjs())
    await look()
    await asyncio.sleep(HABITS.stable_seconds)
    await look()
    assert desk.outcomes == []


async def test_same_copy_dropped_again_is_a_duplicate(look: Round, inbox: Path, desk: Desk) -> None:
    for mtime in (1_000_000, 2_000_000):
        rename_in(inbox, "ferry.json", ninjs(), mtime=mtime)
        await look()
    assert [o.outcome for o in desk.outcomes] == [Outcome.EMITTED, Outcome.DUPLICATE]


async def test_fault_of_ours_sets_the_file_aside(
    look: Round, inbox: Path, admission: Admission, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise ValueError("a fault of ours")

    monkeypatch.setattr(admission, "admit", fail)
    rename_in(inbox, "ferry.json", ninjs())
    with capture_logs():
        await look()
    assert json.loads((inbox / "rejected" / "ferry.json.reason.json").read_text())["code"] == "admission_failed"


async def test_file_waits_while_the_archive_takes_nothing(
    drop: Drop, inbox: Path, admission: Admission, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> None:
        raise OSError("disk full")

    folder = DropFolder(inbox)
    rename_in(inbox, "ferry.json", ninjs())
    with monkeypatch.context() as broken:
        broken.setattr(admission, "take", full)
        with pytest.raises(OSError, match="disk full"):
            await drop.round(folder)
    await drop.round(folder)
    await asyncio.sleep(HABITS.stable_seconds)
    await drop.round(folder)
    folder.close()
    assert ([o.outcome for o in desk.outcomes], names(inbox / "done")) == ([Outcome.EMITTED], ["ferry.json"])


async def test_delivery_that_a_crash_brings_back_is_the_same_input(look: Round, inbox: Path, desk: Desk) -> None:
    """As after a crash between the booking and the move: the file is there as it was."""
    for _ in range(2):
        rename_in(inbox, "ferry.json", ninjs(), mtime=1_000_000)
        await look()
    assert len(desk.outcomes) == 1


async def test_many_replicas_take_each_file_once(
    inbox: Path, admission: Admission, delivery: Delivery, desk: Desk
) -> None:
    """Even where a lease was lost in the middle, so that several work at once."""
    assert delivery.redis
    folders = [DropFolder(inbox) for _ in range(4)]
    for number in range(20):
        rename_in(inbox, f"{number}.json", ninjs(uri=f"urn:example:{number}"))
    drops = [Drop("harbour", HARBOUR, folder=inbox, admission=admission, habits=HABITS) for _ in folders]
    await asyncio.gather(*(drop.round(folder) for drop, folder in zip(drops, folders, strict=True)))
    for folder in folders:
        folder.close()
    assert (len(desk.ingested), len(desk.outcomes), len(names(inbox / "done"))) == (20, 20, 20)
