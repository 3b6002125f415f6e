"""What a list shows of a story's leading picture, as the store keeps it beside the headline. Pure."""

from __future__ import annotations

import json

from services.publish.pictures.signing import Signer
from services.publish.pictures.sizes import Source, source_of
from services.publish.pictures.view import PictureView, alt_of, shown
from shared.article import Article

__all__ = ["leading_picture", "leading_view"]


def leading_picture(article: Article) -> str | None:
    """Return the leading picture as JSON: ``[address, width, height, alt]``; None where there is none."""
    for picture in article.pictures:
        source = source_of(picture)
        if source is not None:
            return json.dumps([*source, alt_of(picture)], ensure_ascii=False)
    return None


def leading_view(kept: str | None, story_id: str, signer: Signer) -> PictureView | None:
    """Return what :func:`leading_picture` kept, to be shown in a list: without caption and credit."""
    if kept is None:
        return None
    address, width, height, alt = json.loads(kept)
    return shown(story_id, Source(address, width, height), signer, alt=alt)
