"""What the site store promises, on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from datetime import timedelta, timezone

import pytest
from sqlalchemy import insert, select, text, update

from services.publish.database import Database, SchemaMismatch
from services.publish.fold import Published, Refused
from services.publish.reading import Cursor, Reader
from services.publish.store import Store
from services.publish.tables import revision, schema_version, story
from shared.article import Article, Assumption, Body, Change, PubStatus
from tests.publish.written import START, article


def sequences(applied: list[Published | Refused]) -> list[int | None]:
    return [a.sequence if isinstance(a, Published) else None for a in applied]


def test_a_new_story_is_shown(store: Store, reader: Reader) -> None:
    store.apply([article(headline="Ferry sails")])
    assert [t.headline for t in reader.latest(5)] == ["Ferry sails"]


def test_a_newer_revision_replaces_the_whole_of_the_older(store: Store, reader: Reader) -> None:
    store.apply([article(revision=1, by="Mara Lindqvist"), article(revision=2, change=Change.UPDATE, summary="")])
    held = reader.story("ferry1")
    assert held is not None
    assert held.article is not None
    assert (held.article.by, held.article.summary) == (None, "")


def test_an_older_revision_never_replaces_a_newer(store: Store, reader: Reader) -> None:
    store.apply([article(revision=2, headline="Second")])
    applied = store.apply([article(revision=1, headline="First")])
    assert applied == [Refused("older_revision")]
    assert [t.headline for t in reader.latest(5)] == ["Second"]


def test_the_same_revision_again_keeps_its_sequence(store: Store) -> None:
    first = store.apply([article("a"), article("b")])
    assert store.apply([article("a"), article("b")]) == first


def test_a_revision_twice_in_one_batch_is_applied_once(store: Store) -> None:
    assert sequences(store.apply([article(), article()])) == [1, 1]


def test_a_repeat_of_what_was_replaced_meanwhile_is_refused(store: Store) -> None:
    store.apply([article(revision=1), article(revision=2, change=Change.UPDATE)])
    assert store.apply([article(revision=1)]) == [Refused("older_revision")]


def test_sequence_has_no_gap_where_revisions_are_refused(store: Store) -> None:
    applied = store.apply([article("a", 2), article("a", 1), article("b", 1), article("a", 3, Change.UPDATE)])
    assert sequences(applied) == [1, None, 2, 3]


def test_sequence_has_no_gap_where_a_transaction_fails(store: Store, database: Database) -> None:
    with database.writing() as connection:
        connection.execute(insert(revision).values(**_row_in_the_way("b")))
    with pytest.raises(Exception, match=r"(?i)enum|valid"):
        store.apply([article("a"), article("b", 2)])
    assert sequences(store.apply([article("c")])) == [1]


def test_sequence_is_gapless_under_writers_at_once(store: Store) -> None:
    seen: list[int | None] = []

    def write(name: str) -> None:
        for number in range(10):
            seen.extend(sequences(store.apply([article(f"{name}{number}")])))

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(filter(None, seen)) == list(range(1, 41))


def test_a_killed_story_is_off_the_lists(store: Store, reader: Reader) -> None:
    store.apply([article(revision=1), article(revision=2, change=Change.KILL)])
    assert (reader.latest(5), reader.arrivals(5), reader.arrived_articles(5)) == ([], [], [])


def test_a_killed_story_keeps_none_of_its_words(store: Store, database: Database) -> None:
    store.apply([article(body="<p>libellous words</p>", headline="libellous headline", by="libellous name")])
    store.apply([article(revision=2, change=Change.KILL)])
    with database.reading() as connection:
        rows = [*connection.execute(select(story)), *connection.execute(select(revision))]
    assert "libellous" not in repr(rows)


def test_a_kill_that_brings_copy_along_leaves_none_of_it(store: Store, database: Database) -> None:
    kill = article(revision=2, change=Change.KILL).model_copy(update={"bodies": (Body(value="<p>libellous</p>"),)})
    (applied,) = store.apply([kill])
    with database.reading() as connection:
        rows = [*connection.execute(select(story)), *connection.execute(select(revision))]
    assert "libellous" not in repr((applied, rows))


@pytest.mark.parametrize("change", [Change.UPDATE, Change.CORRECTION, Change.AMEND, Change.NEW, Change.WITHHOLD])
def test_nothing_but_a_reinstatement_brings_a_killed_story_back(store: Store, reader: Reader, change: Change) -> None:
    store.apply([article(revision=1), article(revision=2, change=Change.KILL)])
    assert store.apply([article(revision=3, change=change)]) == [Refused("killed")]
    assert reader.latest(5) == []


def test_a_reinstatement_brings_a_killed_story_back(store: Store, reader: Reader) -> None:
    store.apply([article(revision=1), article(revision=2, change=Change.KILL)])
    store.apply([article(revision=3, change=Change.REINSTATE, headline="Cleared")])
    assert [t.headline for t in reader.latest(5)] == ["Cleared"]


def test_a_reinstatement_that_its_own_update_overtook_shows_the_update(store: Store, reader: Reader) -> None:
    store.apply([article(revision=1), article(revision=2, change=Change.KILL)])
    store.apply([article(revision=4, change=Change.UPDATE, headline="Cleared, and updated")])
    (applied,) = store.apply([article(revision=3, change=Change.REINSTATE, headline="Cleared")])
    assert isinstance(applied, Published)
    assert applied.article.newsroom.revision == 4
    assert [t.headline for t in reader.latest(5)] == ["Cleared, and updated"]


def test_a_reinstatement_that_was_overtaken_says_the_same_when_it_comes_again(store: Store) -> None:
    store.apply([article(revision=2, change=Change.KILL), article(revision=4, change=Change.UPDATE)])
    reinstatement = article(revision=3, change=Change.REINSTATE)
    assert store.apply([reinstatement]) == store.apply([reinstatement])


def test_a_kill_before_its_story_makes_it_born_dead(store: Store, reader: Reader) -> None:
    store.apply([article(revision=2, change=Change.KILL)])
    store.apply([article(revision=1)])
    held = reader.story("ferry1")
    assert held is not None
    assert (held.status, held.article) == (PubStatus.CANCELED, None)


def test_a_withheld_story_comes_back_with_a_newer_revision(store: Store, reader: Reader) -> None:
    store.apply([article(revision=1), article(revision=2, change=Change.WITHHOLD)])
    assert reader.latest(5) == []
    store.apply([article(revision=3, change=Change.REINSTATE)])
    assert len(reader.latest(5)) == 1


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


def test_edition_moves_with_what_is_shown_and_not_with_a_repeat(store: Store, reader: Reader) -> None:
    store.apply([article()])
    before = reader.edition()
    store.apply([article()])
    assert reader.edition() == before
    store.apply([article(revision=2, change=Change.AMEND)])
    assert reader.edition() == before + 1


def test_unknown_members_of_an_article_are_kept(store: Store, reader: Reader) -> None:
    sent = Article.model_validate({**article().model_dump(by_alias=True), "trustIndicators": [{"code": "x"}]})
    store.apply([sent])
    held = reader.story("ferry1")
    assert held is not None
    assert held.article is not None
    assert (held.article.model_extra or {})["trustIndicators"] == [{"code": "x"}]


def test_a_null_character_is_taken_out_before_a_database_can_refuse_it(store: Store, reader: Reader) -> None:
    store.apply([article(headline="Fer\x00ry", body="<p>a\x00b</p>", by="J\x00D")])
    assert reader.latest(5)[0].headline == "Ferry"


def test_the_store_stands_when_opened_again(store: Store, store_url: str) -> None:
    store.apply([article()])
    again = Database(store_url)
    assert len(Reader(again).latest(5)) == 1
    again.close()


def test_two_processes_may_make_the_schema_at_once(store_url: str) -> None:
    databases = [Database(store_url) for _ in range(4)]
    failures: list[Exception] = []

    def use(database: Database) -> None:
        try:
            Reader(database).edition()
        except Exception as error:  # noqa: BLE001 - shown by the assertion
            failures.append(error)

    threads = [threading.Thread(target=use, args=(database,)) for database in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for database in databases:
        database.close()
    assert failures == []


def test_a_store_of_another_version_is_not_touched(database: Database, store_url: str) -> None:
    with database.writing() as connection:
        connection.execute(update(schema_version).values(version=99))
    other = Database(store_url)
    with pytest.raises(SchemaMismatch, match="99"):
        Reader(other).edition()
    other.close()


def test_sqlite_commits_reach_the_disk_before_they_are_answered(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.reading() as connection:
        settings = [connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous")]
    database.close()
    assert settings == ["wal", 2]


def _row_in_the_way(story_id: str) -> dict[str, object]:
    return {
        "story_id": story_id,
        "revision": 1,
        "change": "no-such",
        "status": "usable",
        "published": 0,
        "moment": 0,
        "sequence": None,
        "article": None,
    }


def test_a_story_that_is_off_is_held_without_a_word(store: Store, reader: Reader) -> None:
    store.apply([article(revision=1), article(revision=2, change=Change.WITHHOLD)])
    held = reader.story("ferry1")
    assert held is not None
    assert (held.teaser, held.article) == (None, None)
