"""Where polling stands with each feed: the hashes ``ingest:feed:{name}`` and ``ingest:seen:{name}``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, cast

from shared.delivery import Delivery

__all__ = ["Cursor", "FeedCursors"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """What to say to the feed at the next poll, and when that is."""

    url: str
    """The address in the configuration: another one there starts afresh, and opens a feed that was closed."""
    moved: str = ""
    """Where the feed is fetched instead, since 301 or 308 said so; empty when it stayed."""
    etag: str = ""
    last_modified: str = ""
    sha256: str = ""
    """The body that was last dealt with: the same again needs no second look."""
    due_ms: int = 0
    """When the next poll is due, in Unix milliseconds: it outlives the replica that polled last."""
    floor_ms: int = 0
    """No poll before this, whatever the configuration says: the source asked for it."""
    failures: int = 0
    strain: int = 0
    """The failures in a row, weighed."""
    code: str = ""
    """Of the last poll, when it failed."""
    gap: float = 0.0
    """Seconds between new entries as learned; 0 while nothing is."""
    changed_ms: int = 0
    """When a poll last found something new."""
    closed: str = ""
    """Why the feed is not to be asked again; empty while it is."""


KINDS: dict[str, Callable[[str], object]] = {
    field.name: {"str": str, "int": int, "float": float}[str(field.type)] for field in fields(Cursor)
}
"""How each field is read back from text."""


class FeedCursors:
    """Reads and writes the cursors in Redis."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery

    async def load(self, source: str, url: str) -> Cursor:
        """Return the cursor; a feed that moved to another address starts afresh."""
        stored = cast("dict[bytes, bytes]", await self._delivery.redis.hgetall(f"ingest:feed:{source}"))
        text = {name.decode(): value.decode() for name, value in stored.items()}
        if text.get("url") != url:
            return Cursor(url=url)
        # A cursor of an earlier version has fewer fields than this one knows.
        known = {name: kind(text[name]) for name, kind in KINDS.items() if name in text}
        return Cursor(**cast("dict[str, Any]", known))

    async def save(self, source: str, cursor: Cursor, seen: Mapping[str, str] | None = None) -> None:
        """Move the cursor; with ``seen``, the listing that it stands for moves in the same step."""
        # redis-py asks for a wider key type than str, and dict's is invariant.
        listing: dict[Any, Any] = dict(seen or {})
        state: dict[Any, Any] = {name: str(value) for name, value in asdict(cursor).items()}
        async with self._delivery.redis.pipeline(transaction=True) as pipe:
            pipe.hset(f"ingest:feed:{source}", mapping=state)
            if seen is not None:
                pipe.delete(f"ingest:seen:{source}")
                if listing:
                    pipe.hset(f"ingest:seen:{source}", mapping=listing)
            await pipe.execute()

    async def add_seen(self, source: str, seen: Mapping[str, str]) -> None:
        """Add to the listing what came in between two polls. The next listing replaces it all, so it stays bounded."""
        if seen:
            listing: dict[Any, Any] = dict(seen)
            await self._delivery.redis.hset(f"ingest:seen:{source}", mapping=listing)

    async def seen(self, source: str) -> dict[str, str]:
        """Return the entries of the last listing: key to what was seen under it."""
        stored = cast("dict[bytes, bytes]", await self._delivery.redis.hgetall(f"ingest:seen:{source}"))
        return {name.decode(): value.decode() for name, value in stored.items()}
