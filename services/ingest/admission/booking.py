"""The books: the one outcome of each input, its canonical log line and its counts."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from services.ingest.lifecycle.case import Decision
from services.ingest.lifecycle.places import Place
from services.ingest.metrics import EMBARGOES_UNREADABLE, KILLS_UNRESOLVED
from shared.events import ArticleIngested, Outcome, StageOutcome, StageResult, trace_id
from shared.logs import get_logger
from shared.metrics import OUTCOMES, SINCE_RECEIVED
from shared.topics import Lane

__all__ = ["Booking", "record"]

LONGEST_DETAIL = 500
STAGE = ArticleIngested.stage

FACTS = {
    Outcome.EMITTED: "article_ingested",
    Outcome.DUPLICATE: "copy_repeated",
    Outcome.STALE: "copy_stale",
    Outcome.HELD: "copy_held",
    Outcome.FILTERED: "copy_filtered",
    Outcome.DEAD_LETTERED: "copy_refused",
}

ALARMS: dict[str, Callable[[StageResult], None]] = {
    "kill_unresolved": lambda result: KILLS_UNRESOLVED.labels(result.origin, result.code).inc(),
    "kill_before_story": lambda result: KILLS_UNRESOLVED.labels(result.origin, result.code).inc(),
    "embargo_unreadable": lambda result: EMBARGOES_UNREADABLE.labels(result.origin).inc(),
}

log = get_logger(STAGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """One input on its way to its outcome."""

    input: str
    source: str
    received: datetime
    """When its time began: when it was received, or its embargo lifted."""
    raw: str
    traceparent: str
    started: float
    detail: str | None = None
    """Who ordered it and why, where an operator did."""
    place: Place | None = None
    """Where its bytes lie, where it has any."""

    def outcome(
        self,
        outcome: Outcome,
        *,
        story_id: str | None = None,
        decision: Decision | None = None,
        event: ArticleIngested | None = None,
        code: str | None = None,
        detail: str | None = None,
    ) -> StageOutcome:
        """Make the outcome event, timed now."""
        since = (datetime.now(UTC) - self.received).total_seconds()
        result = StageResult(
            stage=STAGE,
            outcome=outcome,
            input=self.input,
            story_id=story_id,
            revision=decision.revision if decision else None,
            change=decision.change if decision else None,
            origin=self.source,
            code=decision.code if decision else code,
            detail=_one_line(detail or self.detail),
            emitted=event.id if event else None,
            raw=self.raw or None,
            duration_ms=round((time.perf_counter() - self.started) * 1000, 3),
            since_received_ms=round(since * 1000, 3),
        )
        return StageOutcome.of(result, traceparent=self.traceparent)


def record(outcome: StageOutcome, event: ArticleIngested | None) -> StageResult:
    """Count the outcome, write its line and return its result."""
    result = outcome.data
    OUTCOMES.labels(STAGE, result.outcome.value).inc()
    if event is not None and result.since_received_ms is not None:
        lane = Lane.URGENT if event.is_urgent else Lane.ROUTINE
        SINCE_RECEIVED.labels(STAGE, lane.value).observe(result.since_received_ms / 1000)
    line = {
        "stage": STAGE,
        "outcome": result.outcome.value,
        "source": result.origin,
        "story_id": result.story_id,
        "revision": result.revision,
        "change": result.change.value if result.change else None,
        "event_id": result.emitted or outcome.id,
        "trace_id": trace_id(outcome.traceparent),
        "input": result.input,
        "raw": result.raw,
        "code": result.code,
        "detail": result.detail,
        "duration_ms": result.duration_ms,
    }
    if counter := ALARMS.get(result.code or ""):
        counter(result)
    _write_for(result)(FACTS[result.outcome], **{name: value for name, value in line.items() if value is not None})
    return result


def _write_for(result: StageResult) -> Callable[..., None]:
    """Return the level for it: what a person should look at stands out, and what must wake one most of all."""
    if result.code == "kill_unresolved":
        return log.critical
    if result.code == "embargo_unreadable":
        return log.error
    loud = result.outcome is Outcome.DEAD_LETTERED or result.code == "kill_before_story"
    return log.warning if loud else log.info


def _one_line(text: str | None) -> str | None:
    """A detail may quote the copy: keep it short and free of control characters."""
    if text is None:
        return None
    return "".join(c if c.isprintable() else " " for c in text[:LONGEST_DETAIL])
