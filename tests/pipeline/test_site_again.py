"""What is served is what the store holds, and the store can be made again: asked of real processes, by the commands."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, text

from tests.pipeline.newsroom import Newsroom
from tests.waiting import wait_until_sync

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(150), pytest.mark.xdist_group("again")]


@pytest.fixture(scope="module")
def newsroom(newsroom_alone: Newsroom) -> Newsroom:
    return newsroom_alone


def command(newsroom: Newsroom, *arguments: str) -> subprocess.CompletedProcess[str]:
    data = newsroom.folder / "data"
    environment = {
        **os.environ,
        "REDIS_URL": newsroom.server.url,
        "WIREROOM_DATA": str(data),
        "NEWSROOM_CONFIG": str(newsroom.folder / "newsroom.yaml"),
        "DATABASE_URL": f"sqlite:///{data / 'site.db'}",
    }
    return subprocess.run(
        [sys.executable, "-m", "services.publish", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def published(newsroom: Newsroom) -> dict[str, str]:
    """Three stories, one of which is corrected and one killed; their names."""
    ids = {}
    for name in ("kept", "corrected", "killed"):
        document = {
            "uri": f"urn:again:{name}",
            "version": "1",
            "versioncreated": datetime.now(UTC).isoformat(),
            "type": "text",
            "headline": f"Lantern walk is {name} for the winter",
            "body_text": f"The lantern walk is {name}, the parish said.",
        }
        ids[name] = newsroom.push_ninjs(**document)["story_id"]
        if name != "kept":
            status = "canceled" if name == "killed" else "usable"
            newsroom.push_ninjs(**{**document, "version": "2", "pubStatus": status, "headline": f"Lantern walk {name}"})
    wait_until_sync(lambda: newsroom.story(ids["killed"]).status_code == 410, timeout=30)
    wait_until_sync(lambda: "Lantern walk corrected" in newsroom.story(ids["corrected"]).text, timeout=30)
    wait_until_sync(lambda: is_quiet(newsroom), timeout=30)
    return ids


def is_quiet(newsroom: Newsroom) -> bool:
    """Tell whether nothing has changed for a second: what enrich was late with comes after its story."""
    before = newsroom.get("/api/v1/articles?limit=1").json()["sequence"]
    time.sleep(1)
    return bool(newsroom.get("/api/v1/articles?limit=1").json()["sequence"] == before)


def test_nothing_is_wrong_with_what_is_served(newsroom: Newsroom, published: dict[str, str]) -> None:
    assert published
    said = command(newsroom, "check-site", newsroom.address("web"))
    assert (said.returncode, said.stdout.endswith("live: nothing wrong\n")) == (0, True), said.stdout + said.stderr


def test_a_ghost_a_missing_story_and_a_wrong_headline_are_found(
    newsroom: Newsroom, published: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other") / "site.db"
    assert command(newsroom, "rebuild", "--into", f"sqlite:///{other}").returncode == 0
    engine = create_engine(f"sqlite:///{other}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE story SET status = 'canceled' WHERE story_id = :id"), {"id": published["kept"]})
        connection.execute(text("UPDATE story SET headline = 'X' WHERE story_id = :id"), {"id": published["corrected"]})
        connection.execute(
            text("UPDATE story SET status = 'usable', slug = 'x', headline = 'y' WHERE story_id = :id"),
            {"id": published["killed"]},
        )
    engine.dispose()
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{other}"}
    said = subprocess.run(
        [sys.executable, "-m", "services.publish", "check-site", newsroom.address("web")],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    found = {(line.split()[0], line.split()[2]) for line in said.stdout.splitlines()[:-1]}
    assert said.returncode == 1
    assert {("ghost", published["kept"]), ("stale", published["corrected"]), ("missing", published["killed"])} <= found


@pytest.mark.parametrize("origin", ["store", "topic"])
def test_the_site_is_made_again_the_same(
    newsroom: Newsroom, published: dict[str, str], origin: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert published
    made = tmp_path_factory.mktemp("made") / "again.db"
    said = command(newsroom, "rebuild", "--from", origin, "--into", f"sqlite:///{made}", "--compare")
    assert (said.returncode, said.stdout.splitlines()[-1].endswith(" 0 differ")) == (0, True), said.stdout + said.stderr


def test_the_topic_folded_into_the_live_site_changes_nothing(newsroom: Newsroom, published: dict[str, str]) -> None:
    before = newsroom.get("/").headers["etag"]
    assert command(newsroom, "rebuild", "--from", "topic").returncode == 0
    assert newsroom.story(published["killed"]).status_code == 410
    assert newsroom.get("/").headers["etag"] == before
