"""Unfinished entries: taken over from readers that died, tried again after a failure, kept fresh while in hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis

from shared import metrics
from shared.logs import get_logger
from shared.streams.books import Entry
from shared.streams.handling import BatchWorker
from shared.streams.patience import Patience
from shared.streams.verdicts import NeverWill

log = get_logger("delivery")

PAGE = 100
MOST = 1_000
OWN_IDLE_MS = 1_000
"""An entry of our own that is not in hand is nobody's: its reply or its process was lost. One second keeps two
processes that were given one name from taking each other's entries at every tick."""


@dataclass(frozen=True, slots=True)
class Pending:
    """One row of XPENDING."""

    entry_id: str
    consumer: str
    idle_ms: int
    deliveries: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What one look through a stream's pending entries gives its reader to do."""

    batch: list[Entry]
    alone: list[Pending]


async def look_through(
    redis: Redis, worker: BatchWorker, stream: str, patience: Patience, *, first: bool = False
) -> Taken:
    """Claim what is free, refresh what is in hand. ``first``: a fresh process takes up its own entries at once.

    An entry that was delivered twice already comes under ``alone``: it may be what killed its reader, and must then
    take no other with it. Claim it with :func:`claim` just before it is handled.
    """
    patience.prune()
    reclaim_idle_ms = worker.settings.reclaim_idle_ms
    rows = await _pending(redis, worker, stream, 0 if first else min(OWN_IDLE_MS, reclaim_idle_ms // 2))
    mine = {row.entry_id for row in rows if row.consumer == worker.replica}
    stale = [
        row.entry_id for row in rows if row.entry_id in patience.in_hand & mine and row.idle_ms >= reclaim_idle_ms // 2
    ]
    if stale:
        # JUSTID resets the idle time and leaves the count of deliveries alone.
        await redis.xclaim(stream, worker.stage, worker.replica, 0, [*stale], justid=True)
    free = [row for row in rows if _is_free(worker, row, patience, first=first)]
    batch = await claim(redis, worker, stream, [row for row in free if row.deliveries < 2], patience)
    return Taken(batch, [row for row in free if row.deliveries >= 2])


def _is_free(worker: BatchWorker, row: Pending, patience: Patience, *, first: bool) -> bool:
    if row.consumer != worker.replica:
        return row.idle_ms >= worker.settings.reclaim_idle_ms
    if row.entry_id in patience.in_hand:
        return False
    due = patience.is_due(row.entry_id)
    return due if due is not None else first or row.idle_ms >= OWN_IDLE_MS


async def claim(redis: Redis, worker: BatchWorker, stream: str, rows: list[Pending], patience: Patience) -> list[Entry]:
    """Take the entries over. Those that left the stream meanwhile are said to be lost, and let go."""
    entries: list[Entry] = []
    # XCLAIM sets one count for all that it is given, so those with the same count go together.
    for deliveries, blameless in sorted({(row.deliveries, patience.is_blameless(row.entry_id)) for row in rows}):
        group = [
            row for row in rows if (row.deliveries, patience.is_blameless(row.entry_id)) == (deliveries, blameless)
        ]
        claimed: list[Any] = await redis.xclaim(
            stream,
            worker.stage,
            worker.replica,
            # Another reader may have been quicker: an entry that it has just taken is not idle for so long.
            min(row.idle_ms for row in group),
            [row.entry_id for row in group],
            retrycount=deliveries if blameless else None,
        )
        count = deliveries if blameless else deliveries + 1
        # Redis 6.2 gives nothing for an entry that is no longer on the stream; later ones leave it out.
        entries += [Entry(entry_id.decode(), fields, count) for entry_id, fields in claimed if entry_id is not None]
    got = {entry.entry_id for entry in entries}
    taken_over = sum(1 for row in rows if row.entry_id in got and row.consumer != worker.replica)
    if taken_over:
        metrics.RECLAIMED.labels(worker.stage).inc(taken_over)
        log.info("entries_reclaimed", stage=worker.stage, stream=stream, entries=taken_over)
    await _let_go_of_deleted(redis, worker, stream, [row for row in rows if row.entry_id not in got])
    return sorted(entries, key=lambda entry: tuple(map(int, entry.entry_id.split("-"))))


async def _let_go_of_deleted(redis: Redis, worker: BatchWorker, stream: str, rows: list[Pending]) -> None:
    """An entry that was not given is another reader's now, or no longer on the stream at all."""
    for row in rows:
        if await redis.xrange(stream, row.entry_id, row.entry_id):
            continue
        await redis.xack(stream, worker.stage, row.entry_id)
        metrics.UNREAD_LOST.labels(stream, worker.stage).inc()
        log.critical("pending_entry_deleted", stage=worker.stage, stream=stream, entry=row.entry_id)


def worn_out(worker: BatchWorker, row: Pending, patience: Patience) -> NeverWill | None:
    """Tell an entry that was given out as often as we try and never came back finished."""
    if row.deliveries < worker.settings.max_deliveries or patience.is_blameless(row.entry_id):
        return None
    return NeverWill("too_many_deliveries", f"given out {row.deliveries} times and never finished")


async def _pending(redis: Redis, worker: BatchWorker, stream: str, idle_ms: int) -> list[Pending]:
    rows: list[Any] = []
    start = "-"
    while True:
        page: list[Any] = await redis.xpending_range(stream, worker.stage, start, "+", PAGE, idle=idle_ms or None)
        rows += page
        if len(page) < PAGE or len(rows) >= MOST:
            break
        start = f"({page[-1]['message_id'].decode()}"
    return [
        Pending(
            row["message_id"].decode(), row["consumer"].decode(), row["time_since_delivered"], row["times_delivered"]
        )
        for row in rows
    ]
