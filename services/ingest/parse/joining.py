"""Paragraphs broken over a blank line, made one again.

Pages put through a copy-and-paste or an advertisement slot lose the middle of a sentence to a paragraph break. Joining
two that belong apart is the worse mistake, so only what reads as prose cut short is joined: headings, captions,
list items, quotes after an introduction and sign-offs stand alone.
"""

from __future__ import annotations

import re

from services.ingest.parse.blocks import Block
from services.ingest.parse.text import ends_sentence, has_boundary

__all__ = ["join_broken"]

QUOTE_OPENS = re.compile(r"[“\u2018\"«„]")
LIST_MARK = re.compile(r"(?:[-\u2013—*•▪·>#]|\d{1,3}[.)]|\([a-z0-9]\))(?:\s|$)")
CREDIT = re.compile(
    r"\b(?:pictures?|photos?|images?|pics?|file photo|credits?|supplied|source|caption|video|graphic|getty|shutterstock"
    r"|reporting by|editing by|additional reporting)\b\s*[:/©]?",
    re.IGNORECASE,
)
# No heading and no caption ends in one of these.
DANGLING = re.compile(
    r"(?:^|\s)(?:the|a|an|of|and|or|but|their|its|his|my|our|your|that|which|whose|Mr|Mrs|Ms|Dr|Prof|Sen)\.?$"
)
SHORTEST = 40
"""Characters: below this an unfinished line is a heading, a name or a label sooner than a sentence cut short."""

LONGEST = 4_000
"""Characters, markup included: no real paragraph is longer. Without it 10,000 unfinished lines, each joined to all that
came before it, took 78 s; with it half a second."""


def join_broken(blocks: list[Block]) -> list[Block]:
    """Join each paragraph that was cut in mid-sentence to the one that goes on with it."""
    joined: list[Block] = []
    for block in blocks:
        if joined and len(joined[-1].inline) < LONGEST and _goes_on(joined[-1], block):
            joined[-1] = Block(block.kind, f"{joined[-1].inline.rstrip()} {block.inline.lstrip()}")
        else:
            joined.append(block)
    return joined


def _goes_on(before: Block, after: Block) -> bool:
    first, second = before.text, after.text
    if before.kind not in {"p", "blockquote"} or before.kind != after.kind or not first or not second:
        return False
    if _stands_alone(first) or LIST_MARK.match(second) or CREDIT.match(second):
        return False
    if QUOTE_OPENS.match(second) and not DANGLING.search(first):
        return False
    if second[0].islower():
        return len(first) >= SHORTEST or DANGLING.search(first) is not None
    # From here on the second begins like any paragraph, so it must end like one, and the first must be prose.
    if not ends_sentence(second) or len(first) < SHORTEST:
        return False
    return DANGLING.search(first) is not None or first.endswith(",") or has_boundary(first)


def _stands_alone(text: str) -> bool:
    return (
        ends_sentence(text)
        or text[-1] in ':;|)]”"\u2019'
        or LIST_MARK.match(text) is not None
        or CREDIT.search(text[-60:]) is not None
    )
