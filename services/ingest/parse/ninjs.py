"""ninjs 1.x, 2.x and 3.x: text items, and the kills and withholds of them. One object, or a list of them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from services.ingest.items import Hints, Item, Parsed, UnreadableCopy, Warned
from services.ingest.parse.addresses import absolute
from services.ingest.parse.blocks import Block
from services.ingest.parse.body import Body, headline_or_first_sentence, make_body
from services.ingest.parse.codes import Refusal, refused
from services.ingest.parse.dates import Moment, read_moment, read_zoned
from services.ingest.parse.detect import Format
from services.ingest.parse.fragment import blocks_of_html
from services.ingest.parse.header import byline
from services.ingest.parse.metadata import keyword_list, language_tag
from services.ingest.parse.plain import blocks_of_text
from services.ingest.parse.text import bounded, plain
from shared.article import Change, Dateline, PubStatus

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
BODIES = ("bodyhtml", "bodyxhtml", "bodyrichtext", "bodytext", "bodymain", "body")

Fields = Mapping[str, Any]
"""Members by name in lower case without underscores: what 1.x calls ``versioncreated`` and 3.x ``versionCreated``."""


def parse_ninjs(text: str, hints: Hints) -> Parsed:
    """Read ninjs.

    Raises:
        UnreadableCopy: ``invalid_json``, ``too_deep``, ``invalid_ninjs``, ``too_many_items``; or what is wrong with
            the item, when there is but one.
    """
    try:
        document = json.loads(text)
    except RecursionError:
        raise refused(Refusal.TOO_DEEP, "JSON nested deeper than any item") from None
    except ValueError as error:
        raise refused(Refusal.INVALID_JSON, str(error)) from error
    entries = document if isinstance(document, list) else [document]
    if len(entries) > MOST_ITEMS:
        raise refused(Refusal.TOO_MANY_ITEMS, f"more than {MOST_ITEMS} items")
    items: list[Item] = []
    warnings: list[Warned] = []
    for number, entry in enumerate(entries, start=1):
        try:
            items.append(_item(entry, hints))
        except UnreadableCopy as problem:
            if not isinstance(document, list):
                raise
            warnings.append(Warned(problem.code, f"item {number}: {problem.detail}"))
    return Parsed(Format.NINJS.value, tuple(items), tuple(warnings))


def _item(entry: Any, hints: Hints) -> Item:
    fields = _fields(entry)
    status, identity = _status(fields), _identity(fields)
    if status is not PubStatus.USABLE and identity is None:
        raise refused(Refusal.NO_IDENTITY, f"{status}, without the uri of what is")
    if status is PubStatus.USABLE and _string(fields, "type") not in {"", "text"}:
        raise refused(Refusal.NOT_TEXT, f"an item of type {_string(fields, 'type')}")
    body = make_body(_blocks(fields, hints))
    named = headline_or_first_sentence(_headline(fields), body)
    if named is None and status is PubStatus.USABLE:
        raise refused(Refusal.NO_CONTENT, "no headline and no body")
    headline, notes = named or ("", ())
    published = _moment(fields, hints, "firstcreated", "contentcreated")
    modified = _moment(fields, hints, "versioncreated")
    embargoed, until = _embargo(fields)
    ed_note = bounded(_string(fields, "ednote"), 2_000)
    return Item(
        headline=headline,
        body_html=body.html,
        summary=_summary(fields),
        identity=identity,
        version=_number(fields.get("version"), 10**15),
        published=published.at if published else None,
        modified=modified.at if modified else None,
        by=_by(fields),
        dateline=_dateline(fields, body),
        language=language_tag(_string(fields, "language")),
        url=absolute(_string(fields, "url"), None) or absolute(hints.url, None),
        urgency=_number(fields.get("urgency"), 9) or None,
        pub_status=status,
        change=Change.CORRECTION if status is PubStatus.USABLE and CORRECTS.match(ed_note or "") else None,
        ed_note=ed_note,
        copyright_notice=bounded(_string(fields, "copyrightnotice"), 500) or body.copyright_notice,
        keywords=keyword_list(fields.get("keywords")),
        embargoed=embargoed,
        embargoed_until=until,
        assumptions=(
            *(published.assumptions if published else ()),
            *(modified.assumptions if modified and not published else ()),
            *notes,
        ),
    )


def _fields(entry: Any) -> Fields:
    if not isinstance(entry, dict):
        raise refused(Refusal.INVALID_NINJS, "an item is a JSON object")
    fields = {str(name).lower().replace("_", ""): value for name, value in entry.items()}
    if not fields.keys() & {"uri", "headlines", "headline", "headlinemain", "bodies", "pubstatus", *BODIES}:
        raise refused(Refusal.INVALID_NINJS, "no uri, no headline, no body: not a news item")
    return fields


def _string(fields: Fields, name: str) -> str:
    value = fields.get(name)
    return value.strip() if isinstance(value, str) else ""


def _status(fields: Fields) -> PubStatus:
    value = fields.get("pubstatus")
    word = value.strip().lower().removeprefix("stat:") if isinstance(value, str) else "" if value is None else "?"
    if word not in STATUSES:
        raise refused(Refusal.PUB_STATUS_UNKNOWN, f"pubStatus {word}")
    return STATUSES[word]


def _identity(fields: Fields) -> str | None:
    uri = bounded(_string(fields, "uri"), LONGEST_URI + 1)
    if uri and len(uri) > LONGEST_URI:
        raise refused(Refusal.TOO_LARGE, "the uri of the item")
    return uri


def _number(value: Any, most: int) -> int | None:
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return int(text) if re.fullmatch(r"[0-9]{1,16}", text) and int(text) <= most else None


def _moment(fields: Fields, hints: Hints, *names: str) -> Moment | None:
    written = next((text for name in names if (text := _string(fields, name))), "")
    return read_moment(written, hints) if written else None


def _embargo(fields: Fields) -> tuple[bool, Any]:
    """Null and false say that there is none; anything else that is no moment with a zone seals the item."""
    present = [fields[name] for name in ("embargoeduntil", "embargoed") if fields.get(name) not in (None, False)]
    status = _string(fields, "pubstatus").lower().removeprefix("stat:")
    if not present:
        return status == "embargoed", None
    moments = [read_zoned(value) if isinstance(value, str) else None for value in present]
    known = [moment for moment in moments if moment is not None]
    return True, max(known) if len(known) == len(moments) else None


def _headline(fields: Fields) -> str | None:
    found = _by_role(fields.get("headlines"), "main")
    texts = (_string(found, "value"), _string(fields, "headline"), _string(fields, "headlinemain"))
    return next((line for text in texts if (line := bounded(plain(text[:4_000]), 500))), None)


def _summary(fields: Fields) -> str:
    found = _by_role(fields.get("descriptions"), "summary")
    texts = (_string(found, "value"), *(_string(fields, f"description{kind}") for kind in ("text", "summary", "main")))
    return next((line for text in texts if (line := bounded(plain(text[:8_000]), 1_000))), "")


def _by_role(parts: Any, role: str) -> dict[str, Any]:
    objects = [_lowered(part) for part in parts[:50] if isinstance(part, dict)] if isinstance(parts, list) else []
    return next((part for part in objects if part.get("role") == role), objects[0] if objects else {})


def _lowered(part: Mapping[str, Any]) -> dict[str, Any]:
    return {str(name).lower(): value for name, value in part.items()}


def _blocks(fields: Fields, hints: Hints) -> list[Block]:
    for value in _bodies(fields):
        is_html = MARKED_UP.search(value) is not None
        blocks = blocks_of_html(value, hints.url) if is_html else blocks_of_text(_plain_body(value))
        if blocks:
            return blocks
    return []


def _plain_body(value: str) -> str:
    """Return a body that has no markup of blocks as text, line ends kept."""
    return "\n".join(plain(line) if "&" in line else line for line in value.splitlines())


def _bodies(fields: Fields) -> list[str]:
    """Return the bodies to try, marked-up ones first: they say where the paragraphs are."""
    parts = fields.get("bodies")
    listed = [_lowered(p) for p in parts[:50] if isinstance(p, dict)] if isinstance(parts, list) else []
    # NITF has its own parser or none; as HTML it would lose its head.
    values = [_string(p, "value") for p in listed if "nitf" not in str(p.get("contenttype", "")).lower()]
    values.sort(key=lambda value: MARKED_UP.search(value) is None)
    return [value for value in (*values, *(_string(fields, name) for name in BODIES)) if value]


def _by(fields: Fields) -> str | None:
    name = bounded(_string(fields, "by") or _string(fields, "byline"), 200)
    return byline(name) or name if name else None


def _dateline(fields: Fields, body: Body) -> Dateline | None:
    """The dateline of the copy; else where the item says it was located, which says as much."""
    located = bounded(_string(fields, "located"), 100)
    return body.dateline or (Dateline(text=located, place=located) if located else None)
