"""The files that are made of a picture, and the one of the provider's files that they are made from. Pure."""

from __future__ import annotations

from typing import NamedTuple

from shared.article import Association

__all__ = ["FILES", "LARGEST", "SHARED_FILE", "WIDTHS", "Source", "media_type", "offered", "source_of"]

WIDTHS = (320, 640, 960, 1280)
"""Pixels: of a card, a phone's column, a story's column, and the last two again on screens that show twice as many."""
LARGEST = WIDTHS[-1]
SHARED_FILE = f"{LARGEST}.jpg"
"""For feeds, and for sites that show a link with its picture: not all of them read WebP."""
FILES = (*(f"{width}.webp" for width in WIDTHS), SHARED_FILE)
MEDIA_TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}


class Source(NamedTuple):
    """A file of the provider's; width and height in pixels, as far as it told."""

    address: str
    width: int | None
    height: int | None


def media_type(file: str) -> str:
    """Return the media type of one of :data:`FILES`."""
    return MEDIA_TYPES[file.rpartition(".")[2]]


def offered(width: int | None) -> list[tuple[str, int]]:
    """Return the WebP files worth offering and how wide each is: nothing is made larger than it came.

    ``width`` is that of the provider's file, in pixels, None where nobody told.
    """
    if width is None:
        return [(f"{across}.webp", across) for across in WIDTHS]
    below = [across for across in WIDTHS if across < width]
    enough = [across for across in WIDTHS if across >= width][:1]
    return [(f"{across}.webp", min(across, width)) for across in (*below, *enough)]


def source_of(picture: Association) -> Source | None:
    """Return the provider's file to make ours from.

    That is the smallest that is large enough, else the largest; None where the picture has no file.
    """
    files = [Source(file.href, file.width, file.height) for file in picture.renditions if file.href]
    enough = [file for file in files if (file.width or 0) >= LARGEST]
    if enough:
        return min(enough, key=lambda file: file.width or 0)
    # One of unknown size stands before one that is known to be small: thumbnails say how small they are.
    return max(files, key=lambda file: LARGEST - 1 if file.width is None else file.width, default=None)
