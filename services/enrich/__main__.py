"""Composition root: ``python -m services.enrich``."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from typing import Any

import uvicorn
from starlette.applications import Starlette

from services.enrich.commands import run_command
from services.enrich.handler import Desk, amending, enriching
from services.enrich.links.settings import LinkSettings
from services.enrich.links.store import Links
from services.enrich.rules.model import Rules
from services.enrich.running import Enrichers
from services.enrich.settings import EnrichSettings
from services.enrich.shelf import Shelf
from shared.delivery import BatchHandler, Delivery, DeliverySettings, Received, Verdict
from shared.logs import configure_logs
from shared.probes import Check, probe_routes
from shared.settings import ConfigError, give_up, load, read_newsroom
from shared.topics import ARTICLE_DEFERRED, ARTICLE_ENRICHED, ARTICLE_INGESTED

__all__ = ["make_app", "reading"]

PROBE_GRACE = 2
"""Seconds that an open probe request may hold the shutdown up; the drain itself is delivery's to bound."""


def make_app(settings: EnrichSettings, registry: str | None = None) -> Starlette:
    """Put the service together. Its lifespan loads the models, then reads; at the end it drains what it holds.

    ``registry`` is the ``module:NAME`` of another list of enrichers than the tier's.
    """
    delivery = Delivery(
        redis_url=settings.redis_url, stage="enrich", replica=settings.replica, settings=reading(settings)
    )
    rules = read_newsroom(settings.newsroom_config, "rules", Rules).root
    enrichers = Enrichers(
        registry or f"services.enrich.registry:{settings.tier.upper()}",
        budget=settings.budget_ms / 1_000,
        workers=settings.workers,
        hard_seconds=settings.hard_seconds,
        off=settings.switched_off,
    )
    checks: dict[str, Check] = {}

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        stop = asyncio.Event()
        await enrichers.start()
        # What is loaded stays. To go through it again and again held the loop up for 150 ms each time.
        gc.collect()
        gc.freeze()
        desk = Desk(enrichers, rules)
        # The client exists once delivery has begun, and delivery reads from then on: so the desk looks it up late.
        delivery.read(ARTICLE_INGESTED, _late(lambda: enriching(known(), batch=settings.batch)), emits=ARTICLE_ENRICHED)
        delivery.read(ARTICLE_DEFERRED, _late(lambda: amending(known())), emits=ARTICLE_ENRICHED)

        def known() -> Desk:
            links = Links(delivery.redis, LinkSettings())
            return replace(desk, links=links, shelf=Shelf(delivery.redis, replica=settings.replica))

        await delivery.start()
        tending = asyncio.create_task(Shelf(delivery.redis, replica=settings.replica).tend(stop))
        checks.update(delivery.checks(), enrichers=enrichers.check)
        try:
            yield
        finally:
            stop.set()
            await delivery.stop()
            tending.cancel()
            await asyncio.gather(tending, return_exceptions=True)
            await enrichers.close()

    return Starlette(routes=probe_routes(checks), lifespan=lifespan)


def reading(settings: EnrichSettings) -> DeliverySettings:
    """Read no more at a time than the workers can begin at once.

    What is read together is handed on together, and each story's time runs from the reading: of a hundred read for one
    worker all but the first few were late. What waits, waits in the stream, where another replica may take it.
    """
    delivery = DeliverySettings()
    return delivery.model_copy(update={"batch": min(delivery.batch, settings.workers * settings.batch)})


def _late(make: Callable[[], BatchHandler[Any]]) -> BatchHandler[Any]:
    made: list[BatchHandler[Any]] = []

    async def handle(batch: Sequence[Received[Any]]) -> Sequence[Verdict]:
        if not made:
            made.append(make())
        return await made[0](batch)

    return handle


def main() -> None:
    if len(sys.argv) > 1:
        sys.exit(run_command(sys.argv[1:]))
    settings = load(EnrichSettings)
    configure_logs("enrich", fmt=settings.log_format, level=settings.log_level)
    # uvicorn raises the signal that stopped it once more when it is done: a drained stop is then no failure.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        app = make_app(settings)
    except ConfigError as error:
        give_up(str(error))
    uvicorn.run(
        app,
        host=settings.bind,
        port=settings.port,
        log_config=None,
        timeout_graceful_shutdown=PROBE_GRACE,
    )


if __name__ == "__main__":
    main()
