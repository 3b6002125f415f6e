"""What templates turn stories into pictures with. On a site without pictures the same filters give none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from services.publish.pictures.leading import leading_view
from services.publish.pictures.signing import Signer
from services.publish.pictures.view import PictureView, picture_view
from shared.article import Association

__all__ = ["picture_filters"]


class _Listed(Protocol):
    @property
    def story_id(self) -> str: ...
    @property
    def picture(self) -> str | None: ...


class _Shown(Protocol):
    @property
    def teaser(self) -> Any: ...
    @property
    def pictures(self) -> tuple[Association, ...]: ...


def picture_filters(signer: Signer | None) -> dict[str, Callable[..., Any]]:
    """Return ``teaser|picture``, a :class:`PictureView` or None, and ``story|pictures``, a tuple of them."""

    def picture(teaser: _Listed) -> PictureView | None:
        return leading_view(teaser.picture, teaser.story_id, signer) if signer else None

    def pictures(story: _Shown) -> tuple[PictureView, ...]:
        if signer is None:
            return ()
        views = (picture_view(one, story.teaser.story_id, signer) for one in story.pictures)
        return tuple(view for view in views if view is not None)

    return {"picture": picture, "pictures": pictures}
