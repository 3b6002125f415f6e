"""One batch from bytes to handoff: decode, handle, settle. Knows Redis, and nothing of how the batch was read."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared import metrics
from shared.events import Event, InvalidEvent, StageOutcome
from shared.logs import get_logger
from shared.streams.books import Entry, Final, Place, already_published, dead_letter, enter, outcome_of
from shared.streams.groups import group_is_gone
from shared.streams.lanes import LaneGate
from shared.streams.patience import Patience
from shared.streams.scripts import HANDOFF, HANDOFF_OWING, Call, flat, run_all
from shared.streams.settings import DeliverySettings
from shared.streams.surge import SurgeBreaker
from shared.streams.verdicts import (
    BatchHandler,
    Emit,
    NeverWill,
    NotYet,
    Received,
    Unavailable,
    Verdict,
    one_by_one,
    unexpected,
)
from shared.topics import ARTICLE_DEFERRED, NEWSROOM_LOG, Lane, Topic

log = get_logger("delivery")

DAY = 86_400


@dataclass(slots=True)
class Case:
    """An entry on its way through a stage."""

    entry: Entry
    event: Event | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchWorker:
    """Takes batches of one topic for one stage, whichever lane they come by and however often."""

    topic: Topic
    stage: str
    replica: str
    handler: BatchHandler[Any]
    emits: Topic | None
    guarded: bool
    """Whether ``emits`` never goes back within a story: each of its stories' last revision is remembered."""
    settings: DeliverySettings
    surge: SurgeBreaker
    gate: LaneGate = field(default_factory=LaneGate)

    async def take(self, redis: Redis, lane: Lane, entries: Sequence[Entry], patience: Patience) -> None:
        """Handle a batch and hand each entry off; what could not be settled stays pending and comes back."""
        place = Place(self.stage, self.replica, self.topic.stream(lane), lane)
        cases = [self._decode(entry) for entry in entries]
        ids = {entry.entry_id for entry in entries}
        patience.in_hand |= ids
        started = time.perf_counter()
        try:
            with self.gate.in_hand(lane):
                await self._handle(place, [case for case in cases if case.event])
                took_ms = round((time.perf_counter() - started) * 1000 / len(cases), 3)
                await self._settle(redis, place, cases, patience, took_ms)
        except RedisError as error:
            # Whether the handoff ran is not known. It may be sent again, so the entries simply come back.
            log.warning(
                "handoff_unconfirmed", stage=self.stage, stream=place.stream, entries=len(ids), error=str(error)
            )
            patience.after_outage(ids)
        except Exception:  # a bug of ours: FastStream would swallow it unsaid; the entries come back, and are counted
            log.exception("batch_failed", stage=self.stage, stream=place.stream, entries=len(ids))
        finally:
            patience.in_hand -= ids
        metrics.STAGE_DURATION.labels(self.stage, lane.value).observe(time.perf_counter() - started)

    async def set_aside(
        self, redis: Redis, lane: Lane, entries: Sequence[Entry], reason: NeverWill, patience: Patience
    ) -> None:
        """Send entries to the dead letters without handling them."""
        place = Place(self.stage, self.replica, self.topic.stream(lane), lane)
        cases = [self._decode(entry) for entry in entries]
        for case in cases:
            case.verdict = reason
        await self._settle(redis, place, cases, patience, 0.0)

    def _decode(self, entry: Entry) -> Case:
        try:
            return Case(entry, self.topic.event.from_fields(entry.fields))
        except InvalidEvent as error:
            return Case(entry, None, NeverWill(error.code, error.detail))

    async def _handle(self, place: Place, cases: list[Case]) -> None:
        if not cases:
            return
        batch = [
            Received(case.event, place.stream, case.entry.entry_id, place.lane, case.entry.deliveries)
            for case in cases
            if case.event
        ]
        try:
            verdicts = _one_each(batch, await self.handler(batch))
        except Exception as error:  # noqa: BLE001 - one entry must not cost its batch: find out which it is
            verdicts = await self._one_at_a_time(batch, error)
        for case, verdict in zip(cases, verdicts, strict=True):
            case.verdict = self._fitting(verdict)

    def _fitting(self, verdict: Verdict) -> Verdict:
        """Refuse an event that does not belong on the topic that this stage emits to."""
        if not isinstance(verdict, Emit) or (self.emits and isinstance(verdict.event, self.emits.event)):
            return verdict
        wrong = f"{self.stage} does not emit {type(verdict.event).__name__} from {self.topic.name}"
        return NotYet("handler_error", wrong)

    async def _one_at_a_time(self, batch: list[Received[Any]], error: Exception) -> Sequence[Verdict]:
        if len(batch) == 1:
            return [error if isinstance(error, NeverWill | NotYet) else unexpected(error)]

        async def alone(one: Received[Any]) -> Any:
            (verdict,) = _one_each([one], await self.handler([one]))
            if isinstance(verdict, NeverWill | NotYet):
                raise verdict
            return verdict

        return await one_by_one(alone)(batch)

    async def _settle(self, redis: Redis, place: Place, cases: list[Case], patience: Patience, took_ms: float) -> None:
        """Send one handoff an entry, all in one pipeline, and enter what Redis confirms."""
        calls: list[Call] = []
        outcomes: list[tuple[str, StageOutcome]] = []
        for case in cases:
            verdict = self._final(place, case, patience)
            if verdict is not None:
                outcome = outcome_of(place, case.entry, case.event, verdict, took_ms)
                calls.append(self._handoff(place, case.entry, verdict, outcome))
                outcomes.append((case.entry.entry_id, outcome))
        if calls:
            results = await run_all(redis, calls)
            for (entry_id, outcome), result in zip(outcomes, results, strict=True):
                self._confirm(place, entry_id, outcome, result, patience)

    def _final(self, place: Place, case: Case, patience: Patience) -> Final | None:
        """Apply the cap on tries and the surge limit; None leaves the entry pending."""
        verdict, entry = case.verdict, case.entry
        if isinstance(verdict, NotYet):
            given_up = self._put_off(place, entry, verdict, patience)
            if given_up is None:
                return None
            verdict = given_up
        if isinstance(verdict, NeverWill) and not self._may_bury(place):
            return None
        if not isinstance(verdict, NeverWill):
            self.surge.good()
        return verdict

    def _may_bury(self, place: Place) -> bool:
        stopped_before = self.surge.tripped
        if self.surge.bad():
            return True
        if not stopped_before:
            metrics.READER_STOPPED.labels(self.stage).set(1)
            log.critical("reader_stopped", stage=self.stage, stream=place.stream, reason=self.surge.tripped)
        return False

    def _put_off(self, place: Place, entry: Entry, verdict: NotYet, patience: Patience) -> NeverWill | None:
        if isinstance(verdict, Unavailable):
            wait = patience.after_outage([entry.entry_id])
        elif entry.deliveries >= self.settings.max_deliveries:
            return NeverWill(verdict.code, f"{verdict.detail} (given up after {entry.deliveries} tries)")
        else:
            wait = patience.after_failure(entry.entry_id, entry.deliveries)
        log.warning(
            "event_put_off",
            stage=self.stage,
            stream=place.stream,
            entry=entry.entry_id,
            code=verdict.code,
            detail=verdict.detail,
            deliveries=entry.deliveries,
            wait_seconds=round(wait, 2),
        )
        return None

    def _handoff(self, place: Place, entry: Entry, verdict: Final, outcome: StageOutcome) -> Call:
        log_fields = flat(outcome.to_fields())
        keys = [place.stream, NEWSROOM_LOG.stream()]
        script = HANDOFF
        args: list[str | bytes | int] = [self.stage, entry.entry_id, len(log_fields), *log_fields]
        if isinstance(verdict, NeverWill):
            keys.append(self.topic.dead_letters(self.stage))
            letter = dead_letter(place, entry, verdict)
            args += [len(letter), *letter]
        elif isinstance(verdict, Emit):
            event, topic = verdict.event, self.emits
            assert topic is not None, "a verdict that does not fit was refused"  # noqa: S101 - for the type checker
            body = flat(event.to_fields())
            keys.append(topic.stream(Lane.URGENT if event.is_urgent else Lane.ROUTINE))
            args += [len(body), *body]
            if self.guarded:
                keys.append(f"{topic.name}:revision:{event.subject}")
                args += [event.data.newsroom.revision, self.settings.published_memory_days * DAY]
                args += flat(already_published(outcome).to_fields())
            elif verdict.deferred:
                script = HANDOFF_OWING
                owed = flat(verdict.deferred.to_fields())
                keys.append(ARTICLE_DEFERRED.stream())
                args += [len(owed), *owed]
        return Call(script, keys, args)

    def _confirm(self, place: Place, entry_id: str, outcome: StageOutcome, result: Any, patience: Patience) -> None:
        if isinstance(result, Exception):
            # Redis is full, read-only or loading, or the group is gone: nothing was written, and the entry is not
            # to blame.
            patience.after_outage([entry_id])
            if not group_is_gone(result):
                log.error("handoff_refused", stage=self.stage, stream=place.stream, entry=entry_id, error=str(result))
            return
        patience.settled(entry_id)
        if result == 0:
            # Another reader settled it, or an earlier try of ours did and its reply was lost.
            log.info("handoff_already_done", stage=self.stage, stream=place.stream, entry=entry_id)
            return
        enter(place, entry_id, outcome if result == 1 else already_published(outcome))


def _one_each(batch: Sequence[Received[Any]], verdicts: Sequence[Verdict]) -> Sequence[Verdict]:
    if len(verdicts) != len(batch):
        raise RuntimeError(f"the handler answered {len(verdicts)} of {len(batch)} entries")
    return verdicts
