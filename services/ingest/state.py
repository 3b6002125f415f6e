"""What ingest remembers of a story between two pieces of copy: the hash ``ingest:story:{story_id}``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

__all__ = ["HISTORY", "Status", "StoryState", "state_key"]

HISTORY = 16
"""Earlier texts that are told from news. A feed that rolls back by more has lost more than its order."""

UNTOLD = "untold"


class Status(StrEnum):
    """Where the story stands. ``held`` was never let out of ingest."""

    HELD = "held"
    USABLE = "usable"
    WITHHELD = "withheld"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryState:
    """The story so far."""

    source: str
    uri: str
    revision: int = 0
    """Moves with every write of this state, so that two writers never both believe they were first."""
    emitted: int = 0
    """The last revision that left ingest; 0 while none has."""
    published: bool = False
    """Whether a usable revision ever left ingest."""
    status: Status = Status.HELD
    content: str = ""
    meta: str = ""
    version: int | None = None
    modified: datetime | None = None
    sealed: str = ""
    """The lift of an embargo in force, in ISO form; ``untold`` when it cannot be told; empty when there is none."""
    history: tuple[str, ...] = ()
    """Fingerprints that left ingest, the newest last, at most :data:`HISTORY`."""

    def to_fields(self) -> dict[str, str]:
        """Return the hash, text to text."""
        return {
            "source": self.source,
            "uri": self.uri,
            "revision": str(self.revision),
            "emitted": str(self.emitted),
            "published": "1" if self.published else "",
            "status": self.status.value,
            "content": self.content,
            "meta": self.meta,
            "version": "" if self.version is None else str(self.version),
            "modified": self.modified.isoformat() if self.modified else "",
            "sealed": self.sealed,
            "history": " ".join(self.history),
        }

    @classmethod
    def from_fields(cls, fields: Mapping[bytes, bytes]) -> StoryState | None:
        """Read the hash; an empty one is a story that is not known."""
        if not fields:
            return None
        text = {name.decode(): value.decode() for name, value in fields.items()}
        return cls(
            source=text["source"],
            uri=text["uri"],
            revision=int(text["revision"]),
            emitted=int(text["emitted"]),
            published=bool(text["published"]),
            status=Status(text["status"]),
            content=text["content"],
            meta=text["meta"],
            version=int(text["version"]) if text["version"] else None,
            modified=datetime.fromisoformat(text["modified"]) if text["modified"] else None,
            sealed=text["sealed"],
            history=tuple(text["history"].split()),
        )

    @property
    def is_kept_for_ever(self) -> bool:
        """A kill or a withhold that is forgotten would let old copy back in."""
        return self.status in {Status.CANCELED, Status.WITHHELD}


def state_key(story_id: str) -> str:
    """Return the key of the story's hash in Redis."""
    return f"ingest:story:{story_id}"
