"""What the content API reads of the store, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from services.publish.search.question import question_of
from services.publish.store.database import Database
from services.publish.store.finding import Filters, Finder, Listing
from services.publish.store.reading import Cursor
from services.publish.store.writing import Store
from shared.article import Change, Kind, PubStatus
from tests.publish.told_stories import DAY, stories, tagged
from tests.publish.written import article


@pytest.fixture
def finder(database: Database) -> Finder:
    return Finder(database)


def ids(listing: Listing) -> list[str]:
    return [story.story_id for story in listing.stories]


def at(minutes: int) -> int:
    return int((DAY + timedelta(minutes=minutes)).timestamp() * 1000)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), ["s6", "s5", "s4", "s3", "s2", "s1", "s0"]),
        (Filters(section="sport"), ["s6", "s3", "s0"]),
        (Filters(provider="Hillside Press"), ["s5", "s3", "s1"]),
        (Filters(labels=((Kind.TOPIC, "20000337"),)), ["s5", "s3", "s1"]),
        (Filters(section="sport", labels=((Kind.TOPIC, "20000337"),)), ["s3"]),
        (Filters(labels=((Kind.TOPIC, "20000337"), (Kind.PLACE, "sydney-2147714"))), []),
        (Filters(since=at(2), until=at(4)), ["s3", "s2"]),
        (Filters(section="sport", provider="Coastline Radio", since=at(1)), ["s6"]),
    ],
)
def test_all_that_is_asked_holds_for_what_is_found(
    store: Store, finder: Finder, filters: Filters, expected: Sequence[str]
) -> None:
    store.apply(stories(7))
    assert ids(finder.latest(filters, 20)) == expected


def test_two_labels_are_both_asked_for(store: Store, finder: Finder) -> None:
    store.apply([*stories(4), tagged()])
    both = ((Kind.PLACE, "sydney-2147714"), (Kind.TOPIC, "20000337"))
    assert ids(finder.latest(Filters(labels=both), 20)) == ["ferry1"]


@pytest.mark.parametrize("filters", [Filters(), Filters(labels=((Kind.TOPIC, "20000337"),))])
def test_a_list_goes_on_where_it_ended_though_stories_arrive(store: Store, finder: Finder, filters: Filters) -> None:
    store.apply(stories(9))
    whole = ids(finder.latest(filters, 20))
    first = finder.latest(filters, 2)
    store.apply([tagged("late1", minutes=100)])
    found = ids(first)
    while (part := finder.latest(filters, 2, before=Cursor(first.stories[-1].number))).stories:
        found += ids(part)
        first = part
    assert found == whole


def test_a_list_says_whether_it_goes_on(store: Store, finder: Finder) -> None:
    store.apply(stories(3))
    assert (finder.latest(Filters(), 2).more, finder.latest(Filters(), 3).more) == (True, False)


def test_changes_are_listed_in_their_order_each_story_once(store: Store, finder: Finder) -> None:
    store.apply(stories(3))
    store.apply([article("s0", 2, Change.CORRECTION)])
    assert [(s.story_id, s.sequence) for s in finder.changed(Filters(), 20, after=1).stories] == [
        ("s1", 2),
        ("s2", 3),
        ("s0", 4),
    ]


@pytest.mark.parametrize(
    ("change", "status"), [(Change.KILL, PubStatus.CANCELED), (Change.WITHHOLD, PubStatus.WITHHELD)]
)
def test_a_story_that_left_is_among_the_changes_whatever_is_asked(
    store: Store, finder: Finder, change: Change, status: PubStatus
) -> None:
    store.apply([article(), article(revision=2, change=change)])
    (gone,) = finder.changed(Filters(section="sport"), 20, after=1).stories
    assert (gone.status, gone.article, gone.slug) == (status, None, "")


def test_following_the_changes_ends_with_what_a_list_shows(store: Store, finder: Finder) -> None:
    held: dict[str, int] = {}
    after = 0

    def follow() -> None:
        nonlocal after
        more = True
        while more:
            part = finder.changed(Filters(), 2, after=after)
            for story in part.stories:
                held.pop(story.story_id, None)
                if story.article is not None:
                    held[story.story_id] = story.article.newsroom.revision
            after, more = part.sequence, part.more

    store.apply(stories(5))
    follow()
    store.apply([article("s1", 2, Change.UPDATE), article("s2", 2, Change.KILL), article("s3", 2, Change.WITHHOLD)])
    follow()
    store.apply([article("s3", 3, Change.REINSTATE), article("s9")])
    follow()
    shown = finder.latest(Filters(), 20).stories
    assert held == {s.story_id: s.article.newsroom.revision for s in shown if s.article}


def test_a_list_is_at_least_as_new_as_its_sequence(store: Store, finder: Finder) -> None:
    store.apply(stories(3))
    listing = finder.latest(Filters(section="sport"), 1)
    assert listing.sequence == 3
    assert finder.changed(Filters(), 20, after=listing.sequence).stories == ()


def test_words_are_found_with_every_filter(store: Store, finder: Finder) -> None:
    store.apply([*stories(6), tagged()])
    found = finder.matching(question_of("story number"), Filters(labels=((Kind.TOPIC, "20000337"),)), 2)
    assert (ids(found), found.more) == (["s5", "s3"], True)
    rest = finder.matching(
        question_of("story number"),
        Filters(labels=((Kind.TOPIC, "20000337"),)),
        2,
        before=Cursor(found.stories[-1].number),
    )
    assert (ids(rest), rest.more) == (["s1"], False)


@pytest.mark.parametrize("text", ["!!!", "-story", '"'])
def test_a_question_without_a_word_finds_nothing(store: Store, finder: Finder, text: str) -> None:
    store.apply(stories(2))
    assert ids(finder.matching(question_of(text), Filters(), 5)) == []


def test_nothing_is_dated_between_a_time_and_an_earlier_one(store: Store, finder: Finder) -> None:
    store.apply(stories(4))
    filters = Filters(since=at(3), until=at(1))
    assert ids(finder.matching(question_of("story"), filters, 5)) == ids(finder.latest(filters, 5)) == []


def test_labels_are_listed_by_key_and_part_by_part(store: Store, finder: Finder) -> None:
    store.apply([*stories(4), tagged()])
    assert finder.labels(Kind.TOPIC, 10) == [("20000337", "Tourism")]
    assert finder.labels(Kind.PLACE, 10) == [("sydney-2147714", "Sydney")]
    assert finder.labels(Kind.PLACE, 10, after="sydney-2147714") == []


def test_a_label_goes_with_its_last_story(store: Store, finder: Finder) -> None:
    store.apply([tagged(), tagged(revision=2, change=Change.KILL)])
    assert finder.labels(Kind.PLACE, 10) == []


Plan = Callable[[Finder], Listing]


@pytest.mark.parametrize(
    ("ask", "index"),
    [
        (lambda finder: finder.latest(Filters(provider="Hillside Press"), 5), "story_provider"),
        (lambda finder: finder.latest(Filters(section="sport"), 5), "story_section"),
        (lambda finder: finder.latest(Filters(labels=((Kind.TOPIC, "1"),)), 5), "label_latest"),
        (lambda finder: finder.changed(Filters(section="sport"), 5, after=3), "story_sequence"),
    ],
)
def test_each_list_is_read_from_an_index_in_its_order(sqlite_url: str, ask: Plan, index: str) -> None:
    database = Database(sqlite_url)
    Store(database).apply(stories(40))
    plans: list[str] = []
    with database.reading() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        statements: list[str] = []
        raw.set_trace_callback(statements.append)
    ask(Finder(database))
    with database.reading() as connection:
        raw.set_trace_callback(None)
        query = next(statement for statement in statements if "story_id" in statement and "SELECT" in statement)
        plans = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}")]
    database.close()
    assert any(index in plan for plan in plans)
    assert not any("TEMP B-TREE" in plan for plan in plans)
