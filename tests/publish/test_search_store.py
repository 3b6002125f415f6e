"""Searching the store, on both databases: what is found, in which order, and that nothing that is gone is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from services.publish.search.question import question_of
from services.publish.store.database import Database
from services.publish.store.reading import Cursor
from services.publish.store.searching import Filters, SearchReader
from services.publish.store.writing import Store
from shared.article import Change
from tests.publish.written import START, article

pytestmark = pytest.mark.heavy

ANY = Filters()
INDEXED_SINCE = ("story_sequence", "story_provider")
ADDED_SINCE = [("story", "picture")]
"""Columns that steps after the one for search add."""


@pytest.fixture
def search(database: Database) -> SearchReader:
    return SearchReader(database)


def found(search: SearchReader, typed: str, filters: Filters = ANY) -> list[str]:
    return [hit.teaser.story_id for hit in search.best(question_of(typed), filters, 50)]


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def tag(name: str, kind: str = "place") -> dict[str, object]:
    return {"scheme": "name", "name": name, "kind": kind, "enricher": "test", "confidence": 90}


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("ferry", "a word of the headline"),
        ("FERRY", "capitals do not matter"),
        ("ferries ", "the plural of a word that is there"),
        ("dawn forty", "words of summary and body together"),
        ("noon", "a word of the body alone"),
        ("harb", "the beginning of a word that is still being typed"),
        ('"returns to service"', "words in their order"),
        ("ferry -tram", "without a word that is not there"),
        ("winter \u201crefit\u201d", "printer's quotes"),
    ],
)
def test_a_story_is_found_by(store: Store, search: SearchReader, typed: str, why: str) -> None:
    store.apply([article()])
    assert found(search, typed) == ["ferry1"], why


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("tram", "no such word"),
        ("ferry tram", "one of two"),
        ("ferr ", "a beginning that the reader has gone on from"),
        ('"service returns"', "another order"),
        ("ferry -noon", "a word that is not wanted"),
        ('harbour -"sailed at dawn"', "words that are not wanted in this order"),
    ],
)
def test_a_story_is_not_found_by(store: Store, search: SearchReader, typed: str, why: str) -> None:
    store.apply([article()])
    assert found(search, typed) == [], why


def test_no_phrase_reaches_from_the_headline_into_the_summary(store: Store, search: SearchReader) -> None:
    store.apply([article(headline="It sailed at dawn", summary="It was full.", body="<p>Nothing more.</p>")])
    assert (found(search, '"at dawn"'), found(search, '"dawn it"')) == (["ferry1"], [])


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "-",
        "-ferry",
        '"',
        '""',
        "' OR 1=1 --",
        "ferry'; DROP TABLE story; --",
        'headline:ferry OR "',
        "NEAR(ferry dawn, 2)",
        "(ferry",
        "ferry) | !dawn & <->",
        "ferry:*A",
        "^ferry *",
        "{headline} : ferry",
        "ferry AND NOT",
        "\\'ferry\\",
        "%_ferry%",
        "\x00ferry\x00",
        "=y2024",
        "\ud800 ferry",
        "\U0001f6a2",
        "a" * 5_000,
        '"' + "ferry " * 500,
    ],
)
def test_whatever_is_typed_is_a_question_and_no_error(store: Store, search: SearchReader, typed: str) -> None:
    store.apply([article()])
    question = question_of(typed)
    hits = [*search.best(question, ANY, 5), *search.newest(question, ANY, 5)] if question else []
    assert {hit.teaser.story_id for hit in hits} <= {"ferry1"}
    assert found(search, "ferry") == ["ferry1"]


def test_a_word_of_the_index_itself_finds_nothing(store: Store, search: SearchReader) -> None:
    store.apply([article()])
    assert found(search, "y2024 ") == found(search, "m202403 ") == []


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("\u00c9lys\u00e9e opens its gates", "elysee"),
        ("Elysee opens its gates", "\u00e9lys\u00e9e"),
        ("The prime minister's boat", "minister"),
        ("O\u2019Brien wins again", "o'brien"),
        ("O\u2019Brien wins again", "obrien"),
        ("Le port de l\u2019eau", "eau"),
        ("Stra\u00dfe am Hafen", "strasse"),
        ("Covid-19 on board", "covid-19"),
        ("Covid-19 on board", "covid 19"),
        ("\u6771\u4eac\u6e2f\u306b\u8239", "\u6771\u4eac"),
        (
            "\u0939\u093f\u0928\u094d\u0926\u0940 \u0938\u092e\u093e\u091a\u093e\u0930",
            "\u0939\u093f\u0928\u094d\u0926\u0940",
        ),
        (
            "\u041f\u0430\u0440\u043e\u043c \u0432\u0435\u0440\u043d\u0443\u043b\u0441\u044f",
            "\u043f\u0430\u0440\u043e\u043c",
        ),
    ],
)
def test_words_are_found_as_they_are_written_elsewhere(
    store: Store, search: SearchReader, written: str, typed: str
) -> None:
    store.apply([article(headline=written), article("other1", headline="Nothing of it", body="<p>Empty.</p>")])
    assert found(search, typed) == ["ferry1"]


def test_the_headline_counts_most_then_names_and_summary_then_the_body(store: Store, search: SearchReader) -> None:
    plain: dict[str, Any] = {"headline": "A quiet day", "summary": "Nothing.", "body": "<p>Nothing more.</p>"}
    store.apply(
        [
            article("headline1", **{**plain, "headline": "Regatta begins"}),
            article("summary1", **{**plain, "summary": "The regatta is near."}),
            article("body1", **{**plain, "body": "<p>They spoke of the regatta.</p>"}),
            article("longer1", **{**plain, "headline": "Regattas begin"}),
            article("named1", **plain, newsroom={"tags": [tag("Regatta Bay")]}),
        ]
    )
    assert found(search, "regatta") == ["longer1", "headline1", "named1", "summary1", "body1"]


def test_what_only_begins_like_the_word_comes_last(store: Store, search: SearchReader) -> None:
    plain: dict[str, Any] = {"summary": "", "body": ""}
    store.apply(
        [
            article("car1", headline="Nothing here", summary="", body="<p>One car.</p>"),
            article("carbon1", headline="Carbon price rises", **plain),
        ]
    )
    assert found(search, "car") == ["car1", "carbon1"]


def test_pages_of_the_best_go_on_where_they_ended_though_stories_arrive(store: Store, search: SearchReader) -> None:
    in_headline = [article(f"head{n}", headline=f"Ferry number {n}") for n in range(5)]
    in_body = [article(f"body{n}", headline="Quay", body="<p>A ferry.</p>") for n in range(5)]
    store.apply([*in_headline, *in_body])
    question = question_of("ferry ")
    seen: list[str] = []
    place = None
    for arrival in range(9):
        hits = search.best(question, ANY, 2, after=place)
        if not hits:
            break
        seen += [hit.teaser.story_id for hit in hits]
        place = hits[-1].place
        store.apply([article(f"late{arrival}", headline="Ferry again", body="<p>Late.</p>")])
    assert seen == ["head4", "head3", "head2", "head1", "head0", "body4", "body3", "body2", "body1", "body0"]


def test_newest_is_by_arrival_alone_and_goes_on_by_number(store: Store, search: SearchReader) -> None:
    store.apply([article("one1"), article("two1", headline="Quay", body="<p>A ferry.</p>"), article("three1")])
    question = question_of("ferry")
    first = search.newest(question, ANY, 2)
    rest = search.newest(question, ANY, 2, before=Cursor.after(first[-1].teaser))
    assert [hit.teaser.story_id for hit in (*first, *rest)] == ["three1", "two1", "one1"]


@pytest.mark.parametrize("change", [Change.KILL, Change.WITHHOLD])
def test_what_is_off_the_site_is_not_found_and_leaves_no_word(
    database: Database, store: Store, search: SearchReader, change: Change
) -> None:
    store.apply([article()])
    store.apply([article(revision=2, change=change)])
    assert found(search, "ferry") == []
    with database.reading() as connection:
        assert connection.scalar(text("SELECT count(*) FROM search")) == 0


def test_what_comes_back_is_found_again(store: Store, search: SearchReader) -> None:
    store.apply([article(), article(revision=2, change=Change.WITHHOLD)])
    store.apply([article(revision=3, change=Change.REINSTATE, headline="Harbour ferry sails again")])
    assert found(search, "ferry again") == ["ferry1"]


def test_a_corrected_story_is_found_by_its_new_words_and_not_by_its_old(store: Store, search: SearchReader) -> None:
    store.apply([article(headline="Ferry sinks")])
    store.apply([article(revision=2, change=Change.CORRECTION, headline="Ferry sails")])
    assert (found(search, "sinks"), found(search, "sails")) == ([], ["ferry1"])


def test_an_older_revision_that_comes_late_changes_no_word(store: Store, search: SearchReader) -> None:
    store.apply([article(revision=3, change=Change.UPDATE, headline="Ferry sails")])
    store.apply([article(revision=2, change=Change.UPDATE, headline="Ferry sinks")])
    assert (found(search, "sinks"), found(search, "sails")) == ([], ["ferry1"])


def test_tags_that_come_later_are_names_to_find_by(store: Store, search: SearchReader) -> None:
    store.apply([article()])
    store.apply([article(revision=2, change=Change.AMEND, newsroom={"tags": [tag("Quillport")]})])
    assert found(search, "quillport") == ["ferry1"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(section="sport"), ["sport1"]),
        (Filters(section="none"), []),
        (Filters(provider="Quay Wire"), ["wire1"]),
        (Filters(first=milliseconds(START + timedelta(days=40))), ["later1"]),
        (Filters(last=milliseconds(START + timedelta(days=40))), ["wire1", "sport1"]),
        (Filters(first=milliseconds(START), last=milliseconds(START), section="sport"), ["sport1"]),
        (Filters(first=milliseconds(START) + 1, last=milliseconds(START + timedelta(days=40))), []),
        (Filters(last=milliseconds(datetime(1960, 1, 1, tzinfo=UTC))), []),
        (Filters(first=milliseconds(datetime(2500, 1, 1, tzinfo=UTC))), []),
    ],
)
def test_filters_hold(store: Store, search: SearchReader, filters: Filters, expected: list[str]) -> None:
    store.apply(
        [
            article("sport1", newsroom={"section": "sport"}),
            article("wire1", newsroom={"provider": "Quay Wire"}),
            article(
                "later1",
                first_created=START + timedelta(days=400),
                version_created=START + timedelta(days=400),
                newsroom={"received": START + timedelta(days=400)},
            ),
        ]
    )
    assert found(search, "ferry", filters) == expected


def test_a_body_beyond_measure_is_taken(store: Store, search: SearchReader) -> None:
    many = " ".join(f"w{n}\u00e9\u6f22" for n in range(40_000))
    store.apply([article(body=f"<p>{many}</p><p>{'x' * 3_000}</p>")])
    assert found(search, "ferry") == ["ferry1"]


def form(connection: Connection) -> list[tuple[str, ...]]:
    """Everything that either database tells of the index."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name, sql FROM sqlite_master WHERE tbl_name LIKE 'search%' ORDER BY name"
    else:
        query = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'search' ORDER BY indexname"
    return [(row[0], row[1]) for row in connection.execute(text(query))]


@dataclass(frozen=True)
class Before:
    """A store as the release before search left it, and the form of the index in a new one."""

    database: Database
    form_when_new: list[tuple[str, ...]]


@pytest.fixture
def before_search(store_url: str) -> Iterator[Before]:
    """Two stories, one of them killed."""
    new = Database(store_url)
    Store(new).apply([article(), article("gone1"), article("gone1", 2, Change.KILL)])
    with new.writing() as connection:
        when_new = form(connection)
        connection.execute(text("DROP TABLE search"))
        for table, column in ADDED_SINCE:
            connection.execute(text(f"ALTER TABLE {table} DROP COLUMN {column}"))
        for index in INDEXED_SINCE:
            connection.execute(text(f"DROP INDEX {index}"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0003'"))
    new.close()
    database = Database(store_url)
    yield Before(database, when_new)
    database.close()


def test_the_stories_of_an_older_store_are_found(before_search: Before) -> None:
    assert found(SearchReader(before_search.database), "ferry") == ["ferry1"]


def test_the_index_has_the_same_form_whichever_way_it_was_made(before_search: Before) -> None:
    with before_search.database.reading() as connection:
        assert form(connection) == before_search.form_when_new != []
