"""What goes to a worker together: the stories of a batch wait for one another. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

__all__ = ["CHARACTERS", "batches"]

T = TypeVar("T")

CHARACTERS = 40_000
"""Characters of copy in one batch: twenty ordinary stories, or two of the longest that are read."""


def batches(items: Iterable[T], most: int, size: Callable[[T], int], characters: int = CHARACTERS) -> list[list[T]]:
    """Divide items, in their order, into batches of at most so many and of that many characters; one has its own."""
    divided: list[list[T]] = []
    left = 0
    for item in items:
        if not divided or len(divided[-1]) == most or size(item) > left:
            divided.append([])
            left = characters
        divided[-1].append(item)
        left -= size(item)
    return divided
