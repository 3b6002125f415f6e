"""What is wrong with one page, feed or sitemap, given what the store says: pure."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.publish.checking.truth import Truth

__all__ = ["Finding", "in_list", "in_story", "linked", "missing"]

_STORY_LINK = re.compile(r"/story/(?:[a-z0-9-]*-)?([0-9a-z]{1,64})(?=[\"'<?#\s]|$)")
_JSON_LD = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
_TITLE = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
_MARKUP = re.compile(r"<[^>]+>")
GONE, NOT_FOUND, OK = 410, 404, 200


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. ``code``: ``ghost``, ``missing``, ``stale``, ``wrong_date``, ``unreadable``."""

    code: str
    where: str
    story_id: str
    detail: str = ""


def linked(text: str) -> set[str]:
    """Return the stories that a page, a feed or a sitemap links to."""
    return set(_STORY_LINK.findall(text))


def in_list(where: str, text: str, known: Mapping[str, Truth]) -> Iterator[Finding]:
    """Find the stories that a list links to and that are not live."""
    for story_id in sorted(linked(text)):
        truth = known.get(story_id)
        if truth is None:
            yield Finding("ghost", where, story_id, "the store does not know it")
        elif not truth.is_live:
            yield Finding("ghost", where, story_id, f"it is {truth.status}")


def missing(where: str, found: set[str], expected: Iterable[str]) -> Iterator[Finding]:
    """Find the live stories that a list should have and has not."""
    for story_id in expected:
        if story_id not in found:
            yield Finding("missing", where, story_id)


def in_story(truth: Truth, status: int, text: str) -> Iterator[Finding]:
    """Find what is wrong with a story's own page: there and dead, dead and there, or with other words and dates."""
    if not truth.is_live:
        expected = GONE if truth.status == "canceled" else NOT_FOUND
        if status != expected:
            yield Finding("ghost", truth.path, truth.story_id, f"{truth.status}, and answered {status}")
        return
    if status != OK:
        yield Finding("missing", truth.path, truth.story_id, f"answered {status}")
        return
    title = _TITLE.search(text)
    shown = " ".join(html.unescape(_MARKUP.sub("", title[1])).split()) if title else ""
    if shown != " ".join(truth.headline.split()):
        yield Finding("stale", truth.path, truth.story_id, f"headline is {shown!r}")
    yield from _dates(truth, text)


def _dates(truth: Truth, text: str) -> Iterator[Finding]:
    data = _JSON_LD.search(text)
    if data is None:
        yield Finding("unreadable", truth.path, truth.story_id, "no structured data")
        return
    said = _news_article(json.loads(data[1]))
    dates = {"dateModified": truth.modified}
    if truth.day is None:
        dates["datePublished"] = truth.published
    for name, expected in dates.items():
        found = _milliseconds(said.get(name))
        if found is None or abs(found - expected) >= 1_000:
            yield Finding("wrong_date", truth.path, truth.story_id, f"{name} is {said.get(name)}")


def _news_article(data: object) -> Mapping[str, object]:
    """Return the article of a page's structured data, which may stand in a graph."""
    parts = data.get("@graph", [data]) if isinstance(data, dict) else []
    return next((part for part in parts if part.get("@type") == "NewsArticle"), {})


def _milliseconds(text: object) -> int | None:
    try:
        return round(datetime.fromisoformat(str(text)).timestamp() * 1000)
    except ValueError:
        return None
