"""The three routes that every service answers: ``/healthz``, ``/readyz`` and ``/metrics``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

__all__ = ["Check", "probe_routes"]

Check = Callable[[], Awaitable[str | None]]
"""Returns None when all is well, else what is missing, in words."""


def probe_routes(checks: Mapping[str, Check]) -> list[Route]:
    """Return the probe routes. ``/healthz`` asks nothing but the event loop; ``/readyz`` runs every check.

    ``/readyz`` answers 200 or 503 with ``{"ready": bool, "missing": {"redis": "connection refused"}}``.
    """

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(_: Request) -> Response:
        missing: dict[str, str] = {}
        for name, check in checks.items():
            try:
                problem = await check()
            except Exception as error:  # noqa: BLE001 - a probe reports whatever is wrong, it never raises
                problem = f"{type(error).__name__}: {error}"
            if problem:
                missing[name] = problem
        return JSONResponse({"ready": not missing, "missing": missing}, status_code=503 if missing else 200)

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
    ]
