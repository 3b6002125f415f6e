"""The sitemap that Google News reads: what came out in the last two days, at most 1,000 stories. Pure.

https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable
from itertools import islice

from services.publish.feeds.entry import moment
from services.publish.feeds.legal import add, document
from services.publish.slug import story_path
from services.publish.store.reading import Teaser
from shared.settings import SiteIdentity

__all__ = ["MOST", "TWO_DAYS", "news_sitemap"]

MOST = 1_000
TWO_DAYS = 2 * 86_400_000
"""In milliseconds."""
NAMESPACES = {
    "xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "xmlns:news": "http://www.google.com/schemas/sitemap-news/0.9",
}


def news_sitemap(site: SiteIdentity, base: str, stories: Iterable[Teaser], now: int) -> bytes:
    """Return the sitemap of those of the stories, newest first, that are of the two days before ``now``."""
    root = ET.Element("urlset", NAMESPACES)
    language = _language(site.language)
    for teaser in islice((t for t in stories if t.published > now - TWO_DAYS), MOST):
        url = add(root, "url")
        add(url, "loc", f"{base}{story_path(teaser.slug, teaser.story_id)}")
        news = add(url, "news:news")
        publication = add(news, "news:publication")
        add(publication, "news:name", site.name)
        add(publication, "news:language", language)
        add(news, "news:publication_date", teaser.day or moment(teaser.published).isoformat())
        add(news, "news:title", teaser.headline)
    return document(root)


def _language(tag: str) -> str:
    """Return the site's language in Google's words: ISO 639, and Chinese by its script."""
    parts = tag.lower().split("-")
    if parts[0] != "zh":
        return parts[0]
    return "zh-tw" if {"hant", "tw", "hk", "mo"} & set(parts) else "zh-cn"
