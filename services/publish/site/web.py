"""The site over HTTP. It needs the store and nothing else: readers are served while Redis is away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, nullcontext, suppress
from functools import partial

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.publish.api.access import OPEN, Access
from services.publish.api.app import content_api
from services.publish.hub import Hub
from services.publish.live.hub import LiveHub
from services.publish.pictures.site import SitePictures
from services.publish.site.answer import Answer
from services.publish.site.assets import Asset, load_assets
from services.publish.site.feed_pages import FeedPages
from services.publish.site.front_door import FrontDoor
from services.publish.site.guard import Guard
from services.publish.site.page_cache import Page, PageCache
from services.publish.site.pages import LABEL_KINDS, Pages
from services.publish.site.render import Renderer
from services.publish.site.serve_feeds import feed_routes
from services.publish.site.serve_finding import finding_routes
from services.publish.site.serve_pages import AnswerResponse, PageServer
from services.publish.site.watch import Watch
from services.publish.store.changes import changes_since
from services.publish.store.database import Database
from services.publish.store.feeding import FeedReader
from services.publish.store.reading import Cursor, Reader
from shared.probes import Check, probe_routes
from shared.settings import SiteIdentity

__all__ = ["site_app"]

FOR_EVER = "public, max-age=31536000, immutable"


def site_app(
    database: Database,
    site: SiteIdentity,
    *,
    checks: Mapping[str, Check],
    cached_pages: int,
    watch_every: float,
    pictures: SitePictures | None = None,
    access: Access = OPEN,
    live_clients: int = 1_000,
) -> FrontDoor:
    """Return the site as an ASGI application, guarded. ``watch_every`` is in seconds; 0 looks at each request.

    Without ``pictures`` its pages show none. ``live_clients`` may have a live stream at once.
    """
    assets = load_assets(site)
    cache = PageCache(cached_pages)
    watch = Watch(partial(changes_since, database), every=watch_every)
    hub = Hub(str(site.hub), str(site.url), site.sections) if site.hub else None
    signer = pictures.signer if pictures else None
    renderer = Renderer(site, assets, signer)
    pages = Pages(Reader(database), renderer, site)
    feeds = FeedPages(FeedReader(database), site, pages.not_found, signer=signer)
    page_server = PageServer(site, cache, watch, pages)
    if pictures is not None:
        watch.tell(pictures.hear)
    if hub is not None:
        watch.tell(hub.hear)  # after the page server, which lets go of its own pages first
    live = LiveHub(limit=live_clients)
    watch.tell(live.hear)  # last: whoever is told asks for the pages again
    server = _Endpoints(page_server, pages)
    api = content_api(database, site, watch, access)
    routes = [
        Route("/", server.home),
        *feed_routes(site, page_server, feeds),
        *finding_routes(database, site, renderer, page_server, pages),
        Route("/story/{name:str}", server.story),
        *(Route(f"/{kind}/{{key:str}}", partial(server.labelled, kind)) for kind in LABEL_KINDS),
        *(pictures.routes() if pictures else ()),
        *api.routes,
        *probe_routes(checks),
        Route("/{section:str}", server.section),
    ]

    @asynccontextmanager
    async def watching(_: Starlette) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(live.run())]
        if not watch.by_request:
            tasks.append(asyncio.create_task(watch.run()))
        async with hub.running() if hub else nullcontext(), pictures.running() if pictures else nullcontext():
            yield
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    app = Starlette(
        routes=routes,
        middleware=[Middleware(GZipMiddleware, minimum_size=1024, compresslevel=6)],
        exception_handlers={404: server.not_found, 405: server.not_found, Exception: server.failed},
        lifespan=watching,
    )
    # The redirection to a path without a slash would repeat the Host header of whoever asks.
    app.router.redirect_slashes = False
    fixed = {asset.path: Answer(_asset_page(asset)) for asset in assets.values()}
    return FrontDoor(Guard(app), site=site, cache=cache, watch=watch, fixed=fixed, live=live, at_hand=api.at_hand)


class _Endpoints:
    """They are not coroutines: Starlette runs each in a thread, where it may wait for the store."""

    def __init__(self, server: PageServer, pages: Pages) -> None:
        self._server = server
        self._pages = pages

    def home(self, request: Request) -> Response:
        before = _cursor(request)
        return self._server.serve(request, lambda base: self._pages.home(base, before), _text(before))

    def section(self, request: Request) -> Response:
        section, before = request.path_params["section"], _cursor(request)
        return self._server.serve(request, lambda base: self._pages.section(base, section, before), _text(before))

    def labelled(self, kind: str, request: Request) -> Response:
        key, before = request.path_params["key"], _cursor(request)
        return self._server.serve(request, lambda base: self._pages.labelled(base, kind, key, before), _text(before))

    def story(self, request: Request) -> Response:
        name = request.path_params["name"]
        return self._server.serve(request, lambda base: self._pages.story(base, name))

    def not_found(self, _: Request, __: Exception) -> Response:
        return AnswerResponse(Answer(self._pages.not_found()))

    def failed(self, _: Request, __: Exception) -> Response:
        return AnswerResponse(Answer(self._pages.failed()))


def _cursor(request: Request) -> Cursor | None:
    return Cursor.parse(request.query_params.get("before", ""))


def _text(cursor: Cursor | None) -> str:
    return f"before={cursor}" if cursor else ""


def _asset_page(asset: Asset) -> Page:
    return Page(asset.content, media_type=asset.media_type, headers=(("Cache-Control", FOR_EVER),))
