"""A batch of articles folded into what is known of their stories: pure, but for one look-up that it is given.

Which rows must be written is worked out here; :mod:`services.publish.store.writing` reads and writes them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from services.publish.store.prepared import Prepared
from services.publish.store.standing import Revision, Standing, settle
from shared.article import Article, PubStatus

__all__ = ["Applied", "Book", "Fold", "Published", "Refused"]


@dataclass(frozen=True, slots=True)
class Published:
    """The story has moved: ``article`` is what the site now shows, at ``sequence``."""

    article: Article
    sequence: int


@dataclass(frozen=True, slots=True)
class Refused:
    """The site is past this revision. ``code`` is ``older_revision`` or ``killed``."""

    code: str


Applied = Published | Refused


@dataclass(slots=True)
class Book:
    """What the store knows of one story."""

    revisions: dict[int, Revision] = field(default_factory=dict)
    led_to: dict[int, int] = field(default_factory=dict)
    """Revision to the sequence that its arrival led to."""
    number: int | None = None
    """The first sequence that the story was given."""
    sequence: int | None = None
    appeared: int | None = None

    def standing(self) -> Standing | None:
        return settle(self.revisions.values()) if self.revisions else None


class Fold:
    """Takes articles one after the other; afterwards ``added`` and ``moved`` say what is to be written."""

    def __init__(self, books: Mapping[str, Book], *, sequence: int, kept: Callable[[str, int], Prepared]) -> None:
        self._books = dict(books)
        self._kept = kept
        self.sequence = sequence
        self.added: dict[tuple[str, int], Prepared] = {}
        """New revisions, in the order in which they came."""
        self._looked_up: dict[tuple[str, int], Prepared] = {}
        self.moved: set[str] = set()
        """Stories of which a reader would see something else than before."""

    def book(self, story_id: str) -> Book:
        return self._books.setdefault(story_id, Book())

    def prepared(self, story_id: str, revision: int) -> Prepared:
        found = self.added.get((story_id, revision))
        if found is None:
            found = self._looked_up[story_id, revision] = self._looked_up.get((story_id, revision)) or self._kept(
                story_id, revision
            )
        return found

    def take(self, incoming: Prepared) -> Applied:
        """Fold one revision in. The same again gives the same answer, and nothing new to write."""
        story_id, revision = incoming.article.newsroom.story_id, incoming.fact.revision
        book = self.book(story_id)
        before = book.standing()
        if revision in book.revisions:
            return self._answer(story_id, revision)
        book.revisions[revision] = incoming.fact
        self.added[story_id, revision] = incoming
        after = settle(book.revisions.values())
        if before is None or (before.current, before.status) != (after.current, after.status):
            self._give_sequence(book, revision, after)
        # A kill that comes after the reinstatement that followed it leaves the story as it is, and takes from its
        # history what it killed.
        if after != before or incoming.fact.status is PubStatus.CANCELED:
            self.moved.add(story_id)
        return self._answer(story_id, revision)

    def _give_sequence(self, book: Book, revision: int, after: Standing) -> None:
        self.sequence += 1
        book.sequence = book.led_to[revision] = self.sequence
        book.number = book.number or self.sequence
        if after.status is not PubStatus.USABLE:
            book.appeared = None
        elif book.appeared is None:
            book.appeared = self.sequence

    def _answer(self, story_id: str, revision: int) -> Applied:
        book = self.book(story_id)
        standing = settle(book.revisions.values())
        sequence = book.led_to.get(revision)
        if sequence is not None and sequence == book.sequence:
            # Usually the revision itself. A reinstatement that was overtaken by the update after it leads to that one.
            return Published(self.prepared(story_id, standing.current).article, sequence)
        killed = standing.status is PubStatus.CANCELED and revision > standing.current
        return Refused("killed" if killed else "older_revision")
