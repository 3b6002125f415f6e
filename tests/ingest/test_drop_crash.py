"""A drop folder whose worker is killed, at one step after the other: nothing is lost and nothing doubled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tools.redis_server import RedisServer

STRIDE = 1 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 8
"""Every step takes a quarter of a minute, which is for CI; every eighth is for each run of the tests."""


@pytest.fixture(scope="module")
def points(running_redis: RedisServer, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What was there after each kill and one worker more."""
    folder = tmp_path_factory.mktemp("crash") / "data"
    command = [sys.executable, "-m", "tests.ingest.crashing_drop", running_redis.url, str(folder), str(STRIDE)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    return [json.loads(line) for line in ended.stdout.splitlines()]


def test_the_worker_was_killed_at_many_points(points: list[dict[str, Any]]) -> None:
    assert sum(point["killed"] for point in points) >= 40 // STRIDE


def test_each_file_has_one_outcome(points: list[dict[str, Any]]) -> None:
    assert {tuple(point["outcomes"]) for point in points} == {("dead_lettered", "emitted")}


def test_each_story_leaves_once(points: list[dict[str, Any]]) -> None:
    assert {point["emitted"] for point in points} == {1}


def test_each_file_lies_where_it_belongs(points: list[dict[str, Any]]) -> None:
    places = {(*point["done"], *point["rejected"]) for point in points}
    assert places == {("ferry.json", "poison.json", "poison.json.reason.json")}


def test_nothing_is_left_behind(points: list[dict[str, Any]]) -> None:
    assert {(tuple(point["left"]), point["claimed"]) for point in points} == {((), 0)}
