"""Atom (RFC 4287), with the tombstones of what was taken off the site (RFC 6721). Pure."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from services.publish.feeds.entry import Channel, Entry, latest_change, moment, story_urn
from services.publish.feeds.legal import add, document
from services.publish.site.jsonld import JPEG
from services.publish.store.feeding import Tombstone
from shared.uris import as_uri

__all__ = ["ATOM", "atom_feed"]

ATOM = "application/atom+xml"
NAMESPACES = {"xmlns": "http://www.w3.org/2005/Atom", "xmlns:at": "http://purl.org/atompub/tombstones/1.0"}
GENERATOR = "Wireroom"
KILLED = "This story has been withdrawn and should not be relied on."
WITHHELD = "This story is not available at the moment."


def atom_feed(channel: Channel, entries: Sequence[Entry], gone: Sequence[Tombstone] = ()) -> bytes:
    """Return the feed, entries in the order given and the tombstones after them.

    A tombstone of a story that a reader never had costs it nothing, so every feed may carry those of the whole site.
    """
    root = ET.Element("feed", {**NAMESPACES, "xml:lang": channel.language})
    add(root, "title", channel.title)
    if channel.description:
        add(root, "subtitle", channel.description)
    add(root, "id", channel.address)
    add(root, "updated", latest_change(entries, gone).isoformat())
    add(root, "generator", GENERATOR)
    # An entry without an author takes the feed's: RFC 4287 asks for one or the other.
    add(add(root, "author"), "name", channel.site_name)
    add(root, "link", attributes={"rel": "self", "type": ATOM, "href": channel.address})
    add(root, "link", attributes={"rel": "alternate", "type": "text/html", "href": channel.page})
    if channel.hub:
        add(root, "link", attributes={"rel": "hub", "href": channel.hub})
    for entry in entries:
        _add_entry(root, entry)
    for tombstone in gone:
        _add_tombstone(root, tombstone)
    return document(root)


def _add_entry(root: ET.Element, entry: Entry) -> None:
    node = ET.SubElement(root, "entry", {"xml:lang": entry.language} if entry.language else {})
    add(node, "id", entry.urn)
    add(node, "title", entry.title)
    add(node, "link", attributes={"rel": "alternate", "type": "text/html", "href": entry.url})
    source = as_uri(entry.source_url) if entry.source_url else None
    if source:
        add(node, "link", attributes={"rel": "via", "href": source})
    if entry.picture:
        add(node, "link", attributes={"rel": "enclosure", "type": JPEG, "href": entry.picture.url})
    add(node, "published", entry.published.isoformat())
    add(node, "updated", entry.updated.isoformat())
    if entry.author:
        add(add(node, "author"), "name", entry.author)
    for category in dict.fromkeys((entry.section, *entry.tags)):
        add(node, "category", attributes={"term": category})
    if entry.rights:
        add(node, "rights", entry.rights)
    add(node, "summary", entry.summary)
    if entry.content:
        add(node, "content", entry.content, {"type": "html"})


def _add_tombstone(root: ET.Element, tombstone: Tombstone) -> None:
    when = moment(tombstone.since).isoformat()
    node = add(root, "at:deleted-entry", attributes={"ref": story_urn(tombstone.story_id), "when": when})
    add(node, "at:comment", KILLED if tombstone.killed else WITHHELD)
