"""Whatever is delivered, twice, late, at once, with crashes: what was killed stays dead, and the books balance.

Hypothesis makes up what a provider and an operator do to one story; two replicas admit it on a real Redis. A crash is a
replica that dies right before or right after the one call that books, and its input given again under its receipt.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.ingest.admission.admit import Admission
from services.ingest.admission.archive import RawArchive
from services.ingest.admission.reading import CopyReader
from services.ingest.admission.received import Copy, Taken, new_receipt
from services.ingest.items import Item, Parsed
from services.ingest.lifecycle.identity import story_id
from services.ingest.lifecycle.instruction import Instruction
from shared.article import Change, PubStatus
from shared.delivery import Delivery
from shared.events import ArticleIngested, StageResult
from tests.ingest.desk import HARBOUR, Desk

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
STORY = Item(headline="Ferry", body_html="<p>Ferry.</p>", identity="urn:example:ferry")
OPERATOR = "Ada Moss"


class Crash(Exception):
    """The replica is gone."""


@dataclass(frozen=True)
class Step:
    """One input: an item, who gives it, and when the replica that takes it dies."""

    item: Item
    operator: str = ""
    crash: str = ""
    """``before`` or ``after`` the booking; empty for never."""


class Mortal:
    """A delivery whose replica dies when it is told to."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery
        self.crash = ""

    @property
    def redis(self) -> Any:
        return self._delivery.redis

    async def admit(self, **booked: Any) -> bool:
        crash, self.crash = self.crash, ""
        if crash == "before":
            raise Crash
        admitted = await self._delivery.admit(**booked)
        if crash == "after":
            raise Crash
        return admitted


def usable(number: int, **said: Any) -> Item:
    return replace(STORY, headline=f"Take {number}", body_html=f"<p>Take {number}.</p>", **said)


numbers = st.integers(1, 4)
maybe_version = st.none() | numbers
maybe_time = st.none() | numbers.map(lambda hours: NOW + timedelta(hours=hours))
copies = st.builds(lambda n, v, t: usable(n, version=v, modified=t), numbers, maybe_version, maybe_time)
corrections = st.builds(lambda n, v: usable(n, version=v, change=Change.CORRECTION), numbers, maybe_version)
sealed = st.builds(
    lambda n, v: replace(
        usable(n, version=v), headline=f"Sealed {n}", embargoed=True, embargoed_until=NOW + timedelta(days=9999)
    ),
    numbers,
    maybe_version,
)
kills = st.builds(lambda v: replace(STORY, headline="", body_html="", version=v, change=Change.KILL), maybe_version)
withholds = st.builds(lambda v: replace(STORY, version=v, pub_status=PubStatus.WITHHELD), maybe_version)
reinstatements = st.builds(lambda n, v: usable(n, version=v, change=Change.REINSTATE), numbers, maybe_version)
crashes = st.sampled_from(["", "", "before", "after"])
steps = st.one_of(
    st.builds(Step, st.one_of(copies, copies, corrections, sealed, withholds, reinstatements), crash=crashes),
    st.builds(Step, kills, crash=crashes),
    st.builds(Step, reinstatements, operator=st.just(OPERATOR), crash=crashes),
)
schedules = st.lists(st.lists(steps, min_size=1, max_size=3), max_size=8)
"""What happens at the same time, one after the other."""


class Wire:
    """Gives steps to two replicas, and gives again what a dead one had in hand."""

    def __init__(self, replicas: list[tuple[Admission, Mortal]]) -> None:
        self._turns = itertools.cycle(replicas)
        self.given: list[str] = []

    async def give(self, step: Step, receipt: str = "") -> StageResult:
        receipt = receipt or new_receipt()
        name = f"{receipt}.0"
        self.given.append(name)
        while True:
            admission, mortal = next(self._turns)
            mortal.crash = step.crash
            try:
                return await self._admit(admission, step, receipt)
            except Crash:
                step = replace(step, crash="")

    async def _admit(self, admission: Admission, step: Step, receipt: str) -> StageResult:
        copy = Copy(source="harbour", config=HARBOUR, body=b"", content_type=None, receipt=receipt)
        order = Instruction(
            story_id=story_id("harbour", STORY), input=f"{receipt}.0", operator=step.operator, reason="checked"
        )
        taken = Taken(copy, "", Parsed("text/plain", (step.item,)))
        return await admission.admit(taken, 0, step.item, order if step.operator else None)


