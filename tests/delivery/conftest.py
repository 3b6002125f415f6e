from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis


@pytest.fixture
async def bus(redis_url: str) -> AsyncIterator[Redis]:
    """A client of an empty Redis, to publish and to look."""
    async with Redis.from_url(redis_url) as client:
        yield client
