"""Sitemaps and robots.txt, held to the rules of who reads them."""

from __future__ import annotations

from typing import Any
from urllib.robotparser import RobotFileParser

import pytest
from lxml import etree

from services.publish.feeds.news_sitemap import MOST, TWO_DAYS, news_sitemap
from services.publish.feeds.robots import robots_txt
from services.publish.feeds.sitemap import PART, Place, numbers_of, part_of, sitemap, sitemap_index
from services.publish.store.reading import Teaser
from shared.settings import SiteIdentity
from tests.publish.told import BASE, HOSTILE, MINUTE, NOON, held_to, view

NAMES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
}
SITE = SiteIdentity(name="The Harbour & Quay Wire", language="en-AU")


def teaser(**changes: Any) -> Teaser:
    return view(**changes).teaser


def told(root: etree._Element, path: str) -> list[str]:
    return [node.text or "" for node in root.iterfind(path, NAMES)]


def test_a_sitemap_keeps_the_rules_of_the_protocol() -> None:
    places = [Place.at(f"{BASE}/a?b=1&c=2", NOON), Place(f"{BASE}/b", "2024-03-04"), Place(f"{BASE}/c")]
    root = held_to("sitemap.xsd", sitemap(places))
    assert told(root, "s:url/s:loc") == [f"{BASE}/a?b=1&c=2", f"{BASE}/b", f"{BASE}/c"]
    assert told(root, "s:url/s:lastmod") == ["2024-03-04T09:00:00+00:00", "2024-03-04"]


def test_an_index_keeps_the_rules_of_the_protocol() -> None:
    root = held_to("sitemap.xsd", sitemap_index([Place.at(f"{BASE}/sitemap/0.xml", NOON)]))
    assert told(root, "s:sitemap/s:loc") == [f"{BASE}/sitemap/0.xml"]


def test_an_address_that_stands_twice_breaks_the_rules() -> None:
    with pytest.raises(etree.DocumentInvalid):
        held_to("sitemap.xsd", sitemap([Place(f"{BASE}/a"), Place(f"{BASE}/a")]))


def test_a_full_part_of_the_longest_addresses_is_within_the_protocols_limits() -> None:
    longest = Place.at(f"{BASE}/{'a' * (2048 - len(BASE) - 1)}", NOON)
    assert PART <= 50_000
    assert len(sitemap([longest])) * PART < 50 * 2**20


@pytest.mark.parametrize(("number", "part"), [(1, 0), (PART, 0), (PART + 1, 1), (2 * PART, 1)])
def test_a_number_is_in_one_part_for_ever(number: int, part: int) -> None:
    assert part_of(number) == part
    assert number in numbers_of(part)


def test_the_news_sitemap_keeps_the_rules_of_google_news() -> None:
    stories = [teaser(story_id="b", headline=HOSTILE), teaser(story_id="a", day="2024-03-04")]
    root = held_to("sitemap.xsd", news_sitemap(SITE, BASE, stories, NOON))
    assert told(root, "s:url/s:loc") == [f"{BASE}/story/ferry-b", f"{BASE}/story/ferry-a"]
    assert told(root, ".//n:publication_date") == ["2024-03-04T09:00:00+00:00", "2024-03-04"]
    assert told(root, ".//n:name") == ["The Harbour & Quay Wire"] * 2
    assert told(root, ".//n:language") == ["en", "en"]


def test_the_news_sitemap_holds_two_days_and_no_more() -> None:
    stories = [
        teaser(story_id="young", published=NOON - TWO_DAYS + 1),
        teaser(story_id="old", published=NOON - TWO_DAYS),
    ]
    root = held_to("sitemap.xsd", news_sitemap(SITE, BASE, stories, NOON))
    assert told(root, "s:url/s:loc") == [f"{BASE}/story/ferry-young"]


def test_the_news_sitemap_holds_the_thousand_newest() -> None:
    stories = [teaser(story_id=f"s{n}", published=NOON - n * MINUTE) for n in range(MOST + 1)]
    urls = told(held_to("sitemap.xsd", news_sitemap(SITE, BASE, stories, NOON)), "s:url/s:loc")
    assert (len(urls), urls[-1]) == (1000, f"{BASE}/story/ferry-s999")


@pytest.mark.parametrize(
    ("tag", "language"), [("de", "de"), ("zh-Hant", "zh-tw"), ("zh-TW", "zh-tw"), ("zh", "zh-cn"), ("gsw-CH", "gsw")]
)
def test_languages_are_told_in_googles_words(tag: str, language: str) -> None:
    site = SiteIdentity(language=tag)
    assert told(held_to("sitemap.xsd", news_sitemap(site, BASE, [teaser()], NOON)), ".//n:language") == [language]


def test_robots_may_read_the_news_and_are_told_where_the_maps_are() -> None:
    robots = RobotFileParser()
    robots.parse(robots_txt(BASE).decode().splitlines())
    assert robots.site_maps() == [f"{BASE}/sitemap.xml", f"{BASE}/news-sitemap.xml"]
    allowed = [
        path
        for path in ("/", "/local", "/story/ferry-a", "/feed.xml", "/api/v1/articles")
        if robots.can_fetch("x", path)
    ]
    assert allowed == ["/", "/local", "/story/ferry-a", "/feed.xml"]
