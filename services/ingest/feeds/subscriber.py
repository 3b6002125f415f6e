"""Subscribing at the hubs that feeds offer: the hash ``ingest:websub:{source}``, and what is said to a hub."""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Mapping
from typing import Any, cast

from services.ingest.feeds.failing import SourceUnavailable
from services.ingest.feeds.fetch import Fetcher
from services.ingest.feeds.fetched import Fetched, NotModified
from services.ingest.feeds.websub import Offer, Subscription, is_wanted, offered
from shared.delivery import Delivery
from shared.logs import get_logger

__all__ = ["Subscriber"]

ASKED_LEASE_SECONDS = 5 * 86_400
SHORTEST_LEASE = 60
LONGEST_LEASE = 30 * 86_400
RENEW_AT = 0.8
"""The part of a lease after which it is renewed: there is time for a hub that is away for a while."""

RELIEF_SECONDS = 3_600.0
"""A feed whose hub delivers is still polled this often: a hub that stopped delivering tells nobody."""

log = get_logger("ingest")


class Subscriber:
    """Asks hubs to deliver. Without a callback it asks none."""

    def __init__(self, delivery: Delivery, fetcher: Fetcher, *, callback: str | None) -> None:
        self._delivery = delivery
        self._fetcher = fetcher
        self._callback = callback.rstrip("/") if callback else None

    async def relief(self, source: str) -> float:
        """Return the seconds for which polls may rest since the hub delivers; 0 where none does."""
        known = await self.known(source) if self._callback else None
        now_ms = _now()
        if known is None or not known.is_alive(now_ms):
            return 0.0
        return max(0.0, min(RELIEF_SECONDS, (known.renew_ms - now_ms) / 1000))

    async def answered(self, source: str, answer: NotModified) -> None:
        """Subscribe to what a feed offers, or renew. An answer without a body changes no offer."""
        if not self._callback:
            return
        known = await self.known(source)
        offer = Offer(known.hub, known.topic) if known else None
        if isinstance(answer, Fetched):
            offer = offered(answer.links, answer.body, url=answer.url)
            if offer is None and known is not None:
                await self._delivery.redis.delete(_key(source))
        if offer and is_wanted(known, offer, now_ms=_now()):
            await self._subscribe(source, offer, known)

    async def known(self, source: str) -> Subscription | None:
        """Return the subscription of a source."""
        stored = cast("dict[bytes, bytes]", await self._delivery.redis.hgetall(_key(source)))
        return Subscription.read({name.decode(): value.decode() for name, value in stored.items()})

    async def known_by(self, source: str, token: str) -> Subscription | None:
        """Return the subscription whose callback this is."""
        known = await self.known(source)
        return known if known and hmac.compare_digest(known.token.encode(), token.encode()) else None

    async def verify(self, source: str, token: str, query: Mapping[str, str]) -> bool:
        """Answer a hub that asks whether it was we who asked."""
        known = await self.known_by(source, token)
        if known is None or query.get("hub.topic") != known.topic:
            return False
        if query.get("hub.mode") == "denied":
            log.warning("websub_denied", source=source, hub=known.hub, detail=query.get("hub.reason", "")[:200])
            await self._set(source, denied_ms=_now(), until_ms=0)
            return True
        # Whoever knows the address could end or prolong a subscription that nobody asked about.
        lease = query.get("hub.lease_seconds", "")
        now_ms = _now()
        if query.get("hub.mode") != "subscribe" or not known.is_asked(now_ms):
            return False
        seconds = min(max(int(lease[:9]), SHORTEST_LEASE), LONGEST_LEASE) if lease.isdecimal() else SHORTEST_LEASE
        renew_ms = now_ms + int(seconds * RENEW_AT * 1000)
        await self._set(source, until_ms=now_ms + seconds * 1000, renew_ms=renew_ms)
        log.info("websub_subscribed", source=source, hub=known.hub, lease_seconds=seconds)
        return True

    async def _subscribe(self, source: str, offer: Offer, known: Subscription | None) -> None:
        """Ask. A renewal keeps address and secret: what is on its way is signed with the old one."""
        renewed = known is not None and (known.hub, known.topic) == (offer.hub, offer.topic)
        token = known.token if known and renewed else secrets.token_hex(16)
        secret = known.secret if known and renewed else secrets.token_hex(32)
        if not renewed:
            await self._delivery.redis.delete(_key(source))
        # Remembered first: the hub may ask back before it answers.
        await self._set(
            source, hub=offer.hub, topic=offer.topic, token=token, secret=secret, asked_ms=_now(), denied_ms=0
        )
        form = {
            "hub.mode": "subscribe",
            "hub.topic": offer.topic,
            "hub.callback": f"{self._callback}/v1/websub/{source}/{token}",
            "hub.lease_seconds": str(ASKED_LEASE_SECONDS),
            "hub.secret": secret,
        }
        try:
            await self._fetcher.judge(form["hub.callback"])
            status = await self._fetcher.post(offer.hub, form)
        except SourceUnavailable as error:
            log.warning("websub_not_asked", source=source, hub=offer.hub, code=error.code, detail=error.detail)
            return
        if not 200 <= status < 300:
            log.warning("websub_not_asked", source=source, hub=offer.hub, code=f"http_{status}")

    async def _set(self, source: str, **changes: str | int) -> None:
        changed: dict[Any, Any] = {name: str(value) for name, value in changes.items()}
        await self._delivery.redis.hset(_key(source), mapping=changed)


def _key(source: str) -> str:
    return f"ingest:websub:{source}"


def _now() -> int:
    return time.time_ns() // 1_000_000
