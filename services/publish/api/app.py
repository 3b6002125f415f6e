"""The content API put together, to be mounted under ``/api/v1``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Scope

from services.publish.api.access import Access
from services.publish.api.articles import Articles
from services.publish.api.contract import LIST, ONE, contract_of, problems
from services.publish.api.directory import Directory, LabelList, Root, SectionList
from services.publish.api.door import Door
from services.publish.api.memory import PREFIX, Memory, as_json
from services.publish.api.negotiation import Form
from services.publish.api.problems import exception_handlers
from services.publish.site.answer import Answer
from services.publish.site.page_cache import Page
from services.publish.site.serve_pages import AnswerResponse
from services.publish.site.watch import Watch
from services.publish.store.database import Database
from services.publish.store.feeding import FeedReader
from services.publish.store.finding import Finder
from services.publish.store.reading import Reader
from shared.settings import SiteIdentity

__all__ = ["ContentApi", "content_api"]

DESCRIPTION = "What is on the site, for programs: docs/api.md."
TOLD_ACROSS = ("ETag", "Link", "RateLimit", "RateLimit-Policy", "Retry-After")
"""Headers that a page of another origin may read."""


@dataclass(frozen=True, slots=True)
class ContentApi:
    """The API's place in the site. ``at_hand`` answers from memory what needs no look at who asks, or does not."""

    routes: list[BaseRoute]
    at_hand: Callable[[Scope], Answer | None]


def content_api(database: Database, site: SiteIdentity, watch: Watch, access: Access) -> ContentApi:
    """Return the API on this store."""
    memory = Memory(site, watch, shared=not len(access.keys))
    app: ASGIApp = Door(_application(database, site, memory, access), access=access, memory=memory)
    origins = access.settings.cors_origins
    if origins:
        app = CORSMiddleware(
            app,
            allow_origins=origins,
            allow_methods=("GET", "HEAD"),
            allow_headers=("Authorization", "If-None-Match"),
            expose_headers=TOLD_ACROSS,
            max_age=86_400,
        )
    routes = [Route(PREFIX, lambda _: RedirectResponse(f"{PREFIX}/", 308)), Mount(PREFIX, app)]
    return ContentApi(routes, memory.at_hand if access.is_open else _nothing)


def _nothing(_: Scope) -> Answer | None:
    return None


def _application(database: Database, site: SiteIdentity, memory: Memory, access: Access) -> FastAPI:
    # Its pages for people would load their parts from another host; the document is served below, made once.
    app = FastAPI(
        title=f"{site.name}: content",
        version="1",
        description=DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers=exception_handlers,
    )
    finder = Finder(database)
    articles = Articles(memory, finder, Reader(database))
    directory = Directory(memory, finder, FeedReader(database), site.sections)
    _read(app, "/", directory.root, name="root", responses=problems(), model=Root)
    _read(app, "/articles", articles.latest, name="listArticles", responses={200: LIST, **problems(406)})
    _read(app, "/changes", articles.changes, name="listChanges", responses={200: LIST, **problems(406)})
    _read(app, "/articles/{story_id}", articles.one, name="getArticle", responses={200: ONE, **problems(404, 406, 410)})
    _read(app, "/sections", directory.sections, name="listSections", responses=problems(), model=SectionList)
    _read(app, "/labels/{kind}", directory.labels, name="listLabels", responses=problems(404), model=LabelList)
    contract = as_json(contract_of(app, keyed=bool(len(access.keys))))
    written = AnswerResponse(Answer(Page(contract, media_type=Form.OURS.value)))

    def openapi(_: Request) -> Response:
        return written

    app.add_route("/openapi.json", openapi, methods=["GET"], include_in_schema=False)
    return app


def _read(
    app: FastAPI,
    path: str,
    endpoint: Callable[..., Response],
    *,
    name: str,
    responses: dict[int | str, dict[str, Any]],
    model: Any = None,
) -> None:
    """Have the endpoint answer GET, and HEAD, which needs no description of its own."""
    kind: dict[str, Any] = {"response_model": model} if model else {"response_model": None, "response_class": Response}
    app.add_api_route(path, endpoint, methods=["GET"], operation_id=name, responses=responses, **kind)
    app.add_api_route(path, endpoint, methods=["HEAD"], include_in_schema=False, response_model=None)
