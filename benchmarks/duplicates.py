"""Folding: which pairs of a labelled set are told to be one text, and what the check costs.

192 pairs from twelve invented stories and four forms (`tests/ingest/copies.py`); the first text is there, the second
comes from another provider. To fold is right where the second says nothing that the first does not.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from redis.asyncio import Redis

from services.ingest.folding import minhash
from services.ingest.folding.duplicates import Texts
from services.ingest.folding.minhash import adds_nothing, contained, sketch
from services.ingest.folding.shingles import Shingles, shingles_of
from tests.ingest.copies import Pair, html, pairs, stories
from tools.redis_server import RedisServer

TEXTS = 2_000
WORDS = 400

Judge = Callable[[Shingles, Shingles], bool]


def resemblance(copy: Shingles, story: Shingles) -> float:
    """Return the share of all shingles of both that they have in common: what most detectors ask for."""
    here, there = copy.filed.hashes, story.filed.hashes
    return len(here & there) / len(here | there)


JUDGES: dict[str, Judge] = {
    "the same words": lambda copy, story: copy.filed.digest == story.filed.digest,
    "resemblance of 0.9": lambda copy, story: resemblance(copy, story) >= 0.9,
    "resemblance of 0.5": lambda copy, story: resemblance(copy, story) >= 0.5,
    "contained by 0.85, facts not looked at": lambda copy, story: (
        contained(copy.filed.hashes, story.filed.hashes) >= minhash.FOLDS_AT
    ),
    "Wireroom": lambda copy, story: adds_nothing(copy, story.filed),
}


async def measure() -> str:
    """Judge every pair, then time the check on a Redis with AOF ``always``, and return the section of the page."""
    judged = [(pair, _shingles(pair.second), _shingles(pair.first)) for pair in pairs()]
    lines = ["## Duplicates", "", (__doc__ or "").split("\n\n", 1)[1].strip(), ""]
    lines += [*_by_judge(judged), "", *_by_kind(judged), "", *_by_threshold(judged), "", await _cost()]
    return "\n".join(lines) + "\n"


def _shingles(text: str) -> Shingles:
    found = shingles_of(text)
    assert found is not None  # noqa: S101 - every text of the set has words
    return found


Judged = list[tuple[Pair, Shingles, Shingles]]


def _rates(judged: Judged, judge: Judge) -> tuple[float, float]:
    folded = [pair.folds for pair, copy, story in judged if judge(copy, story)]
    wanted = sum(pair.folds for pair, _, _ in judged)
    return sum(folded) / max(len(folded), 1), sum(folded) / wanted


def _by_judge(judged: Judged) -> list[str]:
    lines = ["| told to be one text by | precision | recall |", "|---|---:|---:|"]
    for name, judge in JUDGES.items():
        precision, recall = _rates(judged, judge)
        lines.append(f"| {name} | {precision:.0%} | {recall:.0%} |")
    return lines


def _by_kind(judged: Judged) -> list[str]:
    lines = ["| the copy | should fold | pairs | folded | found by the sketch |", "|---|---|---:|---:|---:|"]
    for kind in dict.fromkeys(pair.kind for pair, _, _ in judged):
        of_kind = [(pair, copy, story) for pair, copy, story in judged if pair.kind == kind]
        folded = sum(adds_nothing(copy, story.filed) for _, copy, story in of_kind)
        found = sum(bool(_sketched(copy) & _sketched(story)) for _, copy, story in of_kind)
        should = "yes" if of_kind[0][0].folds else "no"
        lines.append(f"| {kind} | {should} | {len(of_kind)} | {folded} | {found} |")
    return lines


def _sketched(text: Shingles) -> set[int]:
    return set(sketch(text.filed.hashes))


def _by_threshold(judged: Judged) -> list[str]:
    lines = ["| share of the copy that the story must have | precision | recall |", "|---|---:|---:|"]
    for share in (0.6, 0.7, 0.8, 0.85, 0.9, 0.95):

        def judge(copy: Shingles, story: Shingles, share: float = share) -> bool:
            enough = contained(copy.filed.hashes, story.filed.hashes) >= share
            return enough and not minhash.contradicts(copy, story.filed)

        precision, recall = _rates(judged, judge)
        lines.append(f"| {share:.2f} | {precision:.0%} | {recall:.0%} |")
    return lines


async def _cost() -> str:
    texts = _many()
    started = time.perf_counter()
    signed = [_shingles(text) for text in texts]
    signing = (time.perf_counter() - started) / len(texts)
    with tempfile.TemporaryDirectory() as folder:
        server = RedisServer(data=Path(folder))
        await asyncio.to_thread(server.start)
        try:
            async with Redis.from_url(server.url) as redis:
                times, plain, size = await _filed(redis, signed)
        finally:
            await asyncio.to_thread(server.stop)
    return (
        f"Of {TEXTS:,} texts of {WORDS} words: {signing * 1000:.2f} ms to take a text's shingles, "
        f"{statistics.median(times) * 1000:.2f} ms to file it and look for others, beside "
        f"{statistics.median(plain) * 1000:.2f} ms for a plain `SET` of as much in the same run, "
        f"{size / 1024:.1f} KB of Redis a text for three days."
    )


async def _filed(redis: Redis, signed: list[Shingles]) -> tuple[list[float], list[float], float]:
    near = Texts(redis, most_a_day=TEXTS)
    times, plain, size = [], [], 0
    for number, text in enumerate(signed):
        before = (await redis.info("memory"))["used_memory"]
        started = time.perf_counter()
        await near.file(text.filed, story_id=f"story{number:013}", source=f"s{number % 7}", now=datetime.now(UTC))
        times.append(time.perf_counter() - started)
        size += (await redis.info("memory"))["used_memory"] - before
        started = time.perf_counter()
        await redis.set("plain", text.filed.to_bytes())
        plain.append(time.perf_counter() - started)
    return times, plain, size / len(signed)


def _many() -> list[str]:
    """Return texts of the stories' own words, each in another order."""
    chance = random.Random(1)  # noqa: S311 - the same texts every time
    words = " ".join(story.told for story in stories()).split()
    return [html(" ".join(chance.choices(words, k=WORDS))) for _ in range(TEXTS)]
