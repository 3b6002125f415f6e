"""Composition root: ``python -m services.enrich``."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator, Sequence

import uvicorn
from starlette.applications import Starlette

from services.enrich.additions import Enricher
from services.enrich.handler import handler
from services.enrich.loading import load_all
from services.enrich.registry import REGISTRY
from services.enrich.running import Enrichers
from services.enrich.settings import EnrichSettings
from shared.delivery import Delivery, one_by_one
from shared.logs import configure_logs
from shared.probes import Check, probe_routes
from shared.settings import load
from shared.topics import ARTICLE_ENRICHED, ARTICLE_INGESTED

__all__ = ["make_app"]

PROBE_GRACE = 2
"""Seconds that an open probe request may hold the shutdown up; the drain itself is delivery's to bound."""


def make_app(settings: EnrichSettings, registry: Sequence[Enricher] = REGISTRY) -> Starlette:
    """Put the service together. Its lifespan loads the models, then reads; at the end it drains what it holds."""
    delivery = Delivery(redis_url=settings.redis_url, stage="enrich", replica=settings.replica)
    checks: dict[str, Check] = {}

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        loaded = await asyncio.to_thread(load_all, registry)
        enrichers = Enrichers(loaded, budget=settings.budget_ms / 1_000)
        delivery.read(
            ARTICLE_INGESTED, one_by_one(handler(enrichers), at_once=settings.at_once), emits=ARTICLE_ENRICHED
        )
        await delivery.start()
        checks.update(delivery.checks(), enrichers=enrichers.check)
        try:
            yield
        finally:
            await delivery.stop()
            enrichers.close()

    return Starlette(routes=probe_routes(checks), lifespan=lifespan)


def main() -> None:
    settings = load(EnrichSettings)
    configure_logs("enrich", fmt=settings.log_format, level=settings.log_level)
    # uvicorn raises the signal that stopped it once more when it is done: a drained stop is then no failure.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    uvicorn.run(
        make_app(settings),
        host=settings.bind,
        port=settings.port,
        log_config=None,
        timeout_graceful_shutdown=PROBE_GRACE,
    )


if __name__ == "__main__":
    main()
