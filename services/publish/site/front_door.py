"""The way in: what is in memory goes out from here, before anything else has looked at the request."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.types import ASGIApp, Receive, Scope, Send

from services.publish.live.hub import LiveHub
from services.publish.live.stream import PATH, Stream
from services.publish.site.address import site_url
from services.publish.site.answer import Answer
from services.publish.site.page_cache import PageCache
from services.publish.site.watch import Watch
from shared.settings import SiteIdentity

__all__ = ["STALE_AFTER", "FrontDoor"]

STALE_AFTER = 2.0
"""Seconds out of sight of the store, after which every page says so; until then it is taken for a slow answer."""


class FrontDoor:
    """Wraps the whole application. ``fixed`` are answers that never change, by their path.

    ``at_hand`` finds answers in memory that are no pages: the content API's.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        site: SiteIdentity,
        cache: PageCache,
        watch: Watch,
        fixed: Mapping[str, Answer],
        live: LiveHub,
        at_hand: Callable[[Scope], Answer | None],
    ) -> None:
        self._app = app
        self._site = site
        self._cache = cache
        self._watch = watch
        self._fixed = fixed
        self._live = live
        self._stream = Stream(live)
        self._at_hand = at_hand

    def stop(self) -> None:
        """Let go of readers who would stay for ever: the server is to stop. To be called in its event loop."""
        self._live.stop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}:
            if scope["path"] == PATH:
                await self._stream(scope, receive, send)
                return
            answer = self._fixed.get(scope["path"]) or self._in_memory(scope) or self._at_hand(scope)
            if answer is not None:
                await answer.send(scope, send)
                return
        await self._app(scope, receive, send)

    def _in_memory(self, scope: Scope) -> Answer | None:
        if scope["query_string"] or self._watch.by_request or self._watch.behind > STALE_AFTER:
            return None
        base = site_url(self._site, scope)
        return self._cache.get((base, scope["path"])) if base is not None else None
