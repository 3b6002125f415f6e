"""Folding carried out: finding the story that a copy is folded into, and seeing that it credits its copies.

Nothing here decides whether copy is taken. When the check cannot be made, the copy goes on as news of its own.
"""

from __future__ import annotations

import asyncio
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import cast

from redis.exceptions import RedisError

from services.ingest.admission.booking import Booking, record
from services.ingest.admission.received import Taken
from services.ingest.folding.duplicates import KEPT, Texts
from services.ingest.folding.folding import (
    FOLDED,
    candidates,
    credits_due,
    fold,
    is_folded,
    may_hold_others,
    text_of,
    unfolded,
    without_lost_credits,
)
from services.ingest.items import Item
from services.ingest.lifecycle.decide import Decision
from services.ingest.lifecycle.references import Found
from services.ingest.lifecycle.state import Status, StoryState, state_key
from services.ingest.metrics import DUPLICATES_UNCHECKED
from shared.article import REVISION_STEP, AlsoFrom, Article, Change
from shared.delivery import Delivery
from shared.events import ArticleIngested, Outcome
from shared.logs import get_logger
from shared.topics import ARTICLE_INGESTED

__all__ = ["Folds", "Looked", "credit_of"]

LONGEST_LOOK = 1.0
"""Seconds that a look for duplicates may take: Redis answers in one thousandth, or is in trouble."""

IN_FLIGHT = 4
IN_FLIGHT_SECONDS = 0.02
"""Looks at a story that is filed and not yet booked: another replica is between the two, one call to Redis apart."""

ATTEMPTS = 16

