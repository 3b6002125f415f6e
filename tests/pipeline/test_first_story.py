"""From the wire to the page through three real services: what a sender and a reader see."""

from __future__ import annotations

import re
import uuid
from pathlib import Path

import pytest

from services.ingest.admission.admit import Admission
from services.ingest.admission.archive import RawArchive
from services.ingest.admission.reading import CopyReader
from shared.delivery import Delivery
from tests.ingest.carrying import carry
from tests.pipeline.newsroom import Newsroom
from tests.waiting import wait_until, wait_until_sync

pytestmark = [pytest.mark.timeout(150), pytest.mark.xdist_group("newsroom")]

PAGE = """\
Harbour FM Local News

Ferry {name} to carry “night passengers” between the islands

Mar 3, 2024

VALLETTA: Malta: The ferry {name} will sail at night from April, the harbour board said on Monday. However, its deputy

Director Joan Pace voiced doubts about the winter timetable.

“Nobody has counted the crews,” she said.

Facebook Comment

top
"""


def page() -> tuple[str, str]:
    """A page that no other test pushes, and its headline."""
    name = uuid.uuid4().hex[:12]
    return PAGE.format(name=name), f"Ferry {name} to carry “night passengers” between the islands"


def visible(room: Newsroom, path: str, text: str) -> None:
    wait_until_sync(lambda: text in room.get(path).text, timeout=20)


def test_a_published_page_is_live_tagged_and_better_than_it_was(newsroom: Newsroom) -> None:
    body, headline = page()
    item = newsroom.push_one(body)
    assert (item["change"], item["outcome"]) == ("new", "emitted")
    visible(newsroom, "/", headline)
    story = newsroom.story(item["story_id"])
    assert story.status_code == 200
    assert "Harbour FM Local News" in story.text
    assert "However, its deputy Director Joan Pace voiced doubts" in story.text
    assert "Facebook Comment" not in story.text
    assert "Valletta" in story.text
    assert "“Nobody has counted the crews,”" in story.text
    assert headline in newsroom.get("/feed.xml").text


def test_the_same_copy_twice_is_one_story_and_one_duplicate(newsroom: Newsroom) -> None:
    body, _ = page()
    first, second = newsroom.push_one(body), newsroom.push_one(body)
    assert second["outcome"] == "duplicate"
    assert (second["story_id"], second["revision"]) == (first["story_id"], first["revision"])


def test_changed_copy_is_a_new_revision_and_the_older_one_late_is_stale(newsroom: Newsroom) -> None:
    body, _ = page()
    first = newsroom.push_one(body)
    changed = body.replace("winter timetable", "summer timetable")
    second = newsroom.push_one(changed)
    assert (second["story_id"], second["change"]) == (first["story_id"], "update")
    assert second["revision"] > first["revision"]
    wait_until_sync(lambda: "summer timetable" in newsroom.story(first["story_id"]).text, timeout=20)
    assert newsroom.push_one(body)["outcome"] == "stale"
    assert "summer timetable" in newsroom.story(first["story_id"]).text


def test_a_kill_takes_the_story_off_every_page_and_nothing_older_brings_it_back(newsroom: Newsroom) -> None:
    uri = f"urn:harbour:{uuid.uuid4().hex}"
    headline = f"Lighthouse {uri[-8:]} goes dark"
    copy = {
        "uri": uri,
        "version": "1",
        "versionCreated": "2024-03-03T10:00:00Z",
        "headlines": [{"role": "main", "value": headline}],
        "bodies": [{"role": "main", "contentType": "text/plain", "value": "The lamp failed at dusk on Sunday."}],
    }
    story_id = newsroom.push_ninjs(**copy)["story_id"]
    visible(newsroom, "/", headline)
    killed = newsroom.push_ninjs(uri=uri, version="2", pubStatus="canceled")
    assert (killed["story_id"], killed["change"], killed["outcome"]) == (story_id, "kill", "emitted")
    wait_until_sync(lambda: newsroom.story(story_id).status_code == 410, timeout=20)
    assert newsroom.push_ninjs(**copy)["outcome"] == "stale"
    later = {**copy, "version": "3", "versionCreated": "2024-03-04T10:00:00Z"}
    assert (newsroom.push_ninjs(**later)["outcome"], newsroom.push_ninjs(**later)["code"]) == ("stale", "killed")
    body, next_headline = page()
    newsroom.push_one(body)
    visible(newsroom, "/", next_headline)
    assert newsroom.story(story_id).status_code == 410
    assert "lamp failed" not in newsroom.story(story_id).text
    assert headline not in newsroom.get("/").text
    assert headline not in newsroom.get("/feed.xml").text


