"""What feeds and sitemaps read from the store, on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from services.publish.store.database import Database
from services.publish.store.feeding import FeedReader, Told
from services.publish.store.writing import Store
from shared.article import Article, Change, Kind, Tag
from tests.publish.written import START, article


@pytest.fixture
def feeds(database: Database) -> FeedReader:
    return FeedReader(database)


def names(told: Sequence[Told]) -> list[str]:
    return [teaser.story_id for teaser, _ in told]


def about(story_id: str, code: str = "20000001", **members: object) -> Article:
    tag = Tag(scheme="mediatopic", code=f"medtop:{code}", name="harbours", enricher="topics")
    return article(story_id, newsroom={"tags": (tag,)}, **members)  # type: ignore[arg-type]


def test_stories_come_in_the_order_of_their_arrival(store: Store, feeds: FeedReader) -> None:
    store.apply([article("a"), article("b", first_created=START - timedelta(days=9)), article("c")])
    assert names(feeds.arrived(2, 5)) == ["c", "b"]


def test_a_sections_feed_holds_its_own(store: Store, feeds: FeedReader) -> None:
    store.apply([article("a"), article("b", newsroom={"section": "Sport"}), article("c")])
    assert names(feeds.arrived(5, 5, section="sport")) == ["b"]


def test_an_earlier_story_that_was_corrected_comes_again_after_the_newest(store: Store, feeds: FeedReader) -> None:
    store.apply([article("a"), article("b"), article("c"), article("d")])
    store.apply(
        [article("a", 2, Change.CORRECTION), article("b", 2, Change.UPDATE), article("d", 2, Change.CORRECTION)]
    )
    assert names(feeds.arrived(2, 5)) == ["d", "c", "a"]
    assert names(feeds.arrived(2, 0)) == ["d", "c"]


def test_a_correction_of_another_section_stays_there(store: Store, feeds: FeedReader) -> None:
    store.apply([article("a"), article("b", newsroom={"section": "Sport"})])
    store.apply([article("a", 2, Change.CORRECTION)])
    assert names(feeds.arrived(5, 5, section="sport")) == ["b"]


def test_a_topics_feed_holds_what_is_about_it_the_newest_first(store: Store, feeds: FeedReader) -> None:
    store.apply([about("a"), about("b", first_created=START - timedelta(days=1)), about("c", "20000002"), article("d")])
    assert names(feeds.labelled("topic", "20000001", 5, 5)) == ["a", "b"]
    assert names(feeds.labelled("topic", "20000001", 1, 5)) == ["a"]
    assert feeds.label_name("topic", "20000001") == "Harbours"


def test_a_correction_of_an_earlier_story_comes_to_its_topic_too(store: Store, feeds: FeedReader) -> None:
    tags = about("a").newsroom.tags
    store.apply([about("a"), about("b", first_created=START + timedelta(days=1)), article("c")])
    store.apply([article("a", 2, Change.CORRECTION, newsroom={"tags": tags}), article("c", 2, Change.CORRECTION)])
    assert names(feeds.labelled("topic", "20000001", 1, 5)) == ["b", "a"]


def test_what_nobody_is_about_has_no_name(feeds: FeedReader) -> None:
    assert (feeds.label_name("topic", "20000001"), feeds.labelled("topic", "20000001", 5, 5)) == (None, [])


def test_tombstones_are_of_what_is_off_the_site_the_latest_first(store: Store, feeds: FeedReader) -> None:
    store.apply([article("a"), article("b"), article("c"), article("d")])
    store.apply([article("b", 3, Change.KILL), article("a", 2, Change.WITHHOLD), article("c", 2, Change.WITHHOLD)])
    store.apply([article("c", 3, Change.REINSTATE)])
    stones = feeds.gone(5)
    assert [(stone.story_id, stone.killed) for stone in stones] == [("a", False), ("b", True)]
    assert stones[1].since == (START + timedelta(minutes=3)).timestamp() * 1000
    assert feeds.gone(1) == stones[:1]


def test_a_killed_story_is_in_no_feed_and_on_no_map(store: Store, feeds: FeedReader) -> None:
    store.apply([about("a"), article("a", 2, Change.CORRECTION), article("a", 3, Change.KILL)])
    told: list[Sequence[object]] = [feeds.arrived(5, 5), feeds.labelled("topic", "20000001", 5, 5)]
    mapped = [feeds.published_since(0, 5), feeds.mapped(range(1, 100)), feeds.parts(10), feeds.sections()]
    assert [*told, *mapped, feeds.label_keys(Kind.TOPIC)] == [[]] * 7


def test_the_latest_correction_of_a_story_is_the_one_that_is_told(store: Store, feeds: FeedReader) -> None:
    store.apply([article("a"), article("b"), article("a", 3, Change.CORRECTION, ed_note="Corrects the hour.")])
    store.apply([article("a", 2, Change.CORRECTION, ed_note="Corrects the day."), article("b", 2, Change.CORRECTION)])
    assert feeds.correction_notes(["a", "b", "c"]) == {"a": "Corrects the hour.", "b": ""}
    assert feeds.correction_notes([]) == {}


def test_news_is_what_was_published_since(store: Store, feeds: FeedReader) -> None:
    store.apply([article("a", first_created=START - timedelta(hours=1)), article("b"), article("c")])
    since = round((START - timedelta(hours=1)).timestamp() * 1000)
    assert [teaser.story_id for teaser in feeds.published_since(since, 5)] == ["c", "b"]
    assert [teaser.story_id for teaser in feeds.published_since(since - 1, 2)] == ["c", "b"]


def test_parts_are_runs_of_numbers_and_say_when_one_of_them_last_changed(store: Store, feeds: FeedReader) -> None:
    store.apply([article(f"s{n}") for n in range(1, 6)])
    store.apply([article("s3", 9, Change.UPDATE), article("s5", 2, Change.KILL)])
    moved = round((START + timedelta(minutes=9)).timestamp() * 1000)
    start = round(START.timestamp() * 1000)
    assert feeds.parts(2) == [(0, start), (1, moved)]


def test_a_part_keeps_its_stories_whatever_becomes_of_them(store: Store, feeds: FeedReader) -> None:
    store.apply([article(f"s{n}") for n in range(1, 6)])
    store.apply([article("s2", 2, Change.WITHHOLD), article("s3", 2, Change.UPDATE, headline="Ferry")])
    store.apply([article("s2", 3, Change.REINSTATE)])
    told = [(story.story_id, story.slug) for story in feeds.mapped(range(2, 4))]
    assert told == [("s2", "harbour-ferry-returns-to-service-after-winter-refit"), ("s3", "ferry")]


def test_sections_and_topics_are_each_told_once(store: Store, feeds: FeedReader) -> None:
    store.apply([article(f"s{n}", newsroom={"section": f"desk {n % 3}"}) for n in range(9)])
    store.apply([about("a"), about("b"), about("c", "20000002")])
    assert feeds.sections() == ["desk-0", "desk-1", "desk-2", "local"]
    assert feeds.label_keys(Kind.TOPIC) == ["20000001", "20000002"]
    assert feeds.label_keys(Kind.PLACE) == []
