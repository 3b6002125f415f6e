"""What the lines for editors say of the copy: killed, corrected, another version, an add, a note and no copy at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shared.article import Change, PubStatus

__all__ = ["Advisory", "is_version_line", "read_advisory"]

EDITORS = r"(?:(?:attention|note to|attn)\s+)?(?:eds|editors?)(?:['\u2019]?s?\s+note)?\s*[:_,.\u2014-]*\s*"
STORMY = r"(?:(?:bulletin|urgent|flash|mandatory|immediate|attention)[\s,-]+)*"
# A label by itself, or with the words that wires put around it. "STORMS KILL 4" is a headline and must not be one.
KILL_LABEL = re.compile(
    rf"(?:{EDITORS})?{STORMY}(?:kill|elimination|disregard)(?:[\s,-]+(?:kill|advisory|notice|order|story))*",
    re.IGNORECASE,
)
KILL_SAID = re.compile(
    r"\b(?:MANDATORY|BULLETIN)\s+(?:KILL|ELIMINATION)\b|\b[Aa] kill is mandatory\b|\bKILL KILL\b"
    rf"|^(?i:{EDITORS}(?:please\s+|kindly\s+)?(?:kill|eliminate|disregard)\b)"
    r"|^(?:KILL|DISREGARD|ELIMINATE)\s+(?:the\s+)?(?:story|item|slug|(?:BC|AM|PM|AP)-)",
)
WITHHOLD_LABEL = re.compile(rf"(?:{EDITORS})?{STORMY}withhold(?:[\s,-]+(?:advisory|notice|order))?", re.IGNORECASE)
# As the last word after a comma, or in capitals as the last part: a story slugged Storms-Kill is no kill.
IN_SLUG = re.compile(
    r"(?:[,;]\s*(?i:\d(?:st|nd|rd|th)[\s-]*ld[\s-]*)?(?P<word>(?i:(?:mandatory\s+)?kill|withhold|elimination|disregard))"
    r"|(?:^|[/\s-])(?P<part>(?:MANDATORY\s+)?KILL|WITHHOLD|ELIMINATION|DISREGARD))\s*[/,]?\s*\d*$"
)
CORRECTION = r"(?:correct(?:ion|ive|ed|s)|corr)\b"
CORRECTS = re.compile(rf"^\W*(?:{EDITORS})?{STORMY}{CORRECTION}|\bCORRECTI(?:ON|VE)\b", re.IGNORECASE)
CORRECTS_IN_SLUG = re.compile(rf"(?:[,/;]\s*|\s|^|-){CORRECTION}", re.IGNORECASE)
CORRECTS_SHOWN = re.compile(rf"(?:{EDITORS})?CORRECT(?:ION|IVE|S|ED)?\s*(?:$|[:\u2014_(-])")
NUMBERED = re.compile(r"(?<!\w)(\d{1,2})\s*(?:st|nd|rd|th)[\s-]*(?:ld|lead|writethr(?:u|ough)|update)\b", re.IGNORECASE)
WRITETHRU = re.compile(r"\b(?:writethr(?:u|ough)|update\s*\d*|refile|lead|sub)\b", re.IGNORECASE)
ADDS = re.compile(
    r"(?<!\w)(?:(\d{1,2})\s*(?:st|nd|rd|th)[\s-]*(?:add|take)|(?:add|take)[\s-]*(\d{1,2}))\b", re.IGNORECASE
)
# Said to editors about a story that they have, in place of a story.
FOR_EDITORS = re.compile(
    rf"^(?:{EDITORS})?(?:in\s+.{{3,60}},\s*)?please\s+(?:read|sub|substitute|correct|change|make|note|delete|insert)\b"
    rf"|^{EDITORS}.{{0,80}}\bin\s+(?:the\s+)?(?:\d|first|second|third|last)\S*\s+(?:graf|para)"
    r"|^in\b.{0,80}\b(?:graf|para|paragraph)s?\b.{0,60}\b(?:read|make it|sub|insert|delete)\b",
    re.IGNORECASE,
)
VERSION_LINE = re.compile(
    r"(?:(?:\d{1,2}\s*(?:st|nd|rd|th)|first|second|third|new|urgent|bulletin|flash|mandatory|lead|ld|add|take|refile|update"
    r"|writethr(?:u|ough)|correct(?:ion|ive|ed|s)?|kill|withhold|advisory|elimination|disregard|embargo(?:ed)?|repeat"
    r"|complete|sub|\d{1,2})[\s,/:()-]*)+",
    re.IGNORECASE,
)
NAMED = re.compile(
    r"\bslug(?:ged|line)?\s*:?\s*[\"\u201c\u2018'`]*(?P<slug>[^\s\"\u201d\u2019'`,;]{3,60})"
    r"|\bkill\s+(?:the\s+)?(?:story\s+)?[\"\u201c\u2018'`]*(?P<cycle>(?:BC|AM|PM|AP)-[^\s\"\u201d\u2019'`,;]{3,60})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Advisory:
    """What the copy says of itself. ``add`` is the number of an add or take, ``lead`` that of a lead."""

    pub_status: PubStatus = PubStatus.USABLE
    change: Change | None = None
    lead: int | None = None
    add: int | None = None
    for_editors: bool = False
    names: str | None = None
    """The slug that a kill or a withhold names in its text."""


def read_advisory(slugs: Sequence[str], notes: Sequence[str], shown: Sequence[str]) -> Advisory:
    """Read the slugs with their version words, the lines for editors, and what is ``shown`` first: headline, text."""
    labels = [line.strip(" .*_=<^-\u2014\"'!") for line in (*notes, *shown[:3])]
    status = _status(slugs, labels)
    if status is not PubStatus.USABLE:
        named = next((found for line in (*notes, *shown) if (found := NAMED.search(line))), None)
        return Advisory(pub_status=status, names=(named["slug"] or named["cycle"]).rstrip(".") if named else None)
    versions = " ; ".join((*slugs, *(line for line in notes if len(line) <= 60)))
    adds, lead = ADDS.search(versions), NUMBERED.search(versions)
    return Advisory(
        change=_change(slugs, notes, labels, updates=bool(lead or WRITETHRU.search(versions))),
        lead=int(lead[1]) if lead else None,
        add=int(adds[1] or adds[2]) if adds else None,
        # A note above a story explains it; one above nothing is all there is.
        for_editors=any(FOR_EDITORS.search(line) for line in (shown[:3] if any(shown[1:]) else (*notes, *shown))),
    )


def _change(slugs: Sequence[str], notes: Sequence[str], labels: Sequence[str], *, updates: bool) -> Change | None:
    if any(CORRECTS_IN_SLUG.search(slug) for slug in slugs) or any(CORRECTS.search(line) for line in notes):
        return Change.CORRECTION
    if any(CORRECTS_SHOWN.match(label) for label in labels):
        return Change.CORRECTION
    return Change.UPDATE if updates else None


def _status(slugs: Sequence[str], labels: Sequence[str]) -> PubStatus:
    found = [match for slug in slugs if (match := IN_SLUG.search(slug.strip(" ./,<=")))]
    words = {(match["word"] or match["part"]).lower() for match in found}
    if "withhold" in words or any(WITHHOLD_LABEL.fullmatch(label) for label in labels):
        return PubStatus.WITHHELD
    if words or any(KILL_LABEL.fullmatch(label) or KILL_SAID.search(label) for label in labels):
        return PubStatus.CANCELED
    return PubStatus.USABLE


def is_version_line(line: str) -> bool:
    """Tell whether a line is nothing but version words: ``1ST LEAD``, ``REFILE``, ``MANDATORY KILL``."""
    text = line.strip(" .*_=<^-\u2014\"'!")
    return len(text) <= 60 and (VERSION_LINE.fullmatch(text) is not None or KILL_LABEL.fullmatch(text) is not None)
