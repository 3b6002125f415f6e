from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from services.publish.pictures.cache import PictureCache

KIB = 1024
ADDRESS = "https://a.example/1.jpg"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "pictures"


def cache_of(folder: Path, limit: int = 1_000 * KIB) -> PictureCache:
    return PictureCache(folder, limit=limit)


def on_disk(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def test_a_file_comes_back_as_it_was_kept(folder: Path) -> None:
    cache_of(folder).put("s1", ADDRESS, {"320.webp": b"small", "640.webp": b"large"})
    assert cache_of(folder).get("s1", ADDRESS, "640.webp") == b"large"


@pytest.mark.parametrize(("story", "address"), [("s2", ADDRESS), ("s1", f"{ADDRESS}?2")])
def test_another_story_and_another_address_are_another_picture(folder: Path, story: str, address: str) -> None:
    cache = cache_of(folder)
    cache.put("s1", ADDRESS, {"320.webp": b"small"})
    assert cache.get(story, address, "320.webp") is None


def test_of_two_that_keep_one_picture_both_succeed(folder: Path) -> None:
    for number in (b"1", b"2"):
        cache_of(folder).put("s1", ADDRESS, {"320.webp": number})
    assert cache_of(folder).get("s1", ADDRESS, "320.webp") == b"1"


def test_nothing_of_a_forgotten_story_is_left_on_the_disk(folder: Path) -> None:
    cache = cache_of(folder)
    for number in range(3):
        cache.put("s1", f"{ADDRESS}?{number}", {"320.webp": b"small", "640.webp": b"large"})
    cache.put("s2", ADDRESS, {"320.webp": b"another"})
    cache.forget("s1")
    assert (on_disk(folder), [entry.name for entry in folder.iterdir()]) == (len(b"another"), ["s2"])


def test_pictures_that_a_story_still_shows_are_kept(folder: Path) -> None:
    cache = cache_of(folder)
    cache.put("s1", ADDRESS, {"320.webp": b"stays"})
    cache.put("s1", "https://a.example/gone.jpg", {"320.webp": b"goes"})
    cache.forget("s1", keep=[ADDRESS])
    assert (cache.get("s1", ADDRESS, "320.webp"), on_disk(folder)) == (b"stays", len(b"stays"))


def test_forgetting_what_was_never_kept_is_nothing(folder: Path) -> None:
    cache_of(folder).forget("s1")
    assert not folder.exists()


def test_the_folder_stays_within_its_limit(folder: Path) -> None:
    limit = 100 * KIB
    cache = cache_of(folder, limit)
    for number in range(60):
        cache.put("s1", f"{ADDRESS}?{number}", {"320.webp": bytes(5 * KIB)})
        assert on_disk(folder) <= limit * 1.1


def test_what_is_used_least_goes_first(folder: Path) -> None:
    cache = cache_of(folder, 40 * KIB)
    for number, age in enumerate([3_000, 9_000, 6_000]):
        cache.put("s1", f"{ADDRESS}?{number}", {"320.webp": bytes(10 * KIB)})
        (place,) = [p for p in (folder / "s1").iterdir() if time.time() - p.stat().st_mtime < 60]
        os.utime(place, (time.time() - age,) * 2)
    cache.get("s1", f"{ADDRESS}?1", "320.webp")  # the oldest, now used again
    cache.put("s1", f"{ADDRESS}?3", {"320.webp": bytes(12 * KIB)})
    kept = [number for number in range(4) if cache.get("s1", f"{ADDRESS}?{number}", "320.webp")]
    assert kept == [0, 1, 3]


def test_what_a_process_left_on_its_way_is_cleared_away(folder: Path) -> None:
    left = folder / ".0123"
    left.mkdir(parents=True)
    (left / "320.webp").write_bytes(b"half")
    os.utime(left, (time.time() - 7_200,) * 2)
    cache_of(folder).trim()
    assert not left.exists()


def test_stories_that_went_while_nobody_looked_are_forgotten_at_the_start(folder: Path) -> None:
    for story in ("s1", "s2"):
        cache_of(folder).put(story, ADDRESS, {"320.webp": b"small"})
    cache_of(folder).tidy(lambda story: story == "s2")
    assert [entry.name for entry in folder.iterdir()] == ["s2"]


def test_forgetting_and_keeping_at_once_disturb_nobody(folder: Path) -> None:
    """Two replicas on one folder, each with its own cache."""
    failed: list[Exception] = []

    def keep(cache: PictureCache) -> None:
        try:
            for number in range(100):
                cache.put("s1", f"{ADDRESS}?{number % 5}", {"320.webp": bytes(KIB), "640.webp": bytes(KIB)})
                cache.get("s1", f"{ADDRESS}?{number % 5}", "320.webp")
                if number % 3 == 0:
                    cache.forget("s1")
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the test's finding
            failed.append(error)

    threads = [threading.Thread(target=keep, args=(cache_of(folder, 20 * KIB),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cache_of(folder).forget("s1")
    assert (failed, on_disk(folder)) == ([], 0)
