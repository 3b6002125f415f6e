"""The site over HTTP. It needs the store and nothing else: readers are served while Redis is away."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from services.publish.site.address import site_url
from services.publish.site.assets import Asset, load_assets
from services.publish.site.guard import Guard
from services.publish.site.page_cache import Page, PageCache
from services.publish.site.pages import Pages
from services.publish.site.render import Renderer
from services.publish.store.database import Database, SchemaMismatch
from services.publish.store.reading import Cursor, Reader
from shared.logs import get_logger
from shared.probes import Check, probe_routes
from shared.settings import SiteIdentity

__all__ = ["site_app"]

# Browsers and caches may keep a page, but must ask each time whether it still stands: a killed story is gone at once.
ALWAYS_ASK = "public, max-age=0, must-revalidate"
FOR_EVER = "public, max-age=31536000, immutable"
log = get_logger(__name__)


def site_app(database: Database, site: SiteIdentity, *, checks: Mapping[str, Check], cached_pages: int) -> ASGIApp:
    """Return the site as an ASGI application, guarded."""
    assets = load_assets()
    reader = Reader(database)
    pages = Pages(reader, Renderer(site, assets), site)
    server = _Server(site, reader, pages, PageCache(cached_pages))
    routes = [
        Route("/", server.home),
        Route("/feed.xml", server.feed),
        Route("/story/{name:str}", server.story),
        *(Route(asset.path, _serve(asset)) for asset in assets.values()),
        *probe_routes(checks),
        Route("/{section:str}", server.section),
    ]
    app = Starlette(
        routes=routes,
        middleware=[Middleware(GZipMiddleware, minimum_size=1024, compresslevel=6)],
        exception_handlers={404: server.not_found, 405: server.not_found, Exception: server.failed},
    )
    # The redirection to a path without a slash would repeat the Host header of whoever asks.
    app.router.redirect_slashes = False
    return Guard(app)


class _Server:
    """Endpoints. They are not coroutines: Starlette runs each in a thread, where it may wait for the store."""

    def __init__(self, site: SiteIdentity, reader: Reader, pages: Pages, cache: PageCache) -> None:
        self._site = site
        self._reader = reader
        self._pages = pages
        self._cache = cache

    def home(self, request: Request) -> Response:
        before = _cursor(request)
        return self._page(request, ("/", before), lambda base: self._pages.home(base, before))

    def section(self, request: Request) -> Response:
        section, before = request.path_params["section"], _cursor(request)
        return self._page(request, (section, before), lambda base: self._pages.section(base, section, before))

    def story(self, request: Request) -> Response:
        name = request.path_params["name"]
        return self._page(request, ("/story/", name), lambda base: self._pages.story(base, name))

    def feed(self, request: Request) -> Response:
        return self._page(request, ("/feed.xml", None), self._pages.feed)

    def not_found(self, request: Request, _: Exception) -> Response:
        return _respond(request, self._pages.not_found())

    def failed(self, request: Request, _: Exception) -> Response:
        return _respond(request, self._pages.failed())

    def _page(self, request: Request, key: tuple[str, object], make: Callable[[str], Page]) -> Response:
        base = site_url(self._site, request)
        if base is None:
            return _respond(request, self._pages.bad_request())
        try:
            return _respond(request, self._current((base, *key), lambda: make(base)))
        except (SQLAlchemyError, OSError, SchemaMismatch) as error:
            log.warning("store_unavailable", error=type(error).__name__)
            response = _respond(request, self._pages.unavailable())
            response.headers["Retry-After"] = "5"
            return response

    def _current(self, key: tuple[str, ...] | tuple[object, ...], make: Callable[[], Page]) -> Page:
        """Return the page as the store has it now. The edition is read first: a page is never older than its key."""
        edition = self._reader.edition()
        kept = self._cache.get(edition, key)
        if kept is not None:
            return kept
        page = make()
        if page.status == 200:  # addresses that lead nowhere are without number, and must not push pages out
            self._cache.put(edition, key, page)
        return page


def _cursor(request: Request) -> Cursor | None:
    return Cursor.parse(request.query_params.get("before", ""))


def _respond(request: Request, page: Page) -> Response:
    headers = {"Cache-Control": ALWAYS_ASK}
    if page.status == 200:
        headers["ETag"] = page.etag
        if page.etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
    if page.location is not None:
        headers["Location"] = page.location
    return Response(page.body, status_code=page.status, headers=headers, media_type=page.media_type)


def _serve(asset: Asset) -> Callable[[Request], Response]:
    def endpoint(_: Request) -> Response:
        return Response(asset.content, headers={"Cache-Control": FOR_EVER}, media_type=asset.media_type)

    return endpoint
