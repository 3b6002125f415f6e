"""What search engines and readers' tools are told of a story: schema.org ``NewsArticle`` as JSON-LD. Pure."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup

from services.publish.site.story_view import StoryView
from services.publish.slug import section_title

__all__ = ["CORRECTION", "news_article"]

CORRECTION = "This story has been corrected since it was first published."
LONGEST_HEADLINE = 110  # what Google's guidelines allow

# Inside <script>, only the parser of HTML can be broken out of, and only by these; JSON reads the escapes as the same.
_ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def news_article(view: StoryView, *, url: str, site_name: str, site_url: str) -> Markup:
    """Return the JSON for the script element, safe to stand in it whatever the copy says."""
    document = {name: value for name, value in _document(view, url, site_name, site_url).items() if value}
    return Markup(json.dumps(document, ensure_ascii=True).translate(_ESCAPES))  # noqa: S704 - escaped above


def _document(view: StoryView, url: str, site_name: str, site_url: str) -> dict[str, Any]:
    teaser = view.teaser
    author = (
        {"@type": "Person", "name": view.byline} if view.byline else {"@type": "Organization", "name": view.provider}
    )
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": url,
        "url": url,
        "mainEntityOfPage": url,
        "identifier": view.uri,
        "headline": teaser.headline[:LONGEST_HEADLINE],
        "description": teaser.summary,
        "datePublished": teaser.day or _moment(teaser.published),
        "dateModified": _moment(teaser.modified) if view.updated else teaser.day or _moment(teaser.published),
        "articleSection": section_title(teaser.section),
        "inLanguage": view.language,
        "keywords": list(view.tags),
        "wordCount": view.words,
        "dateline": view.dateline,
        "author": author if author["name"] else None,
        "publisher": {"@type": "Organization", "name": site_name, "url": site_url},
        "isAccessibleForFree": True,
        "isBasedOn": view.source_url,
        "correction": teaser.corrected
        and {"@type": "CorrectionComment", "text": CORRECTION, "datePublished": _moment(teaser.corrected)},
    }


def _moment(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
