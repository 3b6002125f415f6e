"""Pages in memory, each with the names of what it was made from: what moves takes the pages that show it with it."""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import inf

from services.publish.site.answer import Answer

__all__ = ["Page", "PageCache"]

HTML = "text/html; charset=utf-8"
DROPS_REMEMBERED = 1_000
_BEGUN_AT = re.compile(rb'(?<=<body) data-edition="[0-9]+"')
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A whole answer. ``location`` is set on a redirection."""

    body: bytes
    status: int = 200
    media_type: str = HTML
    location: str | None = None
    keys: frozenset[str] = frozenset()
    """What it was made from (:mod:`services.publish.site.surrogates`)."""
    max_age: float = inf
    """Seconds after which it is made again, though nothing that it shows has moved."""
    headers: tuple[tuple[str, str], ...] = ()
    """More headers, of this page alone."""
    kept: bool = True
    """False: there are too many like it to keep any in memory."""
    etag: str = field(init=False)

    def __post_init__(self) -> None:
        # Weak, as the same page also goes out compressed, and because the edition that it was begun at says nothing
        # of what it shows: whoever has the page of an earlier one has the same page.
        shown = _BEGUN_AT.sub(b"", self.body, count=1)
        object.__setattr__(self, "etag", f'W/"{hashlib.sha256(shown).hexdigest()[:20]}"')


@dataclass(slots=True)
class _Kept:
    answer: Answer
    keys: frozenset[str]
    until: float


class PageCache:
    """Holds the pages used last. A page that shows what has moved is never given again, not even for a moment.

    A page may be made while the story in it is killed: ``put`` is told which edition the maker began at, and leaves
    out what has moved since.
    """

    def __init__(self, limit: int, *, most_bytes: float = inf, clock: Callable[[], float] = time.monotonic) -> None:
        """``most_bytes`` of all bodies together, as they are before they are packed."""
        self._limit = limit
        self._most_bytes = most_bytes
        self._bytes = 0
        self._clock = clock
        self._edition = -1
        self._whole_until = -1
        """Editions up to this one are forgotten: a page begun before may show anything."""
        self._drops: deque[tuple[int, frozenset[str]]] = deque(maxlen=DROPS_REMEMBERED)
        self._pages: OrderedDict[Key, _Kept] = OrderedDict()
        self._by_name: defaultdict[str, set[Key]] = defaultdict(set)
        self._lock = threading.Lock()

    @property
    def edition(self) -> int:
        """The edition that every page held is true at."""
        return self._edition

    def get(self, key: Key, *, aged: bool = False) -> Answer | None:
        """Return the page, unless its time is over; with ``aged`` also then: nothing better may be at hand."""
        with self._lock:
            kept = self._pages.get(key)
            if kept is None or (kept.until < self._clock() and not aged):
                return None
            self._pages.move_to_end(key)
            return kept.answer

    def put(self, edition: int, key: Key, page: Page) -> Answer:
        """Keep the page that was begun at ``edition``, and return it as it goes out."""
        answer = Answer(page)
        with self._lock:
            if not self._outdated(edition, page.keys):
                self._remove(key)
                self._pages[key] = _Kept(answer, page.keys, self._clock() + page.max_age)
                self._bytes += len(page.body)
                for name in page.keys:
                    self._by_name[name].add(key)
                while len(self._pages) > self._limit or self._bytes > self._most_bytes:
                    self._remove(next(iter(self._pages)))
        return answer

    def advance(self, edition: int, moved: Iterable[str]) -> None:
        """Drop the pages that show what moved; from now on the rest is true at ``edition``."""
        names = frozenset(moved)
        with self._lock:
            if len(self._drops) == DROPS_REMEMBERED:
                self._whole_until = self._drops[0][0]
            self._drops.append((edition, names))
            self._edition = edition
            for key in {key for name in names for key in self._by_name.get(name, ())}:
                self._remove(key)

    def clear(self, edition: int) -> None:
        """Drop everything."""
        with self._lock:
            self._pages.clear()
            self._by_name.clear()
            self._bytes = 0
            self._drops.clear()
            self._edition = self._whole_until = edition

    def __len__(self) -> int:
        return len(self._pages)

    def _outdated(self, edition: int, names: frozenset[str]) -> bool:
        if edition < self._whole_until or edition > self._edition:
            return True
        return any(at > edition and not names.isdisjoint(moved) for at, moved in reversed(self._drops))

    def _remove(self, key: Key) -> None:
        kept = self._pages.pop(key, None)
        if kept is None:
            return
        self._bytes -= len(kept.answer.page.body)
        for name in kept.keys:
            with_name = self._by_name[name]
            with_name.discard(key)
            if not with_name:
                del self._by_name[name]
