"""``POST /v1/items?source=NAME``: copy pushed over HTTP. Answered once it is safe, never before."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Mapping
from typing import Any

from redis.exceptions import RedisError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.ingest.admission.admit import Admission, RefusedCopy, StoryContended
from services.ingest.admission.received import Copy
from services.ingest.isolation.isolation import ParsersUnavailable
from services.ingest.metrics import PUSHES_THROTTLED
from services.ingest.pushing.limits import PushLimits, buckets_of, take
from services.ingest.pushing.problems import Problem
from services.ingest.pushing.tokens import Tokens
from services.ingest.settings import Source
from shared.events import StageResult, new_traceparent, trace_id
from shared.logs import get_logger

__all__ = ["Push", "continued_trace"]

RETRY_SECONDS = "5"
LONGEST_HEADER = 2_000
STATUS_OF = {"unsupported_format": 415, "too_large": 413}
"""What a refusal by the parsers means in HTTP; every other code is 422."""

NO_LIMITS = PushLimits()
PLURAL = {"source": "pushes", "address": "pushes", "tokens": "wrong_tokens"}

_TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})")

log = get_logger("ingest")


class Push:
    """The push route."""

    def __init__(
        self,
        admission: Admission,
        sources: Mapping[str, Source],
        tokens: Tokens,
        *,
        max_bytes: int,
        seconds: float,
        at_once: int,
        limits: PushLimits = NO_LIMITS,
    ) -> None:
        self._admission = admission
        self._sources = sources
        self._tokens = tokens
        self._max_bytes = max_bytes
        self._seconds = seconds
        self._free = asyncio.Semaphore(at_once)
        self._limits = limits

    def route(self) -> Route:
        """Return the route, to be put in an app beside :data:`services.ingest.pushing.problems.exception_handlers`."""
        return Route("/v1/items", self.accept_items, methods=["POST"])

    async def accept_items(self, request: Request) -> Response:
        """Judge the request by its head, read its body, admit what it holds."""
        owner = self._owner(request)
        await self._limit(request, owner)
        name = self._sender(request, owner)
        self._judge_head(request)
        if self._free.locked():
            raise Problem(503, "busy", "too many bodies at once", headers={"Retry-After": "1"})
        async with self._free:
            body = await self._body(request)
            copy = Copy(
                source=name,
                config=self._sources[name],
                body=body,
                content_type=_header(request, "content-type"),
                url=_http_address(_header(request, "content-location")),
                traceparent=continued_trace(request.headers.get("traceparent")),
            )
            return await self._admit(copy)

    def _owner(self, request: Request) -> str | None:
        """Return the source whose token the request bears."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return self._tokens.source_of(token.strip()) if scheme.lower() == "bearer" else None

    async def _limit(self, request: Request, owner: str | None) -> None:
        """Refuse what comes too fast, before anything of it is read."""
        address = request.client.host if request.client else ""
        buckets = buckets_of(self._limits, address=address, owner=owner)
        try:
            empty = await take(self._admission.redis, buckets)
        except RedisError as error:
            # Nothing could be admitted either.
            raise _unavailable("redis_unavailable", error, {"traceId": None}) from error
        if empty:
            limit, seconds = empty
            PUSHES_THROTTLED.labels(limit).inc()
            log.info("push_throttled", limit=limit, source=owner, seconds=seconds)
            headers = {"Retry-After": str(seconds)}
            raise Problem(429, f"too_many_{PLURAL[limit]}", f"try again in {seconds} s", headers=headers)

    def _sender(self, request: Request, owner: str | None) -> str:
        """Return the source that is pushing. Without a token of ours, nothing is told about any source."""
        if owner is None:
            challenge = {"WWW-Authenticate": 'Bearer realm="wireroom"'}
            raise Problem(401, "unauthorized", "a bearer token of the source is needed", headers=challenge)
        name = request.query_params.get("source")
        if not name:
            raise Problem(400, "source_missing", "say which source: /v1/items?source=NAME")
        if name not in self._sources:
            raise Problem(404, "unknown_source", "no source has that name")
        if name != owner:
            raise Problem(403, "not_your_source", "the token belongs to another source")
        return name

    def _judge_head(self, request: Request) -> None:
        if request.headers.get("content-encoding", "identity").lower() != "identity":
            raise Problem(415, "encoded_body", "send the body without Content-Encoding")
        if request.headers.get("content-type", "").lower().startswith("multipart/"):
            raise Problem(415, "multipart_body", "send the copy itself as the body")
        length = request.headers.get("content-length", "")
        if length.isdecimal() and int(length[:20]) > self._max_bytes:
            raise self._too_large()

    async def _body(self, request: Request) -> bytes:
        parts: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(self._seconds):
                async for part in request.stream():
                    size += len(part)
                    if size > self._max_bytes:
                        raise self._too_large()
                    parts.append(part)
        except TimeoutError as error:
            raise Problem(408, "body_too_slow", f"the body took more than {self._seconds:g} s") from error
        except ClientDisconnect as error:
            raise Problem(400, "body_cut_short", "the sender hung up") from error
        return b"".join(parts)

    async def _admit(self, copy: Copy) -> Response:
        trace = trace_id(copy.traceparent or "")
        told: dict[str, Any] = {"receipt": copy.receipt, "traceId": trace}
        try:
            taken = await self._admission.take(copy)
            results = [await self._admission.admit(taken, index, entry) for index, entry in enumerate(taken.entries)]
        except RefusedCopy as refused:
            status = STATUS_OF.get(refused.code, 422)
            raise Problem(status, refused.code, refused.detail, sha256=refused.raw, **told) from refused
        except (RedisError, StoryContended) as error:
            raise _unavailable("redis_unavailable", error, told) from error
        except ParsersUnavailable as error:
            raise _unavailable("parsers_unavailable", error, told) from error
        except OSError as error:
            raise _unavailable("archive_unavailable", error, told) from error
        return JSONResponse({"items": [_told(r) for r in results], **told}, status_code=202)

    def _too_large(self) -> Problem:
        return Problem(413, "too_large", f"a body may have at most {self._max_bytes} bytes")


def continued_trace(header: str | None) -> str:
    """Go on with the sender's trace (W3C Trace Context) when the header is one, else start a trace."""
    sent = _TRACEPARENT.fullmatch(header or "")
    return f"00-{sent[1]}-{secrets.token_hex(8)}-{sent[2]}" if sent else new_traceparent()


def _told(result: StageResult) -> dict[str, Any]:
    """Say what became of one item, in the words of the interface."""
    answer: dict[str, Any] = {
        "story_id": result.story_id,
        "revision": result.revision,
        "change": result.change,
        "outcome": result.outcome,
    }
    return answer | {n: v for n, v in (("code", result.code), ("detail", result.detail)) if v is not None}


def _unavailable(code: str, error: Exception, told: dict[str, Any]) -> Problem:
    log.warning("push_put_off", code=code, error=f"{type(error).__name__}: {error}", trace_id=told["traceId"])
    return Problem(
        503, code, "nothing is lost: send the same body again", headers={"Retry-After": RETRY_SECONDS}, **told
    )


def _header(request: Request, name: str) -> str | None:
    value = request.headers.get(name)
    return value[:LONGEST_HEADER] if value else None


def _http_address(text: str | None) -> str | None:
    """Return a Content-Location that a reader could follow; any other says nothing about the copy."""
    return text if text and re.fullmatch(r"https?://[!-~]+", text, re.IGNORECASE) else None
