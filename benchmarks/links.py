"""Links: which pairs are told to be one text or one event, and what it costs.

The pairs of texts are those of the folding benchmark (`tests/ingest/copies.py`, all invented); one text are those where
furniture was added, the text was cut to 60 %, or a third written anew; not one text are the same forms with other
figures, and every story beside every other. One event are the two tellings of each story by two desks. Small sets: the
thresholds were looked at with them, so read the figures as a check and not as what news at large will give.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

from redis.asyncio import Redis

from services.enrich.additions import Enrich, Found
from services.enrich.copy import Copy
from services.enrich.enrichers import embedding
from services.enrich.enrichers.traits import find_traits
from services.enrich.links.scoring import link_scores
from services.enrich.links.settings import LinkSettings
from services.enrich.links.store import Links
from services.enrich.links.traits import Traits
from shared.article import Article, Body, Change, Headline, Newsroom
from tests.ingest.copies import html, pairs, stories
from tools.redis_server import RedisServer

SAME = ("furniture", "in long furniture", "cut to 60 %", "cut, in furniture", "a third new")
OTHER = "same form"
STORIES = 500
WORDS = 360

Told = list[tuple[str, bool, bool]]
"""Kind of pair, whether it is one, whether it was told to be one."""


async def measure() -> str:
    """Judge the pairs, time the parts, and return the section of the page."""
    lines = ["## Links", "", (__doc__ or "").split("\n\n", 1)[1].strip(), ""]
    lines += ["| pairs | kind | precision | recall |", "|---|---|---:|---:|"]
    told = _duplicates()
    lines += [_row("one text", kind, [one for one in told if one[0] in {kind, OTHER}]) for kind in SAME]
    lines += [_row("one text", "all", told)]
    model = _model()
    lines += [_row("one event", "default tier", _events(None))]
    lines += [_row("one event", "full tier", _events(model))] if model else []
    return "\n".join([*lines, "", *_sketching(), *await _filing(), ""])


def _duplicates() -> Told:
    texts = [story.told for story in stories()]
    made = [(pair.kind, pair.kind in SAME, _body(pair.first), _body(pair.second)) for pair in pairs()]
    made = [one for one in made if one[0] in {*SAME, OTHER}]
    made += [("other stories", False, _body(html(a)), _body(html(b))) for a, b in combinations(texts, 2)]
    return [(kind, truth, link_scores(a, b).rel == "duplicate") for kind, truth, a, b in made]


def _events(model: Enrich | None) -> Told:
    """Judge the tellings without headline and names, which the set lacks; the second avoids the words of the first."""
    told = [(story.name, _copy(text)) for story in stories() for text in (story.told, story.otherwise)]
    traits = [(name, _traits(copy, model)) for name, copy in told]
    return [("", a == b, link_scores(x, y).rel in {"duplicate", "event"}) for (a, x), (b, y) in combinations(traits, 2)]


def _model() -> Enrich | None:
    try:
        return embedding.load()
    except (ImportError, embedding.ModelMissing):
        return None


def _traits(copy: Copy, model: Enrich | None) -> Traits:
    packed = dict(find_traits(copy).traits or {})
    for found in model([copy]) if model else ():
        packed |= found.traits or {}
    return Traits.unpacked(packed)


def _body(body_html: str) -> Traits:
    return _traits(Copy.of(_article("a", "", body_html)), None)


def _copy(text: str) -> Copy:
    return Copy.of(_article("a", "", html(text)))


def _row(what: str, kind: str, told: Told) -> str:
    right = sum(truth and said for _, truth, said in told)
    found, there = sum(said for *_, said in told), sum(truth for _, truth, _ in told)
    return f"| {what} | {kind} | {right / max(found, 1):.1%} | {right / max(there, 1):.1%} |"


def _sketching() -> Iterator[str]:
    copies = [Copy.of(article) for article in _made(100)]
    times = []
    for copy in copies:
        start = time.perf_counter()
        find_traits(copy)
        times.append(time.perf_counter() - start)
    yield f"Taking the traits of a story of {WORDS} words: {statistics.median(times) * 1000:.2f} ms (median)."


async def _filing() -> list[str]:
    """Time what a story waits for, on a Redis with AOF ``always``."""
    with tempfile.TemporaryDirectory() as folder:
        server = RedisServer(data=Path(folder))
        server.start()
        try:
            async with Redis.from_url(server.url) as redis:
                before = (await redis.info("memory"))["used_memory"]
                times = await _filed(Links(redis, LinkSettings(timeout_ms=10_000)))
                size = ((await redis.info("memory"))["used_memory"] - before) / STORIES / 1024
        finally:
            server.stop()
    slowest = statistics.quantiles(times, n=20)[-1]
    return [
        (
            f"Filing one of {STORIES} and comparing it with those like it: {statistics.median(times) * 1000:.1f} ms "
            f"(median), {slowest * 1000:.1f} ms (p95), {size:.1f} KB of Redis a story."
        )
    ]


async def _filed(links: Links) -> list[float]:
    times = []
    for article in _made(STORIES):
        findings = [Found("traits", "1", find_traits(Copy.of(article)))]
        start = time.perf_counter()
        await links.finish(article, findings)
        times.append(time.perf_counter() - start)
    return times


def _made(count: int) -> Iterator[Article]:
    """Mix stories from the sentences of all, so that they share what stories of one newsroom share, and more."""
    chance = random.Random("links")  # noqa: S311 - the same stories every time
    words = " ".join(text for story in stories() for text in (story.told, story.otherwise)).split()
    for number in range(count):
        starts = [chance.randrange(len(words) - 12) for _ in range(WORDS // 12)]
        text = " ".join(" ".join(words[start : start + 12]) for start in starts)
        yield _article(f"s{number}", " ".join(text.split()[:8]), html(text))


def _article(story_id: str, headline: str, body: str) -> Article:
    newsroom = Newsroom(
        story_id=story_id,
        revision=16,
        change=Change.NEW,
        source="s",
        provider="p",
        received=datetime(2026, 3, 4, tzinfo=UTC),
    )
    headlines, bodies = (Headline(value=headline),), (Body(value=body),)
    return Article(uri=f"https://wire.example/{story_id}", headlines=headlines, bodies=bodies, newsroom=newsroom)


if __name__ == "__main__":
    print(asyncio.run(measure()))
