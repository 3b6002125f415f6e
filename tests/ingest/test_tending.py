"""Tending what brings copy by itself: by one replica at a time, and by another when that one is gone."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from pydantic import HttpUrl
from structlog.testing import capture_logs

from services.ingest.admission.admit import Admission
from services.ingest.channels import MaildirConfig, PullConfig
from services.ingest.ending import end
from services.ingest.feeds.fetch import Fetcher
from services.ingest.health.health_book import HealthBook
from services.ingest.intakes import Intakes, request_headers
from services.ingest.settings import IngestSettings, Source, Sources
from services.ingest.tending import Tending
from services.ingest.threads import to_its_end
from shared.delivery import Delivery
from shared.settings import ConfigError
from tests.ingest.desk import HARBOUR, Desk
from tests.ingest.making import ninjs
from tests.waiting import wait_until


class FakeIntake:
    """An intake that counts its starts, and may fail."""

    def __init__(self, lease: str = "drop:harbour", failure: Exception | None = None) -> None:
        self.lease = lease
        self.failure = failure
        self.starts = 0
        self.running = 0

    async def run(self) -> None:
        self.starts += 1
        if self.failure:
            raise self.failure
        self.running += 1
        try:
            await asyncio.Event().wait()
        finally:
            self.running -= 1


def tending_of(delivery: Delivery, *intakes: FakeIntake) -> Tending:
    return Tending(delivery.redis, intakes, lease_seconds=1)


async def test_one_replica_tends_while_the_other_waits(delivery: Delivery) -> None:
    first, second = FakeIntake(), FakeIntake()
    one, other = tending_of(delivery, first), tending_of(delivery, second)
    one.start()
    await wait_until(lambda: first.running)
    other.start()
    await asyncio.sleep(0.7)
    running = (first.running, second.running)
    await asyncio.gather(one.stop(), other.stop())
    assert running == (1, 0)


async def test_other_replica_takes_over_when_one_stops(delivery: Delivery) -> None:
    first, second = FakeIntake(), FakeIntake()
    one, other = tending_of(delivery, first), tending_of(delivery, second)
    one.start()
    await wait_until(lambda: first.running)
    other.start()
    await one.stop()
    await wait_until(lambda: second.running)
    await other.stop()


async def test_tending_ends_when_the_lease_is_lost(delivery: Delivery, desk: Desk) -> None:
    intake = FakeIntake()
    tending = tending_of(delivery, intake)
    tending.start()
    await wait_until(lambda: intake.running)
    desk.redis.set("ingest:lease:drop:harbour", "another", px=60_000)
    await wait_until(lambda: not intake.running)
    await tending.stop()


async def test_ways_in_of_one_source_have_leases_of_their_own(delivery: Delivery) -> None:
    intakes = [FakeIntake("drop:harbour"), FakeIntake("pull:harbour")]
    tending = tending_of(delivery, *intakes)
    tending.start()
    await wait_until(lambda: all(intake.running for intake in intakes))
    await tending.stop()


@pytest.mark.parametrize("failure", [OSError("disk full"), ValueError("a fault of ours")])
async def test_intake_that_fails_costs_no_other_anything(delivery: Delivery, failure: Exception) -> None:
    failing, well = FakeIntake("drop:bad", failure), FakeIntake("drop:good")
    tending = tending_of(delivery, failing, well)
    with capture_logs():
        tending.start()
        await wait_until(lambda: failing.starts and well.running)
        await tending.stop()


async def test_every_way_in_of_the_configuration_is_looked_after(
    tmp_path: Path, delivery: Delivery, admission: Admission, desk: Desk
) -> None:
    for name in ("new", "cur"):
        (tmp_path / "mail" / name).mkdir(parents=True)
    settings = IngestSettings(WIREROOM_DATA=tmp_path)
    pull = PullConfig(url=HttpUrl("http://127.0.0.1:9/feed"), items="items", next="next")
    source = HARBOUR.model_copy(update={"drop": True, "maildir": MaildirConfig(path=Path("mail")), "pull": pull})
    fetcher = Fetcher(max_bytes=1_000, seconds=1, allowed=())
    tending = Intakes(settings, Sources({"harbour": source}), {}).tending(
        delivery, fetcher, admission, HealthBook(delivery, [])
    )
    tending.start()
    leases = {f"ingest:lease:{way}:harbour".encode() for way in ("drop", "maildir", "pull")}
    await wait_until(lambda: leases <= set(desk.redis.keys("ingest:lease:*")))
    await tending.stop()
    await fetcher.close()


async def test_drop_folder_of_a_source_bears_its_name(
    tmp_path: Path, delivery: Delivery, admission: Admission, desk: Desk
) -> None:
    inbox = tmp_path / "inbox" / "harbour"
    inbox.mkdir(parents=True)
    (inbox / ".ferry").write_bytes(ninjs())
    (inbox / ".ferry").rename(inbox / "ferry.json")
    settings = IngestSettings(WIREROOM_DATA=tmp_path, INGEST_DROP_STABLE_SECONDS=0.1)
    fetcher = Fetcher(max_bytes=1_000, seconds=1, allowed=())
    source = HARBOUR.model_copy(update={"drop": True})
    tending = Intakes(settings, Sources({"harbour": source}), {}).tending(
        delivery, fetcher, admission, HealthBook(delivery, [])
    )
    tending.start()
    await wait_until(lambda: desk.ingested)
    await tending.stop()
    await fetcher.close()


def pulled(**headers: str) -> Source:
    config = PullConfig(url=HttpUrl("https://api.example.org/feed"), items="items", next="next", headers=headers)
    return HARBOUR.model_copy(update={"pull": config})


def test_header_has_its_value_from_the_environment() -> None:
    config = pulled(**{"x-api-key": "INGEST_HARBOUR_KEY"}).pull
    assert config is not None
    assert request_headers("harbour", config, {"INGEST_HARBOUR_KEY": "k1"}) == {"x-api-key": "k1"}


@pytest.mark.parametrize("value", ["", " ", "a\nb: c", "é"])
def test_header_without_a_value_is_told_by_its_variable(value: str) -> None:
    sources = Sources({"harbour": pulled(**{"x-api-key": "INGEST_HARBOUR_KEY"})})
    with pytest.raises(ConfigError, match="set INGEST_HARBOUR_KEY"):
        Intakes(IngestSettings(), sources, {"INGEST_HARBOUR_KEY": value})


async def test_task_that_loses_a_cancellation_is_cancelled_again() -> None:
    async def deaf() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            await asyncio.sleep(60)

    task = asyncio.create_task(deaf())
    await asyncio.sleep(0)
    await asyncio.wait_for(end([task]), 10)
    assert task.cancelled()


async def test_step_in_a_thread_is_over_before_its_caller_leaves() -> None:
    begun, go_on, over = threading.Event(), threading.Event(), threading.Event()

    def step() -> None:
        begun.set()
        go_on.wait(10)
        over.set()

    task = asyncio.create_task(to_its_end(step))
    await wait_until(begun.is_set)
    for _ in range(2):
        task.cancel()
        await asyncio.sleep(0.01)
    go_on.set()
    await asyncio.gather(task, return_exceptions=True)
    assert (task.cancelled(), over.is_set()) == (True, True)
