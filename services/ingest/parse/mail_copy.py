"""The copy of an e-mail: which parts are its text, which are attached, and where the text ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import Message

from services.ingest.items import UnreadableCopy
from services.ingest.parse.blocks import Block
from services.ingest.parse.charset import decode
from services.ingest.parse.codes import Refusal, refused
from services.ingest.parse.fragment import blocks_of_html
from services.ingest.parse.mail_part import charset_of, children, content, disposition, filename
from services.ingest.parse.plain import blocks_of_text
from shared.article import Assumption

__all__ = ["Letter", "open_letter", "without_footer"]

DEEPEST = 8
MOST_ATTACHMENTS = 50
SHOWN_WITH_THE_TEXT = frozenset({"image", "audio", "video", "font"})
SIGNATURE = re.compile(r"(?:^|\n)-- ?\r?(?=\n|$)")
FARTHEST_SIGNATURE = 2_000
"""Characters from the end: a rule in the middle of copy is no signature."""
FOOTER = re.compile(
    r"(?:this|the information (?:contained )?in this) (?:e-?mail|message|communication)\b.{0,80}"
    r"(?:confidential|intended|attachments?).{0,2000}"
    r"|(?:if you (?:no longer|do not|don.t) (?:wish|want) to receive|to unsubscribe|unsubscribe"
    r"|you (?:are receiv|receiv)|update your preferences|view (?:this )?(?:e-?mail )?in (?:your |a )?browser"
    r"|sent from my|manage (?:your )?subscription|confidentiality notice|disclaimer:).{0,1000}",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(slots=True)
class Letter:
    """What a message holds."""

    blocks: list[Block] = field(default_factory=list)
    assumptions: list[Assumption] = field(default_factory=list)
    attached: list[Message] = field(default_factory=list)


def open_letter(message: Message) -> Letter:
    """Sort the parts of a message.

    Raises:
        UnreadableCopy: ``too_deep``, ``too_many_items``, or why its text cannot be read.
    """
    letter = Letter()
    letter.blocks = _blocks(message, letter, 0)
    return letter


def without_footer(blocks: Sequence[Block]) -> list[Block]:
    """Take off what mail programs and mailing services put around the text: only whole paragraphs, only at its ends."""
    start, end = 0, len(blocks)
    while start < end and FOOTER.fullmatch(blocks[start].text):
        start += 1
    while end > start and FOOTER.fullmatch(blocks[end - 1].text):
        end -= 1
    return list(blocks[start:end])


def _blocks(part: Message, letter: Letter, depth: int) -> list[Block]:
    if depth > DEEPEST:
        raise refused(Refusal.TOO_DEEP, "parts within parts")
    kind, parts = part.get_content_type(), children(part)
    if kind.startswith("multipart/") and parts is not None:
        return _blocks_of_parts(kind, parts, letter, depth)
    named = disposition(part) == "attachment" or filename(part) is not None
    if kind in {"text/plain", "text/html"} and not named and parts is None:
        return _text(part, kind, letter)
    if len(letter.attached) >= MOST_ATTACHMENTS:
        raise refused(Refusal.TOO_MANY_ITEMS, f"more than {MOST_ATTACHMENTS} attachments")
    # A picture that the text shows is no delivery of its own.
    if disposition(part) != "inline" or part.get_content_maintype() not in SHOWN_WITH_THE_TEXT:
        letter.attached.append(part)
    return []


def _blocks_of_parts(kind: str, parts: list[Message], letter: Letter, depth: int) -> list[Block]:
    if kind == "multipart/alternative":
        return _best(parts, letter, depth)
    if kind == "multipart/related":
        return _blocks(parts[0], letter, depth + 1) if parts else []
    return [block for part in parts for block in _blocks(part, letter, depth + 1)]


def _best(parts: list[Message], letter: Letter, depth: int) -> list[Block]:
    """Return the richest reading that has words; the plain one where the other is broken or empty."""
    ordered = sorted(parts, key=lambda part: part.get_content_type() == "text/plain")
    problem: UnreadableCopy | None = None
    for part in ordered:
        if part.get_content_maintype() not in {"text", "multipart"}:
            continue
        apart = Letter()
        try:
            blocks = _blocks(part, apart, depth + 1)
        except UnreadableCopy as found:
            problem = found
            continue
        if any(block.text for block in blocks):
            letter.assumptions += apart.assumptions
            letter.attached += apart.attached
            return blocks
    if problem is not None:
        raise problem
    return []


def _text(part: Message, kind: str, letter: Letter) -> list[Block]:
    raw, charset = content(part), charset_of(part)
    if not raw.strip():
        return []
    decoded = decode(raw, f"{kind}; charset={charset}" if charset else kind, utf8_by_format=False)
    letter.assumptions += decoded.assumptions
    if kind == "text/html":
        return without_footer(blocks_of_html(decoded.text, None))
    return without_footer(blocks_of_text(_without_signature(decoded.text)))


def _without_signature(text: str) -> str:
    """Cut at the line of two hyphens that RFC 3676 puts above a signature."""
    marks = [found.start() for found in SIGNATURE.finditer(text) if len(text) - found.start() <= FARTHEST_SIGNATURE]
    return text[: marks[0]] if marks else text
