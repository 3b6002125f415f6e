"""What ingest alone counts, with what each number means. ``source`` is a name from the configuration."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

__all__ = [
    "DUPLICATES_UNCHECKED",
    "EMBARGOES_UNREADABLE",
    "EMBARGO_FAILURES",
    "EMBARGO_LATENESS",
    "ENTRIES_UNCHANGED",
    "FILES",
    "KILLS_UNRESOLVED",
    "PARSERS_REPLACED",
    "POLLS",
    "PUSHES_THROTTLED",
]

POLLS = Counter(
    "newsroom_feed_polls_total",
    "Polls by result: taken, not_modified, failed, gone. Only failed growing: look at the source's last log line.",
    ["source", "result"],
)
ENTRIES_UNCHANGED = Counter(
    "newsroom_feed_entries_unchanged_total",
    "Entries of a changed feed that the last listing had already. They are no inputs and have no outcome.",
    ["source"],
)
KILLS_UNRESOLVED = Counter(
    "newsroom_kills_unresolved_total",
    "Kills that met no story. Any growth: find by hand what the notice means, it may be live.",
    ["source", "code"],
)
EMBARGOES_UNREADABLE = Counter(
    "newsroom_embargoes_unreadable_total",
    "Copy sealed with a lift that cannot be told. Any growth: `python -m services.ingest embargoes`, then release it.",
    ["source"],
)
EMBARGO_FAILURES = Counter(
    "newsroom_embargo_failures_total",
    "Lifts that came and whose copy could not be let out; tried again each minute. Any growth: read the log.",
    ["source"],
)
EMBARGO_LATENESS = Histogram(
    "newsroom_embargo_lateness_seconds",
    "Time from a lift to the handoff of its copy.",
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 30, 300),
)
PUSHES_THROTTLED = Counter(
    "newsroom_pushes_throttled_total",
    "Pushes that were answered with 429, by the limit that they met: source, address, tokens.",
    ["limit"],
)
FILES = Counter(
    "newsroom_files_total",
    "Files and e-mails from folders, by result: taken, rejected. Rejected ones lie beside their reason.",
    ["source", "result"],
)
DUPLICATES_UNCHECKED = Counter(
    "newsroom_duplicates_unchecked_total",
    "Copy that could not be compared with other providers' and went on unfolded. Growing: Redis is full, or slow.",
)
PARSERS_REPLACED = Counter(
    "newsroom_parsers_replaced_total",
    "Parser processes that ended over copy. limit: it cost too much, see `parse_too_costly`. killed: is there memory?",
    ["reason"],
)
