"""WebSub, the pure part: which hub a feed offers, when to subscribe, and whether a delivery is the hub's.

https://www.w3.org/TR/websub/
"""

from __future__ import annotations

import hashlib
import hmac
import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urljoin

__all__ = ["Offer", "Subscription", "is_wanted", "offered", "signature_holds"]

LOOKED_AT = 65_536
LONGEST_LINK = 4_000
LONGEST_URL = 2_000
ASK_AGAIN_MS = 3_600_000
"""A hub that was asked has this long to verify before it is asked again."""

ASK_AFTER_DENIAL_MS = 86_400_000
METHODS = {"sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}
"""SHA-1, which the standard also allows, is not taken."""

LINK = re.compile(r"""<([^<>]*)>((?:\s*;\s*[\w*-]+\s*=\s*(?:"[^"]*"|[^",;\s]+))*)""", re.ASCII)
REL = re.compile(r"""\brel\s*=\s*(?:"([^"]*)"|'([^']*)'|([^",;\s>]+))""", re.IGNORECASE)
HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
ELEMENT = re.compile(r"<(?:[A-Za-z_][\w.-]{0,40}:)?(link|item|entry)\b([^<>]{0,4000})>", re.ASCII)


@dataclass(frozen=True, slots=True)
class Offer:
    """A hub that tells of changes to a topic, as the feed calls itself."""

    hub: str
    topic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What is remembered of a subscription. Times are Unix milliseconds, 0 where there was none."""

    hub: str
    topic: str
    token: str
    """The end of the callback's address: nobody who was not told can guess it."""
    secret: str
    asked_ms: int = 0
    until_ms: int = 0
    """To when the hub promised to deliver."""
    renew_ms: int = 0
    denied_ms: int = 0

    @classmethod
    def read(cls, stored: Mapping[str, str]) -> Subscription | None:
        """Read the hash ``ingest:websub:{source}``."""
        if not {"hub", "topic", "token", "secret"} <= stored.keys():
            return None
        texts: dict[str, Any] = {name: stored[name] for name in ("hub", "topic", "token", "secret")}
        times: dict[str, Any] = {
            f.name: int(stored[f.name]) for f in fields(cls) if f.name.endswith("_ms") and f.name in stored
        }
        return cls(**texts, **times)

    def is_alive(self, now_ms: int) -> bool:
        """Tell whether the hub delivers."""
        return now_ms < self.until_ms

    def is_asked(self, now_ms: int) -> bool:
        """Tell whether the hub was asked of late, and so may ask back."""
        return now_ms - self.asked_ms < ASK_AGAIN_MS


def offered(links: Sequence[str], body: bytes, *, url: str) -> Offer | None:
    """Return the hub that an answer offers, by its Link headers or else by the links of the feed.

    A feed that came over TLS is not handed over to a hub without it: whoever listens there could write copy.
    """
    for found in (dict(_of_headers(links)), dict(_of_feed(body))):
        if hub := found.get("hub"):
            hub, topic = urljoin(url, hub)[:LONGEST_URL], urljoin(url, found.get("self", url))[:LONGEST_URL]
            least = "https://" if url.startswith("https://") else ("http://", "https://")
            return Offer(hub, topic) if hub.startswith(least) and topic.startswith(("http://", "https://")) else None
    return None


def is_wanted(known: Subscription | None, offer: Offer, *, now_ms: int) -> bool:
    """Tell whether to ask the hub now: first, once more when it did not answer, and again before its promise ends."""
    if known is None or (known.hub, known.topic) != (offer.hub, offer.topic):
        return True
    if known.denied_ms:
        return now_ms - known.denied_ms > ASK_AFTER_DENIAL_MS
    has_answered = known.renew_ms > known.asked_ms
    return now_ms >= known.renew_ms if has_answered else not known.is_asked(now_ms)


def signature_holds(secret: str, header: str | None, body: bytes) -> bool:
    """Tell whether ``X-Hub-Signature`` is the hub's over the body."""
    method, _, told = (header or "")[:200].strip().partition("=")
    if method.lower() not in METHODS:
        return False
    right = hmac.new(secret.encode(), body, METHODS[method.lower()]).hexdigest()
    return hmac.compare_digest(right.encode(), told.lower().encode())


def _of_headers(links: Sequence[str]) -> Iterator[tuple[str, str]]:
    for header in links:
        for target, parameters in LINK.findall(header[:LONGEST_LINK]):
            yield from ((rel, target) for rel in _rels(parameters))


def _of_feed(body: bytes) -> Iterator[tuple[str, str]]:
    """Yield what the head of the feed links to: what an entry links to is another's word."""
    for name, attributes in ELEMENT.findall(body[:LOOKED_AT].decode("utf-8", "replace")):
        if name != "link":
            return
        if href := HREF.search(attributes):
            yield from ((rel, html.unescape(href[1] or href[2] or "").strip()) for rel in _rels(attributes))


def _rels(attributes: str) -> list[str]:
    found = REL.search(attributes)
    return (found[1] or found[2] or found[3] or "").lower().split() if found else []
