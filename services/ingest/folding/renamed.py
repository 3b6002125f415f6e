"""Copy that names no story, known again although its headline changed: Redis keys ``ingest:alias:…``.

Without a name a story is told by its headline and its day. Copy from the same source with the same day and nearly the
same text under another headline is the same story, so the text is remembered as another name of it.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import cast

from redis.asyncio import Redis

from services.ingest.folding.minhash import LEAST_WORDS, same_copy, sketch
from services.ingest.folding.shingles import Filed, Shingles, shingles_of
from services.ingest.items import Item
from services.ingest.lifecycle.identity import story_id

__all__ = ["Aliases", "aliases_of", "find_renamed"]

Aliases = dict[str, tuple[str | bytes, timedelta]]
"""Keys to what they hold and for how long."""

REMEMBERED = timedelta(days=30)

PARTS = 8
"""Hashes of a text's sketch that it is known by: of two texts with 0.74 in common, the least that two revisions with
0.85 of one in the other can have when both are the same length, all eight differ with a chance of 2 in 100,000."""

CANDIDATES = 3


def aliases_of(source: str, item: Item, story: str) -> Aliases:
    """Return the names to remember the story by, and its text; none for copy that has a name of its own."""
    if item.identity is not None or item.takes_back:
        return {}
    named = story_id(source, item)
    aliases: Aliases = {}
    if named != story:
        aliases[_headline_key(named)] = (story, REMEMBERED)
    if text := _text(item):
        aliases |= dict.fromkeys(_text_keys(source, item, text), (story, REMEMBERED))
        aliases[_filed_key(story)] = (text.filed.to_bytes(), REMEMBERED)
    return aliases


async def find_renamed(redis: Redis, source: str, item: Item, named: str) -> str | None:
    """Return the story that is known by this headline, or by nearly this text; ``named`` is the id that it would have.

    The call is made only for copy without a name whose headline is new, so it costs other copy nothing.
    """
    text = _text(item)
    keys = [_headline_key(named), *(_text_keys(source, item, text) if text else ())]
    by_headline, *by_text = cast("list[bytes | None]", await redis.mget(keys))
    if by_headline:
        return by_headline.decode()
    if text is None:
        return None
    for story, _ in Counter(filter(None, by_text)).most_common(CANDIDATES):
        filed = cast("bytes | None", await redis.get(_filed_key(story.decode())))
        if filed and same_copy(text, Filed.from_bytes(filed)):
            return story.decode()
    return None


def _text(item: Item) -> Shingles | None:
    text = shingles_of(item.body_html)
    return text if text and text.words >= LEAST_WORDS else None


def _text_keys(source: str, item: Item, text: Shingles) -> list[str]:
    day = item.published.date().isoformat() if item.published else ""
    return [f"ingest:alias:text:{source}:{day}:{part:08x}" for part in sketch(text.filed.hashes)[:PARTS]]


def _headline_key(named: str) -> str:
    return f"ingest:alias:headline:{named}"


def _filed_key(story: str) -> str:
    return f"ingest:alias:filed:{story}"
