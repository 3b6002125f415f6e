"""What ingest alone counts, with what each number means. ``source`` is a name from the configuration."""

from __future__ import annotations

from prometheus_client import Counter

__all__ = ["ENTRIES_UNCHANGED", "POLLS"]

POLLS = Counter(
    "newsroom_feed_polls_total",
    "Polls by result: taken, not_modified, failed. Only failed growing: look at the source's last log line.",
    ["source", "result"],
)
ENTRIES_UNCHANGED = Counter(
    "newsroom_feed_entries_unchanged_total",
    "Entries of a changed feed that the last listing had already. They are no inputs and have no outcome.",
    ["source"],
)
