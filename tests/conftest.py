"""What every test may ask for: a real Redis, whole and empty, or one of its own to break."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator

import pytest
import redis
import structlog
from hypothesis import HealthCheck, settings

from tools.redis_server import NoRedis, RedisServer

ATTEMPTS = 3

# A service under test needs one parser process, not two: each costs its imports. A test of the pool says what it needs.
os.environ.setdefault("INGEST_PARSERS_AT_ONCE", "1")


# These take longest, so they begin first: the workers then end at about the same time.
FIRST = (
    "pipeline",
    "house",
    "test_enrich_service.py",
    "test_publish_processes.py",
    "test_ingest_service.py",
    "delivery",
)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Keep the tests of a file on one worker, and those of files that share something costly (``xdist_group``)."""
    if item.get_closest_marker("xdist_group") is None:
        item.add_marker(pytest.mark.xdist_group(item.path.name))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long ones first, in whatever order they were among themselves."""
    items.sort(key=lambda item: next((n for n, name in enumerate(FIRST) if name in item.path.parts), len(FIRST)))


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """Undo what a command under test made of the process's logs."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


# No deadline: the machine may be busy with other things, and every test has a time-out.
settings.register_profile("quick", max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", settings.get_profile("quick"), max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


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
