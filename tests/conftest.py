"""What every test may ask for: a real Redis, whole and empty, or one of its own to break."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis

from tools.redis_server import NoRedis, RedisServer

ATTEMPTS = 3


@pytest.fixture(scope="session")
def running_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """One server for each test process (so one a worker under xdist)."""
    server = _started(tmp_path_factory)
    yield server
    server.stop()


@pytest.fixture
def redis_url(running_redis: RedisServer) -> str:
    """The address of an empty Redis that also remembers no script, as after a restart."""
    with redis.Redis.from_url(running_redis.url) as client:
        client.flushall()
        client.script_flush()
    return running_redis.url


@pytest.fixture
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A server of the test's own, with its own data folder, to ``kill()`` and ``restart()``."""
    server = _started(tmp_path_factory)
    yield server
    server.kill()


def _started(folders: pytest.TempPathFactory) -> RedisServer:
    """Try other ports when one was taken between being found free and being used."""
    for attempt in range(ATTEMPTS):
        server = RedisServer(data=folders.mktemp("redis"))
        try:
            server.start()
        except NoRedis:
            if attempt == ATTEMPTS - 1:
                raise
        else:
            return server
    raise AssertionError("unreachable: the last attempt raises")
