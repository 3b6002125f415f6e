"""What an onlooker sees in Redis, and how tests push copy through admission."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import redis

from services.ingest.admission.admit import Admission
from services.ingest.admission.received import Copy
from services.ingest.settings import Source
from shared.events import ArticleIngested, StageOutcome, StageResult

HARBOUR = Source(provider="Harbour Weekly", timezone="Australia/Sydney", section="harbour", language="en", push=True)


class Desk:
    """Reads the topics as anyone may."""

    def __init__(self, client: redis.Redis) -> None:
        self.redis = client

    @property
    def ingested(self) -> list[ArticleIngested]:
        """Everything that left ingest, whichever lane it took."""
        entries = [*self._entries("article.ingested"), *self._entries("article.ingested.urgent")]
        return [ArticleIngested.from_fields(fields) for _, fields in sorted(entries, key=lambda entry: entry[0])]

    @property
    def urgent(self) -> list[ArticleIngested]:
        return [ArticleIngested.from_fields(fields) for _, fields in self._entries("article.ingested.urgent")]

    @property
    def outcomes(self) -> list[StageResult]:
        return [StageOutcome.from_fields(fields).data for _, fields in self._entries("newsroom.log")]

    def everything(self) -> bytes:
        """Return all that Redis holds, in one heap."""
        return b"\n".join(b"%b %r" % (key, str(self._value(key)).encode()) for key in self.redis.scan_iter())

    def _value(self, key: bytes) -> Any:
        readers: dict[bytes, Callable[[bytes], Any]] = {
            b"string": self.redis.get,
            b"hash": self.redis.hgetall,
            b"stream": self.redis.xrange,
            b"zset": lambda name: self.redis.zrange(name, 0, -1),
        }
        return readers[cast("bytes", self.redis.type(key))](key)

    def _entries(self, stream: str) -> list[tuple[bytes, dict[bytes, bytes]]]:
        return cast("list[tuple[bytes, dict[bytes, bytes]]]", self.redis.xrange(stream))


async def send(
    admission: Admission, body: bytes, *, source: str = "harbour", content_type: str | None = None, **copy: Any
) -> list[StageResult]:
    """Push one body through admission and return the outcome of each entry."""
    taken = await admission.take(Copy(source=source, config=HARBOUR, body=body, content_type=content_type, **copy))
    return [await admission.admit(taken, index, entry) for index, entry in enumerate(taken.entries)]
