"""Asking every enricher about a story within its time, and going on with what came."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from services.enrich.additions import Cost, Finding, Found
from services.enrich.asking import Asked, ask_all, by_name
from services.enrich.loading import Absent, Loaded, load_all
from services.enrich.metrics import ENRICHER_DURATION, ENRICHER_SKIPPED
from services.enrich.pool import Pool, WorkerDied, registry_at
from shared.article import Article, Change, PubStatus, Skipped

__all__ = ["Enrichers", "passes_through"]

URGENT_BUDGET = 0.05
"""Seconds that a flash waits at most, for enrichers that need about a millisecond."""


def passes_through(article: Article) -> bool:
    """Tell whether a revision takes copy away: a kill or a withhold has nothing to enrich and must not wait."""
    taken_away = article.newsroom.change in {Change.KILL, Change.WITHHOLD}
    return taken_away or article.pub_status is not PubStatus.USABLE


class Enrichers:
    """The registry, loaded twice: whole in the worker processes, and its instant ones here, for what cannot wait."""

    def __init__(
        self,
        path: str,
        *,
        budget: float,
        workers: int = 1,
        hard_seconds: float = 20,
        off: frozenset[str] = frozenset(),
    ) -> None:
        self._registry = registry_at(path, off)
        self._budget = budget
        self._pool = Pool(path, workers=workers, hard_seconds=hard_seconds, off=off)
        self._instant: tuple[Loaded | Absent, ...] = ()

    async def start(self) -> None:
        """Load the models, before the service is ready."""
        instant = [enricher for enricher in self._registry if enricher.cost is Cost.INSTANT]
        self._instant = await asyncio.to_thread(load_all, instant)
        await self._pool.start()

    async def ask(
        self, articles: Sequence[Article], *, urgent: bool, budget: float | None = None, patient: bool = False
    ) -> list[list[Finding]]:
        """Return for each article one finding an enricher, in the registry's order, before its time is up.

        Urgent copy is given to the instant enrichers alone, for a shorter time; the others are ``deferred``. Copy that
        is taken away is given to none, and nothing is recorded. ``patient`` waits for all of them, however long.
        """
        asked = [article for article in articles if not passes_through(article)]
        if not asked:
            return [[] for _ in articles]
        limit = None if patient else min(self._budget, URGENT_BUDGET) if urgent else budget or self._budget
        found = await (self._at_once(asked, limit) if urgent else self._in_time(asked, limit))
        self._count(found)
        answers = iter(found)
        return [[] if passes_through(article) else next(answers) for article in articles]

    async def check(self) -> str | None:
        """Readiness: name what is absent. The service runs on meanwhile, and stories go without."""
        absent = {one.enricher.name: one.reason for one in self._instant if isinstance(one, Absent)}
        absent |= dict(self._pool.absent)
        return "; ".join(f"{name} not loaded ({reason})" for name, reason in absent.items()) or None

    @property
    def pids(self) -> list[int]:
        """The worker processes."""
        return self._pool.pids

    def close(self) -> None:
        """End the workers."""
        self._pool.close()

    async def _at_once(self, articles: Sequence[Article], limit: float | None) -> list[list[Finding]]:
        instant = await self._instantly(articles, limit)
        return [self._settled(findings, "deferred") for findings in instant]

    async def _in_time(self, articles: Sequence[Article], limit: float | None) -> list[list[Finding]]:
        """Ask the workers; when the time is up, the instant enrichers alone, here."""
        working = asyncio.ensure_future(self._pool.run(articles))
        done, _ = await asyncio.wait({working}, timeout=limit)
        if not done:
            # It runs on in its worker, for nobody: what it finds is asked for once more by what was deferred.
            working.add_done_callback(_unheard)
            return [self._settled(one, "late") for one in await self._instantly(articles, URGENT_BUDGET)]
        try:
            findings, took = working.result()
        except WorkerDied:
            if len(articles) > 1:
                apart = [await self._in_time([article], limit) for article in articles]
                return [one for (one,) in apart]
            return [self._settled(one, "failed") for one in await self._instantly(articles, URGENT_BUDGET)]
        for name, seconds in took.items():
            ENRICHER_DURATION.labels(name).observe(seconds / len(articles))
        return findings

    async def _instantly(self, articles: Sequence[Article], limit: float | None) -> list[list[Finding]]:
        try:
            findings, _ = await asyncio.wait_for(asyncio.to_thread(ask_all, self._instant, articles), limit)
        except TimeoutError:
            return [[] for _ in articles]
        return findings

    def _settled(self, findings: Sequence[Finding], reason: str) -> list[Finding]:
        """Return one finding an enricher: those that came, and the others by the reason why they did not."""
        came = by_name(findings)
        return [came.get(e.name) or Skipped.model_validate({"name": e.name, "reason": reason}) for e in self._registry]

    def _count(self, found: Sequence[Sequence[Finding]]) -> None:
        for finding in (finding for findings in found for finding in findings):
            if not isinstance(finding, Found):
                ENRICHER_SKIPPED.labels(finding.name, finding.reason).inc()


def _unheard(working: asyncio.Future[Asked]) -> None:
    """Take the exception of work that nobody waits for."""
    if not working.cancelled():
        working.exception()
