"""What there is to ask for: the API itself, its sections, its labels. Always plain JSON."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from services.publish.api.memory import PREFIX, Memory, as_json
from services.publish.api.negotiation import Form
from services.publish.api.query import LabelQuery
from services.publish.site.page_cache import Page
from services.publish.site.surrogates import EVERYTHING_NEW
from services.publish.slug import section_title
from services.publish.store.feeding import FeedReader
from services.publish.store.finding import Finder
from services.publish.store.labels import label_path
from shared.article import Kind

__all__ = ["Directory", "LabelList", "Root", "SectionList"]


class NoQuery(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Root(BaseModel):
    """Where things are."""

    articles: str
    changes: str
    sections: str
    labels: dict[Kind, str]
    openapi: str


class Listed(BaseModel):
    """A list of stories: its key as a filter, its name, its page on the site, its articles here."""

    key: str
    name: str
    page: str
    articles: str


class SectionList(BaseModel):
    sections: list[Listed]


class LabelList(BaseModel):
    labels: list[Listed]
    next: str | None


class Directory:
    """Its endpoints are not coroutines: FastAPI runs each in a thread, where it may wait for the store."""

    def __init__(self, memory: Memory, finder: Finder, feeds: FeedReader, order: tuple[str, ...]) -> None:
        self._memory = memory
        self._finder = finder
        self._feeds = feeds
        self._order = order

    def root(self, request: Request, query: Annotated[NoQuery, Query()]) -> Response:  # noqa: ARG002 - it says that there are none
        """Where things are."""
        return self._memory.serve(request, self._root, Form.OURS.value)

    def sections(self, request: Request, query: Annotated[NoQuery, Query()]) -> Response:  # noqa: ARG002 - as above
        """The sections that have a story, in the order of the site's navigation."""
        return self._memory.serve(request, self._sections, Form.OURS.value)

    def labels(
        self, request: Request, kind: Annotated[Kind, Path()], query: Annotated[LabelQuery, Query()]
    ) -> Response:
        """The topics, places, persons or organisations that stories are about, by key."""
        return self._memory.serve(request, partial(self._labels, kind=kind, query=query), Form.OURS.value)

    def _root(self, base: str) -> Page:
        here = base + PREFIX
        return self._page(
            Root(
                articles=f"{here}/articles",
                changes=f"{here}/changes",
                sections=f"{here}/sections",
                labels={kind: f"{here}/labels/{kind}" for kind in Kind},
                openapi=f"{here}/openapi.json",
            )
        )

    def _sections(self, base: str) -> Page:
        place = {section: number for number, section in enumerate(self._order)}
        keys = sorted(self._feeds.sections(), key=lambda key: (place.get(key, len(place)), key))
        listed = [_listed(base, "section", key, section_title(key), f"/{key}") for key in keys]
        return self._page(SectionList(sections=listed), EVERYTHING_NEW)

    def _labels(self, base: str, *, kind: Kind, query: LabelQuery) -> Page:
        found = self._finder.labels(kind, query.limit + 1, after=query.after or "")
        shown = found[: query.limit]
        following = None
        if len(found) > query.limit:
            place = urlencode({"limit": query.limit, "after": shown[-1][0]})
            following = f"{base}{PREFIX}/labels/{kind}?{place}"
        listed = [_listed(base, kind.value, key, name, label_path(kind, key)) for key, name in shown]
        more = [("Link", f'<{following}>; rel="next"')] if following else []
        return self._page(LabelList(labels=listed, next=following), EVERYTHING_NEW, more=more)

    def _page(self, document: BaseModel, *keys: str, more: list[tuple[str, str]] | None = None) -> Page:
        body: dict[str, Any] = document.model_dump(mode="json")
        headers = (*self._memory.headers(), *(more or ()))
        return Page(as_json(body), media_type=Form.OURS.value, keys=frozenset(keys), headers=headers)


def _listed(base: str, parameter: str, key: str, name: str, path: str) -> Listed:
    articles = f"{base}{PREFIX}/articles?{urlencode({parameter: key})}"
    return Listed(key=key, name=name, page=base + quote(path), articles=articles)
