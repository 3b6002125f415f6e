"""What a page puts around copy: buttons, comment boxes, footers. It is taken off the ends, never out of the middle."""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.ingest.parse.blocks import Block
from services.ingest.parse.text import ends_sentence

__all__ = ["Trimmed", "trim"]

SITES = (
    r"(?:facebook|twitter|x|whats\s?app|linked\s?in|pinterest|reddit|telegram|e-?mail|print|bluesky|threads|mastodon)"
)
FURNITURE = re.compile(
    rf"""(?:
    (?:facebook|disqus)\ comments?(?:\ plugin)? | (?:\d[\d,.]*|no)?\s*(?:comments?|shares?|views?|likes?)(?:\s*\(\d+\))?
    | (?:\W\ ?)?(?:back\ to\ )?(?:the\ )?top(?:\ of\ (?:the\ )?page)? | (?:scroll|go)\ (?:back\ )?to\ (?:the\ )?top
    | (?:leave|post|add|write)\ a\ (?:comment|reply)(?:\ .{{0,40}})? | cancel\ reply
    | join\ the\ (?:conversation|discussion)
    | (?:log|sign)\ in(?:\ to\ .{{0,40}})? | your\ email\ address\ will\ not\ be\ published.{{0,60}}
    | (?:please\ )?(?:tweet|share|like|copy\ link|print|e-?mail|save|bookmark)
        (?:\ (?:this|it|on|via|to|with)\b.{{0,60}})?
    | (?:share\ |tweet\ )?(?:{SITES}(?:\s*[|,/·•-]\s*|\s+|$))+
    | (?:click\ to\ )?share(?:\ this)?(?:\ (?:article|story|post|page))?:?
    | (?:follow|like|find)\ us(?:\ on)?\b.{{0,80}} | (?:subscribe|sign\ up)\b.{{0,120}} | .{{0,20}}\bnewsletters?
    | read\ (?:more|next)\b.{{0,120}} | (?:more|latest|top|recent|popular)\ (?:news|stories|posts|articles)
    | (?:previous|next|older|newer)\ (?:post|article|story|page)s?\b.{{0,120}}
    | (?:advertisement|sponsored(?:\ content)?|loading\W*|menu|home|search|close|skip\ to\ (?:main\ )?content)
    | (?:privacy(?:\ policy)?|terms(?:\ (?:of\ (?:use|service)|(?:and|&)\ conditions))?|contact(?:\ us)?|about(?:\ us)?
        |cookies?(?:\ policy)?|advertise(?:\ with\ us)?|site\s?map)(?:\s*[|·•-]\s*.{{0,120}})?
    | (?:tags?|filed\ under|posted\ in|categor(?:y|ies))\s*:.{{0,160}}
    | powered\ by\b.{{0,60}} | all\ rights\ reserved\W*
    )""",
    re.IGNORECASE | re.VERBOSE,
)
COPYRIGHT = re.compile(
    r"(?:(?:©|\(c\)|copyright\b).{0,200}|.{0,80}©\s*\d{4}.{0,120}|.{0,160}\ball rights reserved\W*)", re.IGNORECASE
)
RELATED = re.compile(
    r"(?:related|recommended|you (?:may|might) (?:also )?(?:like|enjoy)|more (?:from|on|like)\b"
    r"|most (?:read|popular|viewed)|trending|latest (?:news|stories)|more (?:news|stories)|also (?:read|see)|see also"
    r"|don.t miss)\b.{0,60}",
    re.IGNORECASE,
)
LONGEST_LABEL = 120
FARTHEST = 40
"""Blocks from the end that a list of other stories is looked for in."""


@dataclass(frozen=True, slots=True)
class Trimmed:
    """The copy, and the copyright line if one was among what was taken off."""

    blocks: list[Block]
    copyright_notice: str | None = None


def trim(blocks: list[Block]) -> Trimmed:
    """Take furniture off the start and the end."""
    start, end = 0, len(blocks)
    while start < end and _is_furniture(blocks[start]):
        start += 1
    notice: str | None = None
    while end > start:
        text = blocks[end - 1].text
        if len(text) <= 300 and COPYRIGHT.fullmatch(text):
            notice, end = text, end - 1
        elif _is_furniture(blocks[end - 1]):
            end -= 1
        elif (marker := _related_from(blocks, start, end)) is not None:
            end = marker
        else:
            break
    return Trimmed(blocks[start:end], notice)


def _is_furniture(block: Block) -> bool:
    if len(block.text) > LONGEST_LABEL * 2:
        return False
    lines = [Block(block.kind, line).text for line in block.inline.split("<br>")]
    return all(not line or FURNITURE.fullmatch(line) is not None for line in lines)


def _related_from(blocks: list[Block], start: int, end: int) -> int | None:
    """Return where a list of other stories begins, if the copy ends in one: a title and unfinished lines."""
    for at in range(end - 1, max(start, end - FARTHEST) - 1, -1):
        text = blocks[at].text
        if len(text) > LONGEST_LABEL or ends_sentence(text):
            return None
        if RELATED.fullmatch(text):
            return at
    return None
