"""The page on which readers search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from markupsafe import Markup

from services.publish.excerpt import first_words
from services.publish.plain_text import text_of
from services.publish.search.nearby import guess
from services.publish.search.question import Question, question_of
from services.publish.search.snippet import Marker
from services.publish.site.frame import Frame
from services.publish.site.page_cache import Page
from services.publish.site.search_request import PATH, SearchRequest
from services.publish.site.surrogates import EVERYTHING_NEW, shown_keys
from services.publish.store.reading import Cursor, Teaser
from services.publish.store.searching import Found, SearchReader

__all__ = ["SearchPages"]

A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """A story as the page shows it, with the words of the question marked."""

    teaser: Teaser
    headline: Markup
    snippet: Markup


class SearchPages:
    """Makes the page of one search. None is kept in memory: there are as many as there are questions."""

    def __init__(self, reader: SearchReader, frame: Frame, zone: ZoneInfo) -> None:
        self._reader = reader
        self._frame = frame
        self._zone = zone

    def make(self, request: SearchRequest) -> Page:
        """Return the page. Where nothing is found and the words may be mistyped, it shows what is found by others."""
        question = question_of(request.text)
        found = self._find(question, request) if question else []
        meant = None
        if question and not found and request.is_first:
            meant, found = self._meant(question, request)
        shown, newest = found[:A_PAGE], self._frame.newest()
        asked = request if meant is None else replace(request, text=meant.as_typed())
        body = self._frame.render(
            "search.html",
            title=f"{request.text}: search" if request.text else "Search",
            here=PATH,
            newest=newest,
            asked=request,
            asks=bool(question),
            meant=meant.as_typed() if meant else None,
            meant_address=asked.address(),
            hits=[_hit(hit, Marker.of(meant or question)) for hit in shown],
            more=_more(asked, found),
            other_order=asked.address(newest=not asked.newest),
            options_sections=_options([*self._frame.site.sections, *(t.section for t in newest)], request.section),
            options_sources=sorted(_options([t.provider for t in newest], request.source), key=str.casefold),
        )
        keys = shown_keys((hit.teaser for hit in shown), EVERYTHING_NEW)
        return Page(body, keys=keys, kept=False)

    def _find(self, question: Question, request: SearchRequest, limit: int = A_PAGE + 1) -> list[Found]:
        filters = request.filters(self._zone)
        if request.newest:
            return self._reader.newest(question, filters, limit, before=request.before)
        return self._reader.best(question, filters, limit, after=request.after)

    def _meant(self, question: Question, request: SearchRequest) -> tuple[Question | None, list[Found]]:
        other = guess(question, self._reader.vocabulary())
        found = self._find(other, request) if other else []
        return (other, found) if found else (None, [])


def _hit(found: Found, marker: Marker) -> Hit:
    body = text_of(found.article.body_html)
    snippet = marker.snippet(body) or marker.marked(found.teaser.summary or first_words(found.article.body_html))
    return Hit(found.teaser, marker.marked(found.teaser.headline), snippet)


def _more(request: SearchRequest, found: Sequence[Found]) -> str | None:
    """Return the address of the next page, if there is one."""
    if len(found) <= A_PAGE:
        return None
    last = found[A_PAGE - 1]
    return request.address(go_on=str(Cursor.after(last.teaser) if request.newest else last.place))


def _options(names: Sequence[str], chosen: str) -> list[str]:
    """Return what can be chosen, each once, what is chosen among it."""
    return [name for name in dict.fromkeys([*names, chosen]) if name]
