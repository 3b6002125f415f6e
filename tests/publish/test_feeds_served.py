"""Feeds and sitemaps over real HTTP: what is in them, where they are, and that what is killed leaves them at once."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import feedparser  # type: ignore[import-untyped]
import httpx
import pytest

from services.ingest.feeds.websub import offered
from services.publish.feeds.entry import story_urn
from services.publish.feeds.news_sitemap import TWO_DAYS
from services.publish.feeds.sitemap import PART
from services.publish.pictures.signing import Signer
from services.publish.site.feed_pages import FeedPages
from services.publish.site.page_cache import Page
from services.publish.site.web import site_app
from services.publish.store.database import Database
from services.publish.store.feeding import FeedReader
from services.publish.store.writing import Store
from shared.article import Article, Association, Change, Kind, Rendition, Tag
from shared.settings import SiteIdentity
from tests.publish.reading_pages import Publish, parsed, story_page
from tests.publish.serving import serving
from tests.publish.told import complaints, held_to
from tests.publish.written import START, article
from tests.waiting import wait_until_sync

SITE = SiteIdentity(name="The Harbour Wire", url="https://news.example", hub="https://hub.example/", sections=("news",))
FILES = ("feed.xml", "atom.xml", "feed.json")
FOLDERS = ("", "/local", "/topic/20000001", "/place/brayhaven-4")
FEEDS = tuple(f"{folder}/{file}" for folder in FOLDERS for file in FILES)
MAPS = ("/sitemap/0.xml", "/news-sitemap.xml")
NAMES = {
    "a": "http://www.w3.org/2005/Atom",
    "at": "http://purl.org/atompub/tombstones/1.0",
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
}


@pytest.fixture
def wire(site_database: Database) -> Iterator[httpx.Client]:
    """The site as it runs: it learns of changes by watching the store."""
    with serving(site_app(site_database, SITE, checks={}, cached_pages=64, watch_every=0.1)) as client:
        yield client


def about(story_id: str = "ferry1", revision: int = 1, change: Change = Change.NEW, **members: Any) -> Article:
    """A story of this minute, with a topic and a place."""
    tags = (
        Tag(scheme="mediatopic", code="medtop:20000001", name="harbours", enricher="topics"),
        Tag(scheme="geonames", code="4", name="Brayhaven", kind=Kind.PLACE, enricher="places"),
    )
    moment = START.fromtimestamp(time.time() - 60, START.tzinfo)
    newsroom = {"tags": tags, "received": moment + timedelta(seconds=revision)}
    version = moment + timedelta(seconds=revision)
    return article(
        story_id, revision, change, first_created=moment, version_created=version, newsroom=newsroom, **members
    )


def names_in(site: httpx.Client, path: str) -> list[str]:
    """Return the names of the stories in a feed, held to its rules."""
    answer = site.get(path)
    assert answer.status_code == 200, path
    if path.endswith(".json"):
        assert complaints(answer.content) == []
        return [item["id"] for item in answer.json()["items"]]
    if path.endswith("atom.xml"):
        held_to("atom.rng", answer.content)
    read = feedparser.parse(answer.content)
    assert not read.bozo, path
    return [entry.id for entry in read.entries]


def locations(site: httpx.Client, path: str) -> list[str]:
    root = held_to("sitemap.xsd", site.get(path).content)
    return [node.text or "" for node in root.iterfind("*/s:loc", NAMES)]


def test_every_feed_holds_the_story_and_says_where_it_lives(wire: httpx.Client, publish: Publish) -> None:
    publish(about())
    assert {path: names_in(wire, path) for path in FEEDS} == {path: [story_urn("ferry1")] for path in FEEDS}
    assert all(f"https://news.example{path}" in wire.get(path).text for path in FEEDS)


def test_each_says_what_it_is_and_is_not_sent_twice(wire: httpx.Client) -> None:
    media_types = {
        "/feed.xml": "application/rss+xml; charset=utf-8",
        "/atom.xml": "application/atom+xml; charset=utf-8",
        "/feed.json": "application/feed+json; charset=utf-8",
        "/sitemap.xml": "application/xml",
        "/news-sitemap.xml": "application/xml",
        "/robots.txt": "text/plain; charset=utf-8",
    }
    answers = {path: wire.get(path) for path in media_types}
    again = [wire.get(path, headers={"If-None-Match": answers[path].headers["etag"]}) for path in media_types]
    assert {path: answer.headers["content-type"] for path, answer in answers.items()} == media_types
    assert {answer.status_code for answer in again} == {304}


def test_a_killed_story_leaves_every_feed_and_map_within_a_second(wire: httpx.Client, publish: Publish) -> None:
    publish(about(headline="Libellous words"), about("other"))
    paths = (*FEEDS, *MAPS)
    assert all("ferry1" in wire.get(path).text for path in paths)  # and all of them are in memory now
    publish(about(revision=2, change=Change.KILL))
    killed = time.monotonic()
    wait_until_sync(lambda: not any("Libellous" in wire.get(path).text for path in FEEDS))
    wait_until_sync(lambda: not any("ferry1" in wire.get(path).text for path in paths if not path.endswith("atom.xml")))
    assert time.monotonic() - killed < 1
    assert all(names_in(wire, path) == [story_urn("other")] for path in FEEDS)


def test_every_atom_feed_tells_of_what_was_taken_off(wire: httpx.Client, publish: Publish) -> None:
    publish(about(), about("held"), about("other"))
    publish(about("held", 2, Change.WITHHOLD), about(revision=2, change=Change.KILL))
    for folder in FOLDERS:
        root = held_to("atom.rng", wire.get(f"{folder}/atom.xml").content)
        told = [stone.get("ref") for stone in root.iterfind("at:deleted-entry", NAMES)]
        assert told == [story_urn("ferry1"), story_urn("held")], folder


def test_a_story_that_comes_back_has_no_tombstone(site: httpx.Client, publish: Publish) -> None:
    publish(about(), about(revision=2, change=Change.WITHHOLD))
    assert "deleted-entry" in site.get("/atom.xml").text
    publish(about(revision=3, change=Change.REINSTATE))
    assert names_in(site, "/atom.xml") == [story_urn("ferry1")]
    assert "deleted-entry" not in site.get("/atom.xml").text


def test_a_correction_moves_the_date_and_says_so_and_an_amend_does_neither(
    site: httpx.Client, publish: Publish
) -> None:
    def told() -> tuple[Any, ...]:
        (entry,) = feedparser.parse(site.get("/atom.xml").content).entries
        (item,) = site.get("/feed.json").json()["items"]
        return entry.updated, item.get("date_modified"), "Correction" in entry.content[0].value

    publish(article())
    publish(article(revision=2, change=Change.AMEND, newsroom={"keywords": ("ports",)}))
    assert told() == ("2024-03-04T09:00:00+00:00", None, False)
    publish(article(revision=3, change=Change.CORRECTION))
    assert told() == ("2024-03-04T09:03:00+00:00", "2024-03-04T09:03:00+00:00", True)


def test_a_correction_says_what_was_corrected_where_its_copy_does(site: httpx.Client, publish: Publish) -> None:
    publish(article(), article(revision=2, change=Change.CORRECTION, ed_note="Eds: Corrects the hour. Call the desk."))
    publish(article(revision=3, change=Change.AMEND, newsroom={"keywords": ("ports",)}))
    (item,) = site.get("/feed.json").json()["items"]
    assert item["content_html"].startswith("<p><strong>Correction</strong> Corrects the hour.</p><p>")


def test_a_section_of_the_site_has_a_feed_before_its_first_story(wire: httpx.Client) -> None:
    assert [names_in(wire, f"/news/{file}") for file in FILES] == [[], [], []]


def test_there_is_nothing_where_there_is_nothing(site: httpx.Client, publish: Publish) -> None:
    publish(about())
    paths = (
        "/nothing/feed.xml",
        "/topic/1/atom.xml",
        "/feed.xml/feed.xml",
        "/sitemap/00.xml",
        "/sitemap/1.xml",
        "/sitemap/99999999999999999999.xml",
        "/sitemap/x.xml",
    )
    assert {path: site.get(path).status_code for path in paths} == dict.fromkeys(paths, 404)


def test_a_subscriber_finds_the_hub_in_header_and_feed(wire: httpx.Client, publish: Publish) -> None:
    """The subscriber is Wireroom's own, which takes feeds from others."""
    publish(about())
    for path in ("/feed.xml", "/atom.xml", "/feed.json", "/local/feed.xml", "/local/atom.xml", "/local/feed.json"):
        answer, address = wire.get(path), f"https://news.example{path}"
        by_header = offered(answer.headers.get_list("link"), b"", url=address)
        assert by_header is not None
        assert (by_header.hub, by_header.topic) == ("https://hub.example/", address)
        if not path.endswith(".json"):
            assert offered([], answer.content, url=address) == by_header


