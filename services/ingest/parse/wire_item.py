"""The last step that the old wire formats share: one transmission, its lines sorted by purpose, becomes an item."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from services.ingest.items import Hints, Item, Parsed, UnreadableCopy, Warned
from services.ingest.parse.blocks import Block
from services.ingest.parse.body import Body, headline_or_first_sentence, make_body
from services.ingest.parse.codes import Assumed, Refusal, assumption, refused
from services.ingest.parse.dates import Moment
from services.ingest.parse.detect import Format
from services.ingest.parse.metadata import keyword_list
from services.ingest.parse.text import bounded
from services.ingest.parse.wire_advisory import Advisory, read_advisory
from services.ingest.parse.wire_embargo import Embargo, read_embargo
from services.ingest.parse.wire_frame import Frame, frames
from services.ingest.parse.wire_identity import chain, slugline_of, transmission, words_of_slug
from shared.article import Assumption, Dateline, PubStatus, Subject
from shared.places import as_written

__all__ = ["Transmission", "item_of", "parse_frames"]


ALERT = re.compile(r"(?:[a-z]{2,4} ?)?(?:news ?)?(?:alerts?|flash|briefs?)")
"""Slugs that many stories of one day share: their headlines tell them apart."""
DATELINE = re.compile(
    r"(?P<text>(?P<place>[^\W\d_][^\d,()<>&]{1,40}?)"
    r"(?:(?:, [A-Z][a-z]{2,8}\.? \d{1,2})?,? \([A-Za-z]{2,12}\)|, [A-Z][a-z]{2,8}\.? \d{1,2},? [A-Z]{2,6}))"
    r"\s+[-\u2013\u2014]+\s+(?P<rest>\S.*)",
    re.DOTALL,
)
"""``Port Ellis (dpa) - ``: on a wire the agency in parentheses is enough, whatever the case of the place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transmission:
    """One transmission as read. ``notes`` are the lines for editors, version words among them."""

    service: str = ""
    sequence: str = ""
    urgency: int | None = None
    section: str | None = None
    slug: str = ""
    version: str = ""
    """A second slug, where the format has two: version words may stand in either."""
    headline: str | None = None
    by: str | None = None
    notes: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    subjects: tuple[Subject, ...] = ()
    place: str | None = None
    blocks: tuple[Block, ...] = ()
    day: date | None = None
    moment: Moment | None = None
    assumptions: tuple[Assumption, ...] = ()


class Told(NamedTuple):
    """What the lines for editors said."""

    advisory: Advisory
    embargo: Embargo | None


def parse_frames(body: bytes, kind: Format, hints: Hints, read: Callable[[Frame, Hints], Transmission]) -> Parsed:
    """Read every transmission of a file; one that is broken costs the others nothing.

    Raises:
        UnreadableCopy: what is wrong with the transmission, when there is but one.
    """
    items: list[Item] = []
    warnings: list[Warned] = []
    found = frames(body, kind)
    for number, frame in enumerate(found, start=1):
        try:
            items.append(item_of(read(frame, hints), frame, hints))
        except UnreadableCopy as problem:
            if len(found) == 1:
                raise
            warnings.append(Warned(problem.code, f"transmission {number}: {problem.detail}"))
    return Parsed(kind.value, tuple(items), tuple(warnings))


def item_of(sent: Transmission, frame: Frame, hints: Hints) -> Item:
    """Make the item.

    Raises:
        UnreadableCopy: ``no_content``, ``no_identity``, ``advisory_only``.
    """
    dateline, blocks = _dateline(sent)
    body = make_body(blocks)
    told = _told(sent, body, hints)
    status = told.advisory.pub_status
    usable = status is PubStatus.USABLE
    headline, notes = _headline(sent, body, usable=usable)
    day = _day(sent, hints)
    identity, story = _identity(sent, told.advisory, day, headline, hints)
    moment = sent.moment
    first = told.advisory.change is None and told.advisory.add is None and usable
    return Item(
        headline=headline,
        body_html=body.html if usable else "",
        identity=identity,
        identity_inferred=True,
        transmission=transmission(hints.provider, sent.service, day, sent.sequence, frame.text or frame.head),
        wire_sequence=f"{sent.service}{sent.sequence}".lower() if sent.sequence else None,
        version=told.advisory.lead,
        # Only the first transmission of a story says when the story was first sent.
        published=moment.at if moment and first else None,
        modified=moment.at if moment else None,
        by=bounded(sent.by, 200),
        dateline=body.dateline or dateline,
        section=sent.section,
        urgency=sent.urgency,
        pub_status=status,
        change=told.advisory.change,
        ed_note=_ed_note(sent, body, usable=usable),
        copyright_notice=body.copyright_notice,
        slugline=_slugline(sent, told.advisory),
        keywords=keyword_list(list(sent.keywords)),
        subjects=sent.subjects,
        embargoed=told.embargo is not None,
        embargoed_until=told.embargo.until if told.embargo else None,
        assumptions=(*sent.assumptions, *_assumptions(sent, frame, told, story), *notes),
    )


