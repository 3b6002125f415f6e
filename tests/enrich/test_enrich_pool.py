"""The worker processes: what they give in time, whom they let go first, and how they end."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from services.enrich import pool as pool_module
from services.enrich.batches import batches
from services.enrich.cores import cores
from services.enrich.pool import Heard, Pool
from services.enrich.worker import Orders
from tests.enrich.stories import story
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
PARENT = """
import asyncio, sys
from services.enrich.pool import Pool
from services.enrich.worker import Orders

async def main():
    pool = Pool(Orders("tests.enrich.odd_registry:SLOW", frozenset(), 30), workers=1)
    await pool.start()
    print(*pool.pids, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


@asynccontextmanager
async def running(name: str, *, workers: int = 1, hard_seconds: float = 30.0) -> AsyncIterator[Pool]:
    pool = Pool(Orders(f"tests.enrich.odd_registry:{name}", frozenset(), hard_seconds), workers=workers)
    await pool.start()
    try:
        yield pool
    finally:
        await pool.close()


def names(heard: Heard) -> list[str]:
    return [part.name for part in heard.parts]


def is_there(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_what_was_found_before_the_time_was_up_counts() -> None:
    async with running("SLOW_LAST") as pool:
        heard = await pool.run([story()], 0.3)
    assert (names(heard), heard.ended) == (["early"], "late")


async def test_a_batch_that_nobody_waits_for_is_not_gone_on_with(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    async with running("SLOW_LAST") as pool:
        await pool.run([story(headline=str(trace))], 0.2)
        after = await pool.run([story()], 30)
    assert after.ended == "done"
    assert not trace.exists()


async def test_a_batch_whose_time_is_up_before_its_turn_is_never_begun(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    async with running("SLOW_LAST") as pool:
        first = asyncio.create_task(pool.run([story()], 30))
        await asyncio.sleep(0.1)
        heard = await pool.run([story(headline=str(trace))], 0.1)
        await first
        await pool.run([story()], 30)
    assert heard == Heard([], "late")
    assert not trace.exists()


async def test_copy_that_is_in_no_hurry_lets_later_copy_go_first() -> None:
    order: list[str] = []
    async with running("NAPS") as pool:

        async def ask(name: str, *, patient: bool) -> None:
            await pool.run([story()], None, patient=patient)
            order.append(name)

        asked = []
        for name, patient in [("in hand", False), ("patient", True), ("routine", False)]:
            asked.append(asyncio.create_task(ask(name, patient=patient)))
            await asyncio.sleep(0.03)
        await asyncio.gather(*asked)
    assert order == ["in hand", "routine", "patient"]


async def test_one_worker_that_dies_costs_the_others_nothing() -> None:
    async with running("NAPS", workers=2) as pool:
        await wait_until(lambda: pool.check() is None)
        asked = asyncio.gather(*(pool.run([story()], 30) for _ in range(2)))
        await asyncio.sleep(0.05)
        os.kill(pool.pids[0], signal.SIGKILL)
        assert sorted(heard.ended for heard in await asked) == ["died", "done"]


async def test_a_worker_that_is_killed_while_it_has_nothing_to_do_is_replaced_before_copy_comes() -> None:
    async with running("NAPS") as pool:
        (first,) = pool.pids
        os.kill(first, signal.SIGKILL)
        await wait_until(lambda: pool.pids and pool.pids != [first])
        assert (await pool.run([story()], 30)).ended == "done"


async def test_workers_are_waited_for_at_the_start() -> None:
    async with running("NAPS", workers=2) as pool:
        assert pool.check() in {"1 of 2 workers have come up", None}
        await wait_until(lambda: pool.check() is None)


async def test_workers_that_do_not_come_up_are_told_of_and_hold_no_start_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "START_SECONDS", 0.1)
    pool = Pool(Orders("tests.enrich.odd_registry:NOT_THERE", frozenset(), 30), workers=1)
    await pool.start()
    assert await wait_until(pool.check) in {"0 of 1 workers have come up", "a worker ended at its start"}
    await pool.close()


async def test_workers_end_when_they_are_closed() -> None:
    async with running("SLOW") as pool:
        (pid,) = pool.pids
    assert not is_there(pid)


async def test_workers_end_when_the_service_is_killed() -> None:
    service = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert service.stdout
    line = b""
    while not line.strip().isdigit():  # log lines come before it
        line = await service.stdout.readline()
    service.kill()
    await service.wait()
    assert await wait_until(lambda: not is_there(int(line)))


async def test_workers_are_not_told_where_redis_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://secret@nowhere")
    async with running("NAPS") as pool:
        told = await asyncio.to_thread(Path(f"/proc/{pool.pids[0]}/environ").read_bytes)
    assert b"PATH=" in told
    assert b"secret" not in told


async def test_the_event_loop_runs_on_while_stories_of_a_megabyte_are_worked_on() -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.005)
            ticks += 1

    async with running("LABOUR") as pool:
        ticking = asyncio.create_task(tick())
        heard = await pool.run([story(body=f"<p>{'ferry ' * 170_000}</p>") for _ in range(2)], 30)
        ticking.cancel()
    assert heard.ended == "done"
    assert ticks > 20  # of about 120


def test_a_batch_is_of_so_many_stories_and_of_so_much_copy() -> None:
    assert batches([4, 4, 4, 1, 9, 1], 2, int, characters=8) == [[4, 4], [4, 1], [9], [1]]


@pytest.mark.parametrize(("quota", "count"), [("50000 100000", 1), ("max 100000", None), ("9900000 100000", None)])
def test_cores_are_those_that_a_container_may_use(quota: str, count: int | None, tmp_path: Path) -> None:
    (tmp_path / "cpu.max").write_text(quota)
    assert cores(tmp_path / "cpu.max") == (count or cores(tmp_path / "none"))
