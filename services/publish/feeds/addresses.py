"""Where feeds are: three formats in the folder of what they are a feed of. Pure."""

from __future__ import annotations

from urllib.parse import quote

from services.publish.store.labels import label_path

__all__ = ["ATOM_FILE", "FILES", "JSON_FILE", "RSS_FILE", "SITE", "feed_paths", "label_folder", "section_folder"]

RSS_FILE = "feed.xml"
ATOM_FILE = "atom.xml"
JSON_FILE = "feed.json"
FILES = (RSS_FILE, ATOM_FILE, JSON_FILE)
SITE = ""
"""The folder of the feeds of the whole site."""


def section_folder(section: str) -> str:
    """Return the folder of a section's feeds, which is the address of its page."""
    return f"/{section}"


def label_folder(kind: str, key: str) -> str:
    """Return the folder of the feeds of a topic, place, person or organisation: the address of its page."""
    return quote(label_path(kind, key))


def feed_paths(folder: str) -> tuple[str, ...]:
    """Return the addresses of the feeds in a folder, one for each format."""
    return tuple(f"{folder}/{file}" for file in FILES)
