"""The books on every source's health: the hash ``ingest:health:{source}``, the gauges, and a line when it turns."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, cast

from redis.exceptions import RedisError, WatchError

from services.ingest.ending import end
from services.ingest.health.health import DECAY, IMPROBABLE, Health, hour_of, read_health, silence_odds
from services.ingest.health.sequence import Sequence as Numbers
from services.ingest.health.sequence import read_sequence
from services.ingest.health.source_metrics import show
from services.ingest.items import Item
from shared.delivery import Delivery
from shared.events import Outcome, StageResult
from shared.logs import get_logger

__all__ = ["HealthBook"]

FLUSH_SECONDS = 2.0
JUDGE_ROUNDS = 30
"""Silence is judged once in so many flushes: it is a matter of hours."""

LAST_FLUSH_SECONDS = 2.0
MOST_NUMBERS = 10_000
ATTEMPTS = 8
DAY_MS = 86_400_000

COUNT = """
local count, week = string.match(redis.call('HGET', KEYS[1], ARGV[1]) or '0@' .. ARGV[2], '([^@]+)@(.+)')
count = count * ARGV[4] ^ math.max(ARGV[2] - week, 0) + ARGV[3]
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.4f@%d', count, ARGV[2]))
"""

log = get_logger("ingest")


@dataclass(slots=True)
class _Noted:
    """What was noted of one source since the last flush."""

    reached_ms: int = 0
    item_ms: int = 0
    closed: str = ""
    hours: Counter[tuple[int, int]] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    numbers: list[tuple[str, int]] = field(default_factory=list)


class HealthBook:
    """Notes at once and in memory, so that no copy waits for the books; writes every few seconds.

    What a crash takes with it is two seconds of counts. Nothing that is decided about copy depends on them.
    """

    def __init__(self, delivery: Delivery, sources: Sequence[str]) -> None:
        self._delivery = delivery
        self._sources = sources
        self._noted: dict[str, _Noted] = {}
        self._task: asyncio.Task[None] | None = None

    def notice(self, result: StageResult, item: Item | None) -> None:
        """Note one outcome of admission. A repetition is no item."""
        noted, now = self._of(result.origin or ""), _now()
        noted.reached_ms = now
        if result.outcome is Outcome.DEAD_LETTERED:
            noted.errors[result.code or "unknown"] += 1
        if item is not None and result.outcome is not Outcome.DUPLICATE:
            noted.item_ms = now
            noted.hours[hour_of(now)] += 1
            number = item.wire_sequence
            if number and len(noted.numbers) < MOST_NUMBERS:
                noted.numbers.append((number, now // DAY_MS))

    def reached(self, source: str) -> None:
        """Note that the source answered with a feed, new or not."""
        self._of(source).reached_ms = _now()

    def failed(self, source: str, code: str) -> None:
        """Note that nothing could be had from the source."""
        self._of(source).errors[code] += 1

    def closed(self, source: str, code: str) -> None:
        """Note that the source is not asked any more."""
        self._of(source).closed = code

    def start(self) -> None:
        """Start writing."""
        self._task = asyncio.create_task(self._write(), name="source health")

    async def stop(self) -> None:
        """Write what is noted, and stop."""
        if self._task:
            await end([self._task])
        with suppress(RedisError, OSError):
            async with asyncio.timeout(LAST_FLUSH_SECONDS):
                await self.flush()

    async def flush(self) -> None:
        """Write what was noted since the last time."""
        noted, self._noted = self._noted, {}
        while noted:
            source, one = noted.popitem()
            try:
                await self._enter(source, one)
            except (RedisError, OSError):
                # Kept for the next time. What was noted of the source meanwhile is newer, and counts are small.
                self._noted = {source: one, **noted, **self._noted}
                raise

    async def judge(self) -> None:
        """Show the health of every source, and say which fell silent or was heard again."""
        for source in self._sources:
            health = await self.read(source)
            now = _now()
            odds = silence_odds(health, now_ms=now) if health.item_ms else 1.0
            silent = odds < IMPROBABLE and not health.closed
            show(source, health, silent=silent)
            if silent != health.silent:
                await self._turn(source, silent=silent, odds=odds, quiet_seconds=(now - health.item_ms) // 1000)

    async def read(self, source: str) -> Health:
        """Return what is remembered of a source."""
        stored = cast("dict[bytes, bytes]", await self._delivery.redis.hgetall(_key(source)))
        return read_health({name.decode(): value.decode() for name, value in stored.items()})

    async def _write(self) -> None:
        rounds = 0
        while True:
            try:
                await self.flush()
                if rounds % JUDGE_ROUNDS == 0:
                    await self.judge()
                rounds += 1
            except (RedisError, OSError) as error:
                log.warning("source_health_not_written", error=f"{type(error).__name__}: {error}")
            await asyncio.sleep(FLUSH_SECONDS)

    async def _enter(self, source: str, noted: _Noted) -> None:
        if noted.numbers:
            await self._number(source, noted)
        state: dict[Any, Any] = {"closed": noted.closed} if noted.closed else {}
        state |= {"reached": noted.reached_ms} if noted.reached_ms else {}
        state |= {"item": noted.item_ms} if noted.item_ms else {}
        async with self._delivery.redis.pipeline(transaction=True) as pipe:
            pipe.hsetnx(_key(source), "first", str(_now()))
            if noted.reached_ms and not noted.closed:
                pipe.hdel(_key(source), "closed")
            if state:
                pipe.hset(_key(source), mapping=state)
            for (week, hour), count in noted.hours.items():
                pipe.eval(COUNT, 1, _key(source), f"hour:{hour}", str(week), str(count), str(DECAY))
                pipe.hincrby(_key(source), "items", count)
            for code, count in noted.errors.items():
                pipe.hincrby(_key(source), f"error:{code}", count)
            await pipe.execute()

    async def _number(self, source: str, noted: _Noted) -> None:
        """Enter the wire's own numbers. Two replicas may read the same wire, so what was read is watched."""
        for _ in range(ATTEMPTS):
            async with self._delivery.redis.pipeline() as pipe:
                try:
                    await pipe.watch(_key(source))
                    before = await cast("Awaitable[dict[bytes, bytes]]", pipe.hgetall(_key(source)))
                    known = {k.decode()[9:]: v.decode() for k, v in before.items() if k.startswith(b"sequence:")}
                    standing, gaps = count_on({k: Numbers.read(v) for k, v in known.items()}, noted.numbers)
                    if standing:
                        changed: dict[Any, Any] = {f"sequence:{k}": str(v) for k, v in standing.items()}
                        pipe.multi()  # type: ignore[no-untyped-call]  # redis-py types all but this
                        pipe.hset(_key(source), mapping=changed)
                        await pipe.execute()
                except WatchError:
                    continue
            noted.numbers.clear()
            for service, missing in gaps.items():
                first, last, many = missing[0], missing[-1], len(missing)
                log.warning("source_gapped", source=source, service=service, first=first, last=last, missing=many)
            return

    async def _turn(self, source: str, *, silent: bool, odds: float, quiet_seconds: int) -> None:
        """Write the turn. The replica that writes it first says it."""
        if silent and await self._delivery.redis.hsetnx(_key(source), "silent", str(_now())):
            log.warning("source_silent", source=source, odds=f"{odds:.1e}", quiet_seconds=quiet_seconds)
        elif not silent and await self._delivery.redis.hdel(_key(source), "silent"):
            log.info("source_heard_again", source=source)

    def _of(self, source: str) -> _Noted:
        return self._noted.setdefault(source, _Noted())


def count_on(
    standing: dict[str, Numbers], numbers: Sequence[tuple[str, int]]
) -> tuple[dict[str, Numbers], dict[str, list[int]]]:
    """Return the standing of each service after these numbers, and what went missing. What is no number is none."""
    standing = dict(standing)
    gaps: dict[str, list[int]] = {}
    for text, day in numbers:
        if (told := read_sequence(text)) is None:
            continue
        service, number, width = told
        if service in standing:
            standing[service], missing = standing[service].after(number, width=width, day=day)
            gaps.setdefault(service, []).extend(missing)
        else:
            standing[service] = Numbers(number, day)
    return standing, {service: missing for service, missing in gaps.items() if missing}


def _key(source: str) -> str:
    return f"ingest:health:{source}"


def _now() -> int:
    return time.time_ns() // 1_000_000
