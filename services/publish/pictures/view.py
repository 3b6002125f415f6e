"""A picture as a page shows it: our own addresses, sizes, and the words that go with it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from services.publish.pictures.signing import Signer
from services.publish.pictures.sizes import SHARED_FILE, Source, offered, source_of
from services.publish.sanitise import plain
from shared.article import Article, Association

__all__ = ["PictureView", "alt_of", "picture_view", "pictures_of", "shown"]

USUAL = 960
"""Pixels across of the file for browsers that do not choose."""


@dataclass(frozen=True, slots=True)
class PictureView:
    """``width`` and ``height`` are those of ``src``, so that a page keeps room for it; None where nobody told."""

    src: str
    srcset: str
    shared: str
    """A JPEG for feeds and for sites that show a link with its picture."""
    width: int | None
    height: int | None
    alt: str
    caption: str
    credit: str


def pictures_of(article: Article, signer: Signer) -> tuple[PictureView, ...]:
    """Return the pictures of a story, the leading one first."""
    story_id = article.newsroom.story_id
    return tuple(view for one in article.pictures if (view := picture_view(one, story_id, signer)) is not None)


def picture_view(picture: Association, story_id: str, signer: Signer) -> PictureView | None:
    """Return a picture to show; None for one of which there is no file."""
    source = source_of(picture)
    if source is None:
        return None
    caption = plain(picture.description("caption"))
    return shown(story_id, source, signer, alt=alt_of(picture), caption=caption, credit=_credit(picture, caption))


def shown(
    story_id: str, source: Source, signer: Signer, *, alt: str, caption: str = "", credit: str = ""
) -> PictureView:
    """Return our files of a provider's file, with the words that go with it."""
    address, width, height = source
    files = offered(width)
    usual, across = next((one for one in files if one[1] >= USUAL), files[-1])
    return PictureView(
        src=signer.path(story_id, address, usual),
        srcset=", ".join(f"{signer.path(story_id, address, file)} {wide}w" for file, wide in files),
        shared=signer.path(story_id, address, SHARED_FILE),
        width=across if width and height else None,
        height=max(1, round(height * across / width)) if width and height else None,
        alt=alt,
        caption=caption,
        credit=credit,
    )


def alt_of(picture: Association) -> str:
    """Return the text in place of the picture. One that the caption gives already is not said twice."""
    caption = plain(picture.description("caption"))
    written = plain(picture.description("alt"))
    headline = plain(picture.headlines[0].value) if picture.headlines else ""
    return next((text for text in (written, headline) if text and text != caption), "")


def _credit(picture: Association, caption: str) -> str:
    """Return photographer and provider, ``Ada Quay / Harbour Wire``, but for what the caption says."""
    named = " / ".join(dict.fromkeys(_names(picture)))
    return "" if named and named.casefold() in caption.casefold() else named


def _names(picture: Association) -> Iterator[str]:
    credits_ = [plain(source.name) for source in picture.info_sources if source.role == "credit"]
    by = plain(picture.by)
    if by and not any(by.casefold() in one.casefold() for one in credits_):
        yield by
    yield from filter(None, credits_)
    if not by and not any(credits_) and picture.copyright_notice:
        yield plain(picture.copyright_notice)
