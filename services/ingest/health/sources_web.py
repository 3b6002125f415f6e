"""``GET /v1/sources``: how each source is, for a person or a dashboard. No addresses: they may hold passwords."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from redis.exceptions import RedisError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.ingest.health.health import Health, silence_odds, weekly_rates
from services.ingest.health.health_book import HealthBook
from services.ingest.pushing.problems import Problem

__all__ = ["sources_route"]


def sources_route(book: HealthBook, sources: Sequence[str]) -> Route:
    """Return the route."""

    async def tell(_: Request) -> Response:
        try:
            told = {source: _told(await book.read(source), now_ms=time.time_ns() // 1_000_000) for source in sources}
        except (RedisError, OSError) as error:
            raise Problem(503, "redis_unavailable", "ask again later", headers={"Retry-After": "5"}) from error
        return JSONResponse({"sources": told})

    return Route("/v1/sources", tell, methods=["GET"])


def _told(health: Health, *, now_ms: int) -> dict[str, Any]:
    return {
        "lastReached": _moment(health.reached_ms),
        "lastItem": _moment(health.item_ms),
        "items": health.items,
        "errors": dict(sorted(health.errors.items())),
        "closed": health.closed or None,
        "silent": health.silent,
        "silenceOdds": silence_odds(health, now_ms=now_ms) if health.item_ms else 1.0,
        "missing": {service: numbers.missing for service, numbers in sorted(health.sequences.items())},
        # From Thursday at midnight UTC, as the seconds since 1970 count.
        "itemsByHourOfWeek": [round(rate, 3) for rate in weekly_rates(health, now_ms=now_ms)]
        if health.first_ms
        else [],
    }


def _moment(ms: int) -> str | None:
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="seconds") if ms else None
