"""Metrics: every name once, with what it means and what to do about it. No ids or addresses as labels."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

__all__ = [
    "DEAD_LETTERS",
    "GROUP_LAG",
    "GROUP_PENDING",
    "OLDEST_PENDING",
    "OUTCOMES",
    "READER_STOPPED",
    "RECLAIMED",
    "SINCE_RECEIVED",
    "STAGE_DURATION",
    "UNREAD_LOST",
]

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)

OUTCOMES = Counter(
    "newsroom_outcomes_total",
    "Inputs by what became of them. Each input has one outcome at each stage that it reaches.",
    ["stage", "outcome"],
)
DEAD_LETTERS = Counter(
    "newsroom_dead_letters_total",
    "Events set aside for a person, by code. Any growth: look at the dead-letter stream of that topic.",
    ["stage", "code"],
)
STAGE_DURATION = Histogram(
    "newsroom_stage_duration_seconds",
    "Time that a stage worked on a batch, from read to handoff.",
    ["stage", "lane"],
    buckets=SECONDS,
)
SINCE_RECEIVED = Histogram(
    "newsroom_since_received_seconds",
    "Time from the copy reaching ingest to the handoff of this stage. At publish this is wire to live.",
    ["stage", "lane"],
    buckets=SECONDS,
)
RECLAIMED = Counter(
    "newsroom_reclaimed_total",
    "Entries taken over from a reader that died or was slow. Steady growth: a reader is crashing.",
    ["stage"],
)
GROUP_LAG = Gauge(
    "newsroom_stream_lag_events",
    "Entries that the group has not been given yet. Growing: scale the stage.",
    ["stream", "group"],
)
GROUP_PENDING = Gauge(
    "newsroom_stream_pending_events",
    "Entries given to a reader and not finished.",
    ["stream", "group"],
)
OLDEST_PENDING = Gauge(
    "newsroom_stream_oldest_pending_age_seconds",
    "Age of the oldest unfinished entry. Over 60: look at the stage's log.",
    ["stream", "group"],
)
UNREAD_LOST = Counter(
    "newsroom_stream_unread_lost_total",
    "Entries that left a stream before their group finished them. Never by itself: somebody trimmed by hand.",
    ["stream", "group"],
)
READER_STOPPED = Gauge(
    "newsroom_reader_stopped",
    "1 while a reader has stopped on a surge of dead letters. Find the cause, then restart the service.",
    ["stage"],
)
