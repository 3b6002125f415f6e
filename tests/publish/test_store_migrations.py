"""A store of an earlier release comes up to date with all that it holds, on both databases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select, text

from services.publish.store import migrations, schema
from services.publish.store.database import Database, SchemaMismatch
from services.publish.store.reading import Reader
from services.publish.store.tables import counter, label, metadata, revision, story
from services.publish.store.writing import Store
from shared.article import Change
from tests.publish.written import article

OLD = Path(__file__).parent / "data" / "store-0001.sql"


@pytest.fixture
def old_url(store_url: str) -> str:
    """A store as the release before migrations left it: SQLite's own dump, of invented copy."""
    database = Database(store_url)
    _nothing_in(database)
    statements = OLD.read_text().split(";\n")
    with database._writable() as connection:  # noqa: SLF001 - the public way would bring it up to date first
        for statement in filter(None, map(str.strip, statements)):
            connection.connection.cursor().execute(statement)
    database.close()
    return store_url


def _nothing_in(database: Database) -> None:
    """Leave no table: the fixtures of other tests give an empty store of the present form."""
    with database._writable() as connection:  # noqa: SLF001 - as above
        if connection.dialect.name == "postgresql":
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))


@pytest.fixture
def upgraded(old_url: str) -> Database:
    return Database(old_url)


def test_the_history_names_every_step() -> None:
    steps = ScriptDirectory(str(Path(migrations.__file__).parent)).walk_revisions()
    assert tuple(step.revision for step in steps)[::-1] == schema.HISTORY


def _is_in_metadata(name: str | None, kind: str, _: Any) -> bool:
    """What is looked for has an index that metadata cannot say; test_search_store.py holds it to its form."""
    return not (kind == "table" and (name or "").startswith("search"))


def test_step_by_step_and_at_once_end_at_the_same_form(upgraded: Database) -> None:
    with upgraded.reading() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": _is_in_metadata})
        differences = compare_metadata(context, metadata)
    upgraded.close()
    assert differences == []


def test_every_story_is_still_there(upgraded: Database) -> None:
    reader = Reader(upgraded)
    assert {teaser.story_id for teaser in reader.latest(10)} == {"ferry1", "market1"}
    upgraded.close()


def test_what_is_shown_is_what_was_shown(upgraded: Database) -> None:
    with upgraded.reading() as connection:
        rows = connection.execute(select(story.c.story_id, story.c.current, story.c.change, story.c.number))
        found = {row[0]: tuple(row[1:]) for row in rows}
    upgraded.close()
    assert found == {
        "ferry1": (4, "correction", 1),
        "market1": (3, "new", 2),
        "quake1": (5, "kill", 4),
        "heldup1": (2, "withhold", 6),
    }


def test_labels_are_made_from_the_articles(upgraded: Database) -> None:
    with upgraded.reading() as connection:
        found = connection.execute(select(label.c.story_id, label.c.kind, label.c.key).order_by(label.c.key)).all()
    upgraded.close()
    assert [tuple(row) for row in found] == [("ferry1", "topic", "20000337"), ("ferry1", "place", "sydney-2147714")]


def test_arrivals_are_numbered_and_go_on(upgraded: Database) -> None:
    Store(upgraded).apply([article("late1")])
    with upgraded.reading() as connection:
        arrivals = list(connection.scalars(select(revision.c.arrival).order_by(revision.c.arrival)))
        count = connection.scalar(select(counter.c.value).where(counter.c.name == "arrival"))
    upgraded.close()
    assert arrivals == list(range(1, len(arrivals) + 1))
    assert count == len(arrivals)


def test_a_kill_from_before_still_fences(upgraded: Database) -> None:
    Store(upgraded).apply([article("quake1", revision=3, change=Change.UPDATE)])
    assert Reader(upgraded).latest(10)[0].story_id != "quake1"
    upgraded.close()


def test_a_store_of_a_newer_release_is_not_touched(database: Database, store_url: str) -> None:
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    other = Database(store_url)
    with pytest.raises(SchemaMismatch, match="9999"):
        Reader(other).edition()
    other.close()


def test_a_release_from_before_migrations_is_fenced_off(database: Database) -> None:
    with database.reading() as connection:
        assert connection.scalar(text("SELECT version FROM schema_version")) == schema.FENCED
