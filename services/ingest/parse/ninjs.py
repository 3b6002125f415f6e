"""ninjs 1.x, 2.x and 3.x: text items, and the kills and withholds of them. One object, or a list of them."""

from __future__ import annotations

import html
import re
from typing import Any

from services.ingest.items import Hints, Item, Parsed, UnreadableCopy, Warned
from services.ingest.parse.addresses import absolute
from services.ingest.parse.blocks import Block
from services.ingest.parse.body import Body, headline_or_first_sentence, make_body
from services.ingest.parse.codes import Refusal, refused
from services.ingest.parse.dates import Moment, read_moment, read_zoned
from services.ingest.parse.detect import Format
from services.ingest.parse.escaped import unescaped
from services.ingest.parse.fragment import blocks_of_html
from services.ingest.parse.header import byline
from services.ingest.parse.json_document import load_json
from services.ingest.parse.metadata import keyword_list, language_tag
from services.ingest.parse.ninjs_members import Fields, fields_of, number, objects, string, variants
from services.ingest.parse.ninjs_pictures import read_pictures
from services.ingest.parse.ninjs_tags import companions, read_tags
from services.ingest.parse.plain import blocks_of_text
from services.ingest.parse.text import bounded, plain
from shared.article import Assumption, Change, Dateline, PubStatus

__all__ = ["parse_ninjs"]

MOST_ITEMS = 1_000
LONGEST_URI = 2_048
STATUSES = {
    "": PubStatus.USABLE,
    "usable": PubStatus.USABLE,
    "embargoed": PubStatus.USABLE,  # AP's: the embargo itself is read from its own field, or taken as untellable
    "withheld": PubStatus.WITHHELD,
    "canceled": PubStatus.CANCELED,
    "cancelled": PubStatus.CANCELED,
}
CORRECTS = re.compile(r"\W*(?:correction|corrects|corrected|correcting)\b", re.IGNORECASE)
MARKED_UP = re.compile(r"</?(?:p|div|br|h[1-6]|ul|ol|blockquote|section|article)\b[^<>]*>", re.IGNORECASE)
READ = frozenset({"", "text", "composite"})
"""Types of item that hold copy: a composite is a story with its pictures."""


def parse_ninjs(text: str, hints: Hints) -> Parsed:
    """Read ninjs.

    Raises:
        UnreadableCopy: ``invalid_json``, ``too_deep``, ``invalid_ninjs``, ``too_many_items``; or what is wrong with
            the item, when there is but one.
    """
    document = load_json(text)
    entries = document if isinstance(document, list) else [document]
    if len(entries) > MOST_ITEMS:
        raise refused(Refusal.TOO_MANY_ITEMS, f"more than {MOST_ITEMS} items")
    items: list[Item] = []
    warnings: list[Warned] = []
    for place, entry in enumerate(entries, start=1):
        try:
            fields = fields_of(entry)
            items.append(_item(fields, hints))
            if others := companions(fields):
                warnings.append(Warned(Refusal.MEDIA_IGNORED.value, f"item {place}: {others}"[:300], filtered=True))
        except UnreadableCopy as problem:
            if not isinstance(document, list):
                raise
            warnings.append(Warned(problem.code, f"item {place}: {problem.detail}"))
    return Parsed(Format.NINJS.value, tuple(items), tuple(warnings))


def _item(fields: Fields, hints: Hints) -> Item:
    status, identity = _status(fields), _identity(fields)
    _expect_story(fields, status, identity)
    blocks, body_notes = _blocks(fields, hints)
    body = make_body(blocks)
    named = headline_or_first_sentence(_headline(fields), body)
    if named is None and status is PubStatus.USABLE:
        raise refused(Refusal.NO_CONTENT, "no headline and no body")
    headline, notes = named or ("", ())
    published = _moment(fields, hints, "firstcreated", "contentcreated")
    modified = _moment(fields, hints, "versioncreated")
    embargoed, until = _embargo(fields)
    ed_note = bounded(string(fields, "ednote"), 2_000)
    return Item(
        headline=headline,
        body_html=body.html,
        summary=_summary(fields),
        identity=identity,
        version=number(fields.get("version"), 10**15),
        published=published.at if published else None,
        modified=modified.at if modified else None,
        provider=_provider(fields),
        by=_by(fields),
        dateline=_dateline(fields, body),
        language=language_tag(string(fields, "language")),
        url=absolute(string(fields, "url"), None) or absolute(hints.url, None),
        urgency=number(fields.get("urgency"), 9) or None,
        pub_status=status,
        change=Change.CORRECTION if status is PubStatus.USABLE and CORRECTS.match(ed_note or "") else None,
        ed_note=ed_note,
        copyright_notice=bounded(string(fields, "copyrightnotice"), 500) or body.copyright_notice,
        copyright_holder=bounded(string(fields, "copyrightholder"), 200),
        usage_terms=bounded(string(fields, "usageterms"), 1_000),
        expires=read_zoned(string(fields, "expires")),
        slugline=bounded(string(fields, "slugline"), 200),
        keywords=keyword_list(fields.get("keywords")),
        **read_tags(fields)._asdict(),
        pictures=read_pictures(fields),
        embargoed=embargoed,
        embargoed_until=until,
        assumptions=(*_date_notes(published, modified), *body_notes, *notes),
    )


