"""The books: one outcome and one canonical log line for each input of a stage, and the dead letter at need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from shared import metrics
from shared.events import (
    ArticleEvent,
    Event,
    Outcome,
    StageOutcome,
    StageResult,
    new_traceparent,
    rfc3339,
    trace_id,
)
from shared.logs import get_logger
from shared.streams.verdicts import Done, Emit, NeverWill
from shared.topics import Lane

log = get_logger("delivery")

Final = Emit | Done | NeverWill
"""A verdict that settles its entry."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a batch is handled: which stage's reader, of which stream."""

    stage: str
    replica: str
    stream: str
    lane: Lane


@dataclass(frozen=True, slots=True)
class Entry:
    """A stream entry as it was read. ``deliveries`` is 1 the first time."""

    entry_id: str
    fields: Mapping[bytes, bytes]
    deliveries: int = 1

    def legible(self, name: bytes) -> str | None:
        """Read one attribute of an event that could not be read as a whole."""
        return self.fields.get(name, b"").decode("utf-8", "replace")[:200] or None


def outcome_of(place: Place, entry: Entry, event: Event | None, verdict: Final, took_ms: float) -> StageOutcome:
    """Say what became of an input. The same input gives an outcome of the same id, however often it is said."""
    newsroom = event.data.newsroom if isinstance(event, ArticleEvent) else None
    kind, code, detail, emitted = Outcome.EMITTED, None, None, None
    match verdict:
        case Emit(event=following):
            emitted = following.id
        case Done():
            kind, code, detail = verdict.outcome, verdict.code, verdict.detail
        case NeverWill():
            kind, code, detail = Outcome.DEAD_LETTERED, verdict.code, verdict.detail
    result = StageResult(
        stage=place.stage,
        outcome=kind,
        input=event.id if event else entry.legible(b"id") or f"{place.stream}/{entry.entry_id}",
        story_id=newsroom.story_id if newsroom else entry.legible(b"subject"),
        revision=newsroom.revision if newsroom else None,
        change=newsroom.change if newsroom else None,
        origin=newsroom.source if newsroom else None,
        code=code,
        detail=detail,
        emitted=emitted,
        raw=newsroom.raw if newsroom else None,
        deliveries=entry.deliveries,
        duration_ms=took_ms,
        since_received_ms=_milliseconds_since(newsroom.received) if newsroom else None,
    )
    return StageOutcome.of(result, traceparent=event.traceparent if event else new_traceparent())


def already_published(outcome: StageOutcome) -> StageOutcome:
    """Say instead that a newer revision of the story, or this one, had been handed on before."""
    result = outcome.data.model_copy(
        update={"outcome": Outcome.STALE, "code": "already_published", "detail": None, "emitted": None}
    )
    return StageOutcome.of(result, traceparent=outcome.traceparent)


def dead_letter(place: Place, entry: Entry, reason: NeverWill) -> list[str | bytes]:
    """Lay out the event as it was, and beside it who gave up on it, when, why and where."""
    about = {
        "dead:stage": place.stage,
        "dead:replica": place.replica,
        "dead:time": rfc3339(datetime.now(UTC)),
        "dead:code": reason.code,
        "dead:detail": reason.detail,
        "dead:stream": place.stream,
        "dead:entry": entry.entry_id,
        "dead:deliveries": str(entry.deliveries),
    }
    event = [part for pair in entry.fields.items() for part in pair]
    return [*event, *(part for pair in about.items() for part in pair)]


def enter(place: Place, entry_id: str, outcome: StageOutcome) -> None:
    """Count an outcome that is in the log, and write its canonical line."""
    result = outcome.data
    metrics.OUTCOMES.labels(place.stage, result.outcome).inc()
    if result.since_received_ms is not None:
        metrics.SINCE_RECEIVED.labels(place.stage, place.lane).observe(result.since_received_ms / 1000)
    write = log.info
    if result.outcome is Outcome.DEAD_LETTERED:
        metrics.DEAD_LETTERS.labels(place.stage, result.code).inc()
        write = log.error
    write(
        _FACTS[result.outcome],
        stage=place.stage,
        outcome=result.outcome.value,
        story_id=result.story_id,
        revision=result.revision,
        change=result.change.value if result.change else None,
        event_id=result.input,
        trace_id=trace_id(outcome.traceparent),
        code=result.code,
        detail=result.detail,
        entry=entry_id,
        lane=place.lane.value,
        deliveries=result.deliveries,
        duration_ms=result.duration_ms,
        since_received_ms=result.since_received_ms,
    )


_FACTS = {
    Outcome.EMITTED: "event_handed_on",
    Outcome.DUPLICATE: "event_was_duplicate",
    Outcome.STALE: "event_was_stale",
    Outcome.FILTERED: "event_filtered",
    Outcome.HELD: "event_held",
    Outcome.DEAD_LETTERED: "event_dead_lettered",
}


def _milliseconds_since(moment: datetime) -> float:
    return round((datetime.now(UTC) - moment).total_seconds() * 1000, 1)
