"""Tending what brings copy by itself, folders and interfaces: one task each, by one replica at a time."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.ingest.admission.admit import StoryContended
from services.ingest.ending import end
from services.ingest.lease import Leases
from shared.logs import get_logger

__all__ = ["Intake", "Tending"]

RELEASE_SECONDS = 2.0
AFTER_A_FAULT = 5.0
"""Seconds until the next try after a fault on our side: Redis away, disk full, a folder that is not there."""

log = get_logger("ingest")


class Intake(Protocol):
    """A way that copy comes in by."""

    @property
    def lease(self) -> str:
        """Names it among all intakes of all replicas."""
        ...

    async def run(self) -> None:
        """Take copy in until cancelled."""
        ...


class Tending:
    """Runs every intake whose lease it holds, until stopped. One that fails costs no other anything."""

    def __init__(self, redis: Redis, intakes: Sequence[Intake], *, lease_seconds: float) -> None:
        self._redis = redis
        self._intakes = intakes
        self._seconds = lease_seconds
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Start."""
        self._tasks = [asyncio.create_task(self._tend(intake), name=intake.lease) for intake in self._intakes]

    async def stop(self) -> None:
        """Stop where it stands: everything that is cut short is done again, and once."""
        await end(self._tasks)

    async def _tend(self, intake: Intake) -> None:
        while True:
            leases = Leases(self._redis, seconds=self._seconds)
            wait = self._seconds / 3
            try:
                if await leases.hold([intake.lease]):
                    await self._run_while_held(intake, leases)
            except (RedisError, OSError, StoryContended) as error:
                log.warning("intake_put_off", intake=intake.lease, error=f"{type(error).__name__}: {error}")
                wait = AFTER_A_FAULT
            except Exception:
                log.exception("intake_failed", intake=intake.lease)
                wait = AFTER_A_FAULT
            await asyncio.sleep(wait * random.uniform(0.8, 1.2))  # noqa: S311 - jitter

    async def _run_while_held(self, intake: Intake, leases: Leases) -> None:
        """Run until the lease is lost. What ends either task ends both, and is raised here."""
        tasks = {asyncio.create_task(self._renew(intake, leases)), asyncio.create_task(intake.run())}
        try:
            ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await end(tasks)
            with suppress(RedisError, TimeoutError):
                async with asyncio.timeout(RELEASE_SECONDS):
                    await leases.release([intake.lease])
        for task in ended:
            task.result()

    async def _renew(self, intake: Intake, leases: Leases) -> None:
        """Return when the lease is no longer ours."""
        while True:
            await asyncio.sleep(self._seconds / 3)
            if not await leases.hold([intake.lease]):
                return
