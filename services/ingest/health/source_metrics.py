"""How well sources are served, and the health of each as gauges. ``source`` is a name from the configuration."""

from __future__ import annotations

from prometheus_client import Gauge, Histogram

from services.ingest.health.health import Health

__all__ = ["LATENESS", "show"]

LATENESS = Histogram(
    "newsroom_feed_poll_lateness_seconds",
    "Time from when a poll was due to when it began. Over 10: raise INGEST_POLLS_AT_ONCE, or add a replica.",
    buckets=(0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300),
)
LAST_REACHED = Gauge(
    "newsroom_source_last_reached_timestamp_seconds",
    "When the source last answered with its feed, or sent something. Older than a few polls: read its last log line.",
    ["source"],
)
LAST_ITEM = Gauge(
    "newsroom_source_last_item_timestamp_seconds",
    "When the last item came in that was no repetition.",
    ["source"],
)
SILENT = Gauge(
    "newsroom_source_silent",
    "1 while the source is silent for longer than its own history makes probable. Ask the provider.",
    ["source"],
)
CLOSED = Gauge(
    "newsroom_source_closed",
    "1 once the feed answered 410 and is not asked any more. Give the source another address, or take it out.",
    ["source"],
)
MISSING = Gauge(
    "newsroom_source_sequence_missing",
    "Numbers of the wire that never came, at most 100 a service. Any: ask the provider to send them again.",
    ["source"],
)
ERRORS = Gauge(
    "newsroom_source_errors",
    "Failures and refusals so far by code, of all replicas together.",
    ["source", "code"],
)


def show(source: str, health: Health, *, silent: bool) -> None:
    """Set the gauges of one source."""
    LAST_REACHED.labels(source).set(health.reached_ms / 1000)
    LAST_ITEM.labels(source).set(health.item_ms / 1000)
    SILENT.labels(source).set(silent)
    CLOSED.labels(source).set(bool(health.closed))
    MISSING.labels(source).set(sum(len(numbers.missing) for numbers in health.sequences.values()))
    for code, count in health.errors.items():
        ERRORS.labels(source, code).set(count)
