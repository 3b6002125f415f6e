"""Composition roots: ``python -m services.publish projector`` and ``python -m services.publish web``."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import ArgumentError
from starlette.applications import Starlette

from services.publish.api.access import read_access
from services.publish.checking.command import check_site
from services.publish.pictures.settings import PictureSettings
from services.publish.pictures.site import SitePictures
from services.publish.project import projecting
from services.publish.rebuild.adopt import adopt, left_behind
from services.publish.rebuild.command import rebuild
from services.publish.settings import PublishSettings, read_site
from services.publish.site.front_door import FrontDoor
from services.publish.site.watch import STORE_ERRORS
from services.publish.site.web import site_app
from services.publish.store.database import Database
from services.publish.store.reading import Reader
from services.publish.store.writing import Store
from shared.delivery import Delivery
from shared.logs import configure_logs, get_logger
from shared.probes import Check, probe_routes
from shared.serving import allow_open_files, serve
from shared.settings import ConfigError, give_up, load
from shared.topics import ARTICLE_ENRICHED, ARTICLE_PUBLISHED

COMMANDS = {"rebuild": rebuild, "check-site": check_site}
log = get_logger(__name__)


def main(arguments: list[str]) -> None:
    """Run one of the two processes until a signal ends it, or a command."""
    if arguments and arguments[0] in COMMANDS:
        raise SystemExit(COMMANDS[arguments[0]](arguments[1:]))
    if arguments not in (["projector"], ["web"]):
        raise SystemExit(f"usage: python -m services.publish {'|'.join(('projector', 'web', *COMMANDS))}")
    settings = load(PublishSettings)
    configure_logs("publish", fmt=settings.log_format, level=settings.log_level)
    database = open_database(settings)
    if arguments == ["web"]:
        site = web(settings, database)
        serve(site, bind=settings.bind, port=settings.site_port, on_stop=site.stop)
    else:
        serve(projector(settings, database), bind=settings.bind, port=settings.projector_port)


def open_database(settings: PublishSettings) -> Database:
    """Return the site's database, not asked anything yet: both processes start without it."""
    try:
        return Database(settings.store_url)
    except ArgumentError:
        # The address may hold a password, so it is not repeated.
        give_up("DATABASE_URL is not an address such as postgresql://user:password@host/name")


def projector(settings: PublishSettings, database: Database) -> Starlette:
    """Return the projector: the reader of enriched articles, with its probes."""
    delivery = Delivery(redis_url=settings.redis_url, stage="publish", replica=settings.replica)
    delivery.read(ARTICLE_ENRICHED, projecting(Store(database)), emits=ARTICLE_PUBLISHED)

    @asynccontextmanager
    async def running(_: Starlette) -> AsyncIterator[None]:
        file = left_behind(settings.data, settings.store_url)
        if file is not None:
            await asyncio.to_thread(adopt, file, database)
        await delivery.start()
        try:
            yield
        finally:
            await delivery.stop()
            database.close()

    return Starlette(routes=probe_routes({**delivery.checks(), "store": store_check(database)}), lifespan=running)


def web(settings: PublishSettings, database: Database) -> FrontDoor:
    """Return the site."""
    try:
        return site_app(
            database,
            read_site(settings),
            checks={"store": store_check(database)},
            cached_pages=settings.cached_pages,
            watch_every=settings.watch_ms / 1000,
            live_clients=_live_clients(settings.live_clients),
            access=read_access(settings.newsroom_config, os.environ),
            pictures=SitePictures(load(PictureSettings), database, store_errors=STORE_ERRORS),
        )
    except ConfigError as error:
        give_up(str(error))


def _live_clients(wanted: int) -> int:
    """Return how many live streams there may be: each is an open file, and pages need some too."""
    allowed = allow_open_files(wanted)
    if allowed < wanted:
        log.warning("live_clients_limited", wanted=wanted, allowed=allowed, by="the limit of open files")
    return allowed


def store_check(database: Database) -> Check:
    """Return the readiness check of the store: it answers, and its schema is ours."""
    reader = Reader(database)

    async def check() -> str | None:
        await asyncio.to_thread(reader.edition)
        return None

    return check


if __name__ == "__main__":
    main(sys.argv[1:])
