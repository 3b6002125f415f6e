"""A story of the kind that the newsroom was made for: who, where and what about, from the push to the page."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

import pytest
import redis

from shared.article import Article
from tests.pipeline.newsroom import Newsroom
from tests.tagged import Expected, newest_of
from tests.waiting import wait_until_sync

pytestmark = [pytest.mark.timeout(150), pytest.mark.xdist_group("newsroom")]

# Our own words, in the shape of a radio station's page: its name, a line broken at a name, what stands under a story.
PAGE = (Path(__file__).parent / "page_of_a_summit.txt").read_text(encoding="utf-8")
EXPECTED = Expected(
    people=frozenset({"Marta Lindqvist", "Henrik Aalto", "Kim Dae-sung"}),
    organisations=frozenset({"European Union", "Ministry of Foreign Affairs and Trade"}),
    places={
        "Seoul": "1835848",
        "South Korea": "KR",
        "Japan": "JP",
        "Australia": "AU",
        "New Zealand": "NZ",
        "China": "CN",
        "Russia": "RU",
        "Ukraine": "UA",
        "Estonia": "EE",
    },
    topics=frozenset({"medtop:11000000", "medtop:16000000"}),
    dateline="Seoul",
    language="en",
    furniture=("Harbour FM", "World News", "Facebook", "Comment", "top", "May 14"),
)


@pytest.fixture(scope="module")
def story_id(newsroom: Newsroom) -> str:
    return str(newsroom.push_one(PAGE)["story_id"])


def published(room: Newsroom, story_id: str) -> Article | None:
    with redis.Redis.from_url(room.server.url, decode_responses=True) as bus:
        entries: Any = bus.xrange("article.published")
    return newest_of((fields for _, fields in entries), lambda article: article.newsroom.story_id == story_id)


def test_it_is_published_with_who_and_where_and_what_about_and_without_furniture(
    newsroom: Newsroom, story_id: str
) -> None:
    # Where the machine is busy the tags follow in an amendment.
    wait_until_sync(lambda: (found := published(newsroom, story_id)) and found.newsroom.tags, timeout=30)
    article = published(newsroom, story_id)
    assert article is not None
    assert EXPECTED.shortcomings(article) == []


def test_a_reader_sees_what_it_is_about(newsroom: Newsroom, story_id: str) -> None:
    # No paragraph says politics: it stands on the page because the story was tagged with it.
    assert "politics" not in PAGE.casefold()
    wait_until_sync(lambda: "politics" in html.unescape(newsroom.story(story_id).text).casefold(), timeout=30)
    assert "Facebook" not in newsroom.get(f"/api/v1/articles/{story_id}").text
