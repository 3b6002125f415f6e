"""What far servers answer that mean harm, or are broken: endpoints for those that play them."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

__all__ = ["PRIVATE", "drip", "endless", "packed", "to_private"]

PRIVATE = "http://169.254.169.254/latest/meta-data/"


async def drip(_: Request) -> Response:
    """A byte now and then, for ever."""

    async def drops() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0.02)

    return StreamingResponse(drops())


async def endless(_: Request) -> Response:
    """More than anybody can take."""

    async def zeros() -> AsyncIterator[bytes]:
        while True:
            yield bytes(10_000)
            await asyncio.sleep(0)

    return StreamingResponse(zeros())


async def packed(_: Request) -> Response:
    """Fifty megabytes in fifty kilobytes."""
    return Response(gzip.compress(bytes(50_000_000)), headers={"Content-Encoding": "gzip"})


async def to_private(_: Request) -> Response:
    """Away to an address that is nobody's business."""
    return RedirectResponse(PRIVATE)
