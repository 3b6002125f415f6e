"""The site made again from what the store keeps is the same site, byte for byte, whatever had happened to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text, update

from services.publish.rebuild.adopt import adopt, left_behind
from services.publish.rebuild.command import rebuild
from services.publish.rebuild.compare import compare
from services.publish.rebuild.inputs import arrived, from_store
from services.publish.store.database import Database
from services.publish.store.tables import story
from services.publish.store.writing import Store
from shared.article import Article, Change, Kind, Tag
from tests.publish.written import START, article

TAGS = (Tag(scheme="name", name="Ana Lind", kind=Kind.PERSON, enricher="names", confidence=80),)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'made.db'}")
    yield database
    database.close()


def is_sqlite(database: Database) -> bool:
    with database.reading() as connection:
        return connection.dialect.name == "sqlite"


def fold(live: Database, made: Database) -> None:
    for page in from_store(live, after=arrived(made)):
        Store(made).apply(page)


def test_a_rebuilt_store_is_the_same(database: Database, store: Store, made: Database) -> None:
    store.apply([article(newsroom={"tags": TAGS}), article("s2"), article("s3")])
    store.apply([article(revision=2, change=Change.CORRECTION), article("s2", revision=2, change=Change.KILL)])
    fold(database, made)
    likeness = compare(database, made, in_order=True)
    words = 2 if is_sqlite(database) else 0  # of the stories that are live
    assert (likeness.differences, likeness.rows) == ((), 3 + 5 + words)


def test_a_rebuilt_store_catches_up(database: Database, store: Store, made: Database) -> None:
    store.apply([article()])
    fold(database, made)
    store.apply([article(revision=2, change=Change.UPDATE, newsroom={"tags": TAGS})])
    fold(database, made)
    assert compare(database, made, in_order=True).unlike == 0


def test_a_difference_is_found_and_named(database: Database, store: Store, made: Database) -> None:
    store.apply([article(), article("s2")])
    fold(database, made)
    with made.writing() as connection:
        connection.execute(update(story).where(story.c.story_id == "s2").values(headline="Something else"))
        connection.execute(text("DELETE FROM revision WHERE story_id = 'ferry1'"))
        connection.execute(text("DELETE FROM search WHERE rowid = 2"))
    found = {(d.table, d.key[0]) for d in compare(database, made, in_order=True).differences}
    assert found - {("search", 2)} == {("story", "s2"), ("revision", "ferry1")}
    assert (("search", 2) in found) is is_sqlite(database)


def test_no_word_of_a_killed_story_is_kept_even_if_it_comes_after_the_kill(database: Database, store: Store) -> None:
    store.apply([article(revision=5, change=Change.KILL)])
    store.apply([article(revision=3, change=Change.UPDATE, headline="Ferry aground")])
    with database.reading() as connection:
        kept = connection.scalar(text("SELECT article FROM revision WHERE revision = 3"))
    assert kept is None


moves = st.lists(
    st.tuples(st.sampled_from(["a1", "b2"]), st.integers(1, 6), st.sampled_from(list(Change))), min_size=1, max_size=12
)


@settings(max_examples=25, deadline=None)
@given(moves=moves, data=st.data())
def test_any_history_in_any_batches_is_rebuilt_the_same(
    moves: list[tuple[str, int, Change]], data: st.DataObject
) -> None:
    once: dict[tuple[str, int], Article] = {}
    for story_id, number, change in moves:
        dated = START + timedelta(days=1) if number % 3 else None
        once.setdefault((story_id, number), article(story_id, revision=number, change=change, first_created=dated))
    articles = list(once.values())
    with TemporaryDirectory() as folder, ExitStack() as stack:
        live, made = (Database(f"sqlite:///{Path(folder) / name}.db") for name in ("live", "made"))
        stack.callback(live.close)  # a draw may end the example at any moment
        stack.callback(made.close)
        while articles:
            size = data.draw(st.integers(1, 4))
            Store(live).apply(articles[:size])
            articles = articles[size:]
        fold(live, made)
        likeness = compare(live, made, in_order=True)
    assert likeness.differences == ()


def test_the_command_says_that_both_are_the_same(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    database = Database(sqlite_url)
    Store(database).apply([article(), article("s2")])
    database.close()
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    status = rebuild(["--into", f"sqlite:///{tmp_path / 'again.db'}", "--compare"])
    assert (status, capsys.readouterr().out.splitlines()[-1]) == (0, "6 rows compared, 0 differ")


def test_a_store_is_not_made_out_of_itself(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    assert (rebuild(["--into", sqlite_url]), rebuild([])) == (2, 2)
    assert "out of itself" in capsys.readouterr().err


def test_a_site_that_moves_to_another_database_takes_its_stories_along(postgres_url: str, tmp_path: Path) -> None:
    old, new = Database(f"sqlite:///{tmp_path / 'site.db'}"), Database(postgres_url)
    Store(old).apply([article(newsroom={"tags": TAGS}), article("s2"), article("s2", revision=2, change=Change.KILL)])
    old.close()
    file = left_behind(tmp_path, postgres_url)
    assert file is not None
    assert adopt(file, new) == 3
    kept = Database(f"sqlite:///{tmp_path / 'site.db.adopted'}")
    assert compare(kept, new, in_order=True).differences == ()
    assert left_behind(tmp_path, postgres_url) is None
    new.close()
    kept.close()


def test_a_site_that_stays_in_its_file_leaves_it_where_it_is(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    Store(database).apply([article()])
    database.close()
    assert left_behind(tmp_path, sqlite_url) is None
