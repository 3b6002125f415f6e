"""A far interface that gives its copy page by page, well or badly."""

from __future__ import annotations

import json
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

__all__ = ["FarInterface"]


class FarInterface:
    """``/feed?page=N`` answers with the N-th page; ``/items/NAME`` with an item. Both remember who asked."""

    def __init__(self) -> None:
        self.pages: dict[str, Any] = {}
        self.items: dict[str, bytes] = {}
        self.broken: dict[str, Response] = {}
        """Answers by path and query, in place of what there is."""
        self.requests: list[Request] = []

    @property
    def asked(self) -> list[str]:
        return [_path(request) for request in self.requests]

    def app(self) -> Starlette:
        """Return the server's app."""
        routes = [Route("/feed", self._feed), Route("/items/{name}", self._item), Route("/away", self._away)]
        return Starlette(routes=routes)

    def put_page(self, number: int, *entries: Any, following: Any = "next") -> None:
        """Set a page; by itself it leads to the next one."""
        link = f"/feed?page={number + 1}" if following == "next" else following
        self.pages[str(number)] = {"data": {"items": list(entries), "next_page": link}}

    async def _feed(self, request: Request) -> Response:
        self.requests.append(request)
        if broken := self.broken.get(_path(request)):
            return broken
        page = self.pages.get(request.query_params.get("page", "0"), {"data": {"items": [], "next_page": None}})
        return Response(json.dumps(page), media_type="application/json")

    async def _item(self, request: Request) -> Response:
        self.requests.append(request)
        if broken := self.broken.get(_path(request)):
            return broken
        body = self.items.get(request.path_params["name"])
        return Response(body, media_type="application/json") if body else Response(status_code=404)

    async def _away(self, request: Request) -> Response:
        self.requests.append(request)
        return RedirectResponse(request.query_params["to"])


def _path(request: Request) -> str:
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
