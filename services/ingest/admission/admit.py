"""Admission: from received bytes to outcomes. The bytes are safe first; then each item is decided and booked once.

Deciding is :mod:`services.ingest.lifecycle.decide`'s. What is done about it happens in one call to Redis, fenced by the
story's revision: when another replica was faster, the state is read again and decided again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from redis.asyncio import Redis

from services.ingest.admission.archive import Order, RawArchive, Rejection
from services.ingest.admission.booking import Booking, record
from services.ingest.admission.reading import CopyReader
from services.ingest.admission.received import Copy, Taken
from services.ingest.folding.credits import Folds, Looked, credit_of
from services.ingest.folding.renamed import Aliases, aliases_of
from services.ingest.items import Item, UnreadableCopy, Warned
from services.ingest.lifecycle.compose import Origin, article_of
from services.ingest.lifecycle.decide import Decision, decide
from services.ingest.lifecycle.identity import story_uri
from services.ingest.lifecycle.instruction import Instruction
from services.ingest.lifecycle.places import Place
from services.ingest.lifecycle.references import Found, StoryIndex
from services.ingest.lifecycle.state import state_key
from services.ingest.lifecycle.waiting import WaitingRoom
from services.ingest.settings import TEXTS_A_DAY
from shared.article import Change
from shared.delivery import Delivery
from shared.events import ArticleIngested, Outcome, StageResult, new_traceparent
from shared.topics import ARTICLE_INGESTED

__all__ = ["Admission", "Notice", "RefusedCopy", "StoryContended"]

Notice = Callable[[StageResult, Item | None], None]
"""Told of every outcome, with the item where there was one. It keeps no input waiting."""

ATTEMPTS = 16
"""Tries to book one item while others change the same story. Each failed try is another's success."""

NO_STORY = "ingest:no-story"
"""Key for what belongs to no story. Nothing ever writes it, so the fence on it always holds."""


class StoryContended(Exception):
    """The story kept changing under us: try the copy again later."""


class RefusedCopy(Exception):
    """The body could not be read as copy. It is in the archive and in the books."""

    def __init__(self, reason: UnreadableCopy, *, raw: str) -> None:
        super().__init__(str(reason))
        self.code = reason.code
        self.detail = reason.detail
        self.raw = raw


