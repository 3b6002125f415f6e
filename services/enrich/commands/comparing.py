"""What is different about a story, from what it was to what it would be. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from shared.article import Article
from shared.events import rfc3339

__all__ = ["Difference", "differences", "totals"]

ORDER: tuple[str, ...] = (
    *("newly tagged", "no longer tagged", "newly routed", "no longer routed", "newly held", "no longer held"),
    *("section", "urgency", "embargo"),
)
KEEPING = ("hold: ", "embargo: ")


class Difference(NamedTuple):
    """One line of a comparison."""

    story_id: str
    what: str
    detail: str

    def __str__(self) -> str:
        return f"{self.story_id}  {self.what:<16}  {self.detail}"


def differences(before: Article, after: Article) -> list[Difference]:
    """Return every difference, in an order that hangs on nothing but the two."""
    story = before.newsroom.story_id
    found = [Difference(story, what, detail) for what, detail in _all(before, after)]
    return sorted(found, key=lambda one: (ORDER.index(one.what), one.detail))


def totals(found: Iterable[Difference], stories: int) -> str:
    """Return the last line: how many of each, and of how many stories."""
    listed = list(found)
    counts = Counter(one.what for one in listed)
    parts = [f"{counts[what]} {what}" for what in ORDER if counts[what]]
    changed = len({one.story_id for one in listed})
    return f"{changed} of {stories} stories would change" + (f": {', '.join(parts)}" if parts else "")


def _all(before: Article, after: Article) -> Iterator[tuple[str, str]]:
    yield from _gone_and_new(_tags(before), _tags(after), "tagged")
    yield from _gone_and_new(set(before.newsroom.routes), set(after.newsroom.routes), "routed")
    yield from _gone_and_new(_keepers(before), _keepers(after), "held")
    singles = {
        "section": (before.newsroom.section, after.newsroom.section),
        "urgency": (before.urgency, after.urgency),
        "embargo": tuple(one and rfc3339(one) for one in (before.embargoed_until, after.embargoed_until)),
    }
    for what, (old, new) in singles.items():
        if old != new:
            yield what, f"{old or 'none'} -> {new or 'none'}"


def _gone_and_new(old: set[str], new: set[str], word: str) -> Iterator[tuple[str, str]]:
    yield from ((f"newly {word}", one) for one in new - old)
    yield from ((f"no longer {word}", one) for one in old - new)


def _tags(article: Article) -> set[str]:
    return {f"{tag.scheme}/{tag.code or ''} {tag.name} ({tag.kind}, {tag.rel})" for tag in article.newsroom.tags}


def _keepers(article: Article) -> set[str]:
    """Return the rules that kept a story back, whether or not it still is."""
    return {f"by {ruled.name}" for ruled in article.newsroom.rules if any(did.startswith(KEEPING) for did in ruled.did)}
