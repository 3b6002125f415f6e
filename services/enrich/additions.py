"""What an enricher is, and what it may add to an article."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from shared.article import Article, Named, Skipped, Tag

__all__ = ["Additions", "Enrich", "Enricher", "Finding", "Found"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Additions:
    """What one enricher found. Whether it is taken over is :mod:`services.enrich.apply`'s to decide."""

    language: str | None = None
    word_count: int | None = None
    reading_minutes: int | None = None
    keywords: tuple[str, ...] = ()
    tags: tuple[Tag, ...] = ()
    places: tuple[Named, ...] = ()


Enrich = Callable[[Article], Additions]
"""Pure, and given the article as it came: no enricher waits for another, nor can be spoilt by one that is late."""


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
    instant: bool = False
    """Cheap enough for flashes: about a millisecond on a story of ordinary length."""


@dataclass(frozen=True, slots=True)
class Found:
    """An enricher was in time, and this is what it adds."""

    name: str
    version: str
    additions: Additions


Finding = Found | Skipped
