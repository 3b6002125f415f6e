"""The lines between the header of a transmission and its copy, told apart by their look."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.ingest.parse.dateline import split_dateline
from services.ingest.parse.header import byline
from services.ingest.parse.text import bounded, ends_sentence, has_boundary
from services.ingest.parse.wire_advisory import is_version_line

__all__ = ["Heading", "bare", "is_note", "split_heading"]

NOTE = re.compile(
    r"^\W*(?:(?:attention |note to )?(?:eds|editors?)\b(?:['\u2019]s note)?\s*[:_,.\u2014-]|ed(?:itor)?'?s note\b"
    r"|(?:strictly |under )?embargo|hold for|for release|for use|not for (?:release|publication|use)"
    r"|withhold|advisory\b"
    r"|(?:ap |afp )?(?:photos?|graphics?|pictures?)\b.*\d|with (?:ap )?(?:photos?|graphics?)\b|recasts?\b|\(.*\)$)",
    re.IGNORECASE,
)
LONGEST = 300
MOST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What stood above the copy; ``text`` is the copy's own lines."""

    slug: str = ""
    headline: str | None = None
    by: str | None = None
    notes: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    """Lines above the text that are none of these: the name of the agency, the second line of a headline."""
    text: tuple[str, ...] = ()


def split_heading(above: Sequence[str], text: Sequence[str], *, keyed: bool) -> Heading:
    """Sort the lines ``above`` the text, and those of the text up to where it reads like copy.

    ``keyed`` says that the first line is the keyword line. A transmission that lost its mark has no ``text``.
    """
    lines = [line for line in above if bare(line)]
    slug = bare(lines.pop(0))[:LONGEST] if keyed and lines else ""
    above, text = (lines, text) if any(bare(line) for line in text) else ([], lines)
    sorting = _Sorting()
    others = [bare(line) for line in above if not sorting.takes(line)]
    start = 0
    for number, line in enumerate(text[:MOST]):
        if not bare(line):
            continue
        if (sorting.headline is None and _is_copy(text, number)) or not sorting.takes(line):
            break
        start = number + 1
    return Heading(
        slug=slug,
        headline=bounded(sorting.headline, LONGEST),
        by=sorting.by,
        notes=tuple(sorting.notes),
        others=tuple(others),
        text=tuple(text[start:]),
    )


class _Sorting:
    """What was found so far."""

    def __init__(self) -> None:
        self.headline: str | None = None
        self.by: str | None = None
        self.notes: list[str] = []

    def takes(self, line: str) -> bool:
        """Take a line for what it is; False for one that is none of these."""
        text = bare(line)
        if is_note(text):
            self.notes.append(text)
        elif len(text) <= 120 and (who := byline(text)) is not None:
            self.by = self.by or who
        elif self.headline is None:
            self.headline = text
        else:
            return False
        return True


def is_note(line: str) -> bool:
    """Tell whether a line is for editors: a note, an embargo, or version words alone."""
    return len(line) <= LONGEST and (NOTE.match(line) is not None or is_version_line(line))


def bare(line: str) -> str:
    """Return a line without the marks that set it: start of line, centred, end."""
    return line.replace("\x02", "").strip(" \t^<=")


def _is_copy(lines: Sequence[str], at: int) -> bool:
    """Tell whether a line is the start of a paragraph and no headline."""
    text = bare(lines[at])
    below = bare(lines[at + 1]) if at + 1 < len(lines) else ""
    return (
        len(text) > LONGEST
        or (lines[at].startswith(("\t", "   ")) and not is_note(text))
        or split_dateline(text) is not None
        or has_boundary(text)
        or (ends_sentence(text) and text[-1] not in "?!" and len(text.split()) > 7)
        # A paragraph wrapped by hand goes on in small letters.
        or (len(text) >= 40 and below[:1].islower())
    )
