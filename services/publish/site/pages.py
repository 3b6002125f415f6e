"""Pages, made from the store: which queries and which template each takes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote

from services.publish.site.front import arrange, goes_on_after, section_names
from services.publish.site.headings import Heading, label_heading, section_heading
from services.publish.site.page_cache import Page
from services.publish.site.render import Renderer
from services.publish.site.story_page import OLD_ENOUGH, StoryPages
from services.publish.site.surrogates import EVERYTHING_NEW, label_key, section_name, shown_keys
from services.publish.slug import may_be_key, story_path
from services.publish.store.labels import label_path
from services.publish.store.reading import Cursor, Held, Reader, Teaser
from shared.article import Kind, PubStatus
from shared.settings import SiteIdentity

__all__ = ["LABEL_KINDS", "Pages"]

FROM_NEWEST = 200
"""The front page and the navigation look at so many stories: enough for a day, and bounded."""
A_PAGE = 20
LABEL_KINDS = tuple(Kind)
ASK_AGAIN = ("Retry-After", "3600")
"""In seconds. A story that is withheld may come back."""
ARRIVALS = 12
"""The front page shows those that are not at its top anyway."""
_STORY = re.compile(r"(?:.*-)?([0-9a-z]{1,64})")


class Pages:
    """Makes pages. ``base`` is the site's address, for the links that must be absolute."""

    def __init__(self, reader: Reader, renderer: Renderer, site: SiteIdentity) -> None:
        self._reader = reader
        self._renderer = renderer
        self._site = site
        self._stories = StoryPages(reader, renderer, site)

    def home(self, base: str, before: Cursor | None) -> Page:
        if before is not None:
            found = self._reader.latest(A_PAGE + 1, before=before)
            return self._listing(base, "/", Heading("Older stories"), found, before=before, names="")
        newest = self._reader.latest(FROM_NEWEST)
        front = arrange(newest, self._reader.arrivals(ARRIVALS))
        last = goes_on_after(newest, front, all_there_are=len(newest) < FROM_NEWEST)
        body = self._renderer.render(
            "home.html",
            title=self._site.name,
            description=self._site.description,
            canonical=f"{base}/",
            sections=section_names(newest, self._site.sections),
            here="/",
            live=EVERYTHING_NEW,
            front=front,
            older=Cursor.after(last) if last else None,
        )
        return Page(body, keys=frozenset({EVERYTHING_NEW}))

    def section(self, base: str, section: str, before: Cursor | None) -> Page:
        """Return one section's stories, newest first; 404 for a section without any."""
        if not may_be_key(section):
            return self.not_found()
        found = self._reader.latest(A_PAGE + 1, section=section, before=before)
        heading, names = section_heading(section, self._site.name), section_name(section)
        return self._listing(base, f"/{section}", heading, found, before=before, names=names)

    def labelled(self, base: str, kind: str, key: str, before: Cursor | None) -> Page:
        """Return the stories about a topic, a place, a person or an organisation; 404 where there is none."""
        named_by = self._reader.labelled(kind, key, 1) if may_be_key(key) else []
        name = self._reader.label_name(kind, key) if named_by else None
        if name is None:
            return self.not_found()
        found = self._reader.labelled(kind, key, A_PAGE + 1, before=before)
        newest = self._reader.story(found[0].story_id) if found else None
        heading = label_heading(Kind(kind), key, name, self._site.name, newest.article if newest else None)
        page = self._listing(base, label_path(kind, key), heading, found, before=before, names=label_key(kind, key))
        # The heading is in the words of the newest story, which an older page does not show.
        return replace(page, keys=page.keys | shown_keys(named_by))

    def story(self, base: str, name: str) -> Page:
        """Return the story's page, 301 from a former slug, 410 for a killed one, 404 for withheld and unknown."""
        found = _STORY.fullmatch(name)
        held = self._reader.story(found[1]) if found else None
        if held is None:
            return self.not_found()
        if held.status is PubStatus.CANCELED:
            return self._gone(held)
        if held.teaser is None or held.article is None:
            # Withheld may come back; 410 would tell the world's caches that it will not.
            withheld = self._message(404, "Not available", "This story is not available at the moment.")
            return replace(withheld, headers=(ASK_AGAIN,))
        path = story_path(held.teaser.slug, held.teaser.story_id)
        if path != f"/story/{name}":
            return Page(b"", status=301, location=path)
        return self._stories.make(base, path, held.teaser, held.article, self._sections())

    def not_found(self) -> Page:
        return self._message(404, "Page not found", "There is no such page here. It may have moved.")

    def bad_request(self) -> Page:
        return self._message(400, "Bad request", "The request does not say which site it is for.")

    def unavailable(self) -> Page:
        return self._message(503, "Back in a moment", "The site cannot reach its stories. Please try again shortly.")

    def failed(self) -> Page:
        return self._message(500, "Something went wrong", "That is our fault, and it has been recorded.")

    def _listing(
        self, base: str, path: str, heading: Heading, found: Sequence[Teaser], *, before: Cursor | None, names: str
    ) -> Page:
        """Return a page of a list. ``names`` is the list's own key; older pages gain nothing and need none."""
        if not found and before is None:
            return self.not_found()
        shown = found[:A_PAGE]
        body = self._renderer.render(
            "list.html",
            title=f"{heading.title} \u2013 {self._site.name}",
            description=heading.description if before is None else "",
            canonical=f"{base}{path}" + (f"?before={before}" if before else ""),
            sections=self._sections(),
            here=path,
            live=names if before is None else "",
            heading=heading,
            stories=shown,
            older=Cursor.after(shown[-1]) if len(found) > A_PAGE else None,
            first=before is None,
            feeds=quote(path) if names else None,
        )
        keys = shown_keys(shown, *([names] if before is None else []))
        # Places past the end are without number, and must not push pages out.
        return Page(body, keys=keys, max_age=OLD_ENOUGH, kept=bool(shown))

    def _gone(self, held: Held) -> Page:
        text = "This story has been withdrawn. It is no longer part of our report and should not be relied on."
        return self._message(410, "Story withdrawn", text, since=held.since)

    def _message(self, status: int, heading: str, text: str, since: int | None = None) -> Page:
        """Return a page that needs nothing from the store: it must also be there when the store is not."""
        body = self._renderer.render(
            "message.html",
            title=f"{heading} \u2013 {self._site.name}",
            description="",
            canonical=None,
            sections=(),
            here="",
            status=status,
            heading=heading,
            text=text,
            since=since,
        )
        return Page(body, status=status)

    def _sections(self) -> tuple[str, ...]:
        return section_names(self._reader.latest(FROM_NEWEST), self._site.sections)
