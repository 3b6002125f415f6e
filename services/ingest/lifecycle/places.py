"""Where copy lies that ingest must read again: its bytes in the archive, and how they were received. Never the copy."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from services.ingest.admission.received import Copy
from services.ingest.settings import Source

__all__ = ["Place"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One entry of one body received."""

    raw: str
    """SHA-256 of the bytes: their name in the archive."""
    index: int
    """The entry's place among all entries of the body."""
    receipt: str
    received: str
    content_type: str | None
    url: str | None

    @classmethod
    def of(cls, copy: Copy, raw: str, index: int) -> Place:
        """Return the place of an entry of ``copy``."""
        return cls(
            raw=raw,
            index=index,
            receipt=copy.receipt,
            received=copy.received.isoformat(),
            content_type=copy.content_type,
            url=copy.url,
        )

    @classmethod
    def read(cls, text: str) -> Place:
        """Read what :meth:`to_text` wrote."""
        return cls(**json.loads(text))

    def to_text(self) -> str:
        """Return the form that a story's state keeps."""
        return json.dumps(asdict(self), separators=(",", ":"))

    def copy_of(self, body: bytes, *, source: str, config: Source) -> Copy:
        """Return the body as it was received then, so that it reads the same now."""
        return Copy(
            source=source,
            config=config,
            body=body,
            content_type=self.content_type,
            url=self.url,
            receipt=self.receipt,
            received=datetime.fromisoformat(self.received),
        )
