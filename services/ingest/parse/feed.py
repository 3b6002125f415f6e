"""RSS and Atom: one item an entry, in the order of the feed. An entry that cannot be used costs the feed nothing."""

from __future__ import annotations

import html
import io
import re
from typing import Any

import feedparser  # type: ignore[import-untyped]

from services.ingest.items import Hints, Item, Parsed, UnreadableCopy, Warned
from services.ingest.parse.addresses import absolute, canonical
from services.ingest.parse.blocks import Block
from services.ingest.parse.body import headline_or_first_sentence, make_body
from services.ingest.parse.codes import Assumed, Refusal, assumption, refused
from services.ingest.parse.dates import Moment, read_moment
from services.ingest.parse.detect import Format
from services.ingest.parse.escaped import blocks_of_markup, without_cdata
from services.ingest.parse.feed_pictures import enclosed, take_media
from services.ingest.parse.header import byline
from services.ingest.parse.html_pictures import pictures_of_markup
from services.ingest.parse.metadata import language_tag
from services.ingest.parse.text import bounded, plain
from services.ingest.parse.xmlgate import Tombstone, pass_gate
from shared.article import Association, Assumption, PubStatus

__all__ = ["parse_feed"]

LONGEST_IDENTITY = 2_048


def parse_feed(text: str, hints: Hints, expected: Format) -> Parsed:
    """Read a feed.

    Raises:
        UnreadableCopy: a code of the gate, or ``invalid_xml`` for what is no feed after all.
    """
    passed = pass_gate(text)
    xml, media = take_media(passed.xml)
    # From memory, never by name: given a string, feedparser would fetch it or open it as a file.
    feed = feedparser.parse(
        io.BytesIO(xml),
        # Without an address to resolve against: feedparser would resolve an Atom id, and then `ref` of a
        # deleted-entry would not name it any more.
        response_headers={"content-type": "application/xml; charset=utf-8"},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    if not feed.get("version") and not feed.entries and not passed.tombstones:
        raise refused(Refusal.INVALID_XML, "no feed under the root element")
    notes = (assumption(Assumed.MARKUP_REPAIRED, "the feed is not well-formed XML"),) if passed.repaired else ()
    media_type = Format.ATOM if str(feed.get("version", "")).startswith("atom") else expected
    reader = _Reader(feed.feed, hints, notes, atom=media_type is Format.ATOM)
    # Entries that the two parsers count differently cannot be told apart: better no picture than another story's.
    pictures = media if len(media) == len(feed.entries) else [()] * len(feed.entries)
    for number, (entry, shown) in enumerate(zip(feed.entries, pictures, strict=True), start=1):
        reader.take(entry, number, shown)
    for tombstone in passed.tombstones:
        reader.bury(tombstone)
    if passed.cut_off:
        reader.warnings.append(Warned(Refusal.FEED_CUT_OFF.value, "it stops in its last entry, which is left"))
    elif passed.repaired and not reader.items:
        reader.warnings.append(Warned(Refusal.INVALID_XML.value, "not well-formed, and no entry could be had"))
    return Parsed(media_type.value, tuple(reader.items), tuple(reader.warnings))


class _Reader:
    """Turns entries into items and warnings, with what the feed says for all of them."""

    def __init__(self, feed: Any, hints: Hints, notes: tuple[Assumption, ...], *, atom: bool) -> None:
        self.hints, self.notes, self.atom = hints, notes, atom
        site = absolute(feed.get("link"), hints.url)
        # Atom's links are relative to the feed's address; RSS has no rule, and means the site's.
        self.base = hints.url or site if atom else site or hints.url
        self.language = language_tag(feed.get("language"))
        # The source's configuration names the provider; a feed's title is often "Latest" or an advertisement.
        self.provider = None if hints.provider.strip() else bounded(plain(feed.get("title", "")[:1_000]), 200)
        self.items: list[Item] = []
        self.warnings: list[Warned] = []

    def take(self, entry: Any, number: int, pictures: tuple[Association, ...]) -> None:
        try:
            self.items.append(self._item(entry, pictures))
        except UnreadableCopy as problem:
            name = bounded(entry.get("id") or entry.get("link"), 100) or f"entry {number}"
            self.warnings.append(Warned(problem.code, f"{name}: {problem.detail}"))

    def bury(self, tombstone: Tombstone) -> None:
        """An entry that the feed deleted is a kill of that story."""
        if not (identity := _identity(tombstone.ref)):
            self.warnings.append(Warned(Refusal.NO_IDENTITY.value, "a deleted-entry without ref"))
            return
        moment = read_moment(tombstone.when, self.hints)
        item = Item(
            headline="",
            identity=identity,
            provider=self.provider,
            pub_status=PubStatus.CANCELED,
            modified=moment.at if moment else None,
            ed_note=bounded(tombstone.comment, 1_000),
            assumptions=(*(moment.assumptions if moment else ()), *self.notes),
        )
        self.items.append(item)

    def _item(self, entry: Any, pictures: tuple[Association, ...]) -> Item:
        link = self._link(entry)
        content, summary, notes = self._content_and_summary(entry, link)
        body = make_body(content)
        named = headline_or_first_sentence(self._title(entry), body)
        if named is None:
            raise refused(Refusal.NO_CONTENT, "no title and no text")
        headline, headline_notes = named
        published, modified, date_notes = self._dates(entry)
        return Item(
            headline=headline,
            body_html=body.html,
            summary=summary,
            identity=_identity(entry.get("id")) or canonical(link),
            published=published.at if published else None,
            modified=modified.at if modified else None,
            provider=self.provider,
            by=_by(entry),
            dateline=body.dateline,
            language=language_tag((entry.get("title_detail") or {}).get("language")) or self.language,
            url=canonical(link),
            copyright_notice=bounded(plain(str(entry.get("rights", ""))[:2_000]), 500) or body.copyright_notice,
            keywords=_keywords(entry),
            pictures=pictures or enclosed(entry, self.base) or self._shown(entry, link),
            assumptions=(*date_notes, *notes, *headline_notes, *self.notes),
        )

    def _link(self, entry: Any) -> str | None:
        link = entry.get("link")
        # A guid that is no address and does not say so is still no address.
        base = None if entry.get("guidislink") and link == entry.get("id") else self.base
        return absolute(link, base)

    def _title(self, entry: Any) -> str | None:
        """Atom says whether a title is HTML. RSS does not, and in practice escapes it twice."""
        detail = entry.get("title_detail") or {}
        value = without_cdata(str(detail.get("value", "")))[:4_000]
        if self.atom and detail.get("type") == "text/plain":
            return bounded(value, 500)
        return bounded(html.unescape(plain(value)), 500)

    def _content_and_summary(self, entry: Any, link: str | None) -> tuple[list[Block], str, tuple[Assumption, ...]]:
        """Full content is the body and the description its summary; a description alone is all the body there is."""
        details = [d for d in entry.get("content", [])[:5] if d.get("value")]
        brief = entry.get("summary_detail") or {}
        full = max(details, key=lambda d: len(d["value"]), default=brief)
        blocks, notes = self._blocks(full, link)
        if full is brief or not blocks:
            return blocks or self._blocks(brief, link)[0], "", notes
        summary = " ".join(b.text for b in make_body(self._blocks(brief, link)[0]).blocks)
        text = " ".join(b.text for b in blocks)
        # feedparser gives Atom's content as the summary too when there is none.
        return blocks, "" if summary == text else (bounded(summary, 1_000) or ""), notes

    def _shown(self, entry: Any, link: str | None) -> tuple[Association, ...]:
        """Return the pictures in the text, the full one or else the description."""
        for detail in [*entry.get("content", [])[:5], entry.get("summary_detail") or {}]:
            base = absolute(detail.get("base"), self.base) or link or self.base
            if found := pictures_of_markup(str(detail.get("value", "")), base):
                return found
        return ()

    def _blocks(self, detail: Any, link: str | None) -> tuple[list[Block], tuple[Assumption, ...]]:
        base = absolute(detail.get("base"), self.base) or link or self.base
        return blocks_of_markup(str(detail.get("value", "")), base)

    def _dates(self, entry: Any) -> tuple[Moment | None, Moment | None, tuple[Assumption, ...]]:
        published, first_notes = self._date(entry, "published")
        modified, last_notes = self._date(entry, "updated")
        return published, modified, tuple({note.code: note for note in (*first_notes, *last_notes)}.values())

    def _date(self, entry: Any, name: str) -> tuple[Moment | None, tuple[Assumption, ...]]:
        # `in` first: without it feedparser answers `updated` with `published`, and a warning.
        written = str(entry[name])[:200] if name in entry else ""
        if not written.strip():
            return None, ()
        moment = read_moment(written, self.hints)
        if moment is None:
            return None, (assumption(Assumed.DATE_UNREADABLE, written),)
        return moment, moment.assumptions


def _identity(name: str | None) -> str | None:
    text = bounded(name, LONGEST_IDENTITY + 1)
    if text and len(text) > LONGEST_IDENTITY:
        # Cut, two long names that differ at the end would be one story.
        raise refused(Refusal.TOO_LARGE, "the name of the entry")
    return text


def _by(entry: Any) -> str | None:
    detail = entry.get("author_detail") or {}
    name = bounded(plain(str(detail.get("name") or entry.get("author") or "")[:1_000]), 200)
    if not name or re.fullmatch(r"\S+@\S+", name):
        return None
    return byline(name) or name


def _keywords(entry: Any) -> tuple[str, ...]:
    terms = (bounded(plain(str(tag.get("term") or "")[:400]), 80) for tag in entry.get("tags", [])[:100])
    return tuple(dict.fromkeys(term for term in terms if term))[:20]
