"""Copy made safe to show, whatever ingest did with it: publish trusts no neighbour with its readers' browsers."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import nh3

from shared.article import Article, Association, Newsroom, PubStatus

__all__ = ["clean_article", "clean_html", "plain", "safe_url", "tombstone"]

TAGS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "a", "em", "strong", "br"}

# What XML 1.0 forbids (a feed with one such character is no feed), and the bidirectional overrides, which
# make a headline read as something it does not say. PostgreSQL refuses U+0000 as well.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_SPACES = re.compile(r"\s+")
LONGEST_LINE = 2_000
LONGEST_NAME = 200
"""Characters of a provider's name: PostgreSQL refuses a story whose name its index has no room for."""
MOST_PICTURES, MOST_RENDITIONS = 10, 8


def plain(text: str | None) -> str:
    """Return text as one bounded line without control characters."""
    return _SPACES.sub(" ", _FORBIDDEN.sub("", text or "")).strip()[:LONGEST_LINE]


def clean_html(html: str) -> str:
    """Return block HTML of the allowed elements alone; links lead to http and https and pass on no standing."""
    return nh3.clean(
        _FORBIDDEN.sub("", html),
        tags=TAGS,
        clean_content_tags={"script", "style", "template", "iframe", "noscript", "svg", "math", "title"},
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        link_rel="nofollow noopener",
        strip_comments=True,
    ).strip()


def safe_url(url: str | None) -> str | None:
    """Return the address if a reader may be sent there: http or https, with a host and without credentials."""
    if not url or len(url) > LONGEST_LINE or _FORBIDDEN.search(url) or _SPACES.search(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc else None


def clean_article(article: Article) -> Article:
    """Return the article as it is kept, shown and published: text without control characters, bodies sanitised."""
    newsroom = article.newsroom
    dateline = newsroom.dateline
    changes: dict[str, Any] = {
        "headlines": tuple(h.model_copy(update={"value": plain(h.value)}) for h in article.headlines),
        "descriptions": tuple(d.model_copy(update={"value": plain(d.value)}) for d in article.descriptions),
        "bodies": tuple(b.model_copy(update={"value": clean_html(b.value)}) for b in article.bodies),
        "by": plain(article.by) or None,
        "associations": clean_pictures(article),
        "newsroom": newsroom.model_copy(
            update={
                "provider": plain(newsroom.provider)[:LONGEST_NAME].strip(),
                "url": safe_url(newsroom.url),
                "dateline": dateline and dateline.model_copy(update={"text": plain(dateline.text)}),
                "keywords": tuple(filter(None, map(plain, newsroom.keywords))),
                "also_from": tuple(
                    other.model_copy(update={"provider": plain(other.provider), "url": safe_url(other.url)})
                    for other in newsroom.also_from
                ),
            }
        ),
    }
    return article.model_copy(update=changes)


def clean_pictures(article: Article) -> tuple[Association, ...]:
    """Return the first ten pictures that have a file on the web, with plain words; other associations are left out."""
    cleaned = (_clean_picture(picture) for picture in article.pictures)
    return tuple(picture for picture in cleaned if picture.renditions)[:MOST_PICTURES]


def _clean_picture(picture: Association) -> Association:
    lines = ("by", "copyright_holder", "copyright_notice", "usage_terms")
    changes: dict[str, Any] = {name: plain(getattr(picture, name)) or None for name in lines}
    changes |= {
        "name": plain(picture.name),
        "uri": plain(picture.uri),
        "headlines": tuple(h.model_copy(update={"value": plain(h.value)}) for h in picture.headlines),
        "descriptions": tuple(d.model_copy(update={"value": plain(d.value)}) for d in picture.descriptions),
        "info_sources": tuple(s.model_copy(update={"name": plain(s.name)}) for s in picture.info_sources),
        "renditions": tuple(r for r in picture.renditions if safe_url(r.href))[:MOST_RENDITIONS],
    }
    return picture.model_copy(update=changes)


def tombstone(article: Article, status: PubStatus) -> Article:
    """Return what may be said of a story that is off the site: which it is and that it is off, none of its words."""
    newsroom = article.newsroom
    return Article(
        uri=article.uri,
        version=article.version,
        version_created=article.version_created,
        pub_status=status,
        urgency=article.urgency,
        newsroom=Newsroom(
            story_id=newsroom.story_id,
            revision=newsroom.revision,
            change=newsroom.change,
            source=newsroom.source,
            provider=plain(newsroom.provider)[:LONGEST_NAME].strip(),
            section=newsroom.section,
            received=newsroom.received,
            raw=newsroom.raw,
            identity=newsroom.identity,
        ),
    )
