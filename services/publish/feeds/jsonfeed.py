"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/). Like RSS, it has no word for a story that is gone. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from services.publish.feeds.entry import Channel, Entry

__all__ = ["JSON_FEED", "json_feed"]

JSON_FEED = "application/feed+json"
VERSION = "https://jsonfeed.org/version/1.1"


def json_feed(channel: Channel, entries: Sequence[Entry]) -> bytes:
    """Return the feed, entries in the order given."""
    feed: dict[str, Any] = {
        "version": VERSION,
        "title": channel.title,
        "home_page_url": channel.page,
        "feed_url": channel.address,
        "description": channel.description,
        "language": channel.language,
        "authors": [{"name": channel.site_name}],
        "hubs": [{"type": "WebSub", "url": channel.hub}] if channel.hub else None,
    }
    present = {name: value for name, value in feed.items() if value}
    return json.dumps({**present, "items": [_item(entry) for entry in entries]}, ensure_ascii=False).encode()


def _item(entry: Entry) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": entry.urn,
        "url": entry.url,
        "title": entry.title,
        "summary": entry.summary,
        "date_published": entry.published.isoformat(),
        "date_modified": entry.updated.isoformat() if entry.updated > entry.published else None,
        "authors": [{"name": entry.author}] if entry.author else None,
        "tags": list(dict.fromkeys((entry.section, *entry.tags))),
        "language": entry.language,
        "image": entry.picture.url if entry.picture else None,
    }
    # An item must have content of one kind or the other; a flash has nothing but its headline.
    content = {"content_html": entry.content} if entry.content else {"content_text": entry.summary}
    return {**{name: value for name, value in item.items() if value}, **content}