def _expect_story(fields: Fields, status: PubStatus, identity: str | None) -> None:
    """Refuse what takes nothing back and is no text, and what takes back nothing that can be told."""
    if status is not PubStatus.USABLE:
        if identity is None:
            raise refused(Refusal.NO_IDENTITY, f"{status}, without the uri of what is")
    elif (kind := string(fields, "type").lower()) not in READ:
        raise refused(Refusal.NOT_TEXT, f"an item of type {kind}")


def _date_notes(published: Moment | None, modified: Moment | None) -> tuple[Assumption, ...]:
    notes = (*(published.assumptions if published else ()), *(modified.assumptions if modified else ()))
    return tuple({note.code: note for note in notes}.values())


def _status(fields: Fields) -> PubStatus:
    value = fields.get("pubstatus")
    word = value.strip().lower().removeprefix("stat:") if isinstance(value, str) else "" if value is None else "?"
    if word not in STATUSES:
        raise refused(Refusal.PUB_STATUS_UNKNOWN, f"pubStatus {word}")
    return STATUSES[word]


def _identity(fields: Fields) -> str | None:
    uri = bounded(string(fields, "uri"), LONGEST_URI + 1)
    if uri and len(uri) > LONGEST_URI:
        raise refused(Refusal.TOO_LARGE, "the uri of the item")
    return uri


def _moment(fields: Fields, hints: Hints, *names: str) -> Moment | None:
    written = next((text for name in names if (text := string(fields, name))), "")
    return read_moment(written, hints) if written else None


def _embargo(fields: Fields) -> tuple[bool, Any]:
    """Null and false say that there is none; anything else that is no moment with a zone seals the item."""
    present = [fields[name] for name in ("embargoeduntil", "embargoed") if fields.get(name) not in (None, False)]
    status = string(fields, "pubstatus").lower().removeprefix("stat:")
    if not present:
        return status == "embargoed", None
    moments = [read_zoned(value) if isinstance(value, str) else None for value in present]
    known = [moment for moment in moments if moment is not None]
    return True, max(known) if len(known) == len(moments) else None


def _headline(fields: Fields) -> str | None:
    for part in variants(fields, "headlines", "headline", "main", "", "simple"):
        # Twice: systems that hand on what they got escape it once more.
        if line := bounded(html.unescape(plain(string(part, "value")[:4_000])), 500):
            return line
    return bounded(plain(string(fields, "title")[:4_000]), 500)


def _summary(fields: Fields) -> str:
    for part in variants(fields, "descriptions", "description", "summary", "main", "text", ""):
        if line := bounded(plain(string(part, "value")[:8_000]), 1_000):
            return line
    return ""


def _blocks(fields: Fields, hints: Hints) -> tuple[list[Block], tuple[Assumption, ...]]:
    for written in _bodies(fields):
        value, notes = unescaped(written)
        is_html = MARKED_UP.search(value) is not None
        blocks = blocks_of_html(value, hints.url) if is_html else blocks_of_text(_plain_body(value))
        if blocks:
            return blocks, notes
    return [], ()


def _plain_body(value: str) -> str:
    """Return a body that has no markup of blocks as text, line ends kept."""
    return "\n".join(plain(line) if "&" in line else line for line in value.splitlines())


def _bodies(fields: Fields) -> list[str]:
    """Return the bodies to try, marked-up ones first: they say where the paragraphs are."""
    parts = variants(fields, "bodies", "body", "main", "html", "xhtml", "richtext", "text", "")
    # NITF inside JSON has a head of its own; as HTML it would become part of the copy.
    values = [string(part, "value") for part in parts if "nitf" not in string(part, "contenttype").lower()]
    return sorted(filter(None, values), key=lambda value: MARKED_UP.search(value) is None)


def _provider(fields: Fields) -> str | None:
    names = (bounded(string(source, "name"), 200) for source in objects(fields, "infosources", "infosource"))
    return next(filter(None, names), None)


def _by(fields: Fields) -> str | None:
    name = bounded(string(fields, "by") or string(fields, "byline"), 200)
    return byline(name) or name if name else None


def _dateline(fields: Fields, body: Body) -> Dateline | None:
    """The dateline of the copy; else where the item says it was located, which says as much."""
    located = bounded(string(fields, "located"), 100)
    return body.dateline or (Dateline(text=located, place=located) if located else None)
