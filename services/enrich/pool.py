"""Worker processes that hold the models: the enrichers' work takes the processor, and the event loop must not wait.

A worker loads its models once and ends when the service ends. One that hangs or dies is replaced, and costs the others
nothing. Batches wait for a free worker in the order of their coming; those that are in no hurry let others go first.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
import pickle
from collections.abc import Sequence
from typing import Literal, NamedTuple

from services.enrich.asking import Part
from services.enrich.metrics import WORKERS_REPLACED
from services.enrich.worker import Orders, Worker, WorkerDied
from shared.article import Article
from shared.logs import get_logger

__all__ = ["Heard", "Pool"]

log = get_logger(__name__)

START_SECONDS = 60.0
"""After which the service begins without workers, and is not ready: stories get what is instant."""
PATIENCE = 5.0
"""Seconds by which copy that is in no hurry lets later copy go first."""
LOOK_SECONDS = 1.0
LONGEST_PAUSE = 30.0
"""Seconds between two attempts to start a worker that does not come up."""


class Heard(NamedTuple):
    """What came of a batch."""

    parts: list[Part]
    ended: Literal["done", "late", "died", "hung"]


class Pool:
    """So many workers with one registry."""

    def __init__(self, orders: Orders, *, workers: int) -> None:
        self._orders = orders
        self._size = workers
        self._all: dict[Worker, asyncio.Event] = {}
        self._free: list[Worker] = []
        self._waiting: list[tuple[float, int, asyncio.Future[Worker]]] = []
        self._numbers = itertools.count()
        self._keepers: list[asyncio.Task[None]] = []
        self._asking: set[asyncio.Task[str]] = set()
        self._first = asyncio.Event()
        self._came_up = 0
        self._trouble: str | None = None
        self.absent: list[tuple[str, str]] = []
        """Enrichers whose models could not be had, and why."""

    async def start(self) -> None:
        """Start the workers and wait until one of them has its models."""
        self._keepers = [asyncio.create_task(self._keep()) for _ in range(self._size)]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(START_SECONDS):
                await self._first.wait()

    async def run(self, articles: Sequence[Article], seconds: float | None, *, patient: bool = False) -> Heard:
        """Ask the whole registry about a batch, and return what has come when all has, or the time is up."""
        parts: list[Part] = []
        given: list[Worker] = []
        asking = asyncio.create_task(self._ask(articles, parts, given, patient=patient))
        self._asking.add(asking)
        asking.add_done_callback(self._asking.discard)
        try:
            await asyncio.wait({asking}, timeout=seconds)
        finally:
            if not asking.done():
                # Between asking and answering nothing may be cut off: the worker says when it has stopped.
                if given:
                    given[0].stop()
                else:
                    asking.cancel()
        if asking.done() and not asking.cancelled():
            return Heard(parts, asking.result())  # type: ignore[arg-type]
        return Heard(list(parts), "late")

    def check(self) -> str | None:
        """Tell what is wrong with the workers: those of the start are waited for, later deaths are made good."""
        if self._trouble:
            return self._trouble
        return f"{self._came_up} of {self._size} workers have come up" if self._came_up < self._size else None

    @property
    def pids(self) -> list[int]:
        """The workers as the system numbers them."""
        return [worker.pid for worker in self._all if worker.pid]

    async def close(self) -> None:
        """Kill the workers, those being started too: what they have in hand stays pending, and is read again."""
        tasks = [*self._keepers, *self._asking]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _ask(self, articles: Sequence[Article], parts: list[Part], given: list[Worker], *, patient: bool) -> str:
        request = await asyncio.to_thread(pickle.dumps, list(articles))
        worker = await self._next(patient=patient)
        given.append(worker)
        try:
            await worker.ask(request, parts.append)
        except WorkerDied as death:
            WORKERS_REPLACED.labels(death.reason).inc()
            log.warning("enrich_worker_replaced", reason=death.reason, stories=len(articles))
            self._all[worker].set()
            return death.reason
        self._offer(worker)
        return "done"

    async def _next(self, *, patient: bool) -> Worker:
        """Wait for a worker."""
        while self._free:
            if not (worker := self._free.pop()).ended():
                return worker
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[Worker] = loop.create_future()
        heapq.heappush(self._waiting, (loop.time() + PATIENCE * patient, next(self._numbers), turn))
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._offer(turn.result())
            raise

    def _offer(self, worker: Worker) -> None:
        """Give a worker to who waits for one."""
        while self._waiting:
            turn = heapq.heappop(self._waiting)[2]
            if not turn.done():
                turn.set_result(worker)
                return
        self._free.append(worker)

    async def _keep(self) -> None:
        """See to it that there is one worker, for ever."""
        pause, first = 0.0, True
        while True:
            await asyncio.sleep(pause)
            worker = Worker(self._orders)
            self._all[worker] = useless = asyncio.Event()
            try:
                absent = await worker.start()
                pause, self._trouble, self.absent = 0.0, None, absent
                self._came_up += first
                first = False
                self._first.set()
                self._offer(worker)
                await _end(worker, useless)
            except WorkerDied as death:
                self._trouble = f"a worker {death}"
                log.warning("enrich_worker_not_started", reason=str(death))
                pause = min(max(1.0, 2 * pause), LONGEST_PAUSE)
            finally:
                del self._all[worker]
                await worker.end()


async def _end(worker: Worker, useless: asyncio.Event) -> None:
    """Wait until a worker is told to be of no use, or has ended while it had nothing to do."""
    while not useless.is_set() and not worker.ended():
        # Not wait_for: on Python 3.11 it forgets that it was cancelled when what it waits for comes at that moment.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                await useless.wait()
