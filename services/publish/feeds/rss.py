"""RSS 2.0 (https://www.rssboard.org/rss-specification): pure.

A killed story leaves the feed at once; RSS has no word for one.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from email.utils import format_datetime

from services.publish.feeds.entry import Channel, Entry, latest_change
from services.publish.feeds.legal import add, document
from services.publish.site.jsonld import JPEG, Picture

__all__ = ["RSS", "rss_feed"]

RSS = "application/rss+xml"
NAMESPACES = {
    "xmlns:atom": "http://www.w3.org/2005/Atom",
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:media": "http://search.yahoo.com/mrss/",
}


def rss_feed(channel: Channel, entries: Sequence[Entry]) -> bytes:
    """Return the feed, entries in the order given."""
    root = ET.Element("rss", {"version": "2.0", **NAMESPACES})
    node = ET.SubElement(root, "channel")
    add(node, "title", channel.title)
    add(node, "link", channel.page)
    add(node, "description", channel.description or channel.title)
    add(node, "language", channel.language)
    if entries:
        add(node, "lastBuildDate", format_datetime(latest_change(entries)))
    add(node, "atom:link", attributes={"href": channel.address, "rel": "self", "type": RSS})
    if channel.hub:
        add(node, "atom:link", attributes={"href": channel.hub, "rel": "hub"})
    for entry in entries:
        _add_item(node, entry)
    return document(root)


def _add_item(channel: ET.Element, entry: Entry) -> None:
    item = ET.SubElement(channel, "item")
    add(item, "title", entry.title)
    add(item, "link", entry.url)
    add(item, "guid", entry.urn, {"isPermaLink": "false"})
    add(item, "pubDate", format_datetime(entry.published))
    # RSS knows one date, the first. Atom's own element beside it is what readers take for the date of a correction.
    add(item, "atom:updated", entry.updated.isoformat())
    for category in (entry.section, *entry.tags):
        add(item, "category", category)
    if entry.author:
        add(item, "dc:creator", entry.author)
    if entry.language:
        add(item, "dc:language", entry.language)
    if entry.rights:
        add(item, "dc:rights", entry.rights)
    add(item, "description", entry.summary)
    if entry.content:
        add(item, "content:encoded", entry.content)
    if entry.picture:
        _add_picture(item, entry.picture)


def _add_picture(item: ET.Element, picture: Picture) -> None:
    """Add it by Media RSS (https://www.rssboard.org/media-rss): RSS's own enclosure would have its size in bytes."""
    content = add(item, "media:content", attributes={"url": picture.url, "medium": "image", "type": JPEG})
    if picture.caption:
        add(content, "media:description", picture.caption, {"type": "plain"})
    if picture.credit:
        add(content, "media:credit", picture.credit)
