"""NewsML 1.x: one item for each ``NewsItem`` of the document. What it holds is read by :mod:`.newsml1_parts`."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from services.ingest.items import Hints, Item, Parsed, UnreadableCopy, Warned
from services.ingest.parse.addresses import absolute
from services.ingest.parse.body import headline_or_first_sentence, make_body
from services.ingest.parse.codes import Refusal, refused
from services.ingest.parse.detect import Format
from services.ingest.parse.metadata import language_tag
from services.ingest.parse.newsml1_management import Management, read_management
from services.ingest.parse.newsml1_parts import Lines, has_other_media, read_lines, read_text, tags_of
from services.ingest.parse.text import bounded
from services.ingest.parse.xml_body import language_of, without_headline
from services.ingest.parse.xml_fields import Dates, identity_of, number
from services.ingest.parse.xml_notes import heed
from services.ingest.parse.xml_tree import Element, first_text, name_of, read_tree, under
from shared.article import Assumption, PubStatus

__all__ = ["parse_newsml_1"]

MOST_ITEMS = 1_000


def parse_newsml_1(text: str, hints: Hints) -> Parsed:
    """Read a document.

    Raises:
        UnreadableCopy: a code of the gate, ``too_many_items``, or what is wrong with the item when there is but one.
    """
    root, notes = read_tree(text)
    if name_of(root) != "NewsML":
        raise refused(Refusal.INVALID_XML, f"the root element is {name_of(root)[:40]}")
    found = root.findall("NewsItem")
    if len(found) > MOST_ITEMS:
        raise refused(Refusal.TOO_MANY_ITEMS, f"more than {MOST_ITEMS} items")
    if not found:
        raise refused(Refusal.NO_CONTENT, "a document without a NewsItem")
    items: list[Item] = []
    warnings: list[Warned] = []
    for place, element in enumerate(found, start=1):
        name = _name(element)
        try:
            items.append(_item(element, name, hints, notes))
        except UnreadableCopy as problem:
            if len(found) == 1:
                raise
            told = f"{(name.identity or f'item {place}')[:100]}: {problem.detail}"
            warnings.append(Warned(problem.code, told, filtered=problem.code == Refusal.NOT_TEXT))
    return Parsed(Format.NEWSML_1.value, tuple(items), tuple(warnings))


class Name(NamedTuple):
    """``update`` is N for a whole revision, U for one of parts, A for one of management data alone."""

    identity: str | None
    version: int | None
    update: str


def _name(item: Element) -> Name:
    """Return the name of the story: without the revision, which the public identifier ends in."""
    found = under(item, "Identification/NewsIdentifier")
    revision = under(found, "RevisionId")
    version = number(first_text(revision, 20, "."), 10**15)
    update = ((revision.get("Update") or "N") if revision is not None else "N").strip().upper()[:1]
    parts = [first_text(found, 1_000, path) for path in ("ProviderId", "DateId", "NewsItemId")]
    if all(parts):
        return Name(identity_of(f"urn:newsml:{':'.join(map(str, parts))}"), version, update)
    public = first_text(found, 3_000, "PublicIdentifier")
    stem, colon, last = (public or "").rpartition(":")
    is_revision = bool(colon) and version is not None and last.upper() in {f"{version}{mark}" for mark in ("", *"NUA")}
    return Name(identity_of(stem if is_revision else public), version, update)


class Reading(NamedTuple):
    """An item in hand: what it is named, what becomes of it, and what it prints around its text."""

    item: Element
    name: Name
    management: Management
    lines: Lines
    dates: Dates


def _item(item: Element, name: Name, hints: Hints, notes: tuple[Assumption, ...]) -> Item:
    reading = Reading(item, name, read_management(under(item, "NewsManagement")), read_lines(item), Dates(hints))
    if reading.management.status is not PubStatus.USABLE:
        found = _recall(reading)
    elif name.update in {"U", "A"}:
        raise refused(Refusal.PARTIAL_REVISION, f"revision {name.version} of {name.identity}: what it changes, no more")
    else:
        found = heed(_story(reading, hints))
    return replace(found, assumptions=(*notes, *found.assumptions))


def _recall(reading: Reading) -> Item:
    """Return a kill or a withhold: what it names, when, and why."""
    _, name, management, lines, dates = reading
    if name.identity is None:
        raise refused(Refusal.NO_IDENTITY, f"{management.status}, without the identifier of what is")
    return Item(
        headline=lines.headline or "",
        identity=name.identity,
        version=name.version,
        modified=dates.read(management.revised),
        pub_status=management.status,
        ed_note=management.note or lines.note,
        assumptions=dates.assumptions,
    )


def _story(reading: Reading, hints: Hints) -> Item:
    item, name, management, lines, dates = reading
    text = read_text(item, hints.url)
    headline = lines.headline or text.head.headline
    body = make_body(without_headline(text.blocks, headline))
    if not body.blocks and has_other_media(item):
        raise refused(Refusal.NOT_TEXT, "pictures, sound or other items, and no text")
    named = headline_or_first_sentence(headline, body)
    if named is None:
        raise refused(Refusal.NO_CONTENT, "no headline and no text")
    published = dates.read(management.created)
    return Item(
        headline=named[0],
        body_html=body.html,
        summary=lines.subheadline or text.head.summary,
        identity=name.identity,
        version=name.version,
        published=published,
        modified=dates.read(management.revised),
        provider=lines.credit or text.head.provider or lines.provider,
        by=lines.by or text.head.by,
        dateline=lines.dateline or text.head.dateline or body.dateline,
        language=language_tag(lines.language) or language_tag(language_of(item)),
        url=absolute(hints.url, None),
        urgency=management.urgency,
        change=management.change,
        ed_note=bounded(" ".join(note for note in (management.note, lines.note) if note), 2_000),
        copyright_notice=lines.copyright_notice or body.copyright_notice,
        copyright_holder=lines.copyright_holder,
        usage_terms=lines.usage_terms,
        slugline=lines.slugline,
        keywords=lines.keywords,
        embargoed=management.embargoed,
        embargoed_until=management.until,
        assumptions=(*dates.assumptions, *text.assumptions, *named[1]),
        **tags_of(item)._asdict(),
    )
