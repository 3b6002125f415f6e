"""Worker processes that hold the models: the enrichers' work takes the processor, and the event loop must not wait.

A worker loads its models once, ends when its parent ends, and is killed with its fellows when one hangs or dies: what
they had in hand is then told as failed, and filled in later by an amendment like anything that came late.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import multiprocessing
import os
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from services.enrich.additions import Enricher
from services.enrich.asking import Asked, ask_all
from services.enrich.loading import Absent, Loaded, load_all
from services.enrich.metrics import WORKERS_REPLACED
from shared.article import Article
from shared.logs import get_logger

__all__ = ["Pool", "WorkerDied", "registry_at"]

log = get_logger(__name__)


class WorkerDied(RuntimeError):
    """The worker was killed, by its own hand, by the system, or by us because it hung."""


def registry_at(path: str, off: frozenset[str] = frozenset()) -> tuple[Enricher, ...]:
    """Return the enrichers of ``module:NAME``, without those that are switched off."""
    module, _, name = path.partition(":")
    registry: Sequence[Enricher] = getattr(importlib.import_module(module), name)
    return tuple(enricher for enricher in registry if enricher.name not in off)


_LOADED: tuple[Loaded | Absent, ...] = ()


def _begin(path: str, off: frozenset[str]) -> None:
    """Load the models in a new worker, and see to it that it does not outlive the service."""
    global _LOADED  # noqa: PLW0603 - a worker process has one set of models, and no other place to keep it
    parent = multiprocessing.parent_process()
    if parent is not None:

        def follow() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=follow, daemon=True).start()
    _LOADED = load_all(registry_at(path, off))
    gc.collect()
    gc.freeze()


def _absent(_: int) -> list[tuple[str, str]]:
    return [(one.enricher.name, one.reason) for one in _LOADED if isinstance(one, Absent)]


def _work(articles: list[bytes]) -> Asked:
    return ask_all(_LOADED, [Article.model_validate_json(article) for article in articles])


class Pool:
    """So many workers with one registry."""

    def __init__(self, path: str, *, workers: int, hard_seconds: float, off: frozenset[str] = frozenset()) -> None:
        self._path = path
        self._off = off
        self._workers = workers
        self._hard = hard_seconds
        self._turns = asyncio.Semaphore(workers)
        self._executor: ProcessPoolExecutor | None = None
        self.absent: list[tuple[str, str]] = []
        """Enrichers whose models could not be had, and why."""

    async def start(self) -> None:
        """Start the workers and wait until one of them has its models."""
        # One mathematical thread a worker: there is a worker a core.
        for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
            os.environ.setdefault(variable, "1")
        self._executor = self._new()
        told = [self._executor.submit(_absent, number) for number in range(self._workers)]
        self.absent = await asyncio.wrap_future(told[0])

    async def run(self, articles: Sequence[Article]) -> Asked:
        """Ask the whole registry about a batch, in the next worker that is free.

        Raises:
            WorkerDied: the batch was lost with its worker; it may be what killed it.
        """
        packed = await asyncio.to_thread(_packed, articles)
        async with self._turns:
            executor = self._executor or self._new()
            self._executor = executor
            try:
                future: Future[Asked] = executor.submit(_work, packed)
                return await asyncio.wait_for(asyncio.wrap_future(future), self._hard)
            except (BrokenProcessPool, TimeoutError) as error:
                self._replace(executor, "hung" if isinstance(error, TimeoutError) else "died")
                raise WorkerDied(type(error).__name__) from error

    @property
    def pids(self) -> list[int]:
        """The workers as the system numbers them."""
        return list(getattr(self._executor, "_processes", None) or {})

    def close(self) -> None:
        """Kill the workers: what they have in hand stays pending, and is read again."""
        if self._executor:
            _kill(self._executor)

    def _new(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self._workers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(self._path, self._off),
        )

    def _replace(self, broken: ProcessPoolExecutor, reason: str) -> None:
        if self._executor is broken:
            self._executor = None
            WORKERS_REPLACED.labels(reason).inc()
            log.warning("enrich_workers_replaced", reason=reason)
            _kill(broken)


def _packed(articles: Sequence[Article]) -> list[bytes]:
    return [article.model_dump_json(by_alias=True, exclude_none=True).encode() for article in articles]


def _kill(executor: ProcessPoolExecutor) -> None:
    for process in list((getattr(executor, "_processes", None) or {}).values()):
        with contextlib.suppress(OSError, ValueError):
            process.kill()
    executor.shutdown(wait=False, cancel_futures=True)
