"""However a story's revisions arrive, the site ends the same, and at no moment shows what a kill killed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from services.publish.store.database import Database
from services.publish.store.fold import Fold, Published
from services.publish.store.prepared import Prepared, prepare
from services.publish.store.standing import revision_of, settle
from services.publish.store.tables import story
from services.publish.store.writing import Store
from shared.article import Article, Change, PubStatus
from tests.publish.written import article

# What depends on the order by its nature: how many changes there were on the way.
OF_THE_WAY = {"sequence", "edition", "appeared", "number"}


def written(changes: Sequence[Change]) -> list[Article]:
    return [article(revision=n, change=c, headline=f"Take {n}") for n, c in enumerate(changes, start=1)]


def final_row(batches: Sequence[Sequence[Article]]) -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'site.db'}")
        for batch in batches:
            Store(database).apply(batch)
        with database.reading() as connection:
            (row,) = connection.execute(select(story)).mappings()
        database.close()
    return {name: value for name, value in row.items() if name not in OF_THE_WAY}


def nothing_kept(_: str, __: int) -> Prepared:
    raise AssertionError("everything was folded in this batch")


some_changes = st.lists(st.sampled_from(list(Change)), min_size=1, max_size=7)


@settings(max_examples=25, deadline=None)
@given(changes=some_changes, data=st.data())
def test_any_order_of_any_revisions_leaves_the_same_row(changes: list[Change], data: st.DataObject) -> None:
    in_order = written(changes)
    shuffled = data.draw(st.permutations(in_order))
    assert final_row([[a] for a in shuffled]) == final_row([in_order])


@settings(max_examples=25, deadline=None)
@given(changes=some_changes, data=st.data())
def test_repeats_and_batches_leave_the_same_row(changes: list[Change], data: st.DataObject) -> None:
    in_order = written(changes)
    once = data.draw(st.permutations(in_order))
    again = data.draw(st.lists(st.sampled_from(in_order), max_size=6))
    assert final_row([once[:2], again, once[2:], again]) == final_row([in_order])


@settings(max_examples=300, deadline=None)
@given(before=st.lists(st.sampled_from([Change.UPDATE, Change.CORRECTION, Change.AMEND]), max_size=4), data=st.data())
def test_after_the_kill_nothing_of_its_story_is_published(before: list[Change], data: st.DataObject) -> None:
    copies = written([Change.NEW, *before, Change.KILL])
    fold = Fold({}, sequence=0, kept=nothing_kept)
    killed = False
    for copy in data.draw(st.permutations([*copies, *copies])):
        applied = fold.take(prepare(copy))
        killed = killed or copy.newsroom.change is Change.KILL
        if killed and isinstance(applied, Published):
            assert applied.article.pub_status is PubStatus.CANCELED


@settings(max_examples=300, deadline=None)
@given(changes=some_changes, data=st.data())
def test_what_is_published_of_a_story_last_is_where_it_stands(changes: list[Change], data: st.DataObject) -> None:
    copies = written(changes)
    fold = Fold({}, sequence=0, kept=nothing_kept)
    published = [fold.take(prepare(copy)) for copy in data.draw(st.permutations(copies))]
    last = [applied for applied in published if isinstance(applied, Published)][-1]
    assert last.article.newsroom.revision == settle(map(revision_of, copies)).current


@given(changes=some_changes)
def test_the_row_holds_copy_only_while_the_story_is_usable(changes: list[Change]) -> None:
    standing = settle(map(revision_of, written(changes)))
    last_kill = max((n for n, c in enumerate(changes, 1) if c is Change.KILL), default=0)
    reinstated = Change.REINSTATE in changes[last_kill:]
    assert (standing.status is PubStatus.CANCELED) is (last_kill > 0 and not reinstated)
