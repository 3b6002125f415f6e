"""``articles``: lists of stories and single ones, each kept in memory for as long as nothing in it has moved."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import Path, Query
from starlette.requests import Request
from starlette.responses import Response

from services.publish.api.memory import PREFIX, Memory, as_json
from services.publish.api.negotiation import Form, negotiate
from services.publish.api.problems import Problem, not_found, problem_answer, problem_page
from services.publish.api.query import ArticleQuery, FieldsQuery
from services.publish.api.shape import Shaper, linked_stories
from services.publish.search.question import question_of
from services.publish.site.page_cache import Page
from services.publish.site.surrogates import EVERYTHING_NEW, label_key, section_name, story_key
from services.publish.store.finding import Filters, Finder, Listing
from services.publish.store.reading import Cursor, Reader
from shared.article import PubStatus, Standard

__all__ = ["Articles", "StoryId"]

PATH = f"{PREFIX}/articles"
OLD_ENOUGH = 60.0
"""Seconds that a later part of a list may lack a story that came in with an old date. What moved leaves it at once."""
ASK_AGAIN = ("Retry-After", "3600")
"""A story that is withheld may come back."""
StoryId = Annotated[str, Path(pattern="^[0-9a-z]{1,64}$")]


class Articles:
    """Its endpoints are not coroutines: FastAPI runs each in a thread, where it may wait for the store."""

    def __init__(self, memory: Memory, finder: Finder, reader: Reader) -> None:
        self._memory = memory
        self._finder = finder
        self._reader = reader

    def listing(self, request: Request, query: Annotated[ArticleQuery, Query()]) -> Response:
        """List stories: the newest first, or with `after`, what has changed."""
        form = negotiate(request.headers.get("accept", ""))
        if form is None:
            return _not_acceptable()
        return self._memory.serve(request, partial(self._listing, query=query, form=form), form.value)

    def one(self, request: Request, story_id: StoryId, query: Annotated[FieldsQuery, Query()]) -> Response:
        """One story as it stands now."""
        form = negotiate(request.headers.get("accept", ""))
        if form is None:
            return _not_acceptable()
        return self._memory.serve(request, partial(self._one, story_id=story_id, query=query, form=form), form.value)

    def _listing(self, base: str, *, query: ArticleQuery, form: Form) -> Page:
        found = self._find(query)
        names = linked_stories(found.stories)
        shaper = self._shaper(base, query, form, names)
        stories = [shaper.story(one) for one in found.stories]
        following, monitor = _following(base, query, found)
        links = [f'<{address}>; rel="{rel}"' for address, rel in ((following, "next"), (monitor, "monitor")) if address]
        if form.is_ninjs:
            own = [one.story_id for one in found.stories]
            document = _composite(f"{base}{PATH}?{query.again(**_place(query))}", own, stories)
        else:
            document = {"articles": stories, "sequence": found.sequence, "next": following, "changes": monitor}
        keys = {story_key(name) for name in (*names, *(one.story_id for one in found.stories))}
        if query.before is None:
            keys.add(EVERYTHING_NEW if query.after is not None else _list_key(query.filters))
        return Page(
            as_json(document),
            media_type=form.value,
            keys=frozenset(keys),
            max_age=OLD_ENOUGH,
            headers=(*self._memory.headers(form), ("Link", ", ".join(links))),
        )

    def _one(self, base: str, *, story_id: str, query: FieldsQuery, form: Form) -> Page:
        found = self._finder.story(story_id)
        if found is None:
            return problem_page(not_found())
        if found.status is PubStatus.CANCELED:
            return problem_page(Problem(410, "killed", "This story was withdrawn and must not be relied on."))
        if found.article is None:
            detail = "This story is not available at the moment."
            return problem_page(Problem(404, "withheld", detail, headers=(ASK_AGAIN,)))
        names = linked_stories([found])
        return Page(
            as_json(self._shaper(base, query, form, names).story(found)),
            media_type=form.value,
            keys=frozenset(map(story_key, (story_id, *names))),
            headers=self._memory.headers(form),
        )

    def _find(self, query: ArticleQuery) -> Listing:
        if query.after is not None:
            return self._finder.changed(query.filters, query.limit, after=query.after)
        before = None if query.before is None else Cursor(query.before)
        if query.q is not None:
            return self._finder.matching(question_of(query.q), query.filters, query.limit, before=before)
        return self._finder.latest(query.filters, query.limit, before=before)

    def _shaper(self, base: str, query: FieldsQuery, form: Form, linked: set[str]) -> Shaper:
        on_site = self._reader.teasers(linked) if linked and not form.is_ninjs else {}
        return Shaper(base=base, ninjs=form.is_ninjs, fields=query.picked, linked=on_site)


def _not_acceptable() -> Response:
    """Return the refusal of a request that takes none of our forms."""
    forms = [form.value for form in Form]
    return problem_answer(
        Problem(406, "not_acceptable", f"An article can be had as {', '.join(forms)}.", members={"available": forms})
    )


def _list_key(filters: Filters) -> str:
    """Return the surrogate key of the narrowest list that a story must come into to come into this one."""
    if filters.labels:
        kind, key = filters.labels[0]
        return label_key(kind.value, key)
    return section_name(filters.section) if filters.section is not None else EVERYTHING_NEW


def _following(base: str, query: ArticleQuery, found: Listing) -> tuple[str | None, str]:
    """Return where the list goes on, if it does, and where what changes from now on will be told."""
    monitor = f"{base}{PATH}?{query.again(after=found.sequence)}"
    if not found.more:
        return None, monitor
    if query.after is not None:
        return monitor, monitor
    return f"{base}{PATH}?{query.again(before=found.stories[-1].number)}", monitor


def _place(query: ArticleQuery) -> dict[str, int]:
    places = {"before": query.before, "after": query.after}
    return {name: value for name, value in places.items() if value is not None}


def _composite(address: str, names: list[str], stories: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a list as one ninjs document: its stories are associations, by the names that they have here."""
    document: dict[str, Any] = {"uri": address, "type": "composite", "standard": Standard().model_dump(by_alias=True)}
    if stories:
        document["associations"] = [
            {"name": name, **{member: value for member, value in one.items() if member != "standard"}}
            for name, one in zip(names, stories, strict=True)
        ]
    return document
