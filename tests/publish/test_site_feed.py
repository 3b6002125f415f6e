"""The RSS feed, read back by an RSS reader."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import feedparser  # type: ignore[import-untyped]
import httpx
import pytest
from lxml import etree

from services.publish.site.web import site_app
from services.publish.store.database import Database
from services.publish.store.writing import Store
from shared.article import Change
from shared.settings import SiteIdentity
from tests.publish.serving import serving
from tests.publish.written import START, article

SITE = SiteIdentity(name="The Harbour Wire", url="https://news.example")


@pytest.fixture
def feed(sqlite_url: str) -> Iterator[httpx.Response]:
    database = Database(sqlite_url)
    Store(database).apply(
        [
            article("a", headline="Ferry & harbour <sail>", by="Mara Lindqvist"),
            article("dead"),
            article("dead", 2, Change.KILL),
            article("held", 1, Change.WITHHOLD),
            article("b", 3, uri="https://example.org/b", first_created=START - timedelta(days=2)),
        ]
    )
    with serving(site_app(database, SITE, checks={}, cached_pages=8, watch_every=0)) as client:
        yield client.get("/feed.xml")
    database.close()


def test_the_feed_is_read_without_complaint(feed: httpx.Response) -> None:
    read = feedparser.parse(feed.content)
    assert (read.bozo, read.version, read.feed.title) == (False, "rss20", "The Harbour Wire")


def test_the_feed_holds_what_is_usable_in_the_order_of_arrival(feed: httpx.Response) -> None:
    names = [entry.id for entry in feedparser.parse(feed.content).entries]
    assert names == ["urn:wireroom:story:b", "urn:wireroom:story:a"]


def test_an_entry_is_named_by_its_story_and_not_by_its_address(feed: httpx.Response) -> None:
    guids = etree.fromstring(feed.content).findall(".//guid")
    assert [guid.get("isPermaLink") for guid in guids] == ["false", "false"]


def test_links_are_absolute_and_lead_to_the_configured_site(feed: httpx.Response) -> None:
    links = [entry.link for entry in feedparser.parse(feed.content).entries]
    assert links[1] == "https://news.example/story/ferry-harbour-sail-a"


def test_dates_carry_their_zone(feed: httpx.Response) -> None:
    dates = [date.text for date in etree.fromstring(feed.content).findall(".//pubDate")]
    assert dates == ["Sat, 02 Mar 2024 09:00:00 +0000", "Mon, 04 Mar 2024 09:00:00 +0000"]


def test_the_feed_says_where_it_lives(feed: httpx.Response) -> None:
    (link,) = etree.fromstring(feed.content).findall(".//{http://www.w3.org/2005/Atom}link")
    assert (link.get("rel"), link.get("href")) == ("self", "https://news.example/feed.xml")


def test_an_entry_holds_headline_author_and_copy(feed: httpx.Response) -> None:
    entry = feedparser.parse(feed.content).entries[1]
    assert (etree.fromstring(feed.content).findall(".//title")[2].text, entry.author, entry.content[0].value) == (
        "Ferry & harbour <sail>",
        "Mara Lindqvist",
        "<p>The ferry sailed at dawn.</p><p>It was full by noon.</p>",
    )
