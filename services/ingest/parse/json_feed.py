"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/): one item an entry, in the order of the feed."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any, NamedTuple

from services.ingest.items import Hints, Item, Parsed, UnreadableCopy, Warned
from services.ingest.parse.addresses import absolute, canonical
from services.ingest.parse.blocks import Block
from services.ingest.parse.body import headline_or_first_sentence, make_body
from services.ingest.parse.codes import Assumed, Refusal, assumption, refused
from services.ingest.parse.dates import Moment, read_moment
from services.ingest.parse.detect import Format
from services.ingest.parse.escaped import blocks_of_markup
from services.ingest.parse.header import byline
from services.ingest.parse.html_pictures import pictures_of_markup
from services.ingest.parse.json_document import load_json
from services.ingest.parse.metadata import keyword_list, language_tag
from services.ingest.parse.pictures import Told, few, picture, rendition
from services.ingest.parse.plain import blocks_of_text
from services.ingest.parse.text import bounded, plain
from shared.article import Association, Assumption

__all__ = ["parse_json_feed"]

MOST_ENTRIES = 2_000
LONGEST_IDENTITY = 2_048


class Feed(NamedTuple):
    """What the feed says for all of its entries."""

    base: str | None
    language: str | None
    by: str | None
    provider: str | None


def parse_json_feed(text: str, hints: Hints) -> Parsed:
    """Read a feed. An entry that cannot be used costs the feed nothing.

    Raises:
        UnreadableCopy: ``invalid_json``, ``too_deep``, ``invalid_json_feed``, ``too_many_items``.
    """
    document = load_json(text)
    entries = document.get("items") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise refused(Refusal.INVALID_JSON_FEED, "no list of items")
    if len(entries) > MOST_ENTRIES:
        raise refused(Refusal.TOO_MANY_ITEMS, f"more than {MOST_ENTRIES} entries")
    feed = _feed(document, hints)
    items: list[Item] = []
    warnings: list[Warned] = []
    for number, entry in enumerate(entries, start=1):
        try:
            items.append(_item(entry, feed, hints))
        except UnreadableCopy as problem:
            warnings.append(Warned(problem.code, f"entry {number}: {problem.detail}"))
    return Parsed(Format.JSON_FEED.value, tuple(items), tuple(warnings))


def _feed(document: dict[str, Any], hints: Hints) -> Feed:
    site = absolute(_string(document, "home_page_url"), hints.url) or absolute(_string(document, "feed_url"), hints.url)
    return Feed(
        base=site or hints.url,
        language=language_tag(_string(document, "language")),
        by=_by(document),
        # The source's configuration names the provider, as with other feeds.
        provider=None if hints.provider.strip() else bounded(plain(_string(document, "title")[:1_000]), 200),
    )


def _item(entry: Any, feed: Feed, hints: Hints) -> Item:
    if not isinstance(entry, dict):
        raise refused(Refusal.INVALID_JSON_FEED, "an entry is a JSON object")
    url = absolute(_string(entry, "url"), feed.base)
    summary = bounded(plain(_string(entry, "summary")[:8_000]), 1_000) or ""
    content, content_notes = _content(entry, url or feed.base)
    body = make_body(content or blocks_of_text(summary))
    named = headline_or_first_sentence(bounded(html.unescape(plain(_string(entry, "title")[:4_000])), 500), body)
    if named is None:
        raise refused(Refusal.NO_CONTENT, "no title and no text")
    headline, headline_notes = named
    published, first_notes = _date(entry, "date_published", hints)
    modified, last_notes = _date(entry, "date_modified", hints)
    return Item(
        headline=headline,
        body_html=body.html,
        summary=summary if content else "",
        identity=_identity(entry) or canonical(url),
        published=published.at if published else None,
        modified=modified.at if modified else None,
        provider=feed.provider,
        by=_by(entry) or feed.by,
        dateline=body.dateline,
        language=language_tag(_string(entry, "language")) or feed.language,
        url=canonical(url),
        copyright_notice=body.copyright_notice,
        keywords=keyword_list(entry.get("tags")),
        pictures=_pictures(entry, url or feed.base),
        assumptions=(
            *{note.code: note for note in (*first_notes, *last_notes)}.values(),
            *content_notes,
            *headline_notes,
        ),
    )


def _string(members: dict[str, Any], name: str) -> str:
    value = members.get(name)
    return value.strip() if isinstance(value, str) else ""


def _content(entry: dict[str, Any], base: str | None) -> tuple[list[Block], tuple[Assumption, ...]]:
    """Return the HTML, which says where the paragraphs are, before the text."""
    blocks, notes = blocks_of_markup(_string(entry, "content_html"), base)
    return (blocks, notes) if blocks else (blocks_of_text(_string(entry, "content_text")), ())


def _pictures(entry: dict[str, Any], base: str | None) -> tuple[Association, ...]:
    """Return the entry's image, else the pictures in its text."""
    named = (_string(entry, name) for name in ("image", "banner_image"))
    image = few(picture([rendition(address, base)], Told()) for address in named if address)
    return image or pictures_of_markup(_string(entry, "content_html"), base)


def _identity(entry: dict[str, Any]) -> str | None:
    """Return the id; feeds also have numbers for it, which the standard says to read as text."""
    value = entry.get("id")
    name = str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    text = bounded(name, LONGEST_IDENTITY + 1)
    if text and len(text) > LONGEST_IDENTITY:
        raise refused(Refusal.TOO_LARGE, "the name of the entry")
    return text


def _by(members: dict[str, Any]) -> str | None:
    """Return the authors: a list in 1.1, one in 1.0, where a feed may have both for old readers."""
    return bounded(", ".join(dict.fromkeys(_names(members))), 200)


def _names(members: dict[str, Any]) -> Iterator[str]:
    listed = members.get("authors")
    for author in listed[:10] if isinstance(listed, list) else [members.get("author")]:
        name = bounded(plain(_string(author, "name")[:1_000]), 200) if isinstance(author, dict) else None
        if name:
            yield byline(name) or name


def _date(entry: dict[str, Any], name: str, hints: Hints) -> tuple[Moment | None, tuple[Assumption, ...]]:
    written = _string(entry, name)[:200]
    if not written:
        return None, ()
    moment = read_moment(written, hints)
    if moment is None:
        return None, (assumption(Assumed.DATE_UNREADABLE, written),)
    return moment, moment.assumptions
