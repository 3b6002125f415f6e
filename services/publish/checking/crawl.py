"""Every list, feed, sitemap and story that a site serves, read and held against its store."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import httpx

from services.publish.checking.findings import Finding, in_list, in_story, linked, missing
from services.publish.checking.truth import Truth

__all__ = ["crawl"]

LISTS = ("/", "/feed.xml", "/atom.xml", "/feed.json", "/news-sitemap.xml")
NEWEST_IN_FEED = 20
"""So many of the last arrivals must be in each feed. Feeds hold more; what came while we read may push the rest out."""
MOST_PAGES = 2_000
_NEXT = re.compile(r'rel="next" href="([^"]+)"')
_SITEMAP = re.compile(r"<loc>([^<]+)</loc>")
_NAVIGATION = re.compile(r'<nav aria-label="Sections">(.*?)</nav>', re.DOTALL)
_HREF = re.compile(r'href="(/[^"/]*)"')


def crawl(client: httpx.Client, known: Mapping[str, Truth]) -> Iterator[Finding]:
    """Yield everything that is wrong with the served site.

    Raises:
        httpx.HTTPError: the site does not answer.
    """
    live = [truth for truth in known.values() if truth.is_live]
    for path in LISTS:
        text = _text(client, path)
        yield from in_list(path, text, known)
        if path in {"/feed.xml", "/atom.xml", "/feed.json"}:
            newest = sorted(live, key=lambda truth: -truth.number)[:NEWEST_IN_FEED]
            yield from missing(path, linked(text), (truth.story_id for truth in newest))
    yield from _paged(client, "/", known, {truth.story_id for truth in live})
    for section in _sections(client):
        yield from _paged(client, section, known, set())
    yield from _sitemaps(client, known, {truth.story_id for truth in live})
    for truth in known.values():
        answer = client.get(truth.path)
        yield from in_story(truth, answer.status_code, answer.text)


def _text(client: httpx.Client, path: str) -> str:
    answer = client.get(path)
    answer.raise_for_status()
    return answer.text


def _paged(client: httpx.Client, path: str, known: Mapping[str, Truth], expected: set[str]) -> Iterator[Finding]:
    """Follow a list to its end: nothing dead may stand in it, and all that is live must."""
    start, found, pages = path, set[str](), 0
    while path and pages < MOST_PAGES:
        text = _text(client, path)
        yield from in_list(path, text, known)
        found |= linked(text)
        following = _NEXT.search(text)
        path, pages = (following[1] if following else ""), pages + 1
    if not path:
        yield from missing(start, found, sorted(expected))


def _sections(client: httpx.Client) -> list[str]:
    navigation = _NAVIGATION.search(_text(client, "/"))
    return sorted(set(_HREF.findall(navigation[1])) - {"/"}) if navigation else []


def _sitemaps(client: httpx.Client, known: Mapping[str, Truth], expected: set[str]) -> Iterator[Finding]:
    found: set[str] = set()
    waiting = ["/sitemap.xml"]
    while waiting:
        path = waiting.pop()
        text = _text(client, path)
        yield from in_list(path, text, known)
        found |= linked(text)
        if "<sitemapindex" in text:
            waiting += [httpx.URL(address).raw_path.decode() for address in _SITEMAP.findall(text)]
    yield from missing("/sitemap.xml", found, sorted(expected))
