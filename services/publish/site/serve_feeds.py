"""Where feeds, sitemaps and robots.txt are served."""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.publish.feeds.addresses import FILES
from services.publish.site.address import site_url
from services.publish.site.answer import Answer
from services.publish.site.feed_pages import FeedPages
from services.publish.site.serve_pages import AnswerResponse, PageServer
from shared.article import Kind
from shared.settings import SiteIdentity

__all__ = ["feed_routes"]


def feed_routes(site: SiteIdentity, server: PageServer, feeds: FeedPages) -> list[BaseRoute]:
    """Return the routes, to stand before those of pages."""
    endpoints = _Endpoints(site, server, feeds)
    return [
        Route("/robots.txt", endpoints.robots),
        Route("/sitemap.xml", endpoints.sitemap_index),
        Route("/news-sitemap.xml", endpoints.news_sitemap),
        Route("/sitemap/pages.xml", endpoints.sitemap_pages),
        Route("/sitemap/{part:str}.xml", endpoints.sitemap_part),
        *(Route(f"/{file}", partial(endpoints.of_site, file)) for file in FILES),
        *(
            Route(f"/{kind}/{{key:str}}/{file}", partial(endpoints.of_label, kind, file))
            for kind in Kind
            for file in FILES
        ),
        *(Route(f"/{{section:str}}/{file}", partial(endpoints.of_section, file)) for file in FILES),
    ]


class _Endpoints:
    """They are not coroutines: Starlette runs each in a thread, where it may wait for the store."""

    def __init__(self, site: SiteIdentity, server: PageServer, feeds: FeedPages) -> None:
        self._site = site
        self._server = server
        self._feeds = feeds

    def of_site(self, file: str, request: Request) -> Response:
        return self._server.serve(request, lambda base: self._feeds.of_site(base, file))

    def of_section(self, file: str, request: Request) -> Response:
        section = request.path_params["section"]
        return self._server.serve(request, lambda base: self._feeds.of_section(base, section, file))

    def of_label(self, kind: str, file: str, request: Request) -> Response:
        key = request.path_params["key"]
        return self._server.serve(request, lambda base: self._feeds.of_label(base, kind, key, file))

    def sitemap_index(self, request: Request) -> Response:
        return self._server.serve(request, self._feeds.sitemap_index)

    def sitemap_pages(self, request: Request) -> Response:
        return self._server.serve(request, self._feeds.sitemap_pages)

    def sitemap_part(self, request: Request) -> Response:
        part = request.path_params["part"]
        return self._server.serve(request, lambda base: self._feeds.sitemap_part(base, part))

    def news_sitemap(self, request: Request) -> Response:
        return self._server.serve(request, self._feeds.news_sitemap)

    def robots(self, request: Request) -> Response:
        """Answer without the store: a robot that is refused this file takes it that it may read nothing."""
        base = site_url(self._site, request.scope)
        if base is None:
            return self._server.serve(request, self._feeds.robots)
        return AnswerResponse(Answer(self._feeds.robots(base)))
