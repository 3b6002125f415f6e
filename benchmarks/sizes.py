"""Pages that are not in memory, as the archive grows.

A web process on SQLite that keeps a single page in memory is asked over HTTP by one client, each time for another page
than the last, so that every answer is read from the store and rendered. ``python -m benchmarks.sizes 1000000`` measures
one size, or several.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx

from benchmarks.invented import stories
from benchmarks.processes import web
from services.publish.store.database import Database
from services.publish.store.reading import Cursor, Reader
from services.publish.store.writing import Store
from shared.article import Article

SIZES = (1_000, 10_000, 100_000)
BATCH = 500
ASKED = 100
"""Requests for each kind of page."""
SEARCHES = ("ferry", "nairobi market", "harbour repair", "osaka museum", "tram")
Times = Mapping[str, list[float]]


async def measure(sizes: tuple[int, ...] = SIZES) -> str:
    """Return the section."""
    return _section({size: await asyncio.to_thread(_at_size, size) for size in sizes})


def _at_size(size: int) -> tuple[float, Times]:
    """Return the stories filled in per second, and the milliseconds that each kind of page took."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        url = f"sqlite:///{Path(folder) / 'site.db'}"
        database = Database(url)
        began = time.perf_counter()
        for batch in _batches(stories(size)):
            Store(database).apply(batch)
        rate = size / (time.perf_counter() - began)
        paths = _paths(database, size)
        database.close()
        with web(url, SITE_CACHED_PAGES="1") as address, httpx.Client(base_url=address, timeout=60) as client:
            return rate, _ask(client, paths)


def _batches(articles: Iterator[Article]) -> Iterator[list[Article]]:
    batch: list[Article] = []
    for article in articles:
        batch.append(article)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _paths(database: Database, size: int) -> dict[str, list[str]]:
    """Return the addresses of each kind, chosen by chance and always the same."""
    reader, chance = Reader(database), random.Random(1)  # noqa: S311 - variety, not secrecy
    told = [f"story{chance.randrange(size)}" for _ in range(ASKED)]
    deep = [Cursor(chance.randrange(1, size)) for _ in range(ASKED)]
    found = reader.teasers(told)
    return {
        "home": ["/"] * ASKED,
        "section": ["/world", "/science"] * (ASKED // 2),
        "section, deep": [f"/culture?before={cursor}" for cursor in deep],
        "topic": ["/topic/11000000", "/topic/15000000"] * (ASKED // 2),
        "place": ["/place/lima-101", "/place/cork-104"] * (ASKED // 2),
        "story": [f"/story/{found[story_id].slug}-{story_id}" for story_id in told],
        "search": [f"/search?q={query.replace(' ', '+')}" for query in SEARCHES] * (ASKED // len(SEARCHES)),
    }


def _ask(client: httpx.Client, paths: Mapping[str, list[str]]) -> Times:
    times: dict[str, list[float]] = {name: [] for name in paths}
    other = "/culture"
    for name, asked in paths.items():
        client.get(asked[0])
        for path in asked:
            client.get(other)
            began = time.perf_counter()
            answer = client.get(path)
            times[name].append((time.perf_counter() - began) * 1000)
            answer.raise_for_status()
    return times


def _section(found: dict[int, tuple[float, Times]]) -> str:
    kinds = list(next(iter(found.values()))[1])
    lines = [
        "## Pages from the store, as the archive grows",
        "",
        (__doc__ or "").partition("\n\n")[2].strip(),
        "",
        "Milliseconds, p50 and p95; the last column is how fast the store was filled, by one projector.",
        "",
        f"| stories | {' | '.join(kinds)} | stories/s in |",
        f"|---:|{'---:|' * len(kinds)}---:|",
    ]
    for size, (rate, times) in found.items():
        cells = [f"{statistics.median(taken):.1f}, {_p95(taken):.1f}" for taken in times.values()]
        lines.append(f"| {size:,} | {' | '.join(cells)} | {rate:,.0f} |")
    return "\n".join([*lines, ""])


def _p95(taken: list[float]) -> float:
    return sorted(taken)[int(len(taken) * 0.95)]


if __name__ == "__main__":
    sys.stdout.write(asyncio.run(measure(tuple(map(int, sys.argv[1:])) or SIZES)))