log = get_logger("ingest")


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of a look: the decision as it now is, and the story that it is about."""

    decision: Decision
    story_id: str
    is_filed: bool = False

    @property
    def folds(self) -> bool:
        """Whether the copy is folded now."""
        return self.decision.code == FOLDED and self.decision.state is not None


class Folds:
    """Folds copies into stories. ``most_a_day`` bounds the texts that are remembered; 0 folds nothing."""

    def __init__(self, delivery: Delivery, *, most_a_day: int, state_age: timedelta) -> None:
        self._delivery = delivery
        self._most = most_a_day
        self._state_age = state_age

    async def standing(self, known: StoryState | None) -> StoryState | None:
        """Return what is known of the copy, as it is to be decided on: its story may be gone by now."""
        if known is None or not is_folded(known):
            return known
        story = await self._state(known.folded_into)
        return known if story is not None and may_hold_others(story) else unfolded(known)

    async def look(
        self, decision: Decision, known: StoryState | None, item: Item, *, story: str, source: str
    ) -> Looked:
        """Fold the copy that the decision would let out, if another source's story has its text."""
        if known is not None and is_folded(known) and decision.outcome is Outcome.DUPLICATE:
            return Looked(replace(decision, code=FOLDED), known.folded_into)
        decision = without_lost_credits(decision)
        text = text_of(decision, item.body_html) if self._most else None
        if text is None:
            return Looked(decision, story)
        try:
            async with asyncio.timeout(LONGEST_LOOK):
                texts = Texts(self._delivery.redis, most_a_day=self._most)
                filed, near = await texts.file(text.filed, story_id=story, source=source, now=datetime.now(UTC))
                others = [] if known is not None and known.published else candidates(text, near, source=source)
                for other in others:
                    if into := await self._open(other):
                        return Looked(fold(known, decision, into=other, revision=into.emitted), other)
        except (RedisError, TimeoutError) as error:
            DUPLICATES_UNCHECKED.inc()
            log.warning("duplicates_unchecked", story_id=story, source=source, error=type(error).__name__)
            filed = False
        return Looked(decision, story, filed)

    def beside(self, looked: Looked, event: ArticleIngested | None) -> Mapping[str, tuple[str | bytes, timedelta]]:
        """Return what is kept with a revision: the article, so that a credit can be added to it; of a kill nothing."""
        state = looked.decision.state
        if event is None or state is None:
            return {}
        key = _article_key(event.subject)
        if state.status is not Status.USABLE:
            return {key: ("", KEPT)}
        if not (looked.is_filed or state.also_from):
            return {}
        return {key: (_packed(event.data), self._state_age if state.also_from else KEPT)}

    async def settle(
        self, story: str, before: StoryState | None, looked: Looked, credit: AlsoFrom, booking: Booking
    ) -> None:
        """See that each story that stands, or stood, for this copy credits it if, and only if, it is folded into it."""
        states = (before, looked.decision.state)
        for into in dict.fromkeys(state.folded_into for state in states if state is not None and state.folded_into):
            await self._settle(story, into, credit, booking)

    async def _settle(self, story: str, into: str, credit: AlsoFrom, booking: Booking) -> None:
        """Look again after each change: a kill and a fold that cross then see one another."""
        for _ in range(ATTEMPTS):
            copy, primary = await self._state(story), await self._state(into)
            others = credits_due(primary, copy, story_id=into, credit=credit)
            if primary is None or others is None or not await self._amend(into, primary, others, booking):
                return
        log.warning("credit_contended", story_id=into, copy=story)

    async def _amend(self, story: str, known: StoryState, others: tuple[AlsoFrom, ...], booking: Booking) -> bool:
        """Send the story out with these credits and nothing else changed. False where its article is no longer kept."""
        article = await self._article(story)
        if article is None:
            log.warning("credit_not_given", story_id=story, input=booking.input)
            return False
        if article.newsroom.revision != known.emitted:
            return True
        revision = max(known.revision + REVISION_STEP, int(time.time() * 1000))
        state = replace(known, revision=revision, emitted=revision, also_from=others)
        newsroom = {"revision": revision, "change": Change.AMEND, "also_from": others}
        amended = article.model_copy(update={"newsroom": article.newsroom.model_copy(update=newsroom)})
        event = ArticleIngested.of(amended, traceparent=booking.traceparent)
        decision = Decision(outcome=Outcome.EMITTED, change=Change.AMEND, revision=revision, state=state)
        booking = replace(booking, input=f"{booking.input}.credit.{revision}", started=time.perf_counter())
        outcome = booking.outcome(Outcome.EMITTED, story_id=story, decision=decision, event=event)
        if await self._delivery.admit(
            receipt=booking.input,
            outcome=outcome,
            key=state_key(story),
            expected_revision=known.revision,
            state=state.to_fields(),
            expires=None if state.is_kept_for_ever else self._state_age,
            aliases={_article_key(story): (_packed(amended), self._state_age)},
            event=event,
            topic=ARTICLE_INGESTED,
        ):
            record(outcome, event)
        return True

    async def _open(self, story: str) -> StoryState | None:
        """Return the story's state if copies can be folded into it now."""
        for look in range(IN_FLIGHT):
            if look:
                await asyncio.sleep(IN_FLIGHT_SECONDS)
            if (state := await self._state(story)) is not None:
                is_kept = may_hold_others(state) and await self._delivery.redis.exists(_article_key(story))
                return state if is_kept else None
        return None

    async def _article(self, story: str) -> Article | None:
        """Return the last revision that left ingest, while it is kept."""
        packed = cast("bytes | None", await self._delivery.redis.get(_article_key(story)))
        return Article.model_validate_json(zlib.decompress(packed)) if packed else None

    async def _state(self, story: str) -> StoryState | None:
        fields = await self._delivery.redis.hgetall(state_key(story))
        return StoryState.from_fields(cast("dict[bytes, bytes]", fields))


def credit_of(item: Item, taken: Taken, found: Found) -> AlsoFrom:
    """Return what a story says of this copy, should it be folded into it."""
    return AlsoFrom(
        provider=item.provider or taken.copy.config.provider,
        source=taken.copy.source,
        story_id=found.story_id,
        raw=taken.raw or None,
        url=item.url,
    )


def _article_key(story: str) -> str:
    return f"ingest:near:article:{story}"


def _packed(article: Article) -> bytes:
    return zlib.compress(article.model_dump_json(by_alias=True, exclude_none=True).encode())
