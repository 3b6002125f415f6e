"""Ingest on a real Redis and a real folder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import redis

from services.ingest.admission.admit import Admission
from services.ingest.admission.archive import RawArchive
from services.ingest.admission.reading import CopyReader
from shared.delivery import Delivery
from tests.ingest.desk import Desk


@pytest.fixture
async def delivery(redis_url: str) -> AsyncIterator[Delivery]:
    connected = Delivery(redis_url=redis_url, stage="ingest", replica="test")
    await connected.start()
    yield connected
    await connected.stop()


@pytest.fixture
def archive(tmp_path: Path) -> RawArchive:
    return RawArchive(tmp_path, replica="test")


@pytest.fixture
def admission(delivery: Delivery, archive: RawArchive) -> Iterator[Admission]:
    reader = CopyReader(at_once=2, seconds=10)
    yield Admission(delivery, archive, reader, state_days=400)
    reader.close()


@pytest.fixture
def desk(redis_url: str) -> Iterator[Desk]:
    with redis.Redis.from_url(redis_url) as client:
        yield Desk(client)
