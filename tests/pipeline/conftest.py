from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.pipeline.newsroom import Newsroom
from tools.redis_server import RedisServer


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """One newsroom for the tests of a module: each pushes stories of its own."""
    server = RedisServer(data=tmp_path_factory.mktemp("redis"))
    server.start()
    room = Newsroom(tmp_path_factory.mktemp("newsroom with a space"), server)
    try:
        room.start()
        yield room
    finally:
        room.stop()
        server.kill()
