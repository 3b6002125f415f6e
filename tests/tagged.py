"""What the tags of a story are to say of it: for stories that go through the whole newsroom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from shared.article import Article, Kind
from shared.events import ArticlePublished

__all__ = ["Expected", "newest_of"]


@dataclass(frozen=True)
class Expected:
    """What a story is to be tagged with at least, and what is to be no tag."""

    people: frozenset[str]
    organisations: frozenset[str]
    places: Mapping[str, str]
    """By name, each with its code."""
    topics: frozenset[str]
    """Codes, of which one is to be there."""
    dateline: str
    language: str
    furniture: tuple[str, ...]
    """Words of the page around the story."""

    def shortcomings(self, article: Article) -> list[str]:
        """Say in words what is missing or should not be there."""
        newsroom = article.newsroom
        names = {kind: {tag.name for tag in newsroom.tags if tag.kind is kind} for kind in Kind}
        places = {(tag.name, tag.code) for tag in newsroom.tags if tag.kind is Kind.PLACE}
        furniture = {
            tag.name for tag in newsroom.tags for word in self.furniture if word.casefold() in tag.name.casefold()
        }
        place = newsroom.dateline.place if newsroom.dateline else None
        return [
            *(f"no person {name}" for name in self.people - names[Kind.PERSON]),
            *(f"no organisation {name}" for name in self.organisations - names[Kind.ORGANISATION]),
            *(f"no place {name} with {code}" for name, code in self.places.items() if (name, code) not in places),
            *([] if self.topics & {tag.code for tag in newsroom.tags} else [f"none of {sorted(self.topics)}"]),
            *([] if (place or "").casefold() == self.dateline.casefold() else [f"dateline {place}"]),
            *([] if article.language == self.language else [f"language {article.language}"]),
            *(f"furniture: {name}" for name in furniture),
        ]


def newest_of(entries: Iterable[Mapping[str, str]], wanted: Callable[[Article], bool]) -> Article | None:
    """Return a story as it was published last, from the entries of ``article.published``; None where it was not."""
    events = (ArticlePublished.from_fields({k.encode(): v.encode() for k, v in one.items()}) for one in entries)
    return max((one.data for one in events if wanted(one.data)), key=lambda one: one.newsroom.revision, default=None)
