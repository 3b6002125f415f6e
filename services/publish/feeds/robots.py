"""What robots are told (RFC 9309): what not to read, and where the maps are. Pure."""

from __future__ import annotations

__all__ = ["robots_txt"]

NOT_FOR_ROBOTS = ("/api/", "/search?")
"""Answers to questions are without number, and say nothing that the pages do not."""


def robots_txt(base: str) -> bytes:
    """Return the file; ``base`` is the site's address without a slash at its end."""
    rules = [f"Disallow: {path}" for path in NOT_FOR_ROBOTS]
    maps = [f"Sitemap: {base}{path}" for path in ("/sitemap.xml", "/news-sitemap.xml")]
    return "\n".join(["User-agent: *", *rules, "", *maps, ""]).encode()
