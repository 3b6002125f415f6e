"""What an enricher is, and what it may add to an article."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.enrich.copy import Copy
from shared.article import Dateline, Kind, Position, Skipped, Tag

__all__ = ["Additions", "Cost", "Enrich", "Enricher", "Finding", "Found", "Mention", "each"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A name as the copy has it, for the enrichers that come after; subscribers are given tags."""

    kind: Kind
    name: str
    """As printed: *Kishida*, *TOKYO*."""
    position: Position
    tag: str | None = None
    """The name of the tag that it was merged into, where it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Additions:
    """What one enricher found. Whether it is taken over is :mod:`services.enrich.apply`'s to decide."""

    language: str | None = None
    word_count: int | None = None
    reading_minutes: int | None = None
    dateline: Dateline | None = None
    summary: str | None = None
    """One sentence, plain text."""
    slugline: str | None = None
    keywords: tuple[str, ...] = ()
    tags: tuple[Tag, ...] = ()
    mentions: tuple[Mention, ...] = ()
    """For the enrichers that come after; not part of the article."""
    traits: Mapping[str, bytes] | None = None
    """What links are found by, packed; for :mod:`services.enrich.links`, not part of the article."""


Enrich = Callable[[Sequence[Copy]], Sequence[Additions]]
"""Pure: one answer a copy, in order, and the same whatever stands beside it in the batch."""


class Cost(StrEnum):
    """What an enricher takes for a story of 360 words, on one core."""

    INSTANT = "instant"
    """About a millisecond: asked for flashes too."""
    LIGHT = "light"
    """Up to five milliseconds."""
    MODEL = "model"
    """More: a model reads the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enricher:
    """One entry of the registry."""

    name: str
    version: str
    """Grows when the same article could get other additions than before."""
    adds: tuple[str, ...]
    """The fields of :class:`Additions` that it fills."""
    load: Callable[[], Enrich]
    """Reads the model, once and before readiness; raises when it cannot be had."""
    cost: Cost = Cost.LIGHT
    after: tuple[str, ...] = ()
    """Enrichers whose findings it reads, from ``Copy.found``. It must do with less where one of them failed."""


@dataclass(frozen=True, slots=True)
class Found:
    """An enricher was in time, and this is what it adds."""

    name: str
    version: str
    additions: Additions


Finding = Found | Skipped


def each(find: Callable[[Copy], Additions]) -> Enrich:
    """Make an enricher for batches of one for single copies."""

    def find_in_each(copies: Sequence[Copy]) -> list[Additions]:
        return [find(copy) for copy in copies]

    return find_in_each
