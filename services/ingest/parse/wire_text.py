"""The text of one transmission: bytes to characters, lines to paragraphs."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from charset_normalizer import from_bytes

from services.ingest.parse.blocks import Block, from_text
from services.ingest.parse.codes import Assumed, Refusal, assumption, refused
from services.ingest.parse.plain import LONGEST_COPY, blocks_of_text
from services.ingest.parse.text import bounded, squeeze
from shared.article import Assumption

__all__ = ["decode_lines", "for_readers", "paragraphs", "table", "typographic", "without_signoff"]

CODE_PAGES = ("cp1252", "cp437", "cp850")
"""What the machines wrote that still send these formats: Windows, and MS-DOS before it."""
SNIFFED = 2 * 1024
HIGH = re.compile(r"[^\x00-\x7f]")
PRINTED = "\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u20ac£§°«»½¼·¿¡\xa0"
MOST_LINES = 50_000
MOST_ROWS = 5_000
INDENTED = re.compile(r"^(?:\t| {2,})")
ESCAPES = re.compile("\x1b\\[[0-9;]{0,12}[A-Za-z]|\x1b.")
SIGNOFF = re.compile(r"(?P<agency>[A-Za-z]{2,8})(?:[ /][a-z]{2,4}){1,6}")
NOT_FOR_READERS = re.compile(
    r"# notebook$|(?:the )?following information is not (?:intended )?for publication", re.IGNORECASE
)
HALF_CODES = re.compile("[\x0e\x0f\x10-\x14\x17-\x1a\x1c-\x1f]")
"""Shifts and typesetting codes: they part words, so a space takes their place."""


def decode_lines(body: bytes) -> tuple[list[str], tuple[Assumption, ...]]:
    """Decode line by line: one transmission may carry lines from machines with different code pages.

    Lines that are UTF-8 beyond doubt are read so; the rest by the code page that all of them together look like.

    Raises:
        UnreadableCopy: ``too_large``.
    """
    lines = re.split(rb"\r\n|\r|\n", body)
    if len(lines) > MOST_LINES:
        raise refused(Refusal.TOO_LARGE, f"{len(lines)} lines, more than {MOST_LINES}")
    texts = [_utf8(line) for line in lines]
    other = b"\n".join(line for line, text in zip(lines, texts, strict=True) if text is None)
    page = ""
    note = assumption(Assumed.CHARSET_DETECTED, "utf-8, 99 of 100: the bytes are")
    if other:
        page, sure, how = _code_page(other)
        mixed = ", on lines that are not utf-8" if any(text and not text.isascii() for text in texts) else ""
        note = assumption(Assumed.CHARSET_DETECTED, f"{page}, {sure} of 100: {how}{mixed}")
    elif body.isascii():
        note = assumption(Assumed.CHARSET_READ, "ascii, 100 of 100: there is nothing else in it")
    read = [line.decode(page, "replace") if text is None else text for line, text in zip(lines, texts, strict=True)]
    return [HALF_CODES.sub(" ", ESCAPES.sub("", line)).rstrip() for line in read], (note,)


def _utf8(line: bytes) -> str | None:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _code_page(body: bytes) -> tuple[str, int, str]:
    """Return the code page, how sure it is and how it was told: by what its letters do to the words, else counted."""
    sample = body[:SNIFFED]
    texts = {page: sample.decode(page, "replace") for page in CODE_PAGES}
    fits = {page: _fit(text) for page, text in texts.items()}
    best = max(CODE_PAGES, key=lambda page: fits[page])
    rivals = [page for page in CODE_PAGES if fits[page] == fits[best] and texts[page] != texts[best]]
    if fits[best] > 0 and not rivals:
        return best, min(95, 60 + 5 * fits[best]), "by the letters that its bytes make"
    found = from_bytes(sample, cp_isolation=list(CODE_PAGES)).best()
    if found is None or found.encoding not in CODE_PAGES:
        return "cp1252", 20, "for want of anything better"
    return found.encoding, min(60, round(100 * (1 - found.chaos))), "by the look of the bytes"


def _fit(text: str) -> int:
    """Count for and against a reading. A transmission has a handful of such bytes: too few for statistics alone."""
    fit = 0
    for found in HIGH.finditer(text):
        at = found.start()
        character, before, after = found.group(), text[max(0, at - 1) : at], text[at + 1 : at + 2]
        inside = before.isalpha() and after.isalpha()
        if character.isalpha():
            # Nobody writes KÔln: a capital after a small letter is another page's letter.
            fit += -1 if character.isupper() and before.islower() else 1
        elif character == "\u2019" or (character in PRINTED and not inside):
            fit += 1
        else:
            fit -= 2
    return fit


def typographic(line: str) -> str:
    """Return a line of teletype punctuation as print: quotes of two keystrokes, ``_`` for the dash."""
    quoted = line.replace("``", "\u201c").replace("''", "\u201d")
    return re.sub(r"(?<=[\s)])(?:_+|--)(?=\s)", "\u2014", quoted)


def paragraphs(lines: Sequence[str]) -> list[Block]:
    """Return the paragraphs: by their indents where some lines have one, by blank lines where none or all have.

    Raises:
        UnreadableCopy: ``too_large``.
    """
    size = sum(map(len, lines))
    if size > LONGEST_COPY:
        raise refused(Refusal.TOO_LARGE, f"{size} characters of text, more than {LONGEST_COPY}")
    written = [line for line in lines if line.strip()]
    indented = sum(1 for line in written if INDENTED.match(line))
    if not indented or (indented == len(written) > 1 and not any(line.startswith("\t") for line in written)):
        return blocks_of_text("\n".join(lines))
    joined: list[list[str]] = []
    fresh = True
    for line in lines:
        if fresh or INDENTED.match(line) or not joined:
            joined.append([])
        fresh = not line.strip()
        joined[-1].append(line)
    return [from_text(text) for part in joined if (text := squeeze(" ".join(part)))]


def for_readers(lines: Sequence[str]) -> tuple[list[str], str]:
    """Return the lines for readers, and what some agencies send below them for editors alone: contacts, sources."""
    at = next((number for number, line in enumerate(lines) if NOT_FOR_READERS.match(line.strip())), len(lines))
    kept = list(lines[:at])
    while kept and not any(character.isalnum() for character in kept[-1]):
        kept.pop()
    return kept, squeeze(" ".join(lines[at:]))


def without_signoff(lines: Sequence[str], *agencies: str) -> list[str]:
    """Return the lines without the initials at their end, ``dpa so``, which begin with the name of the agency."""
    written = [number for number, line in enumerate(lines) if line.strip()]
    found = SIGNOFF.fullmatch(lines[written[-1]].strip()) if written else None
    names = {agency.lower()[:length] for agency in agencies for length in (2, 3, len(agency)) if agency}
    if found is None or found["agency"].lower() not in names:
        return list(lines)
    return list(lines[: written[-1]])


def table(lines: Sequence[str]) -> list[Block]:
    """Return tabular copy: its lines stay lines, in one block between blank ones."""
    blocks: list[Block] = []
    run: list[str] = []
    for line in [*lines[:MOST_ROWS], ""]:
        text = bounded(line, 400)
        if text:
            run.append(html.escape(text, quote=False))
        elif run:
            blocks.append(Block("p", "<br>".join(run)))
            run = []
    return blocks