def test_a_topics_feed_names_no_hub_since_none_is_told_of_it(wire: httpx.Client, publish: Publish) -> None:
    publish(about())
    answer = wire.get("/topic/20000001/atom.xml")
    assert ("link" in answer.headers, "hub.example" in answer.text) == (False, False)


def test_every_address_on_the_maps_is_a_page(site: httpx.Client, publish: Publish) -> None:
    publish(about(), about("other"), article("third", newsroom={"section": "Sport"}), about("other", 2, Change.KILL))
    base = str(site.base_url).rstrip("/")
    maps = locations(site, "/sitemap.xml")
    assert maps == [f"{base}/sitemap/pages.xml", f"{base}/sitemap/0.xml"]
    pages = [page for address in maps for page in locations(site, address)]
    assert {page.removeprefix(base) for page in pages} == {
        "/",
        "/local",
        "/sport",
        "/topic/20000001",
        "/story/harbour-ferry-returns-to-service-after-winter-refit-ferry1",
        "/story/harbour-ferry-returns-to-service-after-winter-refit-third",
    }
    assert {site.get(page).status_code for page in pages} == {200}


def test_a_map_keeps_its_address_and_the_others_their_bytes_when_a_story_is_killed(
    site: httpx.Client, publish: Publish
) -> None:
    publish(*(article(f"s{n}") for n in range(1, PART + 2)))
    before = site.get("/sitemap/0.xml").content
    assert len(locations(site, "/sitemap/0.xml")) == PART
    publish(article(f"s{PART + 1}", 2, Change.UPDATE), article("late"))
    assert site.get("/sitemap/0.xml").content == before
    publish(article("s1", 2, Change.KILL))
    first, second = locations(site, "/sitemap/0.xml"), locations(site, "/sitemap/1.xml")
    assert (len(first), len(second)) == (PART - 1, 2)


