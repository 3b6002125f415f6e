"""What an operator may order about a story, each booked as an input of its own with who ordered it and why."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace

from redis.asyncio import Redis

from services.ingest.admission.admit import Admission
from services.ingest.admission.received import Copy, Taken
from services.ingest.items import Item, Parsed
from services.ingest.lifecycle.instruction import Instruction
from services.ingest.lifecycle.places import Place
from services.ingest.lifecycle.recall import Recall, config_of
from services.ingest.lifecycle.references import StoryIndex
from services.ingest.lifecycle.state import Status, StoryState
from services.ingest.settings import Source
from shared.article import Change, PubStatus
from shared.events import StageResult

__all__ = ["CannotObey", "Orders"]


class CannotObey(Exception):
    """The order makes no sense for the story as it stands."""


class Orders:
    """Orders of one operator, for one reason."""

    def __init__(
        self,
        redis: Redis,
        admission: Admission,
        recall: Recall,
        sources: Mapping[str, Source],
        *,
        operator: str,
        reason: str,
    ) -> None:
        self._stories = StoryIndex(redis)
        self._admission = admission
        self._recall = recall
        self._sources = sources
        self._operator = operator
        self._reason = reason

    async def kill(self, story_id: str) -> StageResult:
        """Kill a story, wherever it came from."""
        state = await self._story(story_id)
        notice = Item(headline="", identity=state.uri, pub_status=PubStatus.CANCELED, change=Change.KILL)
        return await self._order(story_id, self._no_copy(state), 0, notice)

    async def reinstate(self, story_id: str) -> StageResult:
        """Bring a killed or withheld story back as it last was; one that never had copy takes the next that comes."""
        state = await self._story(story_id)
        if state.status not in {Status.CANCELED, Status.WITHHELD}:
            raise CannotObey(f"{story_id} is {state.status}, not killed or withheld")
        if not state.live:
            notice = Item(headline="", identity=state.uri, change=Change.REINSTATE)
            return await self._order(story_id, self._no_copy(state), 0, notice)
        place = Place.read(state.live)
        taken, item = await self._recall.read(place, source=state.source)
        # An embargo that the copy had when it was live has lifted, or was lifted by an operator.
        item = replace(item, change=Change.REINSTATE, embargoed=False, embargoed_until=None)
        return await self._order(story_id, taken, place.index, item)

    async def release(self, story_id: str) -> StageResult:
        """Let out, now, the copy that waits for its lift."""
        place, taken, item = await self._waiting(story_id)
        item = replace(item, embargoed=False, embargoed_until=None)
        return await self._order(story_id, taken, place.index, item)

    async def hold(self, story_id: str) -> StageResult:
        """Keep the copy that waits, whatever its lift, until an operator releases it."""
        place, taken, item = await self._waiting(story_id)
        return await self._order(story_id, taken, place.index, item, hold=True)

    async def _story(self, story_id: str) -> StoryState:
        state = await self._stories.state(story_id)
        if state is None:
            raise CannotObey(f"no story {story_id} is known")
        return state

    async def _waiting(self, story_id: str) -> tuple[Place, Taken, Item]:
        state = await self._story(story_id)
        if not state.waiting:
            raise CannotObey(f"nothing of {story_id} waits for a lift")
        place = Place.read(state.waiting)
        return place, *await self._recall.read(place, source=state.source)

    def _no_copy(self, state: StoryState) -> Taken:
        config = config_of(self._sources, state.source)
        copy = Copy(source=state.source, config=config, body=b"", content_type=None)
        return Taken(copy, "", Parsed("", (), ()))

    async def _order(self, story_id: str, taken: Taken, index: int, item: Item, *, hold: bool = False) -> StageResult:
        instruction = Instruction(
            story_id=story_id,
            input=f"desk.{secrets.token_hex(12)}",
            operator=self._operator,
            reason=self._reason,
            hold=hold,
        )
        return await self._admission.admit(taken, index, item, instruction)
