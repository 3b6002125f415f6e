"""No word of embargoed copy is anywhere before its lift but in the raw archive; then it is live, restarts or not."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis

from tests.pipeline.newsroom import PROCESSES, Newsroom
from tests.waiting import wait_until_sync

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(150), pytest.mark.xdist_group("newsroom")]

WAIT = 18.0
"""Seconds from the push to the lift: time to look everywhere, and to restart ingest, on a busy machine."""

PATHS = ("/", "/news", "/feed.xml", "/atom.xml", "/feed.json", "/sitemap.xml", "/search?q={beginning}")


def copy(canary: str, lift: datetime, **members: Any) -> dict[str, Any]:
    """A story that says the canary in everything that copy can say."""
    return {
        "uri": f"urn:harbour:{uuid.uuid4().hex}",
        "version": "1",
        "embargoedUntil": lift.isoformat(),
        "edNote": f"Note: {canary}",
        "usageTerms": f"Terms {canary}",
        "copyrightNotice": f"Copyright {canary}",
        "copyrightHolder": f"Holder {canary}",
        "by": f"By {canary}",
        "slugline": f"slug-{canary}",
        "located": canary,
        "headlines": [{"role": "main", "value": f"Headline {canary}"}],
        "descriptions": [{"role": "summary", "value": f"Summary {canary}."}],
        "bodies": [{"role": "main", "contentType": "text/html", "value": f"<p>The canary {canary} sings.</p>"}],
        "people": [{"name": f"Person {canary}"}],
        "subjects": [{"name": f"Subject {canary}"}],
        "keywords": [canary],
        **members,
    }


def redis_holds(room: Newsroom) -> Iterator[tuple[str, bytes]]:
    """Every key of Redis with all that is under it, whatever its type."""
    with redis.Redis.from_url(room.server.url) as client:
        for key in client.scan_iter(count=1000):
            readers: dict[bytes, Any] = {
                b"string": client.get,
                b"hash": client.hgetall,
                b"list": lambda name: client.lrange(name, 0, -1),
                b"set": client.smembers,
                b"zset": lambda name: client.zrange(name, 0, -1, withscores=True),
                b"stream": client.xrange,
            }
            kind: Any = client.type(key)
            yield f"redis {key!r}", key + repr(readers[kind](key)).encode()


def files_hold(room: Newsroom) -> Iterator[tuple[str, bytes]]:
    """Every file of the newsroom but the archived bytes: logs, receipts, the site's database, Redis's own."""
    folders = (room.folder, Path(room.server.data))
    archive = room.folder / "data" / "raw"
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_relative_to(archive):
                yield f"file {path}", path.read_bytes()


def services_say(room: Newsroom, canary: str) -> Iterator[tuple[str, bytes]]:
    """Every metric and every page; a page that repeats what is asked of it is asked by another word."""
    for name in PROCESSES:
        for path in ("/metrics", "/readyz"):
            yield f"{name}{path}", httpx.get(room.address(name) + path, timeout=10).content
    for path in PATHS:
        answer = room.get(path.format(beginning=canary[:-2]))
        if answer.status_code == 200:
            yield path, answer.content


def leaks(room: Newsroom, canary: str) -> list[str]:
    """Name every place but the archive that holds the canary."""
    places = (*redis_holds(room), *files_hold(room), *services_say(room, canary))
    return [place for place, content in places if canary.encode().lower() in content.lower()]


def archived(room: Newsroom, canary: str) -> bool:
    raw = room.folder / "data" / "raw"
    return any(canary.encode() in path.read_bytes() for path in raw.rglob("*") if path.is_file())


def restart(room: Newsroom) -> None:
    room.kill("ingest")
    room.start_one("ingest")
    wait_until_sync(lambda: room.is_ready("ingest"), timeout=50)


def test_nothing_of_the_copy_is_told_before_its_lift_and_all_of_it_within_a_second_after(newsroom: Newsroom) -> None:
    canary = f"zwitscher{uuid.uuid4().hex[:10]}"
    lift = datetime.now(UTC) + timedelta(seconds=WAIT)
    item = newsroom.push_ninjs(**copy(canary, lift))
    assert (item["outcome"], item["code"]) == ("held", "embargoed")
    assert canary not in json.dumps(item)
    assert leaks(newsroom, canary) == []
    restart(newsroom)
    assert leaks(newsroom, canary) == []
    assert archived(newsroom, canary)
    assert newsroom.story(item["story_id"]).status_code == 404
    assert datetime.now(UTC) < lift, "the machine was too slow to look everywhere before the lift"
    time.sleep(max(0.0, (lift - datetime.now(UTC)).total_seconds()))
    wait_until_sync(lambda: canary in newsroom.story(item["story_id"]).text, timeout=20)
    seen = datetime.now(UTC) - lift
    (released,) = [o for o in newsroom.outcomes() if o["stage"] == "ingest" and o["input"].endswith(".lift")]
    assert (released["outcome"], released["sinceReceivedMs"] < 1000) == ("emitted", True)
    assert timedelta(0) < seen < timedelta(seconds=5), "live within a second or so of the lift"


def test_kill_of_copy_under_embargo_goes_out_without_a_word_of_it(newsroom: Newsroom) -> None:
    canary = f"zwitscher{uuid.uuid4().hex[:10]}"
    document = copy(canary, datetime.now(UTC) + timedelta(hours=1))
    held = newsroom.push_ninjs(**document)
    killed = newsroom.push_ninjs(**{**document, "pubStatus": "canceled", "version": "2"})
    assert (killed["story_id"], killed["change"], killed["outcome"]) == (held["story_id"], "kill", "emitted")
    wait_until_sync(lambda: newsroom.story(held["story_id"]).status_code == 410, timeout=20)
    assert leaks(newsroom, canary) == []
    assert canary not in newsroom.story(held["story_id"]).text


def test_lift_that_cannot_be_told_is_an_alarm_without_a_word_of_the_copy(newsroom: Newsroom) -> None:
    canary = f"zwitscher{uuid.uuid4().hex[:10]}"
    held = newsroom.push_ninjs(**copy(canary, datetime.now(UTC), embargoedUntil="2031-05-04T12:00:00"))
    assert (held["outcome"], held["code"]) == ("held", "embargo_unreadable")
    alarms = [line for line in newsroom.log("ingest") if line.get("code") == "embargo_unreadable"]
    assert [line["level"] for line in alarms if line["story_id"] == held["story_id"]] == ["error"]
    assert leaks(newsroom, canary) == []
    assert (
        'newsroom_embargoes_unreadable_total{source="demo"}'
        in httpx.get(f"{newsroom.address('ingest')}/metrics", timeout=10).text
    )
