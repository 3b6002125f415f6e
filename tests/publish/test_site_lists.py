"""Dates and lists: what a story is dated, and where it stands among others. On SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from services.publish.store.reading import Cursor, Reader
from services.publish.store.writing import Store
from shared.article import Assumption, Change, Kind, Tag
from tests.publish.written import START, article


def test_published_stays_the_first_revisions(store: Store, reader: Reader) -> None:
    store.apply(
        [article(revision=1), article(revision=2, change=Change.UPDATE, first_created=START + timedelta(days=1))]
    )
    assert reader.latest(5)[0].published == START.timestamp() * 1000


@pytest.mark.parametrize(
    ("change", "moves"), [(Change.UPDATE, True), (Change.CORRECTION, True), (Change.AMEND, False)], ids=str
)
def test_modified_moves_with_words_and_not_with_metadata(
    store: Store, reader: Reader, change: Change, *, moves: bool
) -> None:
    store.apply([article(revision=1), article(revision=2, change=change)])
    teaser = reader.latest(5)[0]
    assert (teaser.modified > teaser.published) is moves


def test_a_correction_leaves_its_moment_until_the_story_goes(store: Store, reader: Reader) -> None:
    store.apply([article(revision=1), article(revision=2, change=Change.CORRECTION)])
    store.apply([article(revision=3, change=Change.AMEND)])
    assert reader.latest(5)[0].corrected == (START + timedelta(minutes=2)).timestamp() * 1000


def test_a_date_in_the_future_counts_as_the_moment_of_receipt(store: Store, reader: Reader) -> None:
    store.apply([article("ahead", 1, first_created=START + timedelta(days=400))])
    store.apply([article("right", 2, first_created=START + timedelta(minutes=2))])
    assert reader.latest(5)[0].story_id == "right"


def test_a_date_before_there_are_dates_has_one_in_every_zone(store: Store, reader: Reader) -> None:
    store.apply([article(first_created=datetime(1, 1, 1, tzinfo=UTC))])
    published = datetime.fromtimestamp(reader.latest(5)[0].published / 1000, UTC)
    assert {published.astimezone(timezone(timedelta(hours=h))).year for h in (-12, 14)} == {1900}


def test_a_provider_and_a_code_as_long_as_copy_likes_stop_no_batch(store: Store, reader: Reader) -> None:
    letters = "".join(chr(0x4E00 + n * 7919 % 20_000) for n in range(2_000))  # nothing that could be packed
    perth = Tag(scheme="geonames", code="1" * 300, name=letters, kind=Kind.PLACE, confidence=90, enricher="x")
    store.apply([article(newsroom={"provider": letters, "tags": (perth,)}), article("other")])
    assert len(reader.latest(5)) == 2


def test_copy_without_a_time_keeps_the_day_that_it_printed(store: Store, reader: Reader) -> None:
    midnight = START.replace(hour=0, tzinfo=timezone(timedelta(hours=10)))
    assumed = (Assumption(code="time_of_day_assumed", detail="midnight"),)
    store.apply([article(first_created=midnight, newsroom={"assumptions": assumed})])
    assert reader.latest(5)[0].day == "2024-03-04"


def test_arrival_is_the_order_of_first_appearance_whatever_the_dates(store: Store, reader: Reader) -> None:
    store.apply([article("new", first_created=START), article("old", first_created=START - timedelta(days=300))])
    store.apply([article("new", 2, Change.UPDATE)])
    assert [t.story_id for t in reader.arrivals(5)] == ["old", "new"]


def test_pages_by_cursor_show_every_story_once(store: Store, reader: Reader) -> None:
    store.apply([article(f"s{n}", first_created=START + timedelta(seconds=n // 3)) for n in range(10)])
    seen: list[str] = []
    before: Cursor | None = None
    while page := reader.latest(3, before=before):
        seen += [t.story_id for t in page]
        before = Cursor.after(page[-1])
    assert sorted(seen) == sorted(f"s{n}" for n in range(10))


def test_a_list_goes_on_after_a_story_that_has_left_the_site(store: Store, reader: Reader) -> None:
    hours = [START + timedelta(hours=n) for n in range(4)]
    store.apply([article(f"s{n}", first_created=hour, version_created=hours[3]) for n, hour in enumerate(hours)])
    newest = reader.latest(2)
    store.apply([article(newest[-1].story_id, revision=9, change=Change.KILL)])
    rest = reader.latest(5, before=Cursor.after(newest[-1]))
    assert [teaser.story_id for teaser in [*newest, *rest]] == ["s3", "s2", "s1", "s0"]


def test_a_label_lists_what_is_about_it_and_not_what_mentions_it(store: Store, reader: Reader) -> None:
    about = Tag(scheme="name", name="Ana Lind", kind=Kind.PERSON, enricher="names", confidence=80)
    store.apply(
        [
            article("s1", newsroom={"tags": (about,)}),
            article("s2", newsroom={"tags": (about.model_copy(update={"rel": "mention"}),)}),
        ]
    )
    assert [teaser.story_id for teaser in reader.labelled("person", "ana-lind", 5)] == ["s1"]
    assert reader.label_name("person", "ana-lind") == "Ana Lind"


def test_a_killed_story_leaves_its_labels(store: Store, reader: Reader) -> None:
    about = Tag(scheme="name", name="Ana Lind", kind=Kind.PERSON, enricher="names", confidence=80)
    store.apply([article(newsroom={"tags": (about,)})])
    store.apply([article(revision=2, change=Change.KILL)])
    assert (reader.labelled("person", "ana-lind", 5), reader.label_name("person", "ana-lind")) == ([], None)