def test_a_kill_before_its_story_means_the_story_is_born_dead(newsroom: Newsroom) -> None:
    uri = f"urn:harbour:{uuid.uuid4().hex}"
    killed = newsroom.push_ninjs(uri=uri, pubStatus="canceled")
    late = newsroom.push_ninjs(uri=uri, headlines=[{"value": "Too late"}], versionCreated="2024-03-03T10:00:00Z")
    assert (killed["change"], late["outcome"]) == ("kill", "stale")
    wait_until_sync(lambda: newsroom.story(killed["story_id"]).status_code == 410, timeout=20)


def test_one_trace_leads_from_the_push_to_the_page(newsroom: Newsroom) -> None:
    body, headline = page()
    trace = uuid.uuid4().hex
    newsroom.push_one(body, traceparent=f"00-{trace}-00f067aa0ba902b7-01")
    visible(newsroom, "/", headline)
    for name in ("ingest", "enrich", "projector"):
        lines = wait_until_sync(
            lambda name=name: [line for line in newsroom.log(name) if line.get("trace_id") == trace]  # type: ignore[misc]
        )
        assert len(lines) == 1, f"{name} writes one canonical line for one event"
        assert lines[0]["outcome"] == "emitted"


def test_a_feed_pushed_whole_gives_one_outcome_an_entry(newsroom: Newsroom) -> None:
    mark = uuid.uuid4().hex[:8]
    entries = "".join(
        f"<item><guid isPermaLink='false'>{mark}-{n}</guid><title>Buoy {mark} {n} adrift</title>"
        f"<description>Buoy {n} was seen off the point.</description></item>"
        for n in range(3)
    )
    feed = f"<rss version='2.0'><channel><title>Harbour</title>{entries}</channel></rss>"
    answer = newsroom.push(feed, "application/rss+xml")
    assert [item["outcome"] for item in answer.json()["items"]] == ["emitted"] * 3
    for n in range(3):
        visible(newsroom, "/feed.xml", f"Buoy {mark} {n} adrift")


def test_what_cannot_be_read_is_refused_with_a_code_and_kept(newsroom: Newsroom) -> None:
    answer = newsroom.push("{", "application/json")
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["code"]
    assert (newsroom.folder / "data" / "raw").exists()
    kept = list((newsroom.folder / "data" / "raw").rglob(problem["sha256"]))
    assert [path.read_text() for path in kept] == ["{"]


def test_every_service_answers_its_probes(newsroom: Newsroom) -> None:
    import httpx  # noqa: PLC0415 - the one test that asks the services themselves

    for name in newsroom.running:
        for path, text in (("/healthz", "ok"), ("/readyz", '"ready":true'), ("/metrics", "# HELP")):
            answer = httpx.get(newsroom.address(name) + path, timeout=10)
            assert answer.status_code == 200, f"{name}{path}"
            assert text in answer.text


async def test_a_text_that_two_providers_carry_is_one_page_that_names_both(newsroom: Newsroom, tmp_path: Path) -> None:
    delivery = Delivery(redis_url=newsroom.server.url, stage="ingest", replica="test")
    await delivery.start()
    reader = CopyReader(at_once=1, seconds=10)
    admission = Admission(delivery, RawArchive(tmp_path, replica="test"), reader, state_days=1)
    first = await carry(admission, "harbour")
    await carry(admission, "hills")
    reader.close()
    await delivery.stop()
    await wait_until(lambda: "Also from Hills Herald" in newsroom.story(first.story_id or "").text, timeout=20)
    assert len(set(re.findall(r"/story/old-ferry-sails-again-\w+", newsroom.get("/").text))) == 1
