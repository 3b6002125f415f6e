"""``/v1/websub/{source}/{token}``: where hubs ask back, and where they deliver."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from redis.exceptions import RedisError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from services.ingest.admission.admit import RefusedCopy, StoryContended
from services.ingest.feeds.poll import FeedPoll
from services.ingest.feeds.subscriber import Subscriber
from services.ingest.feeds.websub import signature_holds
from services.ingest.pushing.problems import Problem
from shared.logs import get_logger

__all__ = ["Hubs"]

LONGEST_CHALLENGE = 512
LONGEST_HEADER = 2_000

log = get_logger("ingest")


class Hubs:
    """The callback route. What is delivered with the hub's signature goes the way of a polled feed."""

    def __init__(
        self, subscriber: Subscriber, feeds: Mapping[str, FeedPoll], *, max_bytes: int, seconds: float, at_once: int
    ) -> None:
        self._subscriber = subscriber
        self._feeds = feeds
        self._max_bytes = max_bytes
        self._seconds = seconds
        self._free = asyncio.Semaphore(at_once)

    def routes(self) -> list[Route]:
        """Return the routes, to be put in an app beside :data:`services.ingest.pushing.problems.exception_handlers`."""
        path = "/v1/websub/{source}/{token}"
        return [Route(path, self.verify, methods=["GET"]), Route(path, self.accept, methods=["POST"])]

    async def verify(self, request: Request) -> Response:
        """Say to a hub that it was asked, or that it was not."""
        source, token = request.path_params["source"], request.path_params["token"]
        challenge = request.query_params.get("hub.challenge", "")
        try:
            is_ours = source in self._feeds and await self._subscriber.verify(source, token, request.query_params)
        except (RedisError, OSError) as error:
            raise _unavailable(source, error) from error
        if not is_ours or len(challenge) > LONGEST_CHALLENGE:
            raise Problem(404, "not_subscribed", "nobody here asked for that")
        return PlainTextResponse(challenge, headers={"X-Content-Type-Options": "nosniff"})

    async def accept(self, request: Request) -> Response:
        """Take in what a hub delivers. Once it is answered it is safe; a body that is no feed is kept and answered."""
        source, token = request.path_params["source"], request.path_params["token"]
        if self._free.locked():
            raise Problem(503, "busy", "too many bodies at once", headers={"Retry-After": "1"})
        async with self._free:
            try:
                known = await self._subscriber.known_by(source, token)
                if known is None or source not in self._feeds:
                    raise Problem(410, "not_subscribed", "deliver no more")
                body = await self._body(request)
                if not signature_holds(known.secret, request.headers.get("x-hub-signature"), body):
                    log.warning("websub_forged", source=source, size=len(body))
                    raise Problem(403, "bad_signature", "X-Hub-Signature is not the subscription's over this body")
                await self._feeds[source].deliver(
                    body, request.headers.get("content-type", "")[:LONGEST_HEADER] or None
                )
            except RefusedCopy as refused:
                log.warning("websub_refused", source=source, code=refused.code, detail=refused.detail)
            except (RedisError, OSError, StoryContended) as error:
                raise _unavailable(source, error) from error
        return Response(status_code=202)

    async def _body(self, request: Request) -> bytes:
        body = bytearray()
        try:
            async with asyncio.timeout(self._seconds):
                async for part in request.stream():
                    body += part
                    if len(body) > self._max_bytes:
                        raise Problem(413, "too_large", f"a body may have at most {self._max_bytes} bytes")
        except TimeoutError as error:
            raise Problem(408, "body_too_slow", f"the body took more than {self._seconds:g} s") from error
        except ClientDisconnect as error:
            raise Problem(400, "body_cut_short", "the sender hung up") from error
        return bytes(body)


def _unavailable(source: str, error: Exception) -> Problem:
    log.warning("websub_put_off", source=source, error=f"{type(error).__name__}: {error}")
    return Problem(503, "redis_unavailable", "nothing is lost: deliver it again", headers={"Retry-After": "5"})
