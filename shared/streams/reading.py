"""One reader of one stream: its own unfinished entries first, then new ones, then for ever both; it heals by itself."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared.logs import get_logger
from shared.streams.books import Entry
from shared.streams.groups import ensure_group, group_is_gone
from shared.streams.handling import BatchWorker
from shared.streams.patience import Patience
from shared.streams.reclaim import claim, look_through, worn_out
from shared.topics import Lane

log = get_logger("delivery")

Deliver = Callable[[list[Entry]], Awaitable[Any]]

RETRY_FIRST_SECONDS = 0.1
RETRY_CAP_SECONDS = 2.0
"""A Redis that comes back is noticed within two seconds; one that is away costs half a read a second."""


class ReadingLoop:
    """Reads one stream for one stage until told to stop. Never raises: what goes wrong is said and tried again."""

    def __init__(self, worker: BatchWorker, lane: Lane, stopping: asyncio.Event) -> None:
        self.worker = worker
        self.lane = lane
        self.stream = worker.topic.stream(lane)
        self.patience = Patience(worker.settings)
        self.trouble: str | None = "has not read yet"
        self.ended = asyncio.Event()
        self._stopping = stopping
        self._last_read = time.monotonic()
        self._failures = 0

    @property
    def in_hand(self) -> bool:
        """Whether a batch is being worked on."""
        return bool(self.patience.in_hand)

    async def check(self) -> str | None:
        """Readiness check."""
        return self.problem()

    def problem(self) -> str | None:
        """Say why this reader is not reading, or None when it is."""
        if self.worker.surge.tripped:
            return f"stopped: {self.worker.surge.tripped}"
        if self.trouble:
            return self.trouble
        quiet = time.monotonic() - self._last_read
        if quiet > self.worker.settings.stalled_seconds and not self.in_hand:
            return f"has not read for {quiet:.0f} s"
        return None

    async def run(self, redis: Redis, deliver: Deliver) -> None:
        """Come up, take up what an earlier run of this process left, then read and look after until stopped."""
        try:
            while not self._stopping.is_set():
                if await self._try(redis, self._come_up(redis, deliver)):
                    break
            await asyncio.gather(self._read_on(redis, deliver), self._look_after(redis, deliver))
        finally:
            self.ended.set()

    async def _come_up(self, redis: Redis, deliver: Deliver) -> None:
        if await ensure_group(redis, self.stream, self.worker.stage):
            log.info("group_made", stage=self.worker.stage, stream=self.stream)
        await self._take_up(redis, deliver, first=True)

    async def _read_on(self, redis: Redis, deliver: Deliver) -> None:
        while not self._stopping.is_set():
            if self.worker.surge.tripped or time.monotonic() < self.patience.away_until:
                self._last_read = time.monotonic()
                await pause(RETRY_FIRST_SECONDS, self._stopping)
                continue
            await self._try(redis, self._read_once(redis, deliver))

    async def _read_once(self, redis: Redis, deliver: Deliver) -> None:
        # Waiting comes before reading: what is not read yet, another replica may still read.
        await self.worker.gate.wait(self.lane)
        settings = self.worker.settings
        answer: Any = await redis.xreadgroup(
            self.worker.stage,
            self.worker.replica,
            {self.stream: ">"},
            count=settings.batch,
            block=settings.block_ms,
        )
        self._last_read = time.monotonic()
        self._is_well()
        if answer:
            entries = answer[0][1] if isinstance(answer, list) else answer[self.stream.encode()][0]
            await deliver([Entry(entry_id.decode(), fields) for entry_id, fields in entries])
            self._last_read = time.monotonic()

    async def _look_after(self, redis: Redis, deliver: Deliver) -> None:
        while not self._stopping.is_set():
            await pause(self.worker.settings.tick_seconds, self._stopping)
            if self._stopping.is_set() or self.worker.surge.tripped or time.monotonic() < self.patience.away_until:
                continue
            await self._try(redis, self._take_up(redis, deliver))

    async def _take_up(self, redis: Redis, deliver: Deliver, *, first: bool = False) -> None:
        taken = await look_through(redis, self.worker, self.stream, self.patience, first=first)
        size = self.worker.settings.batch
        for at in range(0, len(taken.batch), size):
            await deliver(taken.batch[at : at + size])
        for row in taken.alone:
            if self._stopping.is_set() or self.worker.surge.tripped:
                return
            reason = worn_out(self.worker, row, self.patience)
            entries = await claim(redis, self.worker, self.stream, [row], self.patience)
            if reason is None:
                await deliver(entries)
            elif entries:
                await self.worker.set_aside(redis, self.lane, entries, reason, self.patience)

    async def _try(self, redis: Redis, step: Awaitable[None]) -> bool:
        """Take one step; on an error say so once, heal what can be healed, and wait a little longer each time."""
        try:
            await step
        except asyncio.CancelledError:
            raise
        except RedisError as error:
            await self._recover(redis, error)
        except Exception:  # a bug here must not end the reading of a topic
            log.exception("reading_failed", stage=self.worker.stage, stream=self.stream)
            await pause(RETRY_CAP_SECONDS, self._stopping)
        else:
            self._is_well()
            return True
        return False

    async def _recover(self, redis: Redis, error: RedisError) -> None:
        trouble = f"{type(error).__name__}: {error}"
        if trouble != self.trouble:
            self.trouble = trouble
            log.error("reading_interrupted", stage=self.worker.stage, stream=self.stream, error=trouble)
        if group_is_gone(error):
            try:
                await ensure_group(redis, self.stream, self.worker.stage)
            except RedisError as again:
                log.warning("group_not_made", stage=self.worker.stage, stream=self.stream, error=str(again))
            else:
                log.warning("group_made_again", stage=self.worker.stage, stream=self.stream)
                return
        wait = min(RETRY_CAP_SECONDS, RETRY_FIRST_SECONDS * 2**self._failures)
        self._failures = min(self._failures + 1, 10)
        await pause(wait * random.uniform(0.5, 1.0), self._stopping)  # noqa: S311 - jitter, not a secret

    def _is_well(self) -> None:
        if self.trouble and self._failures:
            log.info("reading_resumed", stage=self.worker.stage, stream=self.stream)
        self.trouble = None
        self._failures = 0


async def pause(seconds: float, stopping: asyncio.Event) -> None:
    """Sleep, or until stopping."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)
