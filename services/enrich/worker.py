"""One enricher and the threads that it runs in.

Each enricher has threads of its own, so one that hangs takes nobody else's. A thread cannot be stopped from outside:
when all of an enricher's threads are overdue it is asked nothing more until one of them comes back, and a story does
not wait for it. The threads are daemons (those of ``concurrent.futures`` are joined at exit, for ever if one hangs).
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future
from queue import SimpleQueue

from services.enrich.additions import Finding, Found
from services.enrich.loading import Loaded
from services.enrich.metrics import ENRICHER_DURATION
from shared.article import Article, Skipped

__all__ = ["Worker"]

Job = tuple[Article, Future[Finding]]


class Worker:
    """Runs one enricher off the event loop."""

    def __init__(self, loaded: Loaded, *, threads: int, budget: float) -> None:
        self.name = loaded.enricher.name
        self._loaded = loaded
        self._budget = budget
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._since: list[float | None] = [None] * threads
        for number in range(threads):
            threading.Thread(target=self._work, args=(number,), name=f"{self.name}-{number}", daemon=True).start()

    def submit(self, article: Article) -> Future[Finding]:
        """Return the finding to come. It never carries an exception: what the enricher raises is a finding too."""
        future: Future[Finding] = Future()
        if self._hung():
            future.set_result(Skipped(name=self.name, reason="late", detail="earlier stories have not come back"))
        else:
            self._jobs.put((article, future))
        return future

    def overdue(self, seconds: float) -> int:
        """Count the threads that have been at one story for longer than this."""
        now = time.monotonic()
        return sum(since is not None and now - since > seconds for since in self._since)

    def close(self) -> None:
        """Let the threads end once what they have begun is done."""
        for _ in self._since:
            self._jobs.put(None)

    def _hung(self) -> bool:
        return self.overdue(self._budget) == len(self._since)

    def _work(self, number: int) -> None:
        while (job := self._jobs.get()) is not None:
            article, future = job
            # A story that has gone on meanwhile has cancelled its job: nothing is worked out for nobody.
            if future.set_running_or_notify_cancel():
                self._since[number] = time.monotonic()
                finding = self._ask(article)
                self._since[number] = None
                future.set_result(finding)

    def _ask(self, article: Article) -> Finding:
        enricher = self._loaded.enricher
        with ENRICHER_DURATION.labels(enricher.name).time():
            try:
                return Found(enricher.name, enricher.version, self._loaded.enrich(article))
            except BaseException as error:  # noqa: BLE001 - SystemExit too: a thread that ends is one fewer for ever
                return Skipped(name=enricher.name, reason="failed", detail=type(error).__name__)
