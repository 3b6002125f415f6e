"""What open pages are told, and what those are told who were away."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.publish.live.events import Telling
from services.publish.store.changes import Changes, Moved
from shared.article import Change, PubStatus


def moved(story_id: str, edition: int, change: Change = Change.NEW, **members: Any) -> Moved:
    off = {Change.KILL: PubStatus.CANCELED, Change.WITHHOLD: PubStatus.WITHHELD}.get(change)
    words = {"section": "", "slug": "", "headline": ""} if off else {}
    return Moved(
        **{
            "story_id": story_id,
            "edition": edition,
            "sequence": edition,
            "change": change,
            "status": off or PubStatus.USABLE,
            "is_new": change is Change.NEW,
            "section": "local",
            "slug": "ferry",
            "headline": "Ferry",
            "labels": (),
            **words,
            **members,
        }
    )


def events(stream: bytes) -> list[tuple[str, Any, str]]:
    """Return name, data and id of each event."""
    found = []
    for event in stream.decode().split("\n\n")[:-1]:
        fields = dict(line.split(": ", 1) for line in event.splitlines())
        found.append((fields.get("event", ""), json.loads(fields.get("data", "null")), fields.get("id", "")))
    return found


def told(stream: bytes) -> list[str]:
    return [data["story_id"] if name == "story" else name for name, data, _ in events(stream)]


@pytest.fixture
def telling() -> Telling:
    """Begun at edition 10."""
    telling = Telling(remembered=5, most_told=3)
    telling.hear(Changes(10))
    return telling


def test_a_new_story_is_told_with_where_it_belongs(telling: Telling) -> None:
    stream = telling.hear(Changes(11, (moved("a", 11, labels=(("topic", "20000337"),)),)))
    assert events(stream) == [
        (
            "story",
            {
                "story_id": "a",
                "change": "new",
                "status": "usable",
                "sequence": 11,
                "is_new": True,
                "section": "local",
                "labels": [["topic", "20000337"]],
                "headline": "Ferry",
                "path": "/story/ferry-a",
            },
            "11",
        )
    ]


@pytest.mark.parametrize("change", [Change.KILL, Change.WITHHOLD])
def test_nothing_is_told_of_a_story_off_the_site_but_that_it_is(telling: Telling, change: Change) -> None:
    ((_, data, _),) = events(telling.hear(Changes(11, (moved("a", 11, change),))))
    assert set(data) == {"story_id", "change", "status", "sequence", "is_new"}


def test_a_headline_cannot_end_its_event(telling: Telling) -> None:
    headline = "One\n\nevent: story\r\u2028two"
    ((_, data, _),) = events(telling.hear(Changes(11, (moved("a", 11, headline=headline),))))
    assert data["headline"] == headline


def test_only_the_last_event_of_an_edition_is_named_after_it(telling: Telling) -> None:
    stream = telling.hear(Changes(11, (moved("a", 11), moved("b", 11))))
    assert [edition for *_, edition in events(stream)] == ["", "11"]


def test_who_was_away_is_told_what_moved_since(telling: Telling) -> None:
    telling.hear(Changes(11, (moved("a", 11),)))
    telling.hear(Changes(13, (moved("b", 12), moved("c", 13))))
    assert told(telling.since(11)) == ["b", "c"]


def test_of_a_story_that_moved_twice_the_last_is_told(telling: Telling) -> None:
    telling.hear(Changes(11, (moved("a", 11),)))
    telling.hear(Changes(12, (moved("b", 12),)))
    telling.hear(Changes(13, (moved("a", 13, Change.KILL),)))
    assert [data["change"] for _, data, _ in events(telling.since(10))] == ["new", "kill"]


def test_who_is_up_to_date_is_told_the_edition_alone(telling: Telling) -> None:
    assert events(telling.since(10)) == [("", None, "10")]


@pytest.mark.parametrize("edition", [9, 11])
def test_who_comes_from_outside_of_memory_is_told_to_look(telling: Telling, edition: int) -> None:
    assert events(telling.since(edition)) == [("reload", {}, "10")]


def test_what_is_forgotten_is_not_taken_for_nothing(telling: Telling) -> None:
    for edition in range(11, 18):
        telling.hear(Changes(edition, (moved(f"s{edition}", edition),)))
    assert (told(telling.since(11)), told(telling.since(15))) == (["reload"], ["s16", "s17"])


def test_of_many_changes_those_off_the_site_are_told_one_by_one(telling: Telling) -> None:
    many = (*(moved(f"s{n}", 11) for n in range(4)), moved("k", 11, Change.KILL))
    assert told(telling.hear(Changes(11, many))) == ["k", "reload"]


def test_changes_that_cannot_be_told_are_told_as_such(telling: Telling) -> None:
    telling.hear(Changes(11, (moved("a", 11),)))
    assert told(telling.hear(Changes(700, complete=False))) == ["reload"]
    assert told(telling.since(11)) == ["reload"]


def test_a_store_that_was_put_back_is_followed_from_where_it_is(telling: Telling) -> None:
    telling.hear(Changes(4, complete=False))
    telling.hear(Changes(5, (moved("a", 5),)))
    assert told(telling.since(4)) == ["a"]


def test_before_the_store_was_seen_there_is_nothing_to_tell() -> None:
    assert Telling().since(7) == b""
