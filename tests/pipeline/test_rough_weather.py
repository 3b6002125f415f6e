"""Processes die and Redis goes away under load: nothing is lost, nothing is doubled, and the site stays up."""

from __future__ import annotations

import json
import threading
import uuid
from collections import Counter

import httpx
import pytest

from tests.pipeline.newsroom import Newsroom
from tests.waiting import wait_until_sync

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(170), pytest.mark.xdist_group("weather")]


def batch(mark: str, count: int) -> str:
    return json.dumps(
        [
            {
                "uri": f"urn:harbour:{mark}:{n}",
                "headlines": [{"value": f"Tug {mark} {n} leaves port"}],
                "bodies": [{"contentType": "text/plain", "value": f"Tug {n} left at first light on Friday."}],
            }
            for n in range(count)
        ]
    )


def live(room: Newsroom, ids: list[str]) -> int:
    return sum(room.story(story_id).status_code == 200 for story_id in ids)


def test_services_killed_under_load_lose_nothing_and_the_books_balance(newsroom: Newsroom) -> None:
    mark, ids = uuid.uuid4().hex[:8], list[str]()

    def load() -> None:
        for n in range(10):
            answer = newsroom.push(batch(f"{mark}{n}", 20), "application/json")
            ids.extend(item["story_id"] for item in answer.json()["items"])

    loading = threading.Thread(target=load)
    loading.start()
    for name in ("enrich", "projector"):
        wait_until_sync(lambda: len(ids) >= 20)
        newsroom.kill(name)
        newsroom.start_one(name)
    loading.join()
    wait_until_sync(lambda: live(newsroom, ids[-5:]) == 5, timeout=60)
    wait_until_sync(lambda: live(newsroom, ids) == 200, timeout=60)

    def entered() -> Counter[tuple[str, str]]:
        return Counter((o["stage"], o["input"]) for o in newsroom.outcomes() if o.get("storyId") in ids)

    books = wait_until_sync(lambda: entered() if len(entered()) >= 600 else None, timeout=20)
    assert books is not None
    assert set(books.values()) == {1}, "each input has exactly one outcome at each stage"


def test_the_site_stays_up_and_push_says_why_it_waits_while_redis_is_away(newsroom: Newsroom) -> None:
    item = newsroom.push_one(batch(uuid.uuid4().hex[:8], 1), "application/json")
    wait_until_sync(lambda: newsroom.story(item["story_id"]).status_code == 200, timeout=30)
    newsroom.server.kill()
    try:
        assert newsroom.story(item["story_id"]).status_code == 200
        answer = newsroom.push(batch(uuid.uuid4().hex[:8], 1), "application/json")
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        said = httpx.get(f"{newsroom.address('enrich')}/readyz", timeout=20)
        assert said.status_code == 503
        assert "redis" in said.json()["missing"]
    finally:
        newsroom.server.restart()
    mark = uuid.uuid4().hex[:8]
    after = newsroom.push_one(batch(mark, 1), "application/json")
    wait_until_sync(lambda: newsroom.story(after["story_id"]).status_code == 200, timeout=30)


def test_services_stop_when_told_to_and_end_well(newsroom: Newsroom) -> None:
    assert newsroom.running
    for name in list(newsroom.running):
        process = newsroom.running[name]
        process.terminate()
        assert process.wait(timeout=30) == 0, name
        newsroom.start_one(name)
    for name in newsroom.running:
        wait_until_sync(lambda name=name: newsroom.is_ready(name), timeout=50)  # type: ignore[misc]
