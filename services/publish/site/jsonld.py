"""What search engines and readers' tools are told of a story: schema.org ``NewsArticle`` as JSON-LD. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup

from services.publish.site.story_view import StoryView
from services.publish.site.subjects import Subjects
from services.publish.slug import section_title
from shared.uris import as_uri

__all__ = ["CORRECTION", "JPEG", "Picture", "news_article"]

CORRECTION = "This story has been corrected since it was first published."
JPEG = "image/jpeg"
LONGEST_HEADLINE = 110  # what Google's guidelines allow

# Inside <script>, only the parser of HTML can be broken out of, and only by these; JSON reads the escapes as the same.
_ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the story, a JPEG. The address is absolute; sizes are pixels."""

    url: str
    width: int | None = None
    height: int | None = None
    caption: str = ""
    credit: str = ""
    alt: str = ""


def news_article(
    view: StoryView,
    *,
    url: str,
    site_name: str,
    site_url: str,
    corrections: Sequence[tuple[int, str]] = (),
    subjects: Subjects = ([], []),
    pictures: Sequence[Picture] = (),
    logo: str | None = None,
) -> Markup:
    """Return the JSON for the script element, safe to stand in it whatever the copy says.

    ``dateModified`` moves with updates and corrections alone: an amend changes tags, and no word that is read.
    ``corrections`` are moments in milliseconds since 1970 and what was corrected; without them, that something was.
    """
    about, mentions = subjects
    document = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": url,
        "url": url,
        "mainEntityOfPage": url,
        **_copy(view),
        **_dates(view),
        "correction": [_correction(*one) for one in corrections or _unexplained(view)],
        **_sources(view),
        "publisher": _present({"@type": "Organization", "name": site_name, "url": site_url, "logo": logo}),
        "isAccessibleForFree": True,
        "about": about,
        "mentions": mentions,
        "image": [_image(picture) for picture in pictures],
    }
    return Markup(json.dumps(_present(document), ensure_ascii=True).translate(_ESCAPES))  # noqa: S704 - escaped above


def _copy(view: StoryView) -> dict[str, Any]:
    return {
        "identifier": view.uri,
        "headline": _shortened(view.teaser.headline),
        "description": view.teaser.summary,
        "articleSection": section_title(view.teaser.section),
        "inLanguage": view.language,
        "keywords": list(view.tags),
        "wordCount": view.words,
        "timeRequired": f"PT{view.minutes}M" if view.minutes else None,
        "dateline": view.dateline,
        "copyrightNotice": view.copyright_notice,
    }


def _dates(view: StoryView) -> dict[str, Any]:
    teaser = view.teaser
    published = teaser.day or _moment(teaser.published)
    return {"datePublished": published, "dateModified": _moment(teaser.modified) if view.updated else published}


def _unexplained(view: StoryView) -> list[tuple[int, str]]:
    return [] if view.teaser.corrected is None else [(view.teaser.corrected, CORRECTION)]


def _correction(moment: int, text: str) -> dict[str, Any]:
    return {"@type": "CorrectionComment", "text": text, "datePublished": _moment(moment)}


def _sources(view: StoryView) -> dict[str, Any]:
    provider = {"@type": "Organization", "name": view.provider} if view.provider else None
    return {
        "author": {"@type": "Person", "name": view.byline} if view.byline else provider,
        "sourceOrganization": provider,
        "isBasedOn": view.source_url and as_uri(view.source_url),
    }


def _image(picture: Picture) -> dict[str, Any]:
    image = {
        "@type": "ImageObject",
        "url": picture.url,
        "width": picture.width,
        "height": picture.height,
        "caption": picture.caption,
        "creditText": picture.credit,
    }
    return _present(image)


def _shortened(headline: str) -> str:
    """Return the headline, or as many whole words of it as are allowed."""
    if len(headline) <= LONGEST_HEADLINE:
        return headline
    return headline[:LONGEST_HEADLINE].rpartition(" ")[0] or headline[:LONGEST_HEADLINE]


def _present(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value}


def _moment(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
