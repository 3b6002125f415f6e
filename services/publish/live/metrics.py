"""What is measured of live streams."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

__all__ = ["CLIENTS", "DROPPED", "REFUSED"]

CLIENTS = Gauge(
    "newsroom_live_clients",
    "Open live streams of this process. Near SITE_LIVE_CLIENTS: raise it, or add a replica.",
)
DROPPED = Counter(
    "newsroom_live_dropped_total",
    "Streams that were ended because their readers took nothing. Their browsers come back and go on.",
)
REFUSED = Counter(
    "newsroom_live_refused_total",
    "Streams that were refused because there were SITE_LIVE_CLIENTS already. Their pages are not live.",
)
