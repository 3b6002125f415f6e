"""How much one key or one address may ask: token buckets in the memory of this process.

Each web process counts for itself, and none of them needs Redis for it. The headers are those of
draft-ietf-httpapi-ratelimit-headers.
"""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Allowance", "Buckets", "network_of"]

WINDOW = 10
"""Seconds' worth of requests that may come at once."""
MOST_BUCKETS = 10_000
"""Beyond these the one that was used longest ago is forgotten: it is the likeliest to be full again."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left after one request, or with ``wait`` over 0, that it was one too many. Times are in seconds."""

    policy: str
    rate: float
    burst: float
    left: float
    wait: float

    @property
    def seconds(self) -> int:
        """Whole seconds until there is more."""
        return math.ceil(self.wait)

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """Return what tells a client how much it may still ask."""
        full, window = math.ceil((self.burst - self.left) / self.rate), math.ceil(self.burst / self.rate)
        limit = f'"{self.policy}";r={int(self.left)};t={full}'
        policy = f'"{self.policy}";q={int(self.burst)};w={window}'
        return [(b"ratelimit", limit.encode()), (b"ratelimit-policy", policy.encode())]


class Buckets:
    """One bucket for each name: it fills with ``rate`` a second and holds ten seconds' worth, ten at least."""

    def __init__(self, policy: str, rate: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._policy = policy
        self._rate = rate
        self._burst = max(10.0, rate * WINDOW)
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, name: str) -> Allowance:
        """Take one from the bucket of this name, if there is one in it."""
        with self._lock:
            now = self._clock()
            had, at = self._buckets.pop(name, (self._burst, now))
            left = min(self._burst, had + (now - at) * self._rate)
            wait = 0.0 if left >= 1 else (1 - left) / self._rate
            left -= 0 if wait else 1
            self._buckets[name] = (left, now)
            if len(self._buckets) > MOST_BUCKETS:
                self._buckets.popitem(last=False)
        return Allowance(self._policy, self._rate, self._burst, left, wait)

    def __len__(self) -> int:
        return len(self._buckets)


def network_of(host: str) -> str:
    """Return what counts as one address: of IPv6 the /64, since whoever has one address of it has all."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return host
    mapped = address.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.ip_network((address, 64), strict=False))
