"""Asking every enricher about a story within its time, and going on with what came."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from services.enrich.additions import Finding
from services.enrich.loading import Absent, Loaded
from services.enrich.metrics import ENRICHER_SKIPPED
from services.enrich.worker import Worker
from shared.article import Article, Change, PubStatus, Skipped

__all__ = ["Enrichers", "passes_through"]

THREADS_EACH = 2
"""An enricher's threads: a second so that one slow story does not make every other one late. The work is bound by
the interpreter's lock, so more would bring nothing; more replicas do."""
URGENT_BUDGET = 0.05
"""Seconds that a flash waits at most, for enrichers that need about a millisecond."""
STUCK = 10.0
"""Seconds after which a call is reported as stuck: far over any budget that makes sense, and over a loaded machine."""


def passes_through(article: Article) -> bool:
    """Tell whether a revision takes copy away: a kill or a withhold has nothing to enrich and must not wait."""
    taken_away = article.newsroom.change in {Change.KILL, Change.WITHHOLD}
    return taken_away or article.pub_status is not PubStatus.USABLE


class Enrichers:
    """The loaded registry, ready to be asked."""

    def __init__(self, loaded: Sequence[Loaded | Absent], *, budget: float) -> None:
        self._loaded = tuple(loaded)
        self._budget = budget
        self._workers = {
            one.enricher.name: Worker(one, threads=THREADS_EACH, budget=budget)
            for one in self._loaded
            if isinstance(one, Loaded)
        }

    async def ask(self, article: Article, *, urgent: bool) -> list[Finding]:
        """Return one finding an enricher, in the registry's order, before the story's time is up.

        Urgent copy is given to the instant enrichers alone, for a shorter time; the others are named as ``late``,
        since they would have been. Copy that is taken away is given to none, and nothing is recorded.
        """
        if passes_through(article):
            return []
        asked = [self._ask(one, article, urgent=urgent) for one in self._loaded]
        futures = [one for one in asked if isinstance(one, asyncio.Future)]
        if futures:
            await asyncio.wait(futures, timeout=min(self._budget, URGENT_BUDGET) if urgent else self._budget)
        findings = [self._settle(one, asks) for one, asks in zip(self._loaded, asked, strict=True)]
        for finding in findings:
            if isinstance(finding, Skipped):
                ENRICHER_SKIPPED.labels(finding.name, finding.reason).inc()
        return findings

    async def check(self) -> str | None:
        """Readiness: name what is absent or stuck. The service runs on meanwhile, and stories go without."""
        absent = [f"{o.enricher.name} not loaded ({o.reason})" for o in self._loaded if isinstance(o, Absent)]
        stuck = [
            f"{name} stuck ({count} of {THREADS_EACH} threads)"
            for name, worker in self._workers.items()
            if (count := worker.overdue(STUCK))
        ]
        return "; ".join(absent + stuck) or None

    def close(self) -> None:
        """Let the threads go. One that hangs is left behind: it is a daemon, and ends with the process."""
        for worker in self._workers.values():
            worker.close()

    def _ask(self, one: Loaded | Absent, article: Article, *, urgent: bool) -> asyncio.Future[Finding] | Skipped:
        name = one.enricher.name
        if isinstance(one, Absent):
            return Skipped(name=name, reason="failed", detail=f"not loaded: {one.reason}")
        if urgent and not one.enricher.instant:
            return Skipped(name=name, reason="late", detail="not asked: urgent copy does not wait")
        return asyncio.wrap_future(self._workers[name].submit(article))

    def _settle(self, one: Loaded | Absent, asked: asyncio.Future[Finding] | Skipped) -> Finding:
        if isinstance(asked, Skipped):
            return asked
        if asked.done():
            return asked.result()
        asked.cancel()
        return Skipped(name=one.enricher.name, reason="late")
