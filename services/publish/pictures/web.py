"""The endpoint ``/picture/{story}/{signature}/{file}``. It shows what a page shows, and nothing that was taken down."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from services.publish.pictures.desk import PictureDesk
from services.publish.pictures.signing import Signer
from services.publish.pictures.sizes import FILES, media_type, source_of
from services.publish.pictures.unavailable import PictureUnavailable
from services.publish.site.surrogates import story_key
from shared.article import Association, PubStatus
from shared.logs import get_logger

__all__ = ["HEADERS", "Lookup", "Standing", "picture_routes"]

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",  # feed readers show them
}
# An address never shows another picture, and so need not be asked for again while it is fresh. That is an hour and no
# year: nobody can take a killed story's picture out of a cache that was told to keep it.
FRESH = "public, max-age=3600, must-revalidate, immutable"
NEVER_KEEP = "no-store"
STORY_ID = re.compile(r"[0-9a-z]{1,64}")
log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a story stands at this moment, and its pictures while it may be shown."""

    status: PubStatus
    pictures: tuple[Association, ...] = ()


Lookup = Callable[[str], Standing | None]
"""Tells how a story stands, by its id; None for one that is not known. It may wait for the store, and fail."""


def picture_routes(
    desk: PictureDesk, signer: Signer, lookup: Lookup, *, store_errors: tuple[type[Exception], ...]
) -> list[Route]:
    """Return the routes. ``store_errors`` are what the lookup raises while the store is away: answered with 503."""
    endpoint = _Endpoint(desk, signer, lookup, store_errors)
    return [Route("/picture/{story_id:str}/{signature:str}/{file:str}", endpoint.serve)]


class _Endpoint:
    def __init__(
        self, desk: PictureDesk, signer: Signer, lookup: Lookup, store_errors: tuple[type[Exception], ...]
    ) -> None:
        self._desk = desk
        self._signer = signer
        self._lookup = lookup
        self._store_errors = store_errors

    async def serve(self, request: Request) -> Response:
        story_id, signature, file = (request.path_params[name] for name in ("story_id", "signature", "file"))
        if not STORY_ID.fullmatch(story_id) or file not in FILES:
            return _say(404, "There is no such picture.")
        try:
            return await self._serve(request, story_id, signature, file)
        except self._store_errors as error:
            log.warning("store_unavailable", error=type(error).__name__)
            return _say(503, "Back in a moment.", wait=5)

    async def _serve(self, request: Request, story_id: str, signature: str, file: str) -> Response:
        standing = await asyncio.to_thread(self._lookup, story_id)
        if standing is None or standing.status is not PubStatus.USABLE:
            return _taken_down(standing)
        address = next((a for a in _addresses(standing) if self._signer.is_signed(signature, story_id, a, file)), None)
        if address is None:
            return _say(404, "There is no such picture.")

        async def still_shown() -> bool:
            now = await asyncio.to_thread(self._lookup, story_id)
            return now is not None and now.status is PubStatus.USABLE

        try:
            data = await self._desk.get(story_id, address, file, still_shown=still_shown)
        except PictureUnavailable as error:
            if error.lasts:
                return _say(404, "The picture cannot be had.")
            return _say(503, "The picture cannot be had at the moment.", wait=2 if error.code == "busy" else 60)
        if data is None:
            return _taken_down(await asyncio.to_thread(self._lookup, story_id))
        return _picture(request, data, file, story_id)


def _addresses(standing: Standing) -> list[str]:
    return [source[0] for picture in standing.pictures if (source := source_of(picture)) is not None]


def _picture(request: Request, data: bytes, file: str, story_id: str) -> Response:
    etag = f'"{hashlib.sha256(data).hexdigest()[:20]}"'
    headers = {**HEADERS, "Cache-Control": FRESH, "ETag": etag, "Surrogate-Key": story_key(story_id)}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(data, headers=headers, media_type=media_type(file))


def _taken_down(standing: Standing | None) -> Response:
    """Say 410 of what was killed; of what is withheld, 404: it may come back."""
    if standing is not None and standing.status is PubStatus.CANCELED:
        return _say(410, "The story of this picture has been withdrawn.")
    return _say(404, "There is no such picture.")


def _say(status: int, text: str, *, wait: int | None = None) -> Response:
    headers = {**HEADERS, "Cache-Control": NEVER_KEEP}
    if wait is not None:
        headers["Retry-After"] = str(wait)
    return PlainTextResponse(f"{text}\n", status_code=status, headers=headers)
