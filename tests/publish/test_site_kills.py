"""Off the site: killed, withheld, and what may bring a story back. On SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from services.publish.store.database import Database
from services.publish.store.fold import Published, Refused
from services.publish.store.reading import Reader
from services.publish.store.tables import revision, story
from services.publish.store.writing import Store
from shared.article import Body, Change, PubStatus
from tests.publish.written import article


def test_a_killed_story_is_off_the_lists(store: Store, reader: Reader) -> None:
    store.apply([article(revision=1), article(revision=2, change=Change.KILL)])
    assert (reader.latest(5), reader.arrivals(5)) == ([], [])


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


def test_a_story_that_is_off_is_held_without_a_word(store: Store, reader: Reader) -> None:
    store.apply([article(revision=1), article(revision=2, change=Change.WITHHOLD)])
    held = reader.story("ferry1")
    assert held is not None
    assert (held.teaser, held.article) == (None, None)
