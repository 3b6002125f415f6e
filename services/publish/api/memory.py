"""Answers of the API in memory: by what was asked, as it was asked, and in which form."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from services.publish.api.negotiation import Form, negotiate
from services.publish.api.problems import ProblemPages
from services.publish.site.address import site_url
from services.publish.site.answer import Answer
from services.publish.site.front_door import STALE_AFTER
from services.publish.site.page_cache import Page, PageCache
from services.publish.site.serve_pages import PageServer
from services.publish.site.watch import Watch
from shared.settings import SiteIdentity

__all__ = ["PREFIX", "Memory", "as_json"]

PREFIX = "/api/v1"
MOST_ANSWERS = 1_000
MOST_BYTES = 32 * 1024 * 1024
"""Of all answers together: a hundred long stories are a megabyte."""


class Memory:
    """Keeps and serves the answers. ``shared``: caches between us and the client may keep them, too."""

    def __init__(self, site: SiteIdentity, watch: Watch, *, shared: bool) -> None:
        self._site = site
        self._watch = watch
        self._shared = shared
        self._cache = PageCache(MOST_ANSWERS, most_bytes=MOST_BYTES)
        self._server = PageServer(site, self._cache, watch, ProblemPages())

    def serve(self, request: Request, make: Callable[[str], Page], form: str) -> Response:
        """Answer with what is kept for this very query in this form, or with what is made now."""
        return self._server.serve(request, make, form, _query(request.scope))

    def at_hand(self, scope: Scope) -> Answer | None:
        """Return what is kept for the request, where it is sure to be true: without a thread, a store or a parser."""
        if not scope["path"].startswith(PREFIX) or scope["method"] not in {"GET", "HEAD"}:
            return None
        if self._watch.by_request or self._watch.behind > STALE_AFTER:
            return None
        base = site_url(self._site, scope)
        accept = b", ".join(value for name, value in scope["headers"] if name == b"accept").decode("latin-1")
        form = negotiate(accept)
        if base is None or form is None:
            return None
        return self._cache.get((base, scope["path"], form.value, *filter(None, [_query(scope)])))

    def headers(self, form: Form | None = None) -> tuple[tuple[str, str], ...]:
        """Return the headers of an answer; with ``form``, of one that is also to be had in others."""
        vary = ["Accept-Encoding", *(["Accept"] if form else []), *([] if self._shared else ["Authorization"])]
        told = (("Vary", ", ".join(vary)),)
        return told if self._shared else (*told, ("Cache-Control", "private, max-age=0, must-revalidate"))


def _query(scope: Scope) -> str:
    query: bytes = scope["query_string"]
    return query.decode("latin-1")


def as_json(document: dict[str, Any]) -> bytes:
    """Return a document as it goes out."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
