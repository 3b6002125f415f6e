"""Feeds and sitemaps as answers: what each is made from, and what in the store takes it out of memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from urllib.parse import quote

from services.publish.feeds.addresses import ATOM_FILE, RSS_FILE, SITE, label_folder, section_folder
from services.publish.feeds.atom import ATOM, atom_feed
from services.publish.feeds.entry import Channel, Entry, entry_of
from services.publish.feeds.jsonfeed import JSON_FEED, json_feed
from services.publish.feeds.news_sitemap import MOST, TWO_DAYS, news_sitemap
from services.publish.feeds.robots import robots_txt
from services.publish.feeds.rss import RSS, rss_feed
from services.publish.feeds.sitemap import PART, XML, Place, numbers_of, part_named, sitemap, sitemap_index
from services.publish.pictures.signing import Signer
from services.publish.site.notes import correction_note
from services.publish.site.page_cache import Page
from services.publish.site.story_head import shared_pictures
from services.publish.site.story_view import view_of
from services.publish.site.surrogates import EVERYTHING_NEW, label_key, section_name, shown_keys
from services.publish.slug import may_be_key, section_title, story_path
from services.publish.store.feeding import FeedReader, Told
from services.publish.store.labels import label_path
from services.publish.store.reading import Teaser
from shared.article import Article, Kind
from shared.settings import SiteIdentity

__all__ = ["FeedPages"]

ENTRIES = 50
CORRECTIONS = 20
"""Stories corrected last, that a feed tells again though newer ones have pushed them out."""
TOMBSTONES = 100
A_MINUTE = 60.0
"""Seconds that the news sitemap may hold a story that has passed two days."""
Clock = Callable[[], float]


class FeedPages:
    """Makes feeds and sitemaps. ``base`` is the site's address without a slash at its end."""

    def __init__(
        self,
        reader: FeedReader,
        site: SiteIdentity,
        not_found: Callable[[], Page],
        *,
        signer: Signer | None = None,
        clock: Clock = time.time,
    ) -> None:
        self._reader = reader
        self._site = site
        self._not_found = not_found
        self._signer = signer
        self._clock = clock

    def of_site(self, base: str, file: str) -> Page:
        channel = self._channel(base, SITE, file, self._site.name)
        told = self._reader.arrived(ENTRIES, CORRECTIONS)
        return self._feed(base, file, replace(channel, page=f"{base}/"), told, EVERYTHING_NEW)

    def of_section(self, base: str, section: str, file: str) -> Page:
        """Return a section's feed; 404 for one without stories, unless the site is configured to have it."""
        told = self._reader.arrived(ENTRIES, CORRECTIONS, section=section) if may_be_key(section) else []
        if not told and section not in self._site.sections:
            return self._not_found()
        title = f"{section_title(section)} \u2013 {self._site.name}"
        channel = self._channel(base, section_folder(section), file, title)
        return self._feed(base, file, channel, told, section_name(section))

    def of_label(self, base: str, kind: str, key: str, file: str) -> Page:
        """Return the feed of a topic, place, person or organisation; 404 where no story is about it."""
        name = self._reader.label_name(kind, key) if may_be_key(key) else None
        if name is None:
            return self._not_found()
        channel = self._channel(base, label_folder(kind, key), file, f"{name} \u2013 {self._site.name}")
        told = self._reader.labelled(kind, key, ENTRIES, CORRECTIONS)
        # Hubs are told of the site's feeds and the sections': a story has a dozen labels and more.
        return self._feed(base, file, replace(channel, hub=None), told, label_key(kind, key))

    def sitemap_index(self, base: str) -> Page:
        parts = (Place.at(f"{base}/sitemap/{part}.xml", changed) for part, changed in self._reader.parts(PART))
        body = sitemap_index([Place(f"{base}/sitemap/pages.xml"), *parts])
        return Page(body, media_type=XML, keys=frozenset({EVERYTHING_NEW}))

    def sitemap_pages(self, base: str) -> Page:
        """Return the map of the pages that list stories: the home page, the sections, the topics."""
        topics = self._reader.label_keys(Kind.TOPIC)
        paths = [
            "/",
            *map(section_folder, self._reader.sections()),
            *(quote(label_path(Kind.TOPIC, t)) for t in topics),
        ]
        body = sitemap(Place(f"{base}{path}") for path in paths)
        return Page(body, media_type=XML, keys=frozenset({EVERYTHING_NEW}))

    def sitemap_part(self, base: str, name: str) -> Page:
        """Return the map of one run of story numbers; 404 for one without a story."""
        part = part_named(name)
        stories = [] if part is None else self._reader.mapped(numbers_of(part))
        if not stories:
            return self._not_found()
        body = sitemap(Place.at(f"{base}{story_path(s.slug, s.story_id)}", s.modified) for s in stories)
        return Page(body, media_type=XML, keys=frozenset({EVERYTHING_NEW}))

    def news_sitemap(self, base: str) -> Page:
        now = int(self._clock() * 1000)
        stories = self._reader.published_since(now - TWO_DAYS, MOST)
        body = news_sitemap(self._site, base, stories, now)
        return Page(body, media_type=XML, keys=frozenset({EVERYTHING_NEW}), max_age=A_MINUTE)

    def robots(self, base: str) -> Page:
        return Page(robots_txt(base), media_type="text/plain; charset=utf-8")

    def _channel(self, base: str, folder: str, file: str, title: str) -> Channel:
        site = self._site
        return Channel(
            title=title,
            description=site.description,
            language=site.language,
            site_name=site.name,
            page=f"{base}{folder}",
            address=f"{base}{folder}/{file}",
            hub=str(site.hub) if site.hub else None,
        )

    def _feed(self, base: str, file: str, channel: Channel, told: Sequence[Told], *names: str) -> Page:
        notes = self._reader.correction_notes([teaser.story_id for teaser, _ in told if teaser.corrected is not None])
        entries = [self._entry(base, *one, notes.get(one[0].story_id, "")) for one in told]
        keys = shown_keys((teaser for teaser, _ in told), *names)
        if file == ATOM_FILE:
            # Its tombstones are of the whole site: a story that is off it no longer says where it was.
            body = atom_feed(channel, entries, self._reader.gone(TOMBSTONES))
            return _page(body, ATOM, keys | {EVERYTHING_NEW}, channel)
        write, media_type = (rss_feed, RSS) if file == RSS_FILE else (json_feed, JSON_FEED)
        return _page(write(channel, entries), media_type, keys, channel)

    def _entry(self, base: str, teaser: Teaser, article: Article, note: str) -> Entry:
        picture = next(iter(shared_pictures(article, base, self._signer)), None)
        return entry_of(view_of(teaser, article), base, correction=correction_note(note), picture=picture)


def _page(body: bytes, media_type: str, keys: frozenset[str], channel: Channel) -> Page:
    """Return the feed as an answer. WebSub would have its links in the header, beside those that the feed holds."""
    links = f'<{channel.hub}>; rel="hub", <{channel.address}>; rel="self"'
    headers = (("Link", links),) if channel.hub else ()
    return Page(body, media_type=f"{media_type}; charset=utf-8", keys=keys, headers=headers)
