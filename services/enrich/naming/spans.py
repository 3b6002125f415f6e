"""A name as it stands in the copy, and what belongs to it: no article before it, no 's after it, no title."""

# ruff: noqa: RUF001 - copy is full of typographic quotes, and they are matched here

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from services.enrich.naming.roles import role_at_start
from services.enrich.naming.titles import title_at_start, title_before
from shared.article import Kind, Position

__all__ = ["HEADLINE", "Span", "pieces", "position", "trimmed", "without_overlaps"]

HEADLINE = -1
"""Stands for the headline where others have the number of a paragraph."""

LEADING = re.compile(r"^(?:(?:the|a|an|nearby|neighbouring|neighboring|central|downtown)\s+|[\W_]+)+", re.IGNORECASE)
TRAILING = re.compile(r"(?:['’]s|['’]|[\s,;:!?\"“”‘’()\[\]–—-]|(?<![A-Z]\.[A-Z])(?<!\b[A-Z])(?<!Jr|St|Co)\.)+$")
AFTER = {
    Kind.PERSON: re.compile(r",? (?:KC|QC|SC|MP|MSP|MEP|OBE|MBE|CBE|PhD|MD)$"),
    Kind.ORGANISATION: re.compile(
        r" (?:(?:Permanent|Chief|Deputy|Foreign|Prime|Press) )?"
        r"(?:Secretary|Minister|President|Director|Spokes(?:wo)?man|Spokesperson|Chairman|Permanent|Chief|CEO)$"
    ),
}
"""What stands after a name and is no part of it."""
NOTHING = re.compile(r"(?!)")
CUT = re.compile(r"['’]s\s|\s[-–—(]\s?|[;:|]\s?")
"""*Japan's Toyota* is two names; what stands before is kept where a name is cut."""
PREFIX = re.compile(r"(?:[Nn]on|[Aa]nti|[Pp]ro|[Pp]re|[Pp]ost|mid|un|[Ee]x)-")
"""*non-NATO* describes and names nothing."""
LONGEST = 80
"""Characters: a longer one is a sentence in capitals, not a name."""


@dataclass(frozen=True, slots=True)
class Span:
    """One name in one place."""

    where: int
    """The number of its paragraph, or :data:`HEADLINE`."""
    start: int
    end: int
    text: str
    kind: Kind
    title: str = ""
    """The words before it that say who it is: *Prime Minister*."""
    why: str = ""
    """What told it, where that was not the model alone."""

    def overlaps(self, other: Span) -> bool:
        """Tell whether the two share a character."""
        return self.where == other.where and self.start < other.end and other.start < self.end


def position(span: Span) -> Position:
    """Return the place of a name as the article records it."""
    if span.where == HEADLINE:
        return Position(part="headline", start=span.start, end=span.end)
    return Position(part="body", paragraph=span.where, start=span.start, end=span.end)


def trimmed(span: Span, context: str) -> Span | None:
    """Return the name alone; ``None`` where nothing is left that could be one. ``context`` is its paragraph."""
    start, end = span.start, span.end
    if found := LEADING.match(context[start:end]):
        start += found.end()
    title = ""
    if span.kind is Kind.PERSON:
        length, title = title_at_start(context[start:end])
        start += length
        if not length and (title := role_at_start(context[start:end])):
            start += len(title) + 1
    if found := TRAILING.search(context[start:end]):
        end = start + found.start()
    if found := AFTER.get(span.kind, NOTHING).search(context[start:end]):
        end = start + found.start()
    title = title or title_before(context[:start])
    text = context[start:end]
    if not 1 < len(text) <= LONGEST or not text[0].isalnum() or not any(map(str.isupper, text)):
        return None
    if PREFIX.match(text) or text.replace(" ", "").isdigit():
        return None
    return replace(span, start=start, end=end, text=text, title=title)


def pieces(text: str) -> list[tuple[int, int]]:
    """Return where the names in a span begin and end that the model drew over two."""
    bounds, start = [], 0
    for found in CUT.finditer(text):
        bounds.append((start, found.start()))
        start = found.end()
    return [*bounds, (start, len(text))]


def without_overlaps(spans: list[Span]) -> list[Span]:
    """Return the spans in order; of two that overlap the longer is kept, then the earlier."""
    kept: list[Span] = []
    taken: dict[int, list[Span]] = {}
    for span in sorted(spans, key=lambda one: (one.start - one.end, one.where, one.start)):
        if not any(span.overlaps(other) for other in taken.get(span.where, ())):
            kept.append(span)
            taken.setdefault(span.where, []).append(span)
    return sorted(kept, key=lambda one: (one.where, one.start))