@asynccontextmanager
async def wire(url: str, folder: Path) -> AsyncIterator[tuple[Wire, Desk]]:
    """Start two replicas on an empty Redis."""
    reader = CopyReader(at_once=1, seconds=5)
    deliveries = [Delivery(redis_url=url, stage="ingest", replica=name) for name in ("one", "two")]
    mortals = [Mortal(delivery) for delivery in deliveries]
    archive = RawArchive(folder, replica="test")
    made: list[Any] = [(Admission(mortal, archive, reader, state_days=400), mortal) for mortal in mortals]  # type: ignore[arg-type]
    try:
        for delivery in deliveries:
            await delivery.start()
        with redis.Redis.from_url(url) as client:
            client.flushall()
            yield Wire(made), Desk(client)
    finally:
        for delivery in deliveries:
            await delivery.stop()
        reader.close()


def visible(desk: Desk) -> list[ArticleIngested]:
    """Everything that ever left ingest, in the order that every reader settles on: by revision."""
    return sorted(desk.ingested, key=lambda event: event.data.newsroom.revision)


def brought_back(desk: Desk) -> set[str]:
    """The events that an operator's order led to."""
    return {str(o.emitted) for o in desk.outcomes if (o.detail or "").startswith(OPERATOR)}


def kept(desk: Desk) -> list[bytes]:
    """Everything in Redis, in one order: its own changes as it likes."""
    return sorted(desk.everything().splitlines())


def assert_the_dead_stay_dead(desk: Desk) -> None:
    """After a kill nothing is usable, until an operator brings it back."""
    ordered, dead = brought_back(desk), False
    for event in visible(desk):
        change = event.data.newsroom.change
        if change is Change.KILL:
            dead = True
        elif dead:
            assert (change, event.id in ordered) == (Change.REINSTATE, True)
            dead = False


def assert_the_sealed_stay_sealed(desk: Desk) -> None:
    assert b"Sealed" not in desk.everything()


def assert_the_books_balance(desk: Desk, given: list[str]) -> None:
    """Every input has one outcome, and every event is the outcome of one input."""
    outcomes = desk.outcomes
    assert Counter(o.input for o in outcomes) == dict.fromkeys(given, 1)
    assert sorted(o.emitted for o in outcomes if o.emitted) == sorted(event.id for event in desk.ingested)


def assert_each_lane_only_goes_forward(desk: Desk) -> None:
    for lane in (desk.urgent, [event for event in desk.ingested if not event.is_urgent]):
        revisions = [event.data.newsroom.revision for event in lane]
        assert revisions == sorted(set(revisions))


def played(schedule: list[list[Step]], url: str, folder: Path, *, then: Any) -> None:
    async def play() -> None:
        async with wire(url, folder) as (given, desk):
            for together in schedule:
                await asyncio.gather(*(given.give(step) for step in together))
            await then(given, desk)

    asyncio.run(play())


shared_redis = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
"""Each example empties the Redis that it is given."""


@shared_redis
@given(schedules)
def test_no_order_and_no_crash_brings_back_what_was_killed(
    redis_url: str, tmp_path: Path, schedule: list[list[Step]]
) -> None:
    async def judge(given: Wire, desk: Desk) -> None:
        assert_the_dead_stay_dead(desk)
        assert_the_sealed_stay_sealed(desk)
        assert_the_books_balance(desk, given.given)
        assert_each_lane_only_goes_forward(desk)

    played(schedule, redis_url, tmp_path, then=judge)


@shared_redis
@given(schedules, steps)
def test_same_input_twice_changes_nothing(
    redis_url: str, tmp_path: Path, schedule: list[list[Step]], step: Step
) -> None:
    async def judge(given: Wire, desk: Desk) -> None:
        receipt = new_receipt()
        await given.give(step, receipt)
        before = kept(desk)
        await given.give(step, receipt)
        assert kept(desk) == before

    played(schedule, redis_url, tmp_path, then=judge)


@shared_redis
@given(schedules, steps)
def test_same_copy_sent_again_emits_nothing(
    redis_url: str, tmp_path: Path, schedule: list[list[Step]], step: Step
) -> None:
    async def judge(given: Wire, desk: Desk) -> None:
        await given.give(step)
        before = [event.id for event in desk.ingested]
        await given.give(step)
        assert [event.id for event in desk.ingested] == before

    played(schedule, redis_url, tmp_path, then=judge)
