"""Sitemaps (https://www.sitemaps.org/protocol.html): an index, a part for each run of story numbers, the pages. Pure.

A story's number never changes, so its part and the part's address do not either: a kill takes one line out of one part,
and every other part stays as it is. Each part has room for far fewer stories than the protocol's 50,000, and a line has
at most 2,048 characters of address, so no part comes near 50 MB whatever the addresses are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from services.publish.feeds.entry import moment
from services.publish.feeds.legal import legal

__all__ = ["PART", "XML", "Place", "numbers_of", "part_named", "part_of", "sitemap", "sitemap_index"]

XML = "application/xml"
PART = 2_000
"""Story numbers to a part: 300 kB, made in some ten milliseconds. An index of 50,000 has room for a hundred million."""
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_PART_NAME = re.compile("0|[1-9][0-9]{0,4}", re.ASCII)
_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a sitemap: an absolute address, and when what is there last changed, as W3C date or moment."""

    address: str
    changed: str | None = None

    @classmethod
    def at(cls, address: str, milliseconds: int | None) -> Place:
        return cls(address, None if milliseconds is None else moment(milliseconds).isoformat())


def part_named(name: str) -> int | None:
    """Return the part of this name, or None where no part is ever called so: one part has one name."""
    return int(name) if _PART_NAME.fullmatch(name) else None


def part_of(number: int) -> int:
    """Return the part, from 0, that a story's number (from 1) is in."""
    return (number - 1) // PART


def numbers_of(part: int) -> range:
    """Return the story numbers of a part."""
    return range(part * PART + 1, (part + 1) * PART + 1)


def sitemap(places: Iterable[Place]) -> bytes:
    """Return a sitemap of at most 50,000 places."""
    return _document("urlset", "url", places)


def sitemap_index(places: Iterable[Place]) -> bytes:
    """Return an index of at most 50,000 sitemaps."""
    return _document("sitemapindex", "sitemap", places)


def _document(root: str, child: str, places: Iterable[Place]) -> bytes:
    # Written as text: ElementTree takes four times as long, and a part has two thousand lines.
    lines = (_line(child, place) for place in places)
    return f'{_HEAD}<{root} xmlns="{_NAMESPACE}">\n{"".join(lines)}</{root}>\n'.encode()


def _line(child: str, place: Place) -> str:
    changed = f"<lastmod>{place.changed}</lastmod>" if place.changed else ""
    return f"<{child}><loc>{escape(legal(place.address))}</loc>{changed}</{child}>\n"
