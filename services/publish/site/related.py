"""What stands beside a story: other stories that belong with it, as far as they are on the site. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.publish.sanitise import plain
from services.publish.store.labels import Label, label_path
from services.publish.store.reading import Teaser
from shared.article import Article

__all__ = ["TagLink", "related", "related_ids", "tag_links"]

MOST_RELATED = 5
LOOKED_AT = 20
FIRST = ("event", "related")
"""The same event before the same subject. A duplicate is the same text, and nothing to read."""


@dataclass(frozen=True, slots=True)
class TagLink:
    name: str
    path: str | None
    """Of the page that lists the stories about it, where it has one."""


def related_ids(article: Article) -> tuple[str, ...]:
    """Return the stories that enrich linked this one with, in the order in which they are to be shown."""
    own = article.newsroom.story_id
    links = [link for link in article.newsroom.links if link.rel in FIRST and link.story_id != own]
    ordered = sorted(links, key=lambda link: (FIRST.index(link.rel), -link.score))
    return tuple(dict.fromkeys(link.story_id for link in ordered))[:LOOKED_AT]


def related(ids: Sequence[str], live: Mapping[str, Teaser]) -> tuple[Teaser, ...]:
    """Return those that are on the site, at most five, in the order of ``ids``."""
    return tuple(live[story_id] for story_id in ids if story_id in live)[:MOST_RELATED]


def tag_links(names: Iterable[str], labels: Iterable[Label]) -> tuple[TagLink, ...]:
    """Return the names in their order, each with its page; of two pages of one name, that the story is most about."""
    pages: dict[str, TagLink] = {}
    for label in labels:
        name = plain(label.name)
        pages.setdefault(name.casefold(), TagLink(name, label_path(label.kind, label.key)))
    return tuple(pages.get(name.casefold()) or TagLink(name, None) for name in names)
