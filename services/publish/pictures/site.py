"""The pictures of the site: put together from its settings and its store, and told by the watch what has moved."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress

from starlette.routing import Route

from services.publish.pictures.cache import PictureCache
from services.publish.pictures.desk import PictureDesk
from services.publish.pictures.fetch import PictureFetcher
from services.publish.pictures.resizing import Resizer
from services.publish.pictures.settings import MIB, PictureSettings, picture_key
from services.publish.pictures.signing import Signer
from services.publish.pictures.sizes import source_of
from services.publish.pictures.web import Standing, picture_routes
from services.publish.store.changes import Changes
from services.publish.store.database import Database
from services.publish.store.reading import Reader
from shared.article import PubStatus
from shared.logs import get_logger

__all__ = ["SitePictures"]

log = get_logger(__name__)


class SitePictures:
    """Serves the pictures of stories that are on the site, and deletes those of stories that are not.

    Raises:
        ConfigError: there is no key that addresses could be signed with.
    """

    def __init__(
        self, settings: PictureSettings, database: Database, *, store_errors: tuple[type[Exception], ...]
    ) -> None:
        self.signer = Signer(picture_key(settings))
        self._store_errors = store_errors
        self._reader = Reader(database)
        self._desk = PictureDesk(
            PictureFetcher(max_bytes=settings.max_bytes, seconds=settings.seconds, allowed=settings.allow_private),
            Resizer(settings.workers),
            PictureCache(settings.data / "pictures", limit=settings.cache_mib * MIB),
        )
        self._aside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")

    def routes(self) -> list[Route]:
        """Return the endpoint's routes."""
        return picture_routes(self._desk, self.signer, self.standing, store_errors=self._store_errors)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Be at work. The first thing done is to delete what was killed while nobody was here to see."""
        self._later(self._tidy)
        try:
            yield
        finally:
            await self._desk.close()
            self._aside.shutdown(wait=False, cancel_futures=True)

    def standing(self, story_id: str) -> Standing | None:
        """Return how a story stands in the store."""
        held = self._reader.story(story_id)
        if held is None:
            return None
        return Standing(held.status, held.article.pictures if held.article else ())

    def hear(self, changes: Changes) -> None:
        """Delete the pictures of stories that left the site, before this returns; soon, those that others left out."""
        for moved in changes.moved:
            if moved.status is not PubStatus.USABLE:
                self._desk.forget(moved.story_id)
            elif not moved.is_new:
                self._later(self._keep_shown, moved.story_id)
        if not changes.complete:
            self._later(self._tidy)

    def _keep_shown(self, story_id: str) -> None:
        """Delete the pictures that a later revision of the story does not show any more."""
        if not self._desk.keeps(story_id):
            return
        standing = self.standing(story_id)
        pictures = standing.pictures if standing else ()
        self._desk.forget(story_id, keep=[found.address for one in pictures if (found := source_of(one)) is not None])

    def _tidy(self) -> None:
        self._desk.tidy(lambda story_id: (found := self.standing(story_id)) is not None and _is_shown(found))

    def _later(self, work: Callable[..., None], *arguments: str) -> None:
        # The watch may look once more while all this ends; the next start tidies.
        with suppress(RuntimeError):
            self._aside.submit(work, *arguments).add_done_callback(self._done)

    def _done(self, work: Future[None]) -> None:
        error = None if work.cancelled() else work.exception()
        if error is None:
            return
        if not isinstance(error, self._store_errors):
            raise error
        # What is left on the disk is not served: the store is asked each time. The next start looks again.
        log.warning("pictures_not_tidied", error=type(error).__name__)


def _is_shown(standing: Standing) -> bool:
    return standing.status is PubStatus.USABLE
