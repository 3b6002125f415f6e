"""What a feed lists, in order, and how an entry is told from what was listed before. Pure."""

from __future__ import annotations

import hashlib
from datetime import datetime

from services.ingest.admission.received import Taken
from services.ingest.items import Item, Warned
from services.ingest.lifecycle.identity import fingerprint, story_id

__all__ = ["SEALED", "in_order_of_time", "mark_of"]

SEALED = ":sealed"


def in_order_of_time(taken: Taken) -> list[tuple[int, Item | Warned]]:
    """Return the numbered entries oldest first: feeds list the newest first, and readers are told in order."""

    def moment(numbered: tuple[int, Item | Warned]) -> tuple[float, int]:
        index, entry = numbered
        told = (entry.modified or entry.published) if isinstance(entry, Item) else None
        return (told or taken.copy.received).timestamp(), -index

    return sorted(enumerate(taken.entries), key=moment)


def mark_of(source: str, entry: Item | Warned, *, now: datetime) -> tuple[str, str]:
    """Return the key of an entry in its listing, and what tells this state of it from another.

    An entry under embargo has another mark once the embargo has lifted, so that it is then looked at again.
    """
    if isinstance(entry, Warned):
        return f"!{hashlib.sha256(entry.detail.encode('utf-8', 'replace')).hexdigest()[:16]}", entry.code
    lift = entry.embargoed_until
    sealed = entry.embargoed and (lift is None or lift.tzinfo is None or lift > now)
    return story_id(source, entry), f"{fingerprint(entry)}{SEALED if sealed else ''}"
