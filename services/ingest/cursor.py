"""Where polling stands with each feed: the hashes ``ingest:feed:{name}`` and ``ingest:seen:{name}``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from redis.asyncio import Redis

__all__ = ["Cursor", "FeedCursors"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """What to say to the feed at the next poll, and when that is."""

    url: str
    etag: str = ""
    last_modified: str = ""
    sha256: str = ""
    """The body that was last dealt with: the same again needs no second look."""
    due_ms: int = 0
    """When the next poll is due, in Unix milliseconds: it outlives the replica that polled last."""
    failures: int = 0


class FeedCursors:
    """Reads and writes the cursors in Redis."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def load(self, source: str, url: str) -> Cursor:
        """Return the cursor; a feed that moved to another address starts afresh."""
        fields = cast("dict[bytes, bytes]", await self._redis.hgetall(f"ingest:feed:{source}"))
        text = {name.decode(): value.decode() for name, value in fields.items()}
        if text.get("url") != url:
            return Cursor(url=url)
        return Cursor(
            url=url,
            etag=text["etag"],
            last_modified=text["last_modified"],
            sha256=text["sha256"],
            due_ms=int(text["due_ms"]),
            failures=int(text["failures"]),
        )

    async def save(self, source: str, cursor: Cursor, seen: Mapping[str, str] | None = None) -> None:
        """Move the cursor; with ``seen``, the listing that it stands for moves in the same step."""
        # redis-py asks for a wider key type than str, and dict's is invariant.
        listing: dict[Any, Any] = dict(seen or {})
        fields: dict[Any, Any] = {
            "url": cursor.url,
            "etag": cursor.etag,
            "last_modified": cursor.last_modified,
            "sha256": cursor.sha256,
            "due_ms": str(cursor.due_ms),
            "failures": str(cursor.failures),
        }
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.hset(f"ingest:feed:{source}", mapping=fields)
            if seen is not None:
                pipe.delete(f"ingest:seen:{source}")
                if listing:
                    pipe.hset(f"ingest:seen:{source}", mapping=listing)
            await pipe.execute()

    async def seen(self, source: str) -> dict[str, str]:
        """Return the entries of the last listing: key to what was seen under it."""
        fields = cast("dict[bytes, bytes]", await self._redis.hgetall(f"ingest:seen:{source}"))
        return {name.decode(): value.decode() for name, value in fields.items()}
