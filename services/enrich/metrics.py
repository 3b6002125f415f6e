"""What enrich alone measures; the metrics of every stage are in :mod:`shared.metrics`."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

__all__ = ["ENRICHER_DURATION", "ENRICHER_SKIPPED", "WORKERS_REPLACED"]

ENRICHER_DURATION = Histogram(
    "newsroom_enricher_duration_seconds",
    "Time that an enricher worked on one story. Near the budget: stories are about to lose it.",
    ["enricher"],
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5),
)
ENRICHER_SKIPPED = Counter(
    "newsroom_enricher_skipped_total",
    "Stories that went on without an enricher, by reason. Steady growth: the log names the enricher and the error.",
    ["enricher", "reason"],
)
WORKERS_REPLACED = Counter(
    "newsroom_enrich_workers_replaced_total",
    "Times that the worker processes were killed and started anew, by reason. Repeated: one story may be the cause.",
    ["reason"],
)
