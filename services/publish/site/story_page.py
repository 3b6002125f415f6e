"""The page of one story that is on the site: what it takes from the store, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass

from services.publish.site.comments import comments_headers, comments_slot
from services.publish.site.history_pages import history_path
from services.publish.site.jsonld import CORRECTION
from services.publish.site.notes import correction_note, update_note
from services.publish.site.page_cache import Page
from services.publish.site.related import related, related_ids, tag_links
from services.publish.site.render import Renderer
from services.publish.site.share import share_links
from services.publish.site.story_head import story_head
from services.publish.site.story_view import StoryView, view_of
from services.publish.site.surrogates import shown_keys, story_key
from services.publish.store.reading import Reader, Teaser
from shared.article import Article
from shared.settings import SiteIdentity

__all__ = ["StoryPages"]

MORE = 4
MOST_CORRECTIONS = 10
OLD_ENOUGH = 60.0
"""Seconds that a page may lack what is new beside its story or in its navigation. What moved leaves it at once."""


@dataclass(frozen=True, slots=True)
class Note:
    """What was done to the story, and when, in milliseconds since 1970; ``text`` may be empty."""

    moment: int
    text: str


class StoryPages:
    """Makes the pages of stories."""

    def __init__(self, reader: Reader, renderer: Renderer, site: SiteIdentity) -> None:
        self._reader = reader
        self._renderer = renderer
        self._site = site

    def make(self, base: str, path: str, teaser: Teaser, article: Article, sections: tuple[str, ...]) -> Page:
        """Return the page at ``path``. Its keys name every story that it shows or would show if it were there."""
        site, view, url = self._site, view_of(teaser, article), f"{base}{path}"
        ids = related_ids(article)
        beside = related(ids, self._reader.teasers(ids)) if ids else ()
        more = self._more(teaser, beside)
        corrections = self._corrections(teaser)
        head = story_head(
            view,
            article,
            base=base,
            site_name=site.name,
            signer=self._renderer.signer,
            corrections=[(note.moment, note.text) for note in corrections],
        )
        body = self._renderer.render(
            "story.html",
            title=f"{teaser.headline} \u2013 {site.name}",
            description=teaser.summary,
            canonical=url,
            sections=sections,
            here=f"/{teaser.section}",
            live=story_key(teaser.story_id),
            story=view,
            corrections=corrections,
            update=_update(view, article),
            tags=tag_links(view.tags, self._reader.labels(teaser.story_id)),
            share=share_links(site.share, url=url, headline=teaser.headline),
            comments=site.comments and comments_slot(site.comments, url=url, story_id=teaser.story_id),
            related=beside,
            versions=self._reader.versions(teaser.story_id),
            history=history_path(teaser.story_id),
            more=more,
            json_ld=head.json_ld,
            open_graph=head.open_graph,
        )
        return Page(
            body,
            keys=shown_keys([teaser, *more], *map(story_key, ids)),
            max_age=OLD_ENOUGH,
            headers=comments_headers(site.comments) if site.comments else (),
        )

    def _more(self, teaser: Teaser, beside: tuple[Teaser, ...]) -> tuple[Teaser, ...]:
        shown = {teaser.story_id, *(other.story_id for other in beside)}
        newest = self._reader.latest(MORE + len(shown), section=teaser.section)
        return tuple(other for other in newest if other.story_id not in shown)[:MORE]

    def _corrections(self, teaser: Teaser) -> tuple[Note, ...]:
        """Return what was corrected, the latest first, in the copy's own words where it has any for readers."""
        if teaser.corrected is None:
            return ()
        told = [
            Note(max(correction.moment, teaser.published), correction_note(correction.note) or CORRECTION)
            for correction in self._reader.corrections(teaser.story_id, MOST_CORRECTIONS)
        ]
        return tuple(told) or (Note(teaser.corrected, CORRECTION),)


def _update(view: StoryView, article: Article) -> Note | None:
    """Return when and how the story was last updated, unless a correction was the last that was done to it."""
    teaser = view.teaser
    if not view.updated or teaser.modified == teaser.corrected:
        return None
    return Note(teaser.modified, update_note(article.ed_note))
