"""``newsroom`` as it leaves the house: the facts that ninjs has no place for, without what is our own business.

Which source, which bytes, which rule, which subscribers: that stays inside, as does the note to editors.
"""

from __future__ import annotations

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from shared.article import Change, Dateline, Kind, Point, Treatment

__all__ = ["PublicLabel", "PublicLink", "PublicNewsroom", "PublicProvider", "PublicTag"]


class _Public(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)


class PublicProvider(_Public):
    """Who else sent the same text."""

    provider: str
    url: str | None = None


class PublicLabel(_Public):
    """A subject that has a page on the site. ``articles`` takes the key as a filter, under the name of the kind."""

    kind: Kind
    key: str
    name: str
    relevance: int


class PublicTag(_Public):
    """What was found in the copy, mentions too. ``relevance`` and ``confidence`` run from 0 to 100."""

    scheme: str
    code: str | None = None
    name: str
    kind: Kind
    rel: str = Field(pattern="^(about|mention)$")
    relevance: int
    confidence: int
    country: str | None = None
    point: Point | None = None


class PublicLink(_Public):
    """Another story on the site that belongs with this one, under its present headline."""

    story_id: str
    headline: str
    rel: str = Field(pattern="^(duplicate|event|related)$")
    score: int


class PublicNewsroom(_Public):
    """The newsroom's own facts about a revision. Of a story that is off the site the first four are all."""

    story_id: str
    """Names the story in this API, and ends its address on the site."""
    sequence: int
    """The change of the site that made it what it is: ``after`` takes it."""
    revision: int | None = None
    change: Change
    page: str | None = None
    """The story's page on the site."""
    provider: str | None = None
    section: str | None = None
    received: AwareDatetime | None = None
    url: str | None = None
    """The page that the copy was first published on."""
    dateline: Dateline | None = None
    treatment: Treatment | None = None
    also_from: tuple[PublicProvider, ...] = ()
    keywords: tuple[str, ...] = ()
    word_count: int | None = None
    reading_minutes: int | None = None
    labels: tuple[PublicLabel, ...] = ()
    tags: tuple[PublicTag, ...] = ()
    links: tuple[PublicLink, ...] = ()
