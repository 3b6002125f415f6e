from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.pipeline.newsroom import Newsroom
from tools.redis_server import RedisServer


@pytest.fixture(scope="package")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """One newsroom for all who push stories of their own: the files that use it are on one worker (``newsroom``)."""
    yield from _newsroom(tmp_path_factory)


@pytest.fixture(scope="module")
def newsroom_alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """A newsroom in which nobody else does anything."""
    yield from _newsroom(tmp_path_factory)


def _newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    server = RedisServer(data=tmp_path_factory.mktemp("redis"))
    server.start()
    room = Newsroom(tmp_path_factory.mktemp("newsroom with a space"), server)
    try:
        room.start()
        yield room
    finally:
        room.stop()
        server.kill()
