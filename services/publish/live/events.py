"""What open pages are told, as server-sent events, and the bounded memory from which a reader goes on. Pure.

An event's id is an edition, and only the last event of an edition has one: whoever is cut off in the middle of an
edition is told all of it again.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable

from services.publish.slug import story_path
from services.publish.store.changes import Changes, Moved
from shared.article import PubStatus

__all__ = ["BEAT", "Telling", "check_event"]

REMEMBERED = 1_000
"""Stories whose last change is kept, about 400 bytes each."""
MOST_TOLD = 50
"""Stories told one by one at a time. A page that has missed more is better off asking for itself again."""
BEAT = b":\n\n"


class Telling:
    """Turns changes into events, and remembers the last ones."""

    def __init__(self, *, remembered: int = REMEMBERED, most_told: int = MOST_TOLD) -> None:
        self._remembered = remembered
        self._most_told = most_told
        self._stories: OrderedDict[str, tuple[int, bool, bytes]] = OrderedDict()
        self._complete_after = -1
        self.edition = -1
        """The edition up to which all is known; below 0 while nothing is."""
        self.heard = 0
        """How often there was something to hear: editions can go back, with a store that is put back."""

    def hear(self, changes: Changes) -> bytes:
        """Take the changes in, and return what those who have followed so far are to be told."""
        known = changes.complete and self.edition >= 0
        self.edition = changes.edition
        self.heard += 1
        if not known:
            self._stories.clear()
            self._complete_after = changes.edition
            return check_event(self.edition)
        for moved in changes.moved:
            self._stories.pop(moved.story_id, None)
            self._stories[moved.story_id] = (moved.edition, moved.status is PubStatus.USABLE, _event(moved))
        while len(self._stories) > self._remembered:
            _, (edition, *_) = self._stories.popitem(last=False)
            self._complete_after = edition
        return self._events(self._stories[moved.story_id] for moved in changes.moved)

    def since(self, edition: int) -> bytes:
        """Return what somebody is to be told whose page is of this edition; below 0: who has missed nothing."""
        if self.edition < 0:
            return b""
        if edition < 0:
            return _ended([], self.edition)
        if not self._complete_after <= edition <= self.edition:
            return check_event(self.edition)
        return self._events(told for told in self._stories.values() if told[0] > edition)

    def _events(self, stories: Iterable[tuple[int, bool, bytes]]) -> bytes:
        """Return the events of these; of more than can be told one by one, those that are off the site, and a check."""
        found = list(stories)
        if len(found) <= self._most_told:
            return _ended([event for *_, event in found], self.edition)
        gone = [event for _, usable, event in found if not usable]
        return b"".join((*gone, check_event(self.edition)))


def check_event(edition: int) -> bytes:
    """Return the event that says: more has moved than can be told, look for yourself."""
    return b"event: reload\ndata: {}\nid: %d\n\n" % edition


def _ended(events: list[bytes], edition: int) -> bytes:
    """Return the events as one, the last of them with the edition as its id."""
    if not events:
        return b"id: %d\n\n" % edition
    return b"".join(events)[:-1] + b"id: %d\n\n" % edition


def _event(moved: Moved) -> bytes:
    """Return one story's event without an id. One that is off the site has no words in it."""
    data: dict[str, object] = {
        "story_id": moved.story_id,
        "change": moved.change,
        "status": moved.status,
        "sequence": moved.sequence,
        "is_new": moved.is_new,
    }
    if moved.status is PubStatus.USABLE:
        data |= {
            "section": moved.section,
            "labels": moved.labels,
            "headline": moved.headline,
            "path": story_path(moved.slug, moved.story_id),
        }
    # JSON has no line ends in it, so that it is one line of data; ASCII, so that no proxy can misread it.
    return b"event: story\ndata: %b\n\n" % json.dumps(data, separators=(",", ":")).encode()
