"""Kill a worker at its n-th suspension: a program that tries every n, and prints what came of each.

``python -m tests.delivery.crashing REDIS_URL`` forks a worker that is killed with SIGKILL the n-th time that any of its
coroutines gives way after the first batch was read, then lets a second worker finish, then looks at the books. It ends
at the first n that a worker survives three times over: by then every point was tried.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import types
from collections.abc import Coroutine, Generator
from typing import Any

import redis as sync_redis
from redis.asyncio import Redis

from shared.delivery import Delivery, Emit, Received, one_by_one
from shared.events import ArticleIngested
from shared.topics import ARTICLE_ENRICHED, ARTICLE_INGESTED, NEWSROOM_LOG
from tests.delivery.copy_desk import QUICK, enrich, ingested, put
from tests.waiting import wait_until

ENTRIES = 3
SURVIVALS = 3
STREAM = ARTICLE_INGESTED.stream()


class Fuse:
    """Counts suspensions once lit, and kills the process at the n-th."""

    def __init__(self, at: int | None) -> None:
        self.at = at
        self.lit = False
        self.count = 0

    def burn(self) -> None:
        if self.lit:
            self.count += 1
            if self.count == self.at:
                os.kill(os.getpid(), signal.SIGKILL)

    def factory(self, loop: asyncio.AbstractEventLoop, coro: Any, **kwargs: Any) -> asyncio.Task[Any]:
        """Make every task count its own suspensions."""
        return asyncio.Task(self._counted(coro), loop=loop, **kwargs)

    async def _counted(self, coro: Coroutine[Any, Any, Any]) -> Any:
        return await self._steps(coro)

    @types.coroutine
    def _steps(self, coro: Coroutine[Any, Any, Any]) -> Generator[Any, Any, Any]:
        value: Any = None
        error: BaseException | None = None
        while True:
            try:
                waiting = coro.send(value) if error is None else coro.throw(error)
            except StopIteration as stop:
                return stop.value
            self.burn()
            value, error = None, None
            try:
                value = yield waiting
            except BaseException as thrown:  # noqa: BLE001 - cancellation too goes on into the coroutine
                error = thrown


async def work(url: str, fuse: Fuse) -> None:
    """Run a worker until the stream is empty and nothing is pending."""
    asyncio.get_running_loop().set_task_factory(fuse.factory)

    async def handle(received: Received[ArticleIngested]) -> Emit:
        fuse.lit = True
        await asyncio.sleep(0)
        return await enrich(received)

    delivery = Delivery(redis_url=url, stage="enrich", replica=f"pid{os.getpid()}", settings=QUICK)
    delivery.read(ARTICLE_INGESTED, one_by_one(handle), emits=ARTICLE_ENRICHED)
    await delivery.start()
    async with Redis.from_url(url) as watcher:
        await wait_until(lambda: _all_settled(watcher), timeout=20)
    await delivery.stop()


async def _all_settled(redis: Redis) -> bool:
    if await redis.xlen(NEWSROOM_LOG.stream()) < ENTRIES:
        return False
    return bool((await redis.xpending(STREAM, "enrich"))["pending"] == 0)


def in_child(url: str, at: int | None) -> int:
    """Run a worker in a forked process; return the signal that ended it, 0 for none."""
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            asyncio.run(asyncio.wait_for(work(url, Fuse(at)), 20))
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(pid, 0)
    if not os.WIFSIGNALED(status) and os.WEXITSTATUS(status):
        raise SystemExit(f"a worker failed by itself at point {at}")
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def seed(url: str) -> None:
    async def put_all() -> None:
        async with Redis.from_url(url) as redis:
            await redis.flushall()
            await put(redis, *map(ingested, range(ENTRIES)))

    asyncio.run(put_all())


def books(url: str) -> dict[str, Any]:
    with sync_redis.Redis.from_url(url, decode_responses=True) as redis:
        rows: Any = redis.xrange(ARTICLE_ENRICHED.stream())
        log: Any = redis.xrange(NEWSROOM_LOG.stream())
        pending: Any = redis.xpending(STREAM, "enrich")
        return {
            "emitted": sorted(fields["id"] for _, fields in rows),
            "outcomes": sorted(fields["id"] for _, fields in log),
            "pending": pending["pending"],
        }


def main(url: str) -> None:
    at, survived = 0, 0
    while survived < SURVIVALS:
        at += 1
        seed(url)
        killed = in_child(url, at) == signal.SIGKILL
        survived = 0 if killed else survived + 1
        if killed:
            in_child(url, None)
        sys.stdout.write(json.dumps({"point": at, "killed": killed, **books(url)}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
