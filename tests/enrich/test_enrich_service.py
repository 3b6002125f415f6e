"""The service as a process: ``python -m services.enrich`` on a real Redis."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from services.enrich.registry import REGISTRY
from shared.article import Amends, Change, Dateline
from shared.events import ArticleEnriched, ArticleIngested, new_traceparent
from shared.topics import ARTICLE_ENRICHED, ARTICLE_INGESTED, Lane
from tests.enrich.stories import story
from tests.waiting import wait_until

pytestmark = pytest.mark.heavy

ROOT = Path(__file__).resolve().parents[2]
STARTED = 40.0
"""Seconds: models are read on a machine that runs other tests as well."""


@dataclass
class Service:
    process: subprocess.Popen[str]
    address: str

    async def ready(self) -> bool:
        if self.process.poll() is not None:
            raise AssertionError(f"ended with {self.process.returncode}")
        try:
            async with httpx.AsyncClient(timeout=5) as client:
                return (await client.get(f"{self.address}/readyz")).status_code == 200
        except httpx.TransportError:
            return False


@pytest.fixture
def service(redis_url: str, tmp_path: Path) -> Iterator[Service]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "REDIS_URL": redis_url,
        "ENRICH_PORT": str(port),
        "WIREROOM_DATA": str(tmp_path),
        # The promise about time is tested where time is the test's; here the machine may be busy.
        "ENRICH_BUDGET_MS": "20000",
    }
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "services.enrich"], cwd=ROOT, env=environment, stdout=log, stderr=log, text=True
        )
        yield Service(process, f"http://127.0.0.1:{port}")
        process.kill()
        process.wait()
    sys.stdout.write((tmp_path / "log").read_text())


async def put(redis: Redis, event: ArticleIngested) -> None:
    lane = Lane.URGENT if event.is_urgent else Lane.ROUTINE
    await redis.xadd(ARTICLE_INGESTED.stream(lane), event.to_fields())  # type: ignore[arg-type]


async def first_of(redis: Redis, stream: str) -> ArticleEnriched:
    await wait_until(lambda: redis.xlen(stream), 30)
    entries: Any = await redis.xrange(stream, count=1)
    return ArticleEnriched.from_fields(entries[0][1])


@pytest.mark.timeout(120)
async def test_what_was_there_before_the_service_comes_out_enriched_each_in_its_lane(
    redis_url: str, service: Service
) -> None:
    dateline = Dateline(text="NAIROBI: Kenya", place="NAIROBI", country="Kenya")
    kill = story(change=Change.KILL)
    async with Redis.from_url(redis_url) as redis:
        for article in (story(dateline=dateline), kill):
            await put(redis, ArticleIngested.of(article, traceparent=new_traceparent()))
        await wait_until(service.ready, STARTED)
        routine = (await first_of(redis, ARTICLE_ENRICHED.stream())).data
        urgent = (await first_of(redis, ARTICLE_ENRICHED.stream(Lane.URGENT))).data
    newsroom = routine.newsroom
    assert (routine.language, newsroom.word_count, newsroom.reading_minutes) == ("en", 66, 1)
    assert {"Nairobi", "Kenya", "Wanjiru Odede", "Maji Lines"} <= {tag.name for tag in newsroom.tags}
    assert [one.name for one in newsroom.enrichment.applied] == [*(one.name for one in REGISTRY), "links"]
    assert urgent == kill


@pytest.mark.timeout(120)
async def test_a_flash_goes_at_once_and_is_amended_after(redis_url: str, service: Service) -> None:
    flash = story(urgency=1)
    stream = ARTICLE_ENRICHED.stream(Lane.URGENT)
    async with Redis.from_url(redis_url) as redis:
        await put(redis, ArticleIngested.of(flash, traceparent=new_traceparent()))
        await wait_until(service.ready, STARTED)
        await wait_until(lambda: _holds(redis, stream, 2), 30)
        entries: Any = await redis.xrange(stream)
    first, amend = (ArticleEnriched.from_fields(fields).data for _, fields in entries)
    assert {one.reason for one in first.newsroom.enrichment.skipped} == {"deferred"}
    assert (amend.newsroom.revision, amend.newsroom.change, amend.newsroom.amends) == (
        2,
        Change.AMEND,
        Amends(revision=1, change=Change.NEW),
    )
    assert {"Wanjiru Odede", "Maji Lines"} <= {tag.name for tag in amend.newsroom.tags}
    assert (amend.first_created, amend.version_created) == (flash.first_created, flash.version_created)


async def _holds(redis: Redis, stream: str, count: int) -> bool:
    return bool(await redis.xlen(stream) == count)


@pytest.mark.timeout(120)
async def test_sigterm_ends_the_service_as_a_success(service: Service) -> None:
    await wait_until(service.ready, STARTED)
    service.process.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(service.process.wait, 30) == 0
