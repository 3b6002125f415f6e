"""What would become of copy, decided entry by entry against what Redis holds and what was rehearsed before.

Nothing is written. Folding is left out: a copy that would be folded into another provider's story shows as news.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from redis.asyncio import Redis

from services.ingest.admission.archive import Order
from services.ingest.admission.received import Taken
from services.ingest.items import Item, Warned
from services.ingest.lifecycle.decide import Decision, decide
from services.ingest.lifecycle.identity import fingerprint, other_names, story_uri
from services.ingest.lifecycle.places import Place
from services.ingest.lifecycle.references import Found, StoryIndex
from services.ingest.lifecycle.state import BY_DESK, Status, StoryState
from shared.article import Change
from shared.events import Outcome

__all__ = ["Foreseen", "Rehearsal", "under"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What one entry would come to."""

    outcome: Outcome
    change: Change | None = None
    story_id: str = ""
    uri: str = ""
    code: str | None = None
    detail: str | None = None
    news: bool = False
    """Whether the story would be another one than it is."""


class Rehearsal:
    """Decides on one entry after the other, and remembers what each would have left behind."""

    def __init__(self, redis: Redis) -> None:
        self._stories = _Stories(redis)

    async def foresee(self, taken: Taken, index: int, entry: Item | Warned) -> Foreseen:
        """Return what would become of an entry of copy that was received before."""
        if isinstance(entry, Warned):
            outcome = Outcome.FILTERED if entry.filtered else Outcome.DEAD_LETTERED
            return Foreseen(outcome=outcome, code=entry.code, detail=entry.detail)
        if any(moment is not None and moment.tzinfo is None for moment in (entry.published, entry.modified)):
            return Foreseen(outcome=Outcome.DEAD_LETTERED, code="unusable_item", detail="a time without a zone")
        source, place = taken.copy.source, Place.of(taken.copy, taken.raw, index)
        found = await self._stories.find(source, entry)
        if found.problem:
            return Foreseen(outcome=Outcome.DEAD_LETTERED, code=found.problem[0], detail=found.problem[1])
        if entry.takes_back and await self._stories.had(found.story_id, entry):
            return Foreseen(outcome=Outcome.STALE, story_id=found.story_id, code="seen_before")
        if found.state and _is_overtaken(found.state, entry, taken.copy.received):
            return Foreseen(outcome=Outcome.STALE, story_id=found.story_id, code="overtaken")
        uri = story_uri(found.story_id, entry)
        now = datetime.now(UTC)
        decision = decide(found.state, entry, source=source, uri=uri, now=now, place=place.to_text())
        self._stories.leave(source, entry, found, decision)
        state = decision.state or found.state
        return Foreseen(
            outcome=decision.outcome,
            change=decision.change,
            story_id=found.story_id,
            uri=state.uri if state else uri,
            code=decision.code,
            news=decision.outcome in {Outcome.EMITTED, Outcome.HELD} and decision.state is not None,
        )

    async def obey(self, order: Order) -> bool:
        """Let an order count again, and tell whether it does: what Redis knows of a story came after its orders."""
        if await self._stories.is_known(order.story_id):
            return False
        state = await self._stories.state(order.story_id) or StoryState(source=order.source, uri=order.uri)
        self._stories.put(order.story_id, under(order, state))
        return True


class _Stories(StoryIndex):
    """The stories as they would be."""

    def __init__(self, redis: Redis) -> None:
        super().__init__(redis)
        self._states: dict[str, StoryState] = {}
        self._names: dict[tuple[str, str], str] = {}

    async def state(self, story: str) -> StoryState | None:
        return self._states.get(story) or await super().state(story)

    async def is_known(self, story: str) -> bool:
        """Tell whether Redis knows the story."""
        return await super().state(story) is not None

    async def had(self, story: str, item: Item) -> bool:
        """Tell whether Redis knows that this kill or withhold was taken: what followed it is not to be undone."""
        state = await super().state(story)
        return state is not None and str(fingerprint(item)) in state.history

    def put(self, story: str, state: StoryState) -> None:
        """Have a story be so."""
        self._states[story] = state

    def leave(self, source: str, item: Item, found: Found, decision: Decision) -> None:
        """Keep what the decision would have written."""
        if decision.state is not None:
            self._states[found.story_id] = decision.state
        if decision.outcome in {Outcome.EMITTED, Outcome.HELD} and not item.takes_back:
            self._names |= {(source, name): found.story_id for name in other_names(item)}

    async def _under(self, source: str, name: str) -> str:
        return self._names.get((source, name)) or await super()._under(source, name)


def under(order: Order, story: StoryState) -> StoryState:
    """Return the story as an operator's order left it. Pure."""
    if order.order == "kill":
        return replace(story, status=Status.CANCELED)
    if order.order == "reinstate":
        return replace(story, status=Status.USABLE if story.published else Status.HELD)
    if order.order == "hold":
        waiting = story.waiting or story.live
        return replace(story, sealed=BY_DESK, waiting=waiting) if waiting else story
    return replace(story, sealed="", waiting="")


def _is_overtaken(story: StoryState, item: Item, received: datetime) -> bool:
    """Tell whether what the story shows, or what waits in it, came later than this copy.

    Copy that comes when it is written may be newer although it does not say so. Copy that is taken from the archive
    may not: a text without version or time would put back what it was followed by.
    """
    places = [Place.read(text) for text in (story.live, story.waiting) if text]
    return not item.takes_back and any(datetime.fromisoformat(place.received) > received for place in places)
