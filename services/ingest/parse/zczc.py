"""ZCZC … NNNN, the frame of teleprinter days, with the AAP's line marks: one sign opens each line of the header.

The signs mean different things on different desks, so a line is read by its sign and by what it holds: ``$`` before a
letter is a category and before words a headline, ``:`` before digits a length and before words a keyword or, where
no other line is the headline, that; ``*`` and ``+`` hold a subject code of eight digits or the kind of text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from services.ingest.items import Hints, Parsed
from services.ingest.parse.anpa1312 import SECTIONS
from services.ingest.parse.detect import Format
from services.ingest.parse.wire_advisory import is_version_line
from services.ingest.parse.wire_frame import Frame
from services.ingest.parse.wire_heading import split_heading
from services.ingest.parse.wire_item import Transmission, parse_frames
from services.ingest.parse.wire_stamp import take_stamp
from services.ingest.parse.wire_text import decode_lines, for_readers, paragraphs, table, typographic, without_signoff
from shared.article import Subject
from shared.places import title_case

__all__ = ["parse_zczc"]

FIRST = re.compile(r"\s*ZCZC\s*(?P<service>[A-Za-z]{1,8})?\s?(?P<number>\d{1,5})?\b.*")
ROUTING = re.compile(r"(?:YY|GR|VV) [A-Z]{2,5}")
MARKED = re.compile(r"(?P<sign>[%#$:=^*+@~&])\s*(?P<value>.*)")
LONGEST_VALUE = 500
SUBJECT = re.compile(r"\d{8}")
SUBJECT_CODES = "http://cv.iptc.org/newscodes/subjectcode/"
WIDE = re.compile(r"\S {3,}\S")
"""Columns: text with many such lines is a table, whatever the header says."""

Marks = Mapping[str, list[str]]
"""The values of each sign, in the order of the copy."""


def parse_zczc(body: bytes, hints: Hints) -> Parsed:
    """Read a file of one or more transmissions.

    Raises:
        UnreadableCopy: ``invalid_transmission``, ``too_many_items``, or what is wrong with the only transmission.
    """
    return parse_frames(body, Format.ZCZC, hints, _transmission)


def _transmission(frame: Frame, hints: Hints) -> Transmission:
    raw, charset = decode_lines(b"\n".join(filter(None, (frame.head.lstrip(b"\r\n"), frame.text))))
    first = FIRST.match(raw[0][:300])
    service = (first["service"] or "") if first else ""
    stamped = take_stamp(without_signoff(raw[1:], service), decode_lines(frame.tail[:1_000])[0], hints)
    lines, below = for_readers(stamped.lines)
    marks, text = _header(lines)
    headline, slug = _names(marks)
    heading = split_heading([headline] if headline else [], [typographic(line) for line in text], keyed=False)
    version = " ".join(value for sign in "=@" for value in marks[sign] if sign == "=" or is_version_line(value))
    place = next((value for value in marks["@"] if not is_version_line(value)), "")
    category = next((value for sign in "%$" for value in marks[sign] if len(value) == 1), "")
    return Transmission(
        service=service,
        sequence=(first["number"] or "") if first else "",
        section=SECTIONS.get(category.lower()),
        slug=slug,
        version=version,
        headline=heading.headline,
        by=heading.by,
        notes=tuple(filter(None, (version, *heading.notes, *heading.others, below))),
        keywords=(slug,),
        subjects=tuple(_subject(value) for sign in "*+" for value in marks[sign] if SUBJECT.fullmatch(value)),
        place=title_case(place)[:100] or None,
        blocks=tuple(table(heading.text) if _is_table(marks, heading.text) else paragraphs(heading.text)),
        moment=stamped.moment,
        assumptions=charset,
    )


def _subject(code: str) -> Subject:
    """Return a subject by its code alone: the copy does not name it."""
    return Subject(name=code, literal=code, uri=f"{SUBJECT_CODES}{code}")


def _header(lines: Sequence[str]) -> tuple[Marks, list[str]]:
    """Read the lines with signs; the first line without one, or a sign that came before, is text."""
    marks: defaultdict[str, list[str]] = defaultdict(list)
    for number, line in enumerate(lines):
        bare = line.replace("\x02", "").strip()
        found = MARKED.fullmatch(bare)
        if found and (found["sign"] == ":" or found["sign"] not in marks):
            marks[found["sign"]].append(found["value"][:LONGEST_VALUE])
        elif marks or (bare and not ROUTING.fullmatch(bare)):
            return marks, [part.replace("\x02", "") for part in lines[number:]]
    return marks, []


def _names(marks: Marks) -> tuple[str, str]:
    """Return headline and slug."""
    words = [value for value in marks[":"] if value and not value.isdigit()]
    headline = next((value for sign in "^$" for value in marks[sign] if len(value) > 2), "")
    slug = next((value for value in marks["#"] if value), "")
    if not headline:
        return (words[-1], slug or (words[0] if len(words) > 1 else "")) if words else ("", slug)
    return headline, slug or next(iter(words), "")


def _is_table(marks: Marks, text: Sequence[str]) -> bool:
    written = [line for line in text if line.strip()]
    wide = sum(1 for line in written if WIDE.search(line))
    return "T" in (*marks["*"], *marks["+"]) or (len(written) >= 4 and wide * 2 > len(written))
