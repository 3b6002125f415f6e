"""What a shared link shows of a story (https://ogp.me/), as pairs of a property and its content. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from services.publish.site.jsonld import JPEG, Picture
from services.publish.site.story_view import StoryView
from services.publish.slug import section_title

__all__ = ["open_graph"]

Property = tuple[str, str]


def open_graph(view: StoryView, *, url: str, site_name: str, pictures: Sequence[Picture] = ()) -> tuple[Property, ...]:
    """Return the properties in the order in which they stand in the head; the template escapes them."""
    return (*_basic(view, url, site_name), *_article(view), *(pair for picture in pictures for pair in _image(picture)))


def _basic(view: StoryView, url: str, site_name: str) -> Iterator[Property]:
    yield "og:type", "article"
    yield "og:title", view.teaser.headline
    yield "og:url", url
    yield "og:site_name", site_name
    if view.teaser.summary:
        yield "og:description", view.teaser.summary
    if view.language and "-" in view.language:
        yield "og:locale", view.language.replace("-", "_")


def _article(view: StoryView) -> Iterator[Property]:
    teaser = view.teaser
    # ISO 8601 dates are allowed: a day whose time nobody printed is told as the day.
    yield "article:published_time", teaser.day or _moment(teaser.published)
    if view.updated:
        yield "article:modified_time", _moment(teaser.modified)
    yield "article:section", section_title(teaser.section)
    for tag in view.tags:
        yield "article:tag", tag


def _image(picture: Picture) -> Iterator[Property]:
    yield "og:image", picture.url
    yield "og:image:type", JPEG
    if picture.width and picture.height:
        yield "og:image:width", str(picture.width)
        yield "og:image:height", str(picture.height)
    if picture.alt or picture.caption:
        yield "og:image:alt", picture.alt or picture.caption


def _moment(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
