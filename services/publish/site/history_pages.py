"""The page that tells what became of a story since it was first published."""

from __future__ import annotations

import re
from collections.abc import Callable

from services.publish.history.entries import entries_of
from services.publish.site.frame import Frame
from services.publish.site.page_cache import Page
from services.publish.site.surrogates import shown_keys
from services.publish.slug import story_path
from services.publish.store.history import HistoryReader

__all__ = ["HistoryPages", "history_path"]

A_PAGE = 20
OLD_ENOUGH = 60.0
"""Seconds that a page may lack what is new in its navigation. What moved leaves it at once."""
_STORY = re.compile(r"(?:.*-)?([0-9a-z]{1,64})")


def history_path(story_id: str) -> str:
    """Return the address of a story's history: it has no headline in it, so it never changes."""
    return f"/story/{story_id}/history"


class HistoryPages:
    """Makes the pages of histories. ``refuse`` makes what stands at a story's address where it is not on the site."""

    def __init__(self, reader: HistoryReader, frame: Frame, refuse: Callable[[str, str], Page]) -> None:
        self._reader = reader
        self._frame = frame
        self._refuse = refuse

    def make(self, base: str, name: str, before: int | None) -> Page:
        """Return the history, 301 from an address with a headline, and 404 or 410 as the story itself has it."""
        found = _STORY.fullmatch(name)
        held = self._frame.reader.story(found[1]) if found else None
        if held is None or held.teaser is None:
            return self._refuse(base, name)
        story = held.teaser
        if name != story.story_id:
            return Page(b"", status=301, location=history_path(story.story_id))
        # One more than a page, to compare its last with.
        shown = self._reader.shown(story.story_id, A_PAGE + 1, before=before)
        entries = entries_of(shown, has_older=len(shown) > A_PAGE)
        body = self._frame.render(
            "history.html",
            title=f"History of {story.headline}",
            here=f"/{story.section}",
            story=story,
            entries=entries,
            older=f"{history_path(story.story_id)}?before={entries[-1].revision}" if len(shown) > A_PAGE else None,
            path=story_path(story.slug, story.story_id),
        )
        return Page(body, keys=shown_keys([story]), max_age=OLD_ENOUGH)
