"""The pictures in a NITF body: ``media`` of the type image, with its references, captions and producers."""

from __future__ import annotations

from services.ingest.parse.pictures import Told, few, picture, rendition
from services.ingest.parse.xml_tree import Element, all_named, first_text, text_of, under
from shared.article import Association

__all__ = ["read_pictures"]


def read_pictures(root: Element, base: str | None) -> tuple[Association, ...]:
    """Return the pictures. Read before the body is: its blocks are made by taking these out."""
    return few(_picture(media, base) for media in all_named(root, "body/body.content//media"))


def _picture(media: Element, base: str | None) -> Association | None:
    if (media.get("media-type") or "image").lower() not in {"image", "graphic", "photo"}:
        return None
    references = list(all_named(media, "media-reference", 20))
    files = (
        rendition(
            found.get("source"),
            base,
            name=found.get("name"),
            content_type=found.get("mime-type"),
            width=found.get("width"),
            height=found.get("height"),
        )
        for found in references
    )
    captions = (text for found in all_named(media, "media-caption", 5) if (text := text_of(found, 2_000)))
    return picture(
        files,
        Told(
            caption=next(captions, None),
            alt=next((found.get("alternate-text") for found in references if found.get("alternate-text")), None),
            by=first_text(media, 200, "media-producer"),
            credit=first_text(under(media, "media-caption"), 200, "credit"),
            notice=next((found.get("copyright") for found in references if found.get("copyright")), None),
        ),
    )
