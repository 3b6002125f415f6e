"""The head of a published page read from its lines alone: site, headline, date, byline, and where the copy begins."""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.ingest.items import Hints
from services.ingest.parse.blocks import Block
from services.ingest.parse.codes import Assumed, assumption
from services.ingest.parse.dateline import split_dateline
from services.ingest.parse.dates import Moment, read_moment
from services.ingest.parse.text import ends_sentence, has_boundary
from shared.article import Assumption

__all__ = ["Header", "byline", "date_and_byline", "read_header"]

REACH = 7
"""Blocks in which a head is looked for: site, section, headline, standfirst, byline, date, and one to spare."""
LONGEST_LINE = 300
BYLINE = re.compile(r"(?:(?:words|story|report|written|posted)\s+)?by:?\s+(?P<who>[^\d\W].{1,100})", re.IGNORECASE)
CRUMBS = re.compile(r"\S\s+[/>»\u203a]\s+\S")
"""``Home / News / World``: the way to the page."""
SEPARATOR = re.compile(r"\s+[|·•\u2013—-]\s+|\s*\|\s*|,?\s+(?=by\s+[A-Z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the head says; ``rest`` is the copy below it."""

    rest: list[Block]
    headline: str | None = None
    site: str | None = None
    summary: str = ""
    by: str | None = None
    moment: Moment | None = None
    assumptions: tuple[Assumption, ...] = ()


def byline(text: str) -> str | None:
    """Return who ``By Sam Lee`` names, None for a line that is no byline."""
    found = BYLINE.fullmatch(text.strip())
    if found is None or ends_sentence(found["who"]) or len(found["who"].split()) > 12:
        return None
    return found["who"].strip(" ,|")


def date_and_byline(text: str, hints: Hints) -> tuple[Moment | None, str | None]:
    """Read a line that is a date, a byline, or both, ``June 17, 2023 | By Sam Lee``; two Nones for anything else."""
    if len(text) > LONGEST_LINE or not text:
        return None, None
    if (moment := read_moment(text, hints)) is not None:
        return moment, None
    if (by := byline(text)) is not None and not re.search(r"\d{4}", by):
        return None, by
    pieces = [piece for piece in SEPARATOR.split(text) if piece.strip()]
    moments = [read_moment(piece, hints) for piece in pieces]
    names = [byline(piece) for piece in pieces]
    if len(pieces) < 2 or not all(m or n for m, n in zip(moments, names, strict=True)):
        return None, None
    return next(filter(None, moments), None), next(filter(None, names), None)


def read_header(blocks: list[Block], hints: Hints) -> Header:
    """Read the head of plain text: by its date line if it has one, by the shape of its lines if not."""
    dated = _date_line(blocks, hints)
    lead = blocks[: dated if dated is not None else _first_prose(blocks)]
    titles = [b for b in lead if date_and_byline(b.text, hints) == (None, None)]
    below = blocks[len(lead) :]
    moment, by, below = _take_dates(below, hints)
    by = by or next((found for b in lead if (found := byline(b.text))), None)
    if dated is not None and titles:
        site, headline, summary = _site_headline_summary(titles)
        return Header(rest=below, headline=headline, site=site, summary=summary, by=by, moment=moment)
    return _undated(titles, below, by, moment)


def _date_line(blocks: list[Block], hints: Hints) -> int | None:
    for number, block in enumerate(blocks[:REACH]):
        if len(block.text) > LONGEST_LINE or split_dateline(block.text) or has_boundary(block.text):
            return None
        if date_and_byline(block.text, hints)[0] is not None:
            return number
    return None


def _first_prose(blocks: list[Block]) -> int:
    for number, block in enumerate(blocks[: REACH - 1]):
        if _is_prose(block):
            return number
    # Nothing but short lines: the first may be a headline, the rest is copy.
    return min(1, len(blocks))


def _is_prose(block: Block) -> bool:
    text = block.text
    return (
        block.kind in {"ul", "ol", "blockquote"}
        or len(text) > 200
        or has_boundary(text)
        or split_dateline(text) is not None
        # A headline may ask or exclaim, and a very short one may carry a full stop.
        or (ends_sentence(text) and text[-1] not in "?!" and len(text.split()) > 7)
    )


def _take_dates(blocks: list[Block], hints: Hints) -> tuple[Moment | None, str | None, list[Block]]:
    """Take the date and byline lines that stand right above the copy."""
    moment: Moment | None = None
    by: str | None = None
    for number, block in enumerate(blocks[:4]):
        found = date_and_byline(block.text, hints)
        if found == (None, None):
            return moment, by, blocks[number:]
        # The first date is when it was published; one below it says when it was updated.
        moment, by = moment or found[0], by or found[1]
    return moment, by, blocks[min(4, len(blocks)) :]


def _site_headline_summary(titles: list[Block]) -> tuple[str | None, str, str]:
    texts = [block.text for block in titles if not CRUMBS.search(block.text)] or [titles[-1].text]
    if len(texts) == 1:
        return None, texts[0], ""
    site, *others = texts
    # Between site and headline may stand the section ("World", "Local News"): shorter than any headline.
    headline = next((t for t in others if len(t.split()) >= 3), max(others, key=len))
    after = others[others.index(headline) + 1 :]
    return site, headline, " ".join(t for t in after if ends_sentence(t))


def _undated(titles: list[Block], below: list[Block], by: str | None, moment: Moment | None) -> Header:
    if not titles:
        return Header(rest=below, by=by, moment=moment)
    first, *others = [block.text for block in titles]
    if others and len(first.split()) <= 5 and len(others[0].split()) > len(first.split()):
        note = assumption(Assumed.SITE_NAME, f"{first}: the first line, above the headline")
        return Header(
            rest=titles[2:] + below, headline=others[0], site=first, by=by, moment=moment, assumptions=(note,)
        )
    return Header(rest=titles[1:] + below, headline=first, by=by, moment=moment)
