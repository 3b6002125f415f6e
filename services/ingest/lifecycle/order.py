"""Which of two revisions is the later one, by what their provider declares. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum, auto

from services.ingest.items import Item
from services.ingest.lifecycle.state import StoryState

__all__ = ["Order", "believable", "order_of"]

FURTHEST_AHEAD = timedelta(days=1)
"""A time further ahead than any zone can explain counts as this far: it would shut out every later revision."""


class Order(Enum):
    """How the copy stands to the last revision, by what the provider declares of both."""

    OLDER = auto()
    NEWER = auto()
    UNTOLD = auto()


def order_of(story: StoryState, item: Item) -> Order:
    """Compare version numbers, then times; text that only looks like either is never compared."""
    if story.version is not None and item.version is not None and story.version != item.version:
        return Order.NEWER if item.version > story.version else Order.OLDER
    if story.modified and item.modified and story.modified != item.modified:
        return Order.NEWER if item.modified > story.modified else Order.OLDER
    return Order.UNTOLD


def believable(item: Item, *, now: datetime) -> Item:
    """Return the item with no time from further ahead than :data:`FURTHEST_AHEAD`."""
    if item.modified is None or item.modified <= now + FURTHEST_AHEAD:
        return item
    return replace(item, modified=now + FURTHEST_AHEAD)
