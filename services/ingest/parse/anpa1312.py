"""ANPA 1312, the wire format of American newspapers: SYN SYN SOH, service and number, US, selector; a second line; STX.

In the text ``^`` opens a line that is set by itself: slug, headline, notes, byline, crossheads. A tab opens a
paragraph; ``<`` and ``=`` end a line flush left or centred. After ETX stands the stamp, ``AP-WF-11-13-13 1509GMT``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.ingest.items import Hints, Parsed
from services.ingest.parse.blocks import Block, from_text
from services.ingest.parse.codes import Assumed, Refusal, assumption, refused
from services.ingest.parse.detect import Format
from services.ingest.parse.text import squeeze
from services.ingest.parse.wire_frame import Frame
from services.ingest.parse.wire_heading import bare, split_heading
from services.ingest.parse.wire_identity import words_of_slug
from services.ingest.parse.wire_item import Transmission, parse_frames
from services.ingest.parse.wire_stamp import day_near, take_stamp
from services.ingest.parse.wire_text import decode_lines, paragraphs, table, typographic
from shared.article import Assumption

__all__ = ["SECTIONS", "parse_anpa1312"]

FIRST = re.compile(rb"\x01?(?P<service>[A-Za-z])(?P<number>\d{3,5})(?:\x1f(?P<selector>[^\r\n]*))?")
# f l<DC3><DC1>BC-Ferry,1st Ld    11-13 1049: level and format may be lost, the day and the length too
SECOND = re.compile(
    rb"\s*(?P<priority>[A-Za-z])[ \t]+(?P<category>[A-Za-z])[ \t]*[\x13\x14]?[ \t]*(?P<format>[\x11\x12])?[ \t]*"
    rb"(?P<keyword>[^\r\n]*?)(?:[ \t]*(?<![^ \t\x11-\x14])(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:-\d{2,4})?)?"
    rb"(?:[ \t]+(?P<length>\d{3,5}))?[ \t]*"
)
URGENCY = {"f": 1, "b": 2, "u": 3, "r": 5, "z": 5, "d": 6, "a": 7, "s": 7, "w": 7}
"""Flash, bulletin, urgent, regular, tables, deferred, advances. The standard knows no numbers: these are ours."""
SECTIONS = {"f": "business", "i": "world", "s": "sport", "t": "sport", "e": "culture", "a": "national", "p": "politics"}
"""Categories that mean the same to every agency that uses the letters."""
LONGEST_HEADER = 300
TABULAR = b"\x12"
SLUG = re.compile(r"(?:AM|PM|BC|AP)-\S|\S.{2,60},\d{2,5}$")


def parse_anpa1312(body: bytes, hints: Hints) -> Parsed:
    """Read a file of one or more transmissions.

    Raises:
        UnreadableCopy: ``invalid_transmission``, ``too_many_items``, or what is wrong with the only transmission.
    """
    return parse_frames(body, Format.ANPA, hints, _transmission)


def _transmission(frame: Frame, hints: Hints) -> Transmission:
    top, *header = re.split(rb"\r\n|\r|\n", frame.head)
    first = FIRST.match(top[:LONGEST_HEADER])
    if first is None:
        raise refused(Refusal.INVALID_TRANSMISSION, f"the first line of ANPA 1312: {top[:80]!r}")
    second = SECOND.fullmatch(header[0][:LONGEST_HEADER]) if header else None
    # Without STX everything below the header is text.
    raw, charset = decode_lines(frame.text or b"\n".join(header[1:] if second else header))
    stamped = take_stamp(raw, decode_lines(frame.tail[:1_000])[0], hints)
    lines = [typographic(line) for line in stamped.lines]
    keyword = bare(decode_lines(second["keyword"])[0][0]) if second else ""
    slug, above, text = _parts(lines, keyword)
    heading = split_heading(above, text, keyed=False)
    tabular = second is not None and second["format"] == TABULAR
    urgency, mapped = _urgency(second)
    return Transmission(
        service=first["service"].decode(),
        sequence=first["number"].decode(),
        urgency=urgency,
        section=SECTIONS.get(second["category"].decode().lower()) if second else None,
        slug=slug or keyword,
        version=keyword if slug else "",
        headline=heading.headline,
        by=heading.by,
        notes=heading.notes if tabular else (*heading.notes, *heading.others),
        keywords=(words_of_slug(slug or keyword),),
        blocks=tuple(table([*heading.others, *map(bare, heading.text)]) if tabular else _blocks(heading.text)),
        day=day_near(int(second["month"]), int(second["day"]), hints) if second and second["month"] else None,
        moment=stamped.moment,
        assumptions=(*charset, *mapped),
    )


def _parts(lines: Sequence[str], keyword: str) -> tuple[str, list[str], list[str]]:
    """Return the slug line, the other lines that are set by themselves above the text, and the text."""
    start = next((n for n, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("^")), len(lines))
    above = [line for line in lines[:start] if line.strip()]
    if above and _is_slug(bare(above[0]), keyword):
        return bare(above[0])[:LONGEST_HEADER], above[1:], list(lines[start:])
    return "", above, list(lines[start:])


def _is_slug(line: str, keyword: str) -> bool:
    """Tell whether a line is the slug: by its cycle, by its length in words, or because the header says the same."""
    words, known = words_of_slug(line), words_of_slug(keyword)
    return SLUG.match(line) is not None or bool(known and words[:8] == known[:8] and len(line) <= 60)


def _urgency(second: re.Match[bytes] | None) -> tuple[int | None, tuple[Assumption, ...]]:
    if second is None:
        return None, ()
    letter = second["priority"].decode().lower()
    urgency = URGENCY.get(letter)
    return urgency, (assumption(Assumed.URGENCY, f"priority {letter} read as {urgency or 'none'}"),)


def _blocks(lines: Sequence[str]) -> list[Block]:
    if all(line.startswith("^") or not line.strip() for line in lines):
        # Flashes have no text but lines that are set by themselves.
        return paragraphs([bare(line) for line in lines])
    blocks: list[Block] = []
    run: list[str] = []
    for line in [*lines, "^"]:
        if not line.startswith("^"):
            run.append(line.rstrip(" <="))
            continue
        blocks.extend(paragraphs(run))
        run = []
        if any(character.isalnum() for character in line):
            blocks.append(from_text(squeeze(bare(line)), "h3"))
    return blocks
