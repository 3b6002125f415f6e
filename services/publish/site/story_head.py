"""What the head of a story's page tells machines: structured data, and what a shared link shows. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup

from services.publish.pictures.signing import Signer
from services.publish.pictures.view import pictures_of
from services.publish.site.jsonld import Picture, news_article
from services.publish.site.opengraph import Property, open_graph
from services.publish.site.story_view import StoryView
from services.publish.site.subjects import subjects_of
from services.publish.store.labels import label_path, labels_of
from shared.article import Article

__all__ = ["StoryHead", "shared_pictures", "story_head"]


@dataclass(frozen=True, slots=True)
class StoryHead:
    json_ld: Markup
    open_graph: tuple[Property, ...]


def story_head(
    view: StoryView,
    article: Article,
    *,
    base: str,
    site_name: str,
    signer: Signer | None,
    corrections: Sequence[tuple[int, str]] = (),
) -> StoryHead:
    """Return what the head holds; ``base`` is the site's address without a slash at its end.

    ``corrections`` are moments in milliseconds since 1970 and what was corrected, the latest first.
    """
    url = f"{base}{view.path}"
    pages = {
        (label.kind, label.name.casefold()): f"{base}{quote(label_path(label.kind, label.key))}"
        for label in labels_of(article)
    }
    pictures = shared_pictures(article, base, signer)
    return StoryHead(
        json_ld=news_article(
            view,
            url=url,
            site_name=site_name,
            site_url=f"{base}/",
            corrections=corrections,
            subjects=subjects_of(article, pages),
            pictures=pictures,
        ),
        open_graph=open_graph(view, url=url, site_name=site_name, pictures=pictures[:1]),
    )


def shared_pictures(article: Article, base: str, signer: Signer | None) -> tuple[Picture, ...]:
    """Return the story's pictures as others may show them, the leading one first; without a signer there are none."""
    if signer is None:
        return ()
    return tuple(
        Picture(f"{base}{picture.shared}", caption=picture.caption, credit=picture.credit, alt=picture.alt)
        for picture in pictures_of(article, signer)
    )
