"""The feed: RSS 2.0 of what came to the site last. A killed story leaves it at once; RSS has no word for one."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime

from services.publish.site.story_view import StoryView
from services.publish.slug import section_title
from shared.settings import SiteIdentity

__all__ = ["rss"]

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
for _prefix, _namespace in {"atom": ATOM, "content": CONTENT, "dc": DUBLIN_CORE}.items():
    ET.register_namespace(_prefix, _namespace)


def rss(site: SiteIdentity, site_url: str, stories: Sequence[StoryView]) -> bytes:
    """Return the feed. Its text was freed of what XML forbids when it was taken into the store."""
    root = ET.Element("rss", {"version": "2.0"})
    channel = ET.SubElement(root, "channel")
    _add(channel, "title", site.name)
    _add(channel, "link", f"{site_url}/")
    _add(channel, "description", site.description)
    _add(channel, "language", site.language)
    if stories:
        _add(channel, "lastBuildDate", _rfc822(max(view.teaser.modified for view in stories)))
    link = {"href": f"{site_url}/feed.xml", "rel": "self", "type": "application/rss+xml"}
    ET.SubElement(channel, f"{{{ATOM}}}link", link)
    for view in stories:
        _add_item(channel, site_url, view)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _add_item(channel: ET.Element, site_url: str, view: StoryView) -> None:
    item, teaser = ET.SubElement(channel, "item"), view.teaser
    _add(item, "title", teaser.headline)
    _add(item, "link", f"{site_url}{view.path}")
    # The story's own name, not its address: the address carries the headline, and a corrected headline is no new story.
    guid = _add(item, "guid", view.uri)
    guid.set("isPermaLink", "false")
    _add(item, "pubDate", _rfc822(teaser.published))
    _add(item, "category", section_title(teaser.section))
    if view.byline or view.provider:
        _add(item, f"{{{DUBLIN_CORE}}}creator", view.byline or view.provider)
    _add(item, "description", teaser.summary or teaser.headline)
    if view.body:
        _add(item, f"{{{CONTENT}}}encoded", str(view.body))


def _add(parent: ET.Element, name: str, text: str) -> ET.Element:
    element = ET.SubElement(parent, name)
    element.text = text
    return element


def _rfc822(milliseconds: int) -> str:
    return format_datetime(datetime.fromtimestamp(milliseconds / 1000, UTC))
