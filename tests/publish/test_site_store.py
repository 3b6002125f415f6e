"""What the site store promises, on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import insert, text

from services.publish.store.database import Database
from services.publish.store.fold import Published, Refused
from services.publish.store.reading import Reader
from services.publish.store.tables import revision
from services.publish.store.writing import Store
from shared.article import Article, Change
from tests.publish.written import article


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
        "arrival": 0,
        "change": "no-such",
        "status": "usable",
        "published": 0,
        "moment": 0,
        "sequence": None,
        "article": None,
    }


def test_what_is_read_on_one_connection_is_of_one_moment(database: Database, store: Store) -> None:
    store.apply([article()])
    with database.reading() as connection:
        before = connection.scalar(text("SELECT count(*) FROM story"))
        store.apply([article("ferry2")])
        assert connection.scalar(text("SELECT count(*) FROM story")) == before
