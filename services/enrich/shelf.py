"""The shelf: stories that a rule keeps back, whole as enriched, until an editor or the end of the embargo lets them go.

Keys, all of them this module's: ``enrich:held`` (the stories by their lift), ``enrich:held:STORY`` (the event), and
``enrich:held:past:STORY`` (how far the story has gone on, and the rules that no longer hold it). What lies on the
shelf does not expire: copy that vanished unsaid would be worse than a full Redis, which says so.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any, cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.enrich.rules.undoing import lifted
from services.enrich.rules.verdict import Verdict
from services.enrich.shelf_scripts import FORGET, HOLD, RELEASE
from services.enrich.shelved import Held, Unreadable, held_from, released
from shared.article import Change
from shared.delivery import Done, Emit
from shared.events import ArticleEnriched, Outcome, StageOutcome, rfc3339
from shared.logs import get_logger
from shared.streams.books import Place, enter
from shared.streams.scripts import Call, flat, run_one
from shared.topics import ARTICLE_ENRICHED, NEWSROOM_LOG, Lane

__all__ = ["Shelf"]

INDEX = "enrich:held"
REMEMBERED = 30 * 86_400
"""Seconds that is remembered how far a story has gone on: as long as publish remembers its revision."""
LOOK_SECONDS = 0.5
PAUSE_SECONDS = 1.0
AT_ONCE = 100
AGAIN_MS = 60_000

log = get_logger("enrich")


class Kept(IntEnum):
    """What became of a story that was brought to the shelf."""

    NOT = 0
    KEPT = 1
    OVERTAKEN = 2


class Shelf:
    """Keeps, forgets and lets go. Every step is one script, so replicas and repeats do no harm."""

    def __init__(self, redis: Redis, *, replica: str) -> None:
        self._redis = redis
        self._replica = replica

    async def settle(self, event: ArticleEnriched, verdict: Verdict) -> Emit | Done:
        """Return what a handler is to answer: the story goes on, or it is kept, or it comes too late to be kept.

        A newer revision takes the place of the one on the shelf. Rules that held a story which was let go neither hold
        its later revisions nor embargo them. An amendment is kept only where its story lies here: what is out is not
        called back by a tag that came late.
        """
        newsroom = event.data.newsroom
        if verdict.holdings:
            gone = await self._let_go(newsroom.story_id)
            left = replace(verdict, holdings=tuple(one for one in verdict.holdings if one.rule not in gone))
            counts = left if left.holdings else verdict
            kept = await self._hold(_without(event, gone), counts, [one.rule for one in verdict.holdings])
            if kept is Kept.KEPT and counts.holding:
                return Done(Outcome.HELD, counts.code, counts.holding.rule)
            if kept is Kept.OVERTAKEN:
                return Done(Outcome.STALE, "overtaken", None)
            event = _without(event, {one.rule for one in verdict.holdings})
        await self.forget(newsroom.story_id, newsroom.revision, gone=event.is_urgent)
        return Emit(event)

    async def _let_go(self, story_id: str) -> frozenset[str]:
        """Return the rules that no longer hold a story."""
        told = cast("list[bytes]", await self._redis.hkeys(_past(story_id)))
        return frozenset(one.removeprefix(b"rule:").decode() for one in told if one.startswith(b"rule:"))

    async def _hold(self, event: ArticleEnriched, verdict: Verdict, by: Sequence[str]) -> Kept:
        """Keep a story for what counts in the verdict, unless none of the rules that it is held by does so any more."""
        holding, newsroom = verdict.holding, event.data.newsroom
        if holding is None:
            return Kept.NOT
        rules = list(dict.fromkeys(by))
        fields = {
            "revision": str(newsroom.revision),
            "rule": holding.rule,
            "rules": json.dumps(rules),
            "reason": holding.reason,
            "until": rfc3339(holding.until) if holding.until else "",
            "since": rfc3339(datetime.now(UTC)),
            "event": json.dumps(event.to_fields()),
        }
        # Rounded up: a look that finds the story due must find its embargo over.
        score = repr(math.ceil(holding.until.timestamp() * 1000)) if holding.until else "+inf"
        story = newsroom.story_id
        amends = int(newsroom.change is Change.AMEND)
        args: list[str | bytes | int] = [story, newsroom.revision, score, amends, len(rules), *rules, *flat(fields)]
        return Kept(await run_one(self._redis, Call(HOLD, [_key(story), _past(story), INDEX], args)))

    async def forget(self, story_id: str, revision: int, *, gone: bool = False) -> None:
        """Take a story off the shelf: this revision of it, which is not kept, has overtaken what lies there.

        ``gone`` is for what overtakes by the urgent lane: it is remembered even where nothing lies on the shelf, so
        that an older revision, which is still on its way, is not put there after it.
        """
        args: list[str | bytes | int] = [story_id, revision, REMEMBERED, int(gone)]
        await run_one(self._redis, Call(FORGET, [_key(story_id), _past(story_id), INDEX], args))

    async def find(self, story_id: str) -> Held | None:
        """Return what lies on the shelf of a story.

        Raises:
            Unreadable: what lies there cannot be read.
        """
        found = await self._redis.hgetall(_key(story_id))
        fields = cast("dict[bytes, bytes]", found)
        return held_from({name.decode(): value.decode() for name, value in fields.items()}) if fields else None

    async def all(self) -> list[Held]:
        """Return every story on the shelf, the earliest lift first, those for an editor last."""
        stories = cast("list[bytes]", await self._redis.zrange(INDEX, 0, -1))
        found = [await self.find(story.decode()) for story in stories]
        return [held for held in found if held]

    async def release(self, story_id: str, *, by: str | None = None) -> StageOutcome | None:
        """Let a story go, with its entry in the log, in one step; None where nothing (or no longer this) lies there.

        ``by`` is the editor who says so; without, its embargo is over. An editor ends the embargo of a rule too.

        Raises:
            Unreadable: what lies there cannot be read.
        """
        held = await self.find(story_id)
        if held is None:
            return None
        event, outcome = released(held, by)
        out = ARTICLE_ENRICHED.stream(Lane.URGENT if event.is_urgent else Lane.ROUTINE)
        said = flat(outcome.to_fields())
        args: list[Any] = [story_id, event.data.newsroom.revision, REMEMBERED, len(held.rules), *held.rules]
        args += [len(said), *said, *flat(event.to_fields())]
        keys = [_key(story_id), _past(story_id), INDEX, NEWSROOM_LOG.stream(), out]
        if not await run_one(self._redis, Call(RELEASE, keys, args)):
            return None
        lane = Lane.URGENT if event.is_urgent else Lane.ROUTINE
        enter(Place("enrich", self._replica, INDEX, lane), story_id, outcome)
        return outcome

    async def let_out_due(self) -> None:
        """Let go every story whose embargo is over."""
        now = math.floor(datetime.now(UTC).timestamp() * 1000)
        due = cast("list[bytes]", await self._redis.zrangebyscore(INDEX, "-inf", now, start=0, num=AT_ONCE))
        for story in due:
            try:
                await self.release(story.decode())
            except Unreadable as error:
                log.critical("shelf_unreadable", story_id=story.decode(), error=str(error))
                await self._redis.zadd(INDEX, {story: now + AGAIN_MS}, xx=True)

    async def tend(self, stop: asyncio.Event) -> None:
        """Let go what is due until told to stop. Every replica does; each story is let go once."""
        while not stop.is_set():
            wait = LOOK_SECONDS
            try:
                await self.let_out_due()
            except RedisError as error:
                log.warning("shelf_put_off", error=type(error).__name__)
                wait = PAUSE_SECONDS
            except Exception:  # the lifts to come must not depend on this one
                log.exception("shelf_failed")
                wait = PAUSE_SECONDS
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), wait)


def _without(event: ArticleEnriched, rules: Collection[str]) -> ArticleEnriched:
    return event.model_copy(update={"data": lifted(event.data, rules)})


def _key(story_id: str) -> str:
    return f"{INDEX}:{story_id}"


def _past(story_id: str) -> str:
    return f"{INDEX}:past:{story_id}"
