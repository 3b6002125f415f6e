"""Search, archive and histories over HTTP."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.publish.settings import site_zone
from services.publish.site.archive_pages import ARCHIVE, ArchivePages
from services.publish.site.frame import Frame
from services.publish.site.history_pages import HistoryPages
from services.publish.site.pages import Pages
from services.publish.site.render import Renderer
from services.publish.site.search_pages import SearchPages
from services.publish.site.search_request import PATH, SearchRequest
from services.publish.site.serve_pages import PageServer
from services.publish.store.archive import ArchiveReader
from services.publish.store.database import Database
from services.publish.store.history import HistoryReader
from services.publish.store.reading import Cursor, Reader
from services.publish.store.searching import SearchReader
from shared.settings import SiteIdentity

__all__ = ["finding_routes"]

_REVISION = re.compile(r"[0-9]{1,16}")


def finding_routes(
    database: Database, site: SiteIdentity, renderer: Renderer, server: PageServer, pages: Pages
) -> list[Route]:
    """Return the routes; they come before that of the sections, and that of stories' own pages."""
    frame, zone = Frame(Reader(database), renderer, site), site_zone(site)
    endpoints = _Endpoints(
        server,
        pages,
        SearchPages(SearchReader(database), frame, zone),
        ArchivePages(ArchiveReader(database, zone), frame),
        HistoryPages(HistoryReader(database), frame, pages.story),
    )
    return [
        Route(PATH, endpoints.search),
        Route(ARCHIVE, endpoints.archive),
        Route(f"{ARCHIVE}/{{when:str}}", endpoints.archive_of),
        Route("/story/{name:str}/history", endpoints.history),
    ]


class _Endpoints:
    """They are not coroutines: Starlette runs each in a thread, where it may wait for the store."""

    def __init__(
        self, server: PageServer, pages: Pages, search: SearchPages, archive: ArchivePages, history: HistoryPages
    ) -> None:
        self._server = server
        self._pages = pages
        self._search = search
        self._archive = archive
        self._history = history

    def search(self, request: Request) -> Response:
        asked = SearchRequest.parse(request.query_params)
        return self._server.serve(request, lambda _: self._search.make(asked), repr(asked))

    def archive(self, request: Request) -> Response:
        return self._server.serve(request, self._archive.all)

    def archive_of(self, request: Request) -> Response:
        when = request.path_params["when"]
        before = Cursor.parse(request.query_params.get("before", ""))
        key = f"before={before}" if before else ""
        return self._server.serve(
            request, lambda base: self._archive.of(base, when, before) or self._pages.not_found(), key
        )

    def history(self, request: Request) -> Response:
        name, text = request.path_params["name"], request.query_params.get("before", "")
        before = int(text) if _REVISION.fullmatch(text) else None
        key = f"before={before}" if before is not None else ""
        return self._server.serve(request, lambda base: self._history.make(base, name, before), key)
