"""From a request to a page: out of memory, made now, or, with the store away, as old as it may be."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from services.publish.site.address import site_url
from services.publish.site.answer import Answer, RawHeaders
from services.publish.site.front_door import STALE_AFTER
from services.publish.site.page_cache import Page, PageCache
from services.publish.site.render import begun_at
from services.publish.site.surrogates import moved_keys
from services.publish.site.watch import STORE_ERRORS, Watch
from services.publish.store.changes import Changes
from shared.logs import get_logger
from shared.settings import SiteIdentity

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["AnswerResponse", "Fallbacks", "PageServer"]

RETRY_AFTER = (b"retry-after", b"5")
Make = Callable[[str], Page]
log = get_logger(__name__)


class AnswerResponse(Response):
    """An answer as Starlette passes one on."""

    def __init__(self, answer: Answer, more: RawHeaders | None = None) -> None:
        super().__init__(status_code=answer.page.status)
        self._answer = answer
        self._more = more

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's form
        await self._answer.send(scope, send, more=self._more)


class Fallbacks(Protocol):
    """What is said where no page can be made."""

    def bad_request(self) -> Page: ...

    def unavailable(self) -> Page: ...


class PageServer:
    """Serves pages that are kept in memory for as long as nothing that they show has moved."""

    def __init__(self, site: SiteIdentity, cache: PageCache, watch: Watch, pages: Fallbacks) -> None:
        self._site = site
        self._cache = cache
        self._watch = watch
        self._pages = pages
        self._making = _OneAtATime()
        watch.tell(self._hear)

    def serve(self, request: Request, make: Make, *query: str) -> Response:
        """Answer with the page at the request's path and these parts of its query, the rest of which is ignored."""
        base = site_url(self._site, request.scope)
        if base is None:
            return AnswerResponse(Answer(self._pages.bad_request()))
        # Not `request.url`: some versions of Starlette make that of the Host header too, and a stranger could then file
        # one page under the address of another.
        key = (base, request.scope["path"], *filter(None, query))
        try:
            answer = self._current(key, lambda: make(base))
        except STORE_ERRORS as error:
            log.warning("store_unavailable", error=type(error).__name__)
            kept = self._cache.get(key, aged=True)
            if kept is None:
                return AnswerResponse(Answer(self._pages.unavailable()), [RETRY_AFTER])
            answer = kept
        return AnswerResponse(answer, self._staleness())

    def _current(self, key: tuple[str, ...], make: Callable[[], Page]) -> Answer:
        if self._watch.by_request or self._cache.edition < 0:
            self._watch.look()
        kept = self._cache.get(key)
        if kept is not None:
            return kept
        with self._making.of(key):  # a page that many ask for at once is made once
            kept = self._cache.get(key)
            if kept is not None:
                return kept
            edition = self._cache.edition
            page = _made(make, edition)
            # Addresses that lead nowhere are without number, and must not push pages out.
            return self._cache.put(edition, key, page) if page.status == 200 and page.kept else Answer(page)

    def _staleness(self) -> RawHeaders:
        """Return what is to be said of a page that may be older than the store (RFC 9211)."""
        behind = self._watch.behind
        if self._watch.by_request or behind <= STALE_AFTER:
            return []
        seconds = f"{behind:.0f}" if behind < 1e9 else "unknown"
        return [(b"cache-status", f'wireroom; hit; detail="store out of sight; seconds={seconds}"'.encode())]

    def _hear(self, changes: Changes) -> None:
        if changes.complete:
            self._cache.advance(changes.edition, moved_keys(changes.moved))
        else:
            self._cache.clear(changes.edition)


def _made(make: Callable[[], Page], edition: int) -> Page:
    token = begun_at.set(edition)
    try:
        return make()
    finally:
        begun_at.reset(token)


class _OneAtATime:
    """A lock for each key that is in use."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks: dict[tuple[str, ...], threading.Lock] = {}
        self._users: defaultdict[tuple[str, ...], int] = defaultdict(int)

    @contextmanager
    def of(self, key: tuple[str, ...]) -> Iterator[None]:
        with self._guard:
            lock = self._locks.setdefault(key, threading.Lock())
            self._users[key] += 1
        try:
            with lock:
                yield
        finally:
            with self._guard:
                self._users[key] -= 1
                if not self._users[key]:
                    del self._users[key], self._locks[key]
