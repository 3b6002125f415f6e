"""``articles``: lists of stories and single ones, each kept in memory for as long as nothing in it has moved."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import inf
from typing import Annotated, Any

from fastapi import Path, Query
from starlette.requests import Request
from starlette.responses import Response

from services.publish.api.memory import PREFIX, Memory, as_json
from services.publish.api.negotiation import Form, negotiate
from services.publish.api.problems import Problem, not_found, problem_answer, problem_page
from services.publish.api.query import ArticleQuery, ChangeQuery, FieldsQuery
from services.publish.api.shape import Shaper, linked_stories
from services.publish.search.question import question_of
from services.publish.site.page_cache import Page
from services.publish.site.surrogates import EVERYTHING_NEW, label_key, section_name, story_key
from services.publish.store.finding import Filters, Finder, Listing
from services.publish.store.reading import Cursor, Reader
from shared.article import PubStatus, Standard

__all__ = ["Articles", "StoryId"]

ARTICLES, CHANGES = f"{PREFIX}/articles", f"{PREFIX}/changes"
OLD_ENOUGH = 60.0
"""Seconds that a later part of a list may lack a story that came in with an old date. What moved leaves it at once."""
ASK_AGAIN = ("Retry-After", "3600")
"""A story that is withheld may come back."""
StoryId = Annotated[str, Path(pattern="^[0-9a-z]{1,64}$")]


@dataclass(frozen=True, slots=True)
class _Places:
    """Addresses of a list: its own, where it goes on, if it does, and where what changes from now on is told."""

    own: str
    next: str | None
    changes: str

    @property
    def header(self) -> str:
        """Return the last two as a ``Link`` (RFC 8288; ``monitor`` is RFC 5989's word)."""
        following = f'<{self.next}>; rel="next", ' if self.next else ""
        return f'{following}<{self.changes}>; rel="monitor"'


class Articles:
    """Its endpoints are not coroutines: FastAPI runs each in a thread, where it may wait for the store."""

    def __init__(self, memory: Memory, finder: Finder, reader: Reader) -> None:
        self._memory = memory
        self._finder = finder
        self._reader = reader

    def latest(self, request: Request, query: Annotated[ArticleQuery, Query()]) -> Response:
        """The newest stories by date or, with `q`, those that have the words."""
        form = negotiate(request.headers.get("accept", ""))
        if form is None:
            return _not_acceptable()
        return self._memory.serve(request, partial(self._latest, query=query, form=form), form.value)

    def changes(self, request: Request, query: Annotated[ChangeQuery, Query()]) -> Response:
        """What has changed after a sequence, in the order of the changes: each story once, as it stands now.

        Stories that have left the site are among them by name alone, whatever the filters are.
        """
        form = negotiate(request.headers.get("accept", ""))
        if form is None:
            return _not_acceptable()
        return self._memory.serve(request, partial(self._changes, query=query, form=form), form.value)

    def one(self, request: Request, story_id: StoryId, query: Annotated[FieldsQuery, Query()]) -> Response:
        """One story as it stands now."""
        form = negotiate(request.headers.get("accept", ""))
        if form is None:
            return _not_acceptable()
        return self._memory.serve(request, partial(self._one, story_id=story_id, query=query, form=form), form.value)

    def _latest(self, base: str, *, query: ArticleQuery, form: Form) -> Page:
        before = None if query.before is None else Cursor(query.before)
        if query.q is not None:
            found = self._finder.matching(question_of(query.q), query.filters, query.limit, before=before)
        else:
            found = self._finder.latest(query.filters, query.limit, before=before)
        following = query.again(before=found.stories[-1].number) if found.more else None
        places = _Places(
            own=f"{base}{ARTICLES}?{query.again()}".removesuffix("?"),
            next=f"{base}{ARTICLES}?{following}" if following else None,
            changes=f"{base}{CHANGES}?{query.again('q', 'before', after=found.sequence)}",
        )
        names = {_list_key(query.filters)} if before is None else set()
        return self._listed(base, query, form, found, places=places, names=names)

    def _changes(self, base: str, *, query: ChangeQuery, form: Form) -> Page:
        found = self._finder.changed(query.filters, query.limit, after=query.after)
        following = f"{base}{CHANGES}?{query.again(after=found.sequence)}"
        places = _Places(
            own=f"{base}{CHANGES}?{query.again(after=query.after)}",
            next=following if found.more else None,
            changes=following,
        )
        return self._listed(base, query, form, found, places=places, names={EVERYTHING_NEW})

    def _listed(
        self, base: str, query: FieldsQuery, form: Form, found: Listing, *, places: _Places, names: set[str]
    ) -> Page:
        linked = linked_stories(found.stories)
        shaper = self._shaper(base, query, form, linked)
        stories = [(one.story_id, shaper.story(one)) for one in found.stories]
        if form.is_ninjs:
            document = _composite(places.own, stories)
        else:
            told = [story for _, story in stories]
            document = {"articles": told, "sequence": found.sequence, "next": places.next, "changes": places.changes}
        return Page(
            as_json(document),
            media_type=form.value,
            keys=frozenset((*names, *map(story_key, (*linked, *(name for name, _ in stories))))),
            max_age=inf if names else OLD_ENOUGH,
            headers=(*self._memory.headers(form), ("Link", places.header)),
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


def _composite(address: str, stories: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    """Return a list as one ninjs document: its stories are associations, by the names that they have here."""
    standard = Standard().model_dump(by_alias=True)
    document: dict[str, Any] = {"uri": address, "type": "composite", "standard": standard}
    if stories:
        document["associations"] = [
            {"name": name, **{member: value for member, value in story.items() if member != "standard"}}
            for name, story in stories
        ]
    return document
