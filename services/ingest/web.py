"""The ingest service put together: the push route, the probes, and the feeds that it watches while it runs."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from starlette.applications import Starlette

from services.ingest.admission.admit import Admission
from services.ingest.admission.archive import RawArchive
from services.ingest.admission.reading import CopyReader
from services.ingest.feeds.feeds import Feeds
from services.ingest.feeds.fetch import Fetcher
from services.ingest.health.health_book import HealthBook
from services.ingest.health.sources_web import sources_route
from services.ingest.intakes import Intakes
from services.ingest.isolation.parser_pool import parsers_of
from services.ingest.lifecycle.recall import Recall
from services.ingest.lifecycle.release import Releases
from services.ingest.pushing.limits import PushLimits
from services.ingest.pushing.problems import exception_handlers
from services.ingest.pushing.push import Push
from services.ingest.pushing.tokens import Tokens
from services.ingest.settings import IngestSettings, Sources
from shared.delivery import Delivery
from shared.logs import get_logger
from shared.probes import probe_routes

__all__ = ["create_app"]

log = get_logger("ingest")


def create_app(
    settings: IngestSettings, sources: Sources, tokens: Tokens, *, sections: tuple[str, ...] = ()
) -> Starlette:
    """Make the app. Everything that runs is started and stopped by its lifespan.

    Raises:
        ConfigError: the environment lacks what the sources say is there.
    """
    delivery = Delivery(redis_url=settings.redis_url, stage="ingest", replica=settings.replica)
    archive = RawArchive(settings.data, replica=settings.replica)
    parsers = parsers_of(settings)
    reader = CopyReader(at_once=settings.parsers_at_once, seconds=parsers.patience, parser=parsers.parse)
    health = HealthBook(delivery, list(sources.root))
    admission = Admission(
        delivery,
        archive,
        reader,
        state_days=settings.state_days,
        notice=health.notice,
        sections=sections,
        texts_a_day=settings.texts_a_day,
    )
    intakes = Intakes(settings, sources, os.environ)
    push = Push(
        admission,
        sources.root,
        tokens,
        max_bytes=settings.max_bytes,
        seconds=settings.push_seconds,
        at_once=settings.pushes_at_once,
        limits=PushLimits(settings.source_rate, settings.address_rate),
    )
    fetcher = Fetcher(max_bytes=settings.max_bytes, seconds=settings.fetch_seconds, allowed=settings.allow_private)
    feeds = Feeds(settings, sources, delivery, admission, health=health, fetcher=fetcher)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        # Stopped in the opposite order: no more polls, then no more parsing, then the connection.
        async with AsyncExitStack() as stack:
            stack.push_async_callback(delivery.stop)
            await delivery.start()
            stack.callback(reader.close)
            stack.callback(parsers.close)
            parsers.start()
            stack.push_async_callback(fetcher.close)
            stack.push_async_callback(health.stop)
            health.start()
            releases = Releases(delivery.redis, admission, Recall(archive, reader, sources.root))
            stack.push_async_callback(releases.stop)
            releases.start()
            watch = feeds.watch()
            stack.push_async_callback(watch.stop)
            watch.start()
            tending = intakes.tending(delivery, fetcher, admission, health)
            stack.push_async_callback(tending.stop)
            tending.start()
            log.info("ingest_started", replica=settings.replica, sources=sorted(sources.root))
            yield
        log.info("ingest_stopped", replica=settings.replica)

    checks = {**delivery.checks(), "archive": archive.check, "parsers": reader.check, "parser_processes": parsers.check}
    routes = [push.route(), *feeds.routes(), sources_route(health, list(sources.root)), *probe_routes(checks)]
    return Starlette(routes=routes, lifespan=lifespan, exception_handlers=exception_handlers)
