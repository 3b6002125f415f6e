"""What a feed is made of, whatever its format: the channel, a story in it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from markupsafe import Markup

from services.publish.feeds.legal import legal
from services.publish.site.jsonld import CORRECTION, Picture
from services.publish.site.story_view import StoryView
from services.publish.slug import section_title
from services.publish.store.feeding import Tombstone

__all__ = ["Channel", "Entry", "entry_of", "latest_change", "moment", "story_urn"]


@dataclass(frozen=True, slots=True)
class Channel:
    """What a feed is of. Addresses are absolute."""

    title: str
    description: str
    language: str
    site_name: str
    page: str
    """The page that lists the same stories."""
    address: str
    """The feed's own address."""
    hub: str | None = None
    """The WebSub hub that tells of changes of this feed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A story as feeds tell it."""

    urn: str
    url: str
    title: str
    summary: str
    content: str
    """HTML, sanitised; a corrected story begins with the notice that it is one. Empty where only a headline came."""
    published: datetime
    updated: datetime
    """When its words last changed: an amend, which changes tags, does not move it."""
    author: str
    section: str
    tags: tuple[str, ...]
    language: str | None
    source_url: str | None
    rights: str
    picture: Picture | None
    """A JPEG of ours."""


def story_urn(story_id: str) -> str:
    """Return the name of a story in feeds, for ever.

    Its address carries the headline, which may be corrected, and its provider's own name for it is gone with its words
    after a kill; a tombstone must name what the entry was named.
    """
    return f"urn:wireroom:story:{story_id}"


def entry_of(view: StoryView, base: str, *, correction: str = "", picture: Picture | None = None) -> Entry:
    """Return the story as a feed tells it; ``base`` is the site's address without a slash at its end.

    ``correction`` says what was corrected; without it, a corrected story says that something was.
    """
    teaser = view.teaser
    return Entry(
        urn=story_urn(teaser.story_id),
        url=f"{base}{view.path}",
        title=legal(teaser.headline),
        summary=legal(teaser.summary or teaser.headline),
        content=legal(_content(view, correction or CORRECTION)),
        published=moment(teaser.published),
        updated=moment(max(teaser.published, teaser.modified)),
        author=legal(view.byline or view.provider),
        section=section_title(teaser.section),
        tags=tuple(legal(tag) for tag in view.tags),
        language=view.language,
        source_url=view.source_url,
        rights=legal(view.copyright_notice),
        picture=picture,
    )


def latest_change(entries: Sequence[Entry], gone: Sequence[Tombstone] = ()) -> datetime:
    """Return when something in the feed last changed; a feed that never held anything says 1970."""
    moments = [*(entry.updated for entry in entries), *(moment(tombstone.since) for tombstone in gone)]
    return max(moments, default=moment(0))


def moment(milliseconds: int) -> datetime:
    """Return milliseconds since 1970 as a moment in UTC, to the second: no format has a place for more."""
    return datetime.fromtimestamp(milliseconds // 1000, UTC)


def _content(view: StoryView, correction: str) -> Markup:
    if view.teaser.corrected is None:
        return view.body
    return Markup("<p><strong>Correction</strong> {}</p>").format(correction) + view.body
