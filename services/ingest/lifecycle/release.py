"""Letting embargoed copy out at its lift. Every replica looks; of those that see a story due, one admits it.

The copy lay in the archive until now. It is read again and admitted as on any day, under an input of its own whose name
stays the same: a replica that dies in the middle leaves it to the next, and it is let out once.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.ingest.admission.admit import Admission, StoryContended
from services.ingest.items import UnreadableCopy
from services.ingest.lifecycle.instruction import Instruction
from services.ingest.lifecycle.places import Place
from services.ingest.lifecycle.recall import Recall
from services.ingest.lifecycle.references import StoryIndex
from services.ingest.lifecycle.state import StoryState
from services.ingest.lifecycle.waiting import WaitingRoom, lift_of
from services.ingest.metrics import EMBARGO_FAILURES, EMBARGO_LATENESS
from shared.events import Outcome
from shared.logs import get_logger

__all__ = ["Releases"]

LOOK_SECONDS = 0.2
"""A lift must be live within a second, all stages included."""

AT_ONCE = 8
MOST = 200
CLAIM_MS = 3_000
"""Time until another replica lets out what one that died had begun to."""

PATIENCE = 5.0
"""Seconds that a replica leaves copy that is not in its own archive to those that may have it, before it calls."""

FORGOTTEN = timedelta(minutes=10)
"""Age of a line whose story does not wait: written before the story, and its writer died, or was beaten, in between."""

AGAIN = timedelta(minutes=1)

log = get_logger("ingest")


class Releases:
    """Watches the lifts until stopped."""

    def __init__(self, redis: Redis, admission: Admission, recall: Recall, *, patience: float = PATIENCE) -> None:
        self._redis = redis
        self._admission = admission
        self._recall = recall
        self._patience = timedelta(seconds=patience)
        self._room = WaitingRoom(redis)
        self._stories = StoryIndex(redis)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start watching."""
        self._task = asyncio.create_task(self._watch(), name="embargo releases")

    async def stop(self) -> None:
        """Stop where it stands: what was not let out is still due."""
        # More than once: a task that is cancelled while its client makes its first connection goes on as if it was not.
        while self._task and not self._task.done():
            self._task.cancel()
            await asyncio.wait([self._task], timeout=LOOK_SECONDS)

    async def let_out_due(self) -> None:
        """Let out everything whose lift has come."""
        due = await self._room.due(datetime.now(UTC), most=MOST)
        for start in range(0, len(due), AT_ONCE):
            await asyncio.gather(*(self._claim(story, lift) for story, lift in due[start : start + AT_ONCE]))

    async def _watch(self) -> None:
        while True:
            try:
                await self.let_out_due()
            except (RedisError, StoryContended) as error:
                log.warning("embargoes_put_off", error=type(error).__name__)
                await asyncio.sleep(1)
            except Exception:
                # The lifts to come must not depend on this one.
                log.exception("embargoes_failed")
                await asyncio.sleep(1)
            await asyncio.sleep(LOOK_SECONDS)

    async def _claim(self, story_id: str, lift: float) -> None:
        if await self._redis.set(f"ingest:lift:{story_id}", "1", nx=True, px=CLAIM_MS):
            await self._look_at(story_id, lift)
            await self._redis.delete(f"ingest:lift:{story_id}")

    async def _look_at(self, story_id: str, lift: float) -> None:
        """Compare the line with the story, which alone says what waits and until when."""
        state = await self._stories.state(story_id)
        now = datetime.now(UTC)
        if state is None or not state.waiting:
            if lift < (now - FORGOTTEN).timestamp() * 1000:
                await self._room.settle(story_id, lift)
            return
        breaks = lift_of(state.sealed)
        if breaks is None or breaks > now:
            await self._room.put_until(story_id, breaks)
            return
        await self._let_out(story_id, state, lift, breaks)

    async def _let_out(self, story_id: str, state: StoryState, lift: float, breaks: datetime) -> None:
        place = Place.read(state.waiting)
        try:
            taken, item = await self._recall.read(place, source=state.source)
        except (OSError, UnreadableCopy, LookupError) as error:
            if isinstance(error, FileNotFoundError) and datetime.now(UTC) - breaks < self._patience:
                return
            EMBARGO_FAILURES.labels(state.source).inc()
            log.critical("embargo_failed", story_id=story_id, raw=place.raw, error=type(error).__name__)
            await self._room.put_until(story_id, datetime.now(UTC) + AGAIN)
            return
        name = f"{place.receipt}.{place.index}.{state.revision}.lift"
        instruction = Instruction(story_id=story_id, input=name, since=breaks)
        result = await self._admission.admit(taken, place.index, item, instruction)
        if result.outcome is not Outcome.HELD:
            EMBARGO_LATENESS.observe((datetime.now(UTC) - breaks).total_seconds())
            await self._room.settle(story_id, lift)
