"""Old wire formats told from their bytes, and a file of them cut into transmissions. Nothing is decoded yet.

The marks are control characters of ASCII: SYN fills the line, SOH opens the header, STX the text, ETX ends it. Lines
lose marks and gain noise, so a transmission goes on to the next opening when its end mark is missing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.ingest.parse.codes import Refusal, refused
from services.ingest.parse.detect import Format

__all__ = ["SNIFFED", "Frame", "frames", "told_by_marks", "wire_format"]

SNIFFED = 1_024
"""Bytes in which the first mark is looked for: before it stands noise, not copy."""
MOST_TRANSMISSIONS = 1_000
MOST_MARKS = 50_000
ANPA = re.compile(rb"\x01[A-Za-z]\d{3,5}\x1f")
IPTC7901 = re.compile(rb"\x01\s{0,3}[A-Za-z]{1,8}\d{1,5}[ \t]")
ZCZC = re.compile(rb"(?:^|[\r\n])[ \t\x00\x7f]{0,20}ZCZC(?=[\s\d])")
NOISE = re.compile(rb"[\x00\x16\x7f\xff\s]*")
END = {
    Format.IPTC7901: re.compile(rb"[\x03\x04]"),
    Format.ANPA: re.compile(rb"[\x03\x04]"),
    Format.ZCZC: re.compile(rb"(?:^|[\r\n])[ \t]*NNNN(?=[\s\x00\x03\x04\x7f]|$)"),
}
MARKS = re.compile(rb"[\x01\x03\x04]")
DECLARED = {kind.value: kind for kind in END}
GENERIC = frozenset({"", "application/octet-stream", "binary/octet-stream", "text/plain"})


@dataclass(frozen=True, slots=True)
class Frame:
    """One transmission: ``head`` up to the start of its text, ``text`` up to the end mark, ``tail`` what follows."""

    head: bytes
    text: bytes
    tail: bytes
    ended: bool


def wire_format(body: bytes, media_type: str) -> Format | None:
    """Tell which old wire format ``body`` is in, None when it is in none of them.

    A content type that names one is believed; one that says nothing is not needed.
    """
    if media_type in DECLARED:
        return told_by_marks(body) or DECLARED[media_type]
    return told_by_marks(body) if media_type in GENERIC else None


def told_by_marks(body: bytes) -> Format | None:
    """Tell the format by the first mark in the bytes; only noise may stand before one."""
    start = body[:SNIFFED]
    at = start.find(b"\x01")
    if at >= 0 and NOISE.fullmatch(start[:at]):
        if ANPA.match(body, at):
            return Format.ANPA
        if IPTC7901.match(body, at):
            return Format.IPTC7901
    found = ZCZC.search(start)
    return Format.ZCZC if found and NOISE.fullmatch(start[: found.start()]) else None


def frames(body: bytes, kind: Format) -> list[Frame]:
    """Cut ``body`` into transmissions.

    Raises:
        UnreadableCopy: ``invalid_transmission`` without an opening mark, ``too_many_items``.
    """
    starts = [found.start() for found in ZCZC.finditer(body)] if kind is Format.ZCZC else _openings(body)
    if not starts:
        raise refused(Refusal.INVALID_TRANSMISSION, "no mark opens a transmission")
    if len(starts) > MOST_TRANSMISSIONS:
        raise refused(Refusal.TOO_MANY_ITEMS, f"more than {MOST_TRANSMISSIONS} transmissions")
    ends = [*starts[1:], len(body)]
    return [_frame(body[start:end].strip(b"\x16\x00\x7f"), kind) for start, end in zip(starts, ends, strict=True)]


def _openings(body: bytes) -> list[int]:
    """Return where transmissions open: at SOH with a header, or at one that nothing else explains.

    Noise makes SOH of other bytes, and in the middle of a text it must not cost the story its end.
    """
    starts: list[int] = []
    closed = True
    if body.count(b"\x01") > MOST_MARKS:
        raise refused(Refusal.TOO_MANY_ITEMS, f"more than {MOST_MARKS} opening marks")
    for found in MARKS.finditer(body):
        at = found.start()
        if found.group() != b"\x01":
            closed = True
        elif closed or ANPA.match(body, at) or IPTC7901.match(body, at):
            starts.append(at)
            closed = False
            if len(starts) > MOST_TRANSMISSIONS:
                break
    return starts


def _frame(piece: bytes, kind: Format) -> Frame:
    found = END[kind].search(piece)
    whole, tail = (piece[: found.start()], piece[found.end() :]) if found else (piece, b"")
    head, mark, text = whole.partition(b"\x02")
    return Frame(head, text if mark else b"", tail, found is not None)
