"""IPTC 7901, frozen in 1995 and still sent: SOH, source and number, priority, category, length, keywords; STX; ETX.

Between the first line and the text stand the keyword line, version words, headline and byline, each on a line; some
agencies put headline and byline after STX instead. The stamp, day and time and zone, stands before or after ETX.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.ingest.items import Hints, Parsed
from services.ingest.parse.codes import Assumed, Refusal, assumption, refused
from services.ingest.parse.detect import Format
from services.ingest.parse.wire_frame import Frame
from services.ingest.parse.wire_heading import Heading, split_heading
from services.ingest.parse.wire_item import Transmission, parse_frames
from services.ingest.parse.wire_stamp import take_stamp
from services.ingest.parse.wire_text import decode_lines, for_readers, paragraphs, typographic, without_signoff
from shared.article import Assumption

__all__ = ["parse_iptc7901"]

FIRST = re.compile(
    r"\x01?\s*(?P<source>[A-Za-z]{1,8})(?P<number>\d{1,5})"
    r"(?:\s+(?P<priority>[1-9A-Za-z])(?:\s+(?P<category>[A-Za-z]{1,4}))?(?:\s+(?P<length>\d{1,6}))?)?(?:\s+(?P<rest>.*))?"
)
PRIORITIES = {"f": 1, "b": 2, "u": 3, "r": 5, "d": 7}
"""Letters in place of the standard's digits: flash, bulletin, urgent, routine, deferred."""


def parse_iptc7901(body: bytes, hints: Hints) -> Parsed:
    """Read a file of one or more transmissions.

    Raises:
        UnreadableCopy: ``invalid_transmission``, ``too_many_items``, or what is wrong with the only transmission.
    """
    return parse_frames(body, Format.IPTC7901, hints, _transmission)


def _transmission(frame: Frame, hints: Hints) -> Transmission:
    lines, charset = decode_lines(b"\x02".join((frame.head, frame.text)) if frame.text else frame.head)
    first = FIRST.fullmatch(lines[0].partition("\x02")[0][:300].strip())
    if first is None:
        raise refused(Refusal.INVALID_TRANSMISSION, f"the first line of IPTC 7901: {lines[0][:80]!r}")
    stamped = take_stamp(lines[1:], decode_lines(frame.tail[:1_000])[0], hints)
    lines, below = for_readers(stamped.lines)
    lines = without_signoff(lines, first["source"], *(first["rest"] or "").split())
    heading = _heading([typographic(line) for line in lines])
    urgency, mapped = _urgency(first["priority"])
    return Transmission(
        service=first["source"],
        sequence=first["number"],
        urgency=urgency,
        slug=heading.slug,
        headline=heading.headline,
        by=heading.by,
        notes=tuple(filter(None, (*heading.notes, *heading.others, below))),
        keywords=tuple(heading.slug.split("/")),
        blocks=tuple(paragraphs(heading.text)),
        moment=stamped.moment,
        assumptions=(*charset, *mapped),
    )


def _heading(lines: Sequence[str]) -> Heading:
    """Split at STX, which opens the text on its own line; copy that lost it is split by the look of its lines."""
    at = next((n for n, line in enumerate(lines) if "\x02" in line), None)
    if at is None:
        return split_heading(lines, [], keyed=True)
    before, _, after = lines[at].partition("\x02")
    return split_heading([*lines[:at], before], [after, *lines[at + 1 :]], keyed=True)


def _urgency(priority: str | None) -> tuple[int | None, tuple[Assumption, ...]]:
    if priority is None or priority.isdigit():
        return int(priority) if priority else None, ()
    urgency = PRIORITIES.get(priority.lower())
    return urgency, (assumption(Assumed.URGENCY, f"priority {priority} read as {urgency or 'none'}"),)
