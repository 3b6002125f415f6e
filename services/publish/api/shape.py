"""A story as the API tells it: plain ninjs 3.1, or ninjs with our ``newsroom``. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic.alias_generators import to_camel

from services.publish.api.public import PublicLabel, PublicLink, PublicNewsroom, PublicProvider, PublicTag
from services.publish.slug import section_key, story_path
from services.publish.store.finding import Found
from services.publish.store.labels import labels_of
from services.publish.store.reading import Teaser
from shared.article import Article, Standard, to_ninjs

__all__ = ["FIELDS", "ROLE", "Shaper", "linked_stories"]

ROLE = "wireroom-story"
"""The role of the entry in ``altIds`` that holds the story's name here, whatever its provider calls it."""
INSIDE = {"edNote"}
"""Members of ninjs that are for editors."""
_MEMBERS = [to_camel(name) for name in Article.model_fields if name not in {"newsroom", "standard"}]
_NEWSROOM = [to_camel(name) for name in PublicNewsroom.model_fields]
FIELDS = (
    *(name for name in _MEMBERS if name not in INSIDE),
    "standard",
    "newsroom",
    *(f"newsroom.{name}" for name in _NEWSROOM),
)
"""What ``fields`` can ask for."""
ALWAYS = {"uri"}


def linked_stories(stories: Iterable[Found]) -> set[str]:
    """Return the names of the stories that these are linked with."""
    return {link.story_id for story in stories if story.article for link in story.article.newsroom.links}


class Shaper:
    """Tells stories in one form. ``linked`` are the stories on the site that they may be linked with."""

    def __init__(self, *, base: str, ninjs: bool, fields: frozenset[str], linked: Mapping[str, Teaser]) -> None:
        self._base = base
        self._ninjs = ninjs
        self._fields = fields
        self._linked = linked

    def story(self, found: Found) -> dict[str, Any]:
        """Return the story; of one that is off the site, which it is and that it is off, and nothing more."""
        document = _on_site(found.article, found) if found.article else _off_site(found)
        if not self._ninjs and self._wants("newsroom"):
            newsroom = self._newsroom(found)
            document["newsroom"] = newsroom.model_dump(mode="json", by_alias=True, exclude_none=True)
        return self._picked(document)

    def _wants(self, member: str) -> bool:
        return not self._fields or any(name.partition(".")[0] == member for name in self._fields)

    def _picked(self, document: dict[str, Any]) -> dict[str, Any]:
        if not self._fields:
            return document
        picked = {name: value for name, value in document.items() if name in self._fields | ALWAYS}
        newsroom = document.get("newsroom")
        if newsroom is not None and "newsroom" not in self._fields:
            picked["newsroom"] = {
                name: value
                for name, value in newsroom.items()
                if name == "storyId" or f"newsroom.{name}" in self._fields
            }
        return picked

    def _newsroom(self, found: Found) -> PublicNewsroom:
        if found.article is None:
            return PublicNewsroom(story_id=found.story_id, sequence=found.sequence, change=found.change)
        facts = found.article.newsroom
        return PublicNewsroom(
            story_id=found.story_id,
            sequence=found.sequence,
            revision=facts.revision,
            change=facts.change,
            page=self._base + story_path(found.slug, found.story_id),
            provider=facts.provider,
            section=section_key(facts.section),
            received=facts.received,
            url=facts.url,
            dateline=facts.dateline,
            treatment=facts.treatment,
            also_from=tuple(PublicProvider(provider=other.provider, url=other.url) for other in facts.also_from),
            keywords=facts.keywords,
            word_count=facts.word_count,
            reading_minutes=facts.reading_minutes,
            labels=tuple(
                PublicLabel(kind=one.kind, key=one.key, name=one.name, relevance=one.relevance)
                for one in labels_of(found.article)
            ),
            tags=tuple(
                PublicTag.model_validate(tag.model_dump(include=set(PublicTag.model_fields))) for tag in facts.tags
            ),
            links=tuple(
                PublicLink(
                    story_id=link.story_id,
                    headline=self._linked[link.story_id].headline,
                    rel=link.rel,
                    score=link.score,
                )
                for link in facts.links
                if link.story_id in self._linked
            ),
        )


def _on_site(article: Article, found: Found) -> dict[str, Any]:
    document = {name: value for name, value in to_ninjs(article).items() if name not in INSIDE}
    return {**document, "altIds": [*document.get("altIds", ()), _own_id(found)]}


def _off_site(found: Found) -> dict[str, Any]:
    """Return what may be said of it. Its provider's address for it may hold its headline, so it is not repeated."""
    return {
        "uri": f"urn:wireroom:story:{found.story_id}",
        "type": "text",
        "versionCreated": datetime.fromtimestamp(found.modified / 1000, UTC).isoformat().replace("+00:00", "Z"),
        "pubStatus": found.status.value,
        "altIds": [_own_id(found)],
        "standard": Standard().model_dump(by_alias=True),
    }


def _own_id(found: Found) -> dict[str, str]:
    return {"role": ROLE, "value": found.story_id}
