"""Which story a piece of copy is about: looked up by its name, or, to take it back, by what else names it.

``ingest:named:{source}:{digest}`` leads from another name of a story, its address or its slug, to its id. It is
written before the story itself, so it may name one that never came: whoever follows it looks at the state.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple, cast

from redis.asyncio import Redis

from services.ingest.folding.renamed import find_renamed
from services.ingest.items import Item
from services.ingest.lifecycle.identity import other_names, own_story, story_id
from services.ingest.lifecycle.state import StoryState, state_key

__all__ = ["Found", "StoryIndex"]

NAMED_SECONDS = 30 * 86_400
"""A slug serves another story every day, and an address for longer: the last story that had it is meant."""


class Found(NamedTuple):
    """The story, what is known of it, or why the copy belongs to none."""

    story_id: str
    state: StoryState | None = None
    problem: tuple[str, str] | None = None


class StoryIndex:
    """Finds stories in Redis, each within its source: no provider can name the story of another."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def state(self, story: str) -> StoryState | None:
        """Return what is known of a story."""
        fields = await self._redis.hgetall(state_key(story))
        return StoryState.from_fields(cast("dict[bytes, bytes]", fields))

    async def find(self, source: str, item: Item) -> Found:
        """Return the story that the item is about."""
        if own := own_story(item):
            state = await self.state(own.story_id)
            if state is not None and state.source == source:
                return Found(own.story_id, state)
            if own.certain:
                return Found(own.story_id, problem=("no_such_story", f"{own.story_id} did not come through {source}"))
        if not item.identity and not item.refers_to and not item.headline.strip() and not item.body_html:
            return Found("", problem=("no_identity", "nothing in the item says which story it is about"))
        return await self._resolve(source, item)

    async def remember(self, source: str, item: Item, story: str) -> None:
        """Note the other names of a story that is let in."""
        names = other_names(item)
        if item.takes_back or not names:
            return
        async with self._redis.pipeline(transaction=False) as pipe:
            for name in names:
                pipe.set(_key(source, name), story, ex=NAMED_SECONDS)
            await pipe.execute()

    async def _under(self, source: str, name: str) -> str:
        """Return the story that was last let in under another name, or the empty string."""
        return cast("bytes", await self._redis.get(_key(source, name)) or b"").decode()

    async def _resolve(self, source: str, item: Item) -> Found:
        """Try each name in turn. A take-back whose story is under none of them is of the first."""
        stories = list(_named(source, item))
        for story in stories:
            if (state := await self.state(story)) is not None:
                return Found(story, state)
        if item.by_reference:
            for name in other_names(item):
                story = await self._under(source, name)
                if story and (state := await self.state(story)) is not None and state.source == source:
                    return Found(story, state)
        if item.identity is None and (renamed := await find_renamed(self._redis, source, item, stories[0])):
            state = await self.state(renamed)
            if state is not None and state.source == source:
                return Found(renamed, state)
        return Found(stories[0])


def _named(source: str, item: Item) -> Iterator[str]:
    """Yield the ids of the stories that the item may be about, the likeliest first."""
    if item.takes_back:
        for name in item.refers_to:
            yield story_id(source, replace(item, identity=name, identity_inferred=False))
    if item.identity or item.headline.strip() or item.body_html:
        yield story_id(source, item)


def _key(source: str, name: str) -> str:
    return f"ingest:named:{source}:{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"
