"""What an operator may do and no provider can; and that it is in the books with a name."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.ingest.admission.admit import Admission
from services.ingest.admission.archive import RawArchive
from services.ingest.admission.reading import CopyReader
from services.ingest.commands.command import run_command
from services.ingest.lifecycle.orders import CannotObey, Orders
from services.ingest.lifecycle.recall import Recall
from services.ingest.lifecycle.release import Releases
from shared.article import Change, PubStatus
from shared.delivery import Delivery
from shared.events import Outcome
from tests.ingest.desk import HARBOUR, Desk, send
from tests.ingest.making import ninjs

LIFT = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
SEALED = ninjs(embargoedUntil=LIFT)
KILL = ninjs(pubStatus="canceled", headlines=[], bodies=[])


@pytest.fixture
def recall(archive: RawArchive) -> Iterator[Recall]:
    reader = CopyReader(at_once=1, seconds=10)
    yield Recall(archive, reader, {"harbour": HARBOUR})
    reader.close()


@pytest.fixture
def orders(delivery: Delivery, admission: Admission, recall: Recall) -> Orders:
    return Orders(delivery.redis, admission, recall, {"harbour": HARBOUR}, operator="Ada Moss", reason="checked")


async def story(admission: Admission, *bodies: bytes) -> str:
    """Push these one after the other, and return the id of the story that they are of."""
    results = [(await send(admission, body))[0] for body in bodies]
    return results[-1].story_id or ""


async def test_operator_kills_a_story(admission: Admission, orders: Orders, desk: Desk) -> None:
    await orders.kill(await story(admission, ninjs()))
    assert [(e.data.pub_status, e.data.bodies) for e in desk.urgent] == [(PubStatus.CANCELED, ())]


async def test_what_an_operator_killed_no_provider_brings_back(
    admission: Admission, orders: Orders, desk: Desk
) -> None:
    await orders.kill(await story(admission, ninjs()))
    await story(admission, ninjs(version="9", headlines=[{"value": "Ferry returns again"}]))
    assert [(o.outcome, o.code) for o in desk.outcomes][-1] == (Outcome.STALE, "killed")


async def test_order_is_in_the_books_with_its_operator_and_reason(
    admission: Admission, orders: Orders, desk: Desk
) -> None:
    await orders.kill(await story(admission, ninjs()))
    assert desk.outcomes[-1].detail == "Ada Moss: checked"


async def test_operator_brings_a_killed_story_back_as_it_was(admission: Admission, orders: Orders, desk: Desk) -> None:
    result = await orders.reinstate(await story(admission, ninjs(), KILL))
    article = desk.ingested[-1].data
    assert (result.change, article.headline, article.body_html) == (
        Change.REINSTATE,
        "Ferry returns to Port Ellis",
        "<p>The ferry is back.</p>",
    )


async def test_story_comes_back_under_its_own_id_and_a_later_revision(
    admission: Admission, orders: Orders, desk: Desk
) -> None:
    known = await story(admission, ninjs(), KILL)
    await orders.reinstate(known)
    new, kill, back = sorted((e.data.newsroom for e in desk.ingested), key=lambda newsroom: newsroom.revision)
    assert ({new.story_id, back.story_id}, kill.change, back.change) == ({known}, Change.KILL, Change.REINSTATE)


async def test_kill_that_met_no_story_is_undone_for_the_copy_to_come(
    admission: Admission, orders: Orders, desk: Desk
) -> None:
    await orders.reinstate(await story(admission, KILL))
    await story(admission, ninjs())
    assert {e.data.newsroom.change for e in desk.ingested} == {Change.KILL, Change.REINSTATE}


async def test_story_that_is_live_is_not_reinstated(admission: Admission, orders: Orders) -> None:
    known = await story(admission, ninjs())
    with pytest.raises(CannotObey, match="usable"):
        await orders.reinstate(known)


async def test_unknown_story_is_not_killed(orders: Orders) -> None:
    with pytest.raises(CannotObey, match="no story"):
        await orders.kill("nowhere")


async def test_operator_lets_copy_out_before_its_lift(admission: Admission, orders: Orders, desk: Desk) -> None:
    await orders.release(await story(admission, SEALED))
    assert [(e.data.newsroom.change, e.data.embargoed_until) for e in desk.ingested] == [(Change.NEW, None)]


async def test_operator_lets_copy_out_whose_lift_cannot_be_told(
    admission: Admission, orders: Orders, desk: Desk
) -> None:
    await orders.release(await story(admission, ninjs(embargoedUntil="noon")))
    assert len(desk.ingested) == 1


async def test_copy_that_an_operator_holds_stays_past_its_lift(
    admission: Admission, orders: Orders, delivery: Delivery, recall: Recall, desk: Desk
) -> None:
    soon = (datetime.now(UTC) + timedelta(milliseconds=300)).isoformat()
    await orders.hold(await story(admission, ninjs(embargoedUntil=soon)))
    while datetime.now(UTC).isoformat() < soon:
        await send(admission, ninjs(embargoedUntil=soon))
    await send(admission, ninjs(embargoedUntil=soon))
    await Releases(delivery.redis, admission, recall).let_out_due()
    assert (desk.ingested, desk.outcomes[-1].code) == ([], "held_by_desk")


async def test_what_an_operator_holds_an_operator_releases(admission: Admission, orders: Orders, desk: Desk) -> None:
    known = await story(admission, SEALED)
    await orders.hold(known)
    await orders.release(known)
    assert len(desk.ingested) == 1


async def test_story_that_waits_for_nothing_is_not_released(admission: Admission, orders: Orders) -> None:
    known = await story(admission, ninjs())
    with pytest.raises(CannotObey, match="waits"):
        await orders.release(known)


@pytest.fixture
def command(redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "newsroom.yaml").write_text("sources:\n  harbour:\n    provider: Harbour Weekly\n    push: true\n")
    for name, value in {
        "REDIS_URL": redis_url,
        "WIREROOM_DATA": str(tmp_path),
        "NEWSROOM_CONFIG": str(tmp_path / "newsroom.yaml"),
    }.items():
        monkeypatch.setenv(name, value)


async def told(*words: str) -> tuple[int | None, str]:
    """Run a command and return its status and all that it says."""
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.ingest", *words, "--operator", "Ada Moss", "--reason", "it is out"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await running.communicate()
    return running.returncode, said.decode()


@pytest.mark.usefixtures("command")
async def test_command_does_as_it_is_told(admission: Admission, desk: Desk) -> None:
    known = await story(admission, SEALED)
    status, said = await told("release", known)
    assert (status, said.split()[:2], len(desk.ingested)) == (0, [known, "emitted"], 1)


@pytest.mark.usefixtures("command")
async def test_command_that_cannot_be_done_says_why() -> None:
    assert await told("kill", "nowhere") == (1, "kill: no story nowhere is known\n")


@pytest.mark.parametrize("missing", ["--operator", "--reason"])
def test_nothing_is_ordered_without_a_name_and_a_reason(missing: str) -> None:
    words = {"--operator": "Ada Moss", "--reason": "a mistake", missing: " "}
    with pytest.raises(SystemExit, match="2"):
        run_command(["kill", "abc", *(word for pair in words.items() for word in pair)])
