"""What a fetch brought home."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Fetched", "NotModified"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The source says that nothing changed."""

    fresh_seconds: float = 0.0
    """For how long the source says that nothing will."""
    moved_to: str | None = None
    """Where 301 and 308 alone led, without a password; None when no such redirect came first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched(NotModified):
    """A whole body, and what to say next time so as not to be given it again."""

    body: bytes
    content_type: str | None
    etag: str | None
    last_modified: str | None
    url: str
    links: tuple[str, ...] = ()
    """The Link headers."""
