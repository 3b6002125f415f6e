"""Asking every enricher about a story within its time, and going on with what came."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from services.enrich.additions import Cost, Finding, Found
from services.enrich.asking import ask_all, by_name
from services.enrich.loading import Absent, Loaded, load_all
from services.enrich.metrics import ENRICHER_DURATION, ENRICHER_SKIPPED
from services.enrich.pool import Pool
from services.enrich.registries import registry_at
from services.enrich.worker import Orders
from shared.article import Article, Skipped

__all__ = ["Enrichers"]

URGENT_BUDGET = 0.05
"""Seconds that a flash waits at most, for enrichers that need about a millisecond."""


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
        urgent_budget: float = URGENT_BUDGET,
    ) -> None:
        self._registry = registry_at(path, off)
        self._budget = budget
        self._urgent_budget = urgent_budget
        self._pool = Pool(Orders(path, off, hard_seconds), workers=workers)
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
        asked = [article for article in articles if not article.is_taken_away]
        if not asked:
            return [[] for _ in articles]
        if urgent:
            found = await self._at_once(asked, min(self._budget, self._urgent_budget))
        else:
            end = None if patient else asyncio.get_running_loop().time() + (budget or self._budget)
            found = await self._in_time(asked, end)
        self._count(found)
        answers = iter(found)
        return [[] if article.is_taken_away else next(answers) for article in articles]

    async def check(self) -> str | None:
        """Readiness: name what is absent. The service runs on meanwhile, and stories go without."""
        if trouble := self._pool.check():
            return trouble
        absent = {one.enricher.name: one.reason for one in self._instant if isinstance(one, Absent)}
        absent |= dict(self._pool.absent)
        return "; ".join(f"{name} not loaded ({reason})" for name, reason in absent.items()) or None

    @property
    def pids(self) -> list[int]:
        """The worker processes."""
        return self._pool.pids

    async def close(self) -> None:
        """End the workers."""
        await self._pool.close()

    async def _at_once(self, articles: Sequence[Article], limit: float) -> list[list[Finding]]:
        instant = await self._instantly(articles, limit)
        return [self._settled(findings, "deferred") for findings in instant]

    async def _in_time(
        self, articles: Sequence[Article], end: float | None, *, again: bool = False
    ) -> list[list[Finding]]:
        """Ask the workers until a moment of the loop's clock; what has come by then counts.

        A batch that was lost with its worker is asked for once more, each story alone: it may be what killed it.
        """
        left = None if end is None else max(0.0, end - asyncio.get_running_loop().time())
        parts, ended = await self._pool.run(articles, left, patient=end is None)
        for part in parts:
            ENRICHER_DURATION.labels(part.name).observe(part.seconds / len(articles))
        came = [[part.findings[number] for part in parts] for number in range(len(articles))]
        if ended == "done":
            return [self._settled(findings, "failed") for findings in came]
        if ended != "late" and not again and (len(articles) > 1 or ended == "died"):
            apart = await asyncio.gather(*(self._in_time([article], end, again=True) for article in articles))
            return [one for (one,) in apart]
        if not parts:
            came = await self._instantly(articles, self._urgent_budget)
        if ended == "late":
            return [self._settled(findings, "late") for findings in came]
        return [self._settled(findings, "failed", f"its worker {ended}") for findings in came]

    async def _instantly(self, articles: Sequence[Article], limit: float) -> list[list[Finding]]:
        try:
            async with asyncio.timeout(limit):
                findings, _ = await asyncio.to_thread(ask_all, self._instant, articles)
        except TimeoutError:
            return [[] for _ in articles]
        return findings

    def _settled(self, findings: Sequence[Finding], reason: str, detail: str | None = None) -> list[Finding]:
        """Return one finding an enricher: those that came, and the others by the reason why they did not."""
        came = by_name(findings)
        missing = {"reason": reason, "detail": detail}
        return [came.get(e.name) or Skipped.model_validate({"name": e.name} | missing) for e in self._registry]

    def _count(self, found: Sequence[Sequence[Finding]]) -> None:
        for finding in (finding for findings in found for finding in findings):
            if not isinstance(finding, Found):
                ENRICHER_SKIPPED.labels(finding.name, finding.reason).inc()
