"""What the XML wire formats write alike: dates, lifts, numbers, statuses and datelines."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from services.ingest.items import Hints
from services.ingest.parse.codes import Assumed, Refusal, assumption, refused
from services.ingest.parse.dateline import split_dateline
from services.ingest.parse.dates import read_moment, read_zoned
from services.ingest.parse.text import bounded
from shared.article import Assumption, Dateline, PubStatus
from shared.places import title_case

__all__ = ["Dates", "dateline_of", "identity_of", "lift", "number", "status_of"]

LONGEST_IDENTITY = 2_048
STATUSES = {
    "usable": PubStatus.USABLE,
    "embargoed": PubStatus.USABLE,  # NITF and NewsML 1: when it ends is written elsewhere
    "withheld": PubStatus.WITHHELD,
    "canceled": PubStatus.CANCELED,
    "cancelled": PubStatus.CANCELED,
}
WITHOUT_T = re.compile(r"(\d{8})(\d{6})")
"""NITF's own documentation has ``YYYYMMDD000000-HHMM`` for a date without a time."""


def status_of(word: str | None) -> PubStatus:
    """Return a publishing status; a word that is none of IPTC's is refused, since it might mean withhold.

    Raises:
        UnreadableCopy: ``pub_status_unknown``.
    """
    name = (word or "").strip().lower()
    if name not in STATUSES:
        raise refused(Refusal.PUB_STATUS_UNKNOWN, f"the publishing status {name[:100] or '(empty)'}")
    return STATUSES[name]


def identity_of(text: str | None) -> str | None:
    """Return the provider's name for the story.

    Raises:
        UnreadableCopy: ``too_large``; cut, two long names that differ at the end would be one story.
    """
    name = bounded(text, LONGEST_IDENTITY + 1)
    if name and len(name) > LONGEST_IDENTITY:
        raise refused(Refusal.TOO_LARGE, "the name of the story")
    return name


def number(text: str | None, most: int) -> int | None:
    """Return a whole number from 1 to ``most``."""
    digits = (text or "").strip()
    return int(digits) if re.fullmatch(r"[0-9]{1,16}", digits) and 1 <= int(digits) <= most else None


def lift(text: str | None) -> datetime | None:
    """Return when an embargo ends; None when it does not say so to the minute and the zone."""
    return read_zoned(WITHOUT_T.sub(r"\1T\2", text or "", count=1))


def dateline_of(text: str | None, place: str | None, country: str | None) -> Dateline | None:
    """Return the dateline as printed, or else as the copy's metadata locates it."""
    where = ", ".join(dict.fromkeys(part for part in (place, country) if part))
    if not text:
        return Dateline(text=where, place=place or country, country=country) if where else None
    # Read as it would stand before a sentence: `MOSCOW, Monday (Agency)`.
    read = split_dateline(text.rstrip(" -\u2013\u2014:") + " \u2014 A")
    first = re.match(r"([^\W\d][^\d,()]{1,48}?)\s*[,(]", text)
    found = place or (read[0].place if read else first[1] if first else None)
    return Dateline(
        text=text,
        place=title_case(found) if found and found.isupper() and len(found) > 3 else found,
        country=country or (read[0].country if read else None),
    )


@dataclass(slots=True)
class Dates:
    """Reads an item's dates, and keeps what had to be assumed about them, each once."""

    hints: Hints
    notes: dict[str, Assumption] = field(default_factory=dict)

    def read(self, *written: str | None) -> datetime | None:
        """Return the first of the dates that is written at all."""
        text = next((w.strip() for w in written if w and w.strip()), "")
        if not text:
            return None
        moment = read_moment(WITHOUT_T.sub(r"\1T\2", text[:100], count=1), self.hints)
        notes = moment.assumptions if moment else (assumption(Assumed.DATE_UNREADABLE, text),)
        for note in notes:
            self.notes.setdefault(note.code, note)
        return moment.at if moment else None

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        return tuple(self.notes.values())