def _dateline(sent: Transmission) -> tuple[Dateline | None, list[Block]]:
    """Take the dateline off, where the shape that wires give it is certain; else the place that the header names."""
    named = Dateline(text=sent.place, place=sent.place) if sent.place else None
    # A row of signs is a rule of the teleprinter's.
    blocks = [block for block in sent.blocks if any(character.isalnum() for character in block.text)]
    first, *others = blocks or (Block("p", ""),)
    found = DATELINE.fullmatch(first.inline) if first.kind == "p" else None
    if found is None:
        return named, blocks
    place = found["place"]
    dateline = Dateline(text=found["text"], place=as_written(place))
    return dateline, [Block("p", found["rest"]), *others]


def _told(sent: Transmission, body: Body, hints: Hints) -> Told:
    shown = [sent.headline or "", *(block.text[:400] for block in body.blocks[:4])]
    advisory = read_advisory((sent.slug, sent.version), sent.notes, shown)
    if advisory.for_editors and advisory.pub_status is PubStatus.USABLE:
        raise refused(Refusal.ADVISORY_ONLY, f"a note to editors in place of copy: {sent.slug}")
    return Told(advisory, read_embargo([sent.slug, sent.version, *sent.notes], shown, hints))


def _slugline(sent: Transmission, advisory: Advisory) -> str | None:
    """Return the slug that all versions share. An add has one of its own, so that no kill by slug finds it instead."""
    shared = slugline_of(advisory.names or sent.slug)
    return f"{shared} add {advisory.add}" if shared and advisory.add else shared


def _headline(sent: Transmission, body: Body, *, usable: bool) -> tuple[str, tuple[Assumption, ...]]:
    # The text of a kill is for editors, so it makes no headline.
    named = headline_or_first_sentence(sent.headline, body) if usable else (sent.headline or "", ())
    if named is None:
        raise refused(Refusal.NO_CONTENT, f"no headline and no text in {sent.service}{sent.sequence or ' one'}")
    return named


def _ed_note(sent: Transmission, body: Body, *, usable: bool) -> str | None:
    text = () if usable else (block.text for block in body.blocks)
    return bounded("\n".join((*sent.notes, *text)), 2_000)


def _day(sent: Transmission, hints: Hints) -> date:
    """Return the day of the wire: its header's, else its stamp's, else the one on which it came."""
    if sent.day is not None:
        return sent.day
    return sent.moment.at.date() if sent.moment else hints.received.astimezone(hints.timezone).date()


def _identity(
    sent: Transmission, advisory: Advisory, day: date, headline: str, hints: Hints
) -> tuple[str, tuple[Assumption, ...]]:
    """Return the candidate for the story's name, and that it is one."""
    if advisory.pub_status is not PubStatus.USABLE:
        named = chain(hints.provider, advisory.names or sent.slug, day)
        if named is None:
            raise refused(Refusal.NO_IDENTITY, f"{advisory.pub_status}, without the slug of what is")
        return named, (assumption(Assumed.STORY_INFERRED, f"{advisory.pub_status}: {named}"),)
    part = f"add {advisory.add}" if advisory.add else ""
    label = ALERT.fullmatch(words_of_slug(sent.slug))
    named = None if label else chain(hints.provider, sent.slug, day, part)
    named = named or chain(hints.provider, f"{label[0] if label else 'untitled'} {headline}", day, part)
    if named is None:
        # Nothing but signs for a headline: the bytes alone tell it from other copy.
        named = f"untitled/{transmission(hints.provider, sent.service, day, sent.sequence, headline.encode())[:32]}"
    taken_apart = (assumption(Assumed.TAKE_APART, f"{part} to {words_of_slug(sent.slug)}"),) if part else ()
    return named, (assumption(Assumed.STORY_INFERRED, named), *taken_apart)


def _assumptions(sent: Transmission, frame: Frame, told: Told, story: tuple[Assumption, ...]) -> tuple[Assumption, ...]:
    ended = () if frame.ended else (assumption(Assumed.END_MISSING, "the copy may have been cut short"),)
    moment = sent.moment.assumptions if sent.moment else ()
    return (*ended, *moment, *(told.embargo.assumptions if told.embargo else ()), *story)