def test_news_passes_from_its_map_when_it_is_two_days_old(site_database: Database) -> None:
    Store(site_database).apply([article()])
    now = START.timestamp()

    def told() -> bytes:
        pages = FeedPages(FeedReader(site_database), SITE, lambda: Page(b"", status=404), clock=lambda: now)
        page = pages.news_sitemap("https://news.example")
        assert page.max_age <= 60
        return page.body

    now += TWO_DAYS / 1000 - 1
    assert b"ferry1" in told()
    now += 1
    assert b"ferry1" not in told()


def test_a_feed_shows_the_leading_picture_by_our_address(site_database: Database) -> None:
    file = Rendition(name="full", href="https://coast.example/quay.png")
    Store(site_database).apply(
        [article(associations=(Association(name="p1", uri="urn:coast:p1", renditions=(file,)),))]
    )
    reader = FeedReader(site_database)
    pages = FeedPages(reader, SITE, lambda: Page(b"", status=404), signer=Signer(b"key"))
    (entry,) = feedparser.parse(pages.of_site("https://news.example", "feed.xml").body).entries
    assert entry.media_content[0]["url"].startswith("https://news.example/picture/ferry1/")


def test_robots_are_answered_while_the_store_is_away(broken_site: httpx.Client) -> None:
    assert (broken_site.get("/robots.txt").status_code, broken_site.get("/feed.xml").status_code) == (200, 503)


def test_a_hub_without_the_sites_address_is_refused() -> None:
    with pytest.raises(ValueError, match="set url too"):
        SiteIdentity(hub="https://hub.example/")


def test_pages_lead_to_the_feeds_of_what_they_list(site: httpx.Client, publish: Publish) -> None:
    publish(about())
    led_to = {
        page: parsed(site.get(page)).xpath("//link[@rel='alternate']/@href")
        for page in ("/", "/local", "/topic/20000001", "/?before=1")
    }
    everywhere = [f"/{file}" for file in FILES]
    assert led_to == {
        "/": everywhere,
        "/?before=1": everywhere,
        "/local": [*everywhere, *(f"/local/{file}" for file in FILES)],
        "/topic/20000001": [*everywhere, *(f"/topic/20000001/{file}" for file in FILES)],
    }


def test_a_storys_head_tells_whom_it_is_about_and_what_a_link_to_it_shows(site: httpx.Client, publish: Publish) -> None:
    publish(about())
    page = parsed(story_page(site))
    told = json.loads(page.xpath("//script[@type='application/ld+json']")[0].text)
    assert [site.get(one["url"]).status_code for one in told["about"]] == [200, 200]
    shown = dict(zip(page.xpath("//meta/@property"), page.xpath("//meta[@property]/@content"), strict=True))
    assert (shown["og:type"], shown["og:url"], shown["article:section"]) == ("article", told["url"], "Local")