class Admission:
    """Takes copy in. Redis errors pass through: nothing is lost by them, and the same copy may come again."""

    def __init__(
        self,
        delivery: Delivery,
        archive: RawArchive,
        reader: CopyReader,
        *,
        state_days: int,
        notice: Notice | None = None,
        sections: tuple[str, ...] = (),
        texts_a_day: int = TEXTS_A_DAY,
    ) -> None:
        self._delivery = delivery
        self._archive = archive
        self._reader = reader
        self._state_age = timedelta(days=state_days)
        self._folds = Folds(delivery, most_a_day=texts_a_day, state_age=self._state_age)
        self._notice = notice
        self._sections = sections

    @property
    def redis(self) -> Redis:
        """The client that copy is admitted through."""
        return self._delivery.redis

    async def take(self, copy: Copy) -> Taken:
        """Make the bytes safe and read them.

        Raises:
            RefusedCopy: they cannot be read; that is in the books as this receipt's one outcome.
            OSError: the archive cannot be written.
        """
        started = time.perf_counter()
        raw = await self._keep(copy)
        try:
            parsed = await self._reader.read(copy.body, content_type=copy.content_type, hints=copy.hints())
        except UnreadableCopy as reason:
            await self._refuse_whole(copy, raw, reason, started)
            raise RefusedCopy(reason, raw=raw) from reason
        return Taken(copy, raw, parsed)

    async def set_aside(self, copy: Copy, reason: UnreadableCopy) -> None:
        """Refuse a body unread, for what the transfer shows of it. It is kept and in the books as any other is."""
        started = time.perf_counter()
        await self._refuse_whole(copy, await self._keep(copy), reason, started)

    async def admit(
        self, taken: Taken, index: int, entry: Item | Warned, instruction: Instruction | None = None
    ) -> StageResult:
        """Bring one entry of the body to its outcome. ``index`` is its place among all entries of the body.

        With an ``instruction`` the entry was received before and is admitted, or ordered, by the newsroom itself.
        """
        booking = self._booking(taken.copy, taken.raw, index, instruction)
        if instruction and instruction.operator and not instruction.again and isinstance(entry, Item):
            await self._archive.note(_order(instruction, entry, taken.copy.source))
        result = await self._admit(booking, taken, entry, instruction)
        self._tell(result, entry if isinstance(entry, Item) else None)
        return result

    async def _admit(
        self, booking: Booking, taken: Taken, entry: Item | Warned, instruction: Instruction | None
    ) -> StageResult:
        if isinstance(entry, Warned):
            outcome = Outcome.FILTERED if entry.filtered else Outcome.DEAD_LETTERED
            return await self._refuse(booking, entry.code, entry.detail, outcome)
        if any(moment is not None and moment.tzinfo is None for moment in (entry.published, entry.modified)):
            return await self._refuse(booking, "unusable_item", "a time without a zone")
        for _ in range(ATTEMPTS):
            result = await self._try(booking, taken, entry, instruction)
            if result is not None:
                return result
        raise StoryContended(f"{booking.input} lost {ATTEMPTS} races")

    async def _keep(self, copy: Copy) -> str:
        return await self._archive.keep(
            copy.body,
            receipt=copy.receipt,
            source=copy.source,
            media_type=copy.content_type,
            url=copy.url,
            received=copy.received,
        )

    async def _refuse_whole(self, copy: Copy, raw: str, reason: UnreadableCopy, started: float) -> None:
        booking = replace(self._booking(copy, raw, 0), started=started)
        result = await self._refuse(booking, reason.code, reason.detail)
        self._tell(result, None)

    def _tell(self, result: StageResult, item: Item | None) -> None:
        if self._notice:
            self._notice(result, item)

    async def _try(
        self, booking: Booking, taken: Taken, item: Item, instruction: Instruction | None
    ) -> StageResult | None:
        """Read, decide, book. None when the story moved in between."""
        found = await self._find(taken.copy.source, item, instruction)
        if found.problem:
            return await self._refuse(booking, *found.problem)
        known = await self._folds.standing(found.state)
        decision = decide(
            known,
            item,
            source=taken.copy.source,
            uri=story_uri(found.story_id, item),
            now=datetime.now(UTC),
            place=booking.place.to_text() if booking.place else "",
            operator=instruction.operator if instruction else "",
            hold=instruction is not None and instruction.hold,
        )
        event = None
        if decision.outcome is Outcome.EMITTED:
            try:
                event = self._event(booking, taken, item, decision, found.story_id)
                event.to_fields()
            except ValueError as error:
                # Half a surrogate pair, a year beyond 9999: text that no reader of the topic could take.
                return await self._refuse(booking, "unusable_item", type(error).__name__)
        looked = await self._folds.look(decision, known, item, story=found.story_id, source=taken.copy.source)
        aliases = await self._prepare(taken.copy.source, item, looked, found)
        result = await self._book(booking, looked, found, None if looked.folds else event, aliases)
        if result is not None:
            await self._folds.settle(found.story_id, found.state, looked, credit_of(item, taken, found), booking)
        return result

    async def _find(self, source: str, item: Item, instruction: Instruction | None) -> Found:
        stories = StoryIndex(self.redis)
        if instruction is None:
            return await stories.find(source, item)
        return Found(instruction.story_id, await stories.state(instruction.story_id))

    async def _prepare(self, source: str, item: Item, looked: Looked, found: Found) -> Aliases:
        """Write what leads to the story before the story: a crash in between then leaves nothing that is not found.

        Returns what is to be written with it.
        """
        decision = looked.decision
        if decision.outcome not in {Outcome.EMITTED, Outcome.HELD} and not looked.folds:
            return {}
        await StoryIndex(self.redis).remember(source, item, found.story_id)
        state = decision.state or found.state
        if decision.outcome is Outcome.HELD and state is not None and state.waiting:
            await WaitingRoom(self.redis).put(found.story_id, state.sealed)
        return aliases_of(source, item, found.story_id)

    async def _book(
        self, booking: Booking, looked: Looked, found: Found, event: ArticleIngested | None, aliases: Aliases
    ) -> StageResult | None:
        decision = looked.decision
        outcome = booking.outcome(decision.outcome, story_id=looked.story_id, decision=decision, event=event)
        state = decision.state
        await self._note_if_refused(booking, outcome.data)
        admitted = await self._delivery.admit(
            receipt=booking.input,
            outcome=outcome,
            key=state_key(found.story_id),
            expected_revision=found.state.revision if found.state else None,
            state=state.to_fields() if state else None,
            expires=None if state is None or state.is_kept_for_ever else self._state_age,
            aliases={**aliases, **self._folds.beside(looked, event)},
            event=event,
            topic=ARTICLE_INGESTED if event else None,
        )
        return record(outcome, event) if admitted else None

    async def _refuse(
        self, booking: Booking, code: str, detail: str, what: Outcome = Outcome.DEAD_LETTERED
    ) -> StageResult:
        outcome = booking.outcome(what, code=code, detail=detail)
        await self._note_if_refused(booking, outcome.data)
        await self._delivery.admit(receipt=booking.input, outcome=outcome, key=NO_STORY, expected_revision=None)
        return record(outcome, None)

    async def _note_if_refused(self, booking: Booking, result: StageResult) -> None:
        """Put what is refused on the list of what may be read again after a fix."""
        place = booking.place
        if result.outcome is not Outcome.DEAD_LETTERED or place is None:
            return
        await self._archive.reject(
            Rejection(
                receipt=place.receipt,
                source=booking.source,
                code=result.code or "",
                detail=result.detail or "",
                sha256=place.raw,
                media_type=place.content_type,
                index=place.index,
                rejected=datetime.now(UTC).isoformat(timespec="milliseconds"),
            )
        )

    def _event(self, booking: Booking, taken: Taken, item: Item, decision: Decision, story: str) -> ArticleIngested:
        copy = taken.copy
        origin = Origin(
            source=copy.source,
            config=copy.config,
            received=copy.received,
            raw=taken.raw,
            raw_type=taken.parsed.media_type,
            sections=self._sections,
        )
        return ArticleIngested.of(article_of(item, decision, origin, story_id=story), traceparent=booking.traceparent)

    def _booking(self, copy: Copy, raw: str, index: int, instruction: Instruction | None = None) -> Booking:
        return Booking(
            input=instruction.input if instruction else f"{copy.receipt}.{index}",
            source=copy.source,
            received=(instruction and instruction.since) or copy.received,
            raw=raw,
            traceparent=copy.traceparent or new_traceparent(),
            started=time.perf_counter(),
            detail=instruction.detail if instruction else None,
            place=Place.of(copy, raw, index) if raw else None,
        )


def _order(instruction: Instruction, item: Item, source: str) -> Order:
    """Return what was ordered, for the archive."""
    order = "kill" if item.takes_back else "reinstate" if item.change is Change.REINSTATE else "release"
    return Order(
        input=instruction.input,
        order="hold" if instruction.hold else order,
        story_id=instruction.story_id,
        source=source,
        uri=item.identity or "",
        operator=instruction.operator,
        reason=instruction.reason,
        ordered=datetime.now(UTC).isoformat(timespec="milliseconds"),
    )
