"""Rendered pages in memory, kept under the edition of the store that they were made from."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field

__all__ = ["Page", "PageCache"]

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Page:
    """A whole answer. ``location`` is set on a redirection."""

    body: bytes
    status: int = 200
    media_type: str = HTML
    location: str | None = None
    etag: str = field(init=False)

    def __post_init__(self) -> None:
        # Weak, because the same page also goes out compressed.
        object.__setattr__(self, "etag", f'W/"{hashlib.sha256(self.body).hexdigest()[:20]}"')


class PageCache:
    """Holds pages of one edition, the least used going first. A new edition empties it: a kill is seen at once."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._edition = -1
        self._pages: OrderedDict[Hashable, Page] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, edition: int, key: Hashable) -> Page | None:
        with self._lock:
            if edition != self._edition:
                return None
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, edition: int, key: Hashable, page: Page) -> None:
        with self._lock:
            if edition < self._edition:
                return
            if edition > self._edition:
                self._pages.clear()
                self._edition = edition
            self._pages[key] = page
            while len(self._pages) > self._limit:
                self._pages.popitem(last=False)

    def __len__(self) -> int:
        return len(self._pages)
