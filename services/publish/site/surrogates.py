"""What a page was made from, by name: when one of these moves, the page is made again. Pure.

They also go out as ``Surrogate-Key``, by which a content network can be told to drop the same pages.
"""

from __future__ import annotations

from collections.abc import Iterable

from services.publish.store.changes import Moved
from services.publish.store.reading import Teaser

__all__ = ["EVERYTHING_NEW", "label_key", "moved_keys", "section_name", "shown_keys", "story_key"]

EVERYTHING_NEW = "latest"
"""A list that any story may come into: the home page, feeds, sitemaps."""


def story_key(story_id: str) -> str:
    """Return the name of one story."""
    return f"story:{story_id}"


def section_name(section: str) -> str:
    """Return the name of the list of one section."""
    return f"section:{section}"


def label_key(kind: str, key: str) -> str:
    """Return the name of the list of one topic, place, person or organisation."""
    return f"{kind}:{key}"


def shown_keys(teasers: Iterable[Teaser], *more: str) -> frozenset[str]:
    """Return the keys of a page that shows these stories: it goes when one of them moves."""
    return frozenset((*(story_key(teaser.story_id) for teaser in teasers), *more))


def moved_keys(moved: Iterable[Moved]) -> frozenset[str]:
    """Return what these stories touch: themselves wherever they are shown, and the lists that they are now in.

    A list that a story has left had the story's own key, if it showed it.
    """
    keys: set[str] = set()
    for story in moved:
        keys |= {story_key(story.story_id), EVERYTHING_NEW}
        keys |= {label_key(kind, key) for kind, key in story.labels}
        if story.section:
            keys.add(section_name(story.section))
    return frozenset(keys)
