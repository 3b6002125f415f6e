"""Where pulling stands with each source: the hash ``ingest:pull:{source}``."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import cast

from redis.asyncio import Redis

__all__ = ["PullCursor", "PullCursors"]

# Whoever lost the lease in the middle of a page must not move back a cursor that its successor has moved on.
MOVE = """
if (redis.call('HGET', KEYS[1], 'moves') or '0') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
return 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PullCursor:
    """The page to read next, and when."""

    url: str
    """The first page, by the configuration: another one begins anew."""
    next: str = ""
    """The page to read; empty for the first."""
    sha256: str = ""
    """That page as it was last dealt with: the same again needs no second look."""
    due_ms: int = 0
    failures: int = 0
    tries: int = 0
    """Reads of this page that left an item behind."""
    moves: int = 0
    """Counts the writes of this cursor."""

    @property
    def page(self) -> str:
        return self.next or self.url


class PullCursors:
    """Reads and writes the cursors in Redis."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def load(self, source: str, url: str) -> PullCursor:
        """Return the cursor; one of another first page only lends its count."""
        fields = cast("dict[bytes, bytes]", await self._redis.hgetall(f"ingest:pull:{source}"))
        text = {name.decode(): value.decode() for name, value in fields.items()}
        moves = int(text.get("moves", "0"))
        if text.get("url") != url:
            return PullCursor(url=url, moves=moves)
        return PullCursor(
            url=url,
            next=text["next"],
            sha256=text["sha256"],
            due_ms=int(text["due_ms"]),
            failures=int(text["failures"]),
            tries=int(text["tries"]),
            moves=moves,
        )

    async def move(self, source: str, cursor: PullCursor) -> bool:
        """Move the cursor on from where it was loaded; False when another was faster."""
        fields = {
            "url": cursor.url,
            "next": cursor.next,
            "sha256": cursor.sha256,
            "due_ms": str(cursor.due_ms),
            "failures": str(cursor.failures),
            "tries": str(cursor.tries),
            "moves": str(cursor.moves + 1),
        }
        args = [str(cursor.moves), *(part for pair in fields.items() for part in pair)]
        key = f"ingest:pull:{source}"
        return bool(await cast("Awaitable[int]", self._redis.eval(MOVE, 1, key, *args)))
