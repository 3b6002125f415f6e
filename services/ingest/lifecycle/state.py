"""What ingest remembers of a story between two pieces of copy: the hash ``ingest:story:{story_id}``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import TypeAdapter

from shared.article import AlsoFrom

__all__ = ["BY_DESK", "HISTORY", "UNTOLD", "Status", "StoryState", "state_key"]

HISTORY = 16
"""Earlier texts that are told from news. A feed that rolls back by more has lost more than its order."""

UNTOLD = "untold"
BY_DESK = "desk"
"""An operator holds the copy: no lift of the provider's lets it out."""

_COPIES = TypeAdapter(tuple[AlsoFrom, ...])


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
    """The lift of an embargo in force, in ISO form; ``untold`` or ``desk`` where none will come; empty without one."""
    numbered: str = ""
    """Fingerprint of the copy that came under ``version``: other copy under the same number is a conflict."""
    held: str = ""
    """Fingerprint of the copy that waits for its lift."""
    waiting: str = ""
    """Where the bytes of the copy that waits lie, a :class:`~services.ingest.lifecycle.places.Place`; never copy."""
    live: str = ""
    """Where the bytes of the last usable revision lie, so that an operator can bring it back after a kill."""
    folded_into: str = ""
    """The story that stands for this copy while it is held, or stood for it before: another source's, same text."""
    also_from: tuple[AlsoFrom, ...] = ()
    """The copies that are folded into this story."""
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
            "numbered": self.numbered,
            "held": self.held,
            "waiting": self.waiting,
            "live": self.live,
            "folded_into": self.folded_into,
            "also_from": _COPIES.dump_json(self.also_from, exclude_none=True).decode() if self.also_from else "",
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
            # States that an earlier version wrote lack these.
            numbered=text.get("numbered", ""),
            held=text.get("held", ""),
            waiting=text.get("waiting", ""),
            live=text.get("live", ""),
            folded_into=text.get("folded_into", ""),
            also_from=_COPIES.validate_json(copies) if (copies := text.get("also_from")) else (),
            history=tuple(text["history"].split()),
        )

    @property
    def is_kept_for_ever(self) -> bool:
        """A kill or a withhold that is forgotten would let old copy back in; a seal, what waits under it out."""
        return self.status in {Status.CANCELED, Status.WITHHELD} or bool(self.waiting)


def state_key(story_id: str) -> str:
    """Return the key of the story's hash in Redis."""
    return f"ingest:story:{story_id}"
