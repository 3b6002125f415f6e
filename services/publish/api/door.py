"""The way into the API: who asks, whether they may, and what is already in memory, before anything is parsed."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.publish.api.access import Access
from services.publish.api.limits import Allowance, Buckets, network_of
from services.publish.api.memory import PREFIX, Memory
from services.publish.api.problems import Problem, problem_answer

__all__ = ["Door"]

CONTRACT = f"{PREFIX}/openapi.json"
"""Anybody may read what the API is; nothing else is open where keys are given out."""


class Door:
    """Wraps the API."""

    def __init__(self, app: ASGIApp, *, access: Access, memory: Memory) -> None:
        self._app = app
        self._keys = access.keys
        self._memory = memory
        settings = access.settings
        rate, policy = (settings.key_rate, "key") if len(access.keys) else (settings.address_rate, "address")
        self._buckets = Buckets(policy, rate) if rate else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = _address(scope)
        if len(self._keys) and scope["path"] != CONTRACT:
            owner = self._keys.owner_of(_token(scope))
            if owner is None:
                await problem_answer(_no_key())(scope, receive, send)
                return
            name = owner
        allowance = self._buckets.take(name) if self._buckets is not None else None
        if allowance is not None:
            send = _telling(send, allowance)
            if allowance.wait:
                await problem_answer(_too_many(allowance))(scope, receive, send)
                return
        answer = self._memory.at_hand(scope)
        if answer is not None:
            await answer.send(scope, send)
            return
        await self._app(scope, receive, send)


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return network_of(client[0]) if client else ""


def _token(scope: Scope) -> str:
    scheme, _, token = Headers(scope=scope).get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _no_key() -> Problem:
    detail = "Send your key: Authorization: Bearer KEY."
    return Problem(401, "no_key", detail, headers=(("WWW-Authenticate", 'Bearer realm="api"'),))


def _too_many(allowance: Allowance) -> Problem:
    seconds = allowance.seconds
    detail = f"Too many requests; the next is answered in {seconds} s."
    return Problem(429, "too_many_requests", detail, headers=(("Retry-After", str(seconds)),))


def _telling(send: Send, allowance: Allowance) -> Send:
    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *allowance.headers]}
        await send(message)

    return told
