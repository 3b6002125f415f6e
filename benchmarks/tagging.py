"""Tagging: articles a second on one core by tier, what each enricher takes of it, and how long a flash waits.

The articles are the held-out ones of `tests/evaluation`, joined until they have about 360 words; one process asks every
enricher about them in batches, as a worker of the service does. A flash is one article of 360 words that every
enricher of the default tier is asked about, by itself; the service asks the instant ones first and the others after.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import chain, cycle, islice

import structlog

from services.enrich.additions import Cost, Enricher
from services.enrich.asking import ask_all
from services.enrich.loading import Absent, Loaded, load_all
from services.enrich.registry import DEFAULT, FULL
from shared.article import Article
from tools.evaluate.labelled import SETS, as_article, read_set

WORDS = 360
HALF = 12
"""Words of half a paragraph: so they are as long as they should be on average, whole paragraphs as they are."""
ARTICLES, ROUNDS = 96, 3
BATCH = 8
"""As the service has it unless it is told otherwise."""
FLASHES = 100


async def measure() -> str:
    """Time the tiers and the flashes, and return the section of the page.

    In a process of its own: what other measurements left in this one costs the collector half the rate, and memory.
    """
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "benchmarks.tagging"]
    done = await asyncio.to_thread(subprocess.run, command, env=environment, check=True, capture_output=True, text=True)
    return done.stdout


def _measured() -> str:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    articles = long_articles()
    lines = ["## Tagging", "", (__doc__ or "").split("\n\n", 1)[1].strip(), ""]
    lines += ["| tier | articles a second | of it, ms an article |", "|---|---:|---|"]
    lines += [_row("default", DEFAULT, articles)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    flashes = list(_flashes(articles))
    lines += [_row("full", FULL, articles)]
    return "\n".join([*lines, "", *flashes, "", f"The process has {peak:.0f} MB at most in the default tier.", ""])


def _row(tier: str, registry: Sequence[Enricher], articles: Sequence[Article]) -> str:
    loaded = _loaded(registry)
    missing = [one.enricher.name for one in loaded if isinstance(one, Absent)]
    if missing:
        return f"| {tier} | not measured: {', '.join(missing)} not loaded | |"
    _ask(loaded, articles[:BATCH])
    rounds = [_ask(loaded, articles) for _ in range(ROUNDS)]
    rate = statistics.median(len(articles) / seconds for seconds, _ in rounds)
    shares = {
        one.enricher.name: statistics.median(took[one.enricher.name] for _, took in rounds) / len(articles)
        for one in loaded
    }
    told = (f"{name} {share * 1000:.2f}" for name, share in sorted(shares.items(), key=lambda item: -item[1]))
    return f"| {tier} | {rate:.0f} | {', '.join(told)} |"


def _loaded(registry: Sequence[Enricher]) -> tuple[Loaded | Absent, ...]:
    """Load as a worker does: what is loaded stays, and the collector need not go through it again and again."""
    loaded = load_all(registry)
    gc.collect()
    gc.freeze()
    return loaded


def _ask(loaded: Sequence[Loaded | Absent], articles: Sequence[Article]) -> tuple[float, dict[str, float]]:
    """Return the seconds that it took, and by enricher; the rest is taking the text out of the HTML."""
    took: dict[str, float] = {}
    start = time.process_time()
    for first in range(0, len(articles), BATCH):
        for name, seconds in ask_all(loaded, articles[first : first + BATCH])[1].items():
            took[name] = took.get(name, 0.0) + seconds
    return time.process_time() - start, took


def _flashes(articles: Sequence[Article]) -> Iterator[str]:
    loaded = _loaded(DEFAULT)
    instant = [one for one in loaded if one.enricher.cost is Cost.INSTANT]
    for what, asked in (("every enricher", loaded), ("the instant enrichers alone", instant)):
        times = []
        for article in islice(cycle(articles), FLASHES):
            start = time.perf_counter()
            ask_all(asked, [article])
            times.append(time.perf_counter() - start)
        slowest = statistics.quantiles(times, n=20)[-1]
        yield (
            f"A flash, {what}: {statistics.median(times) * 1000:.1f} ms (median), {slowest * 1000:.1f} ms (p95). "
        ).strip()


def long_articles() -> list[Article]:
    """Join the paragraphs of one article after the other, so that every made one has its share of names and tables."""
    labelled = read_set(SETS / "test")
    paragraphs = cycle(chain.from_iterable(article.paragraphs for article in labelled))
    made = []
    for number in range(ARTICLES):
        body: list[str] = []
        while sum(len(paragraph.split()) for paragraph in body) < WORDS - HALF:
            body.append(next(paragraphs))
        made.append(as_article(labelled[number].headline, tuple(body), name=f"a{number}"))
    return made


if __name__ == "__main__":
    print(_measured())
