"""Kill a worker of a drop folder at its n-th step: a program that tries every n, and prints what came of each.

``python -m tests.ingest.crashing_drop REDIS_URL FOLDER STRIDE`` forks a worker that is killed with SIGKILL at the n-th
step that it takes, a step being a coroutine giving way or a change of the file system about to happen; then a second
worker finishes, and the books and the folder are looked at. With a stride, every STRIDE-th n is tried. It ends at the
first n that a worker survives.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

import redis as sync_redis

from services.ingest.admission.admit import Admission
from services.ingest.admission.archive import RawArchive
from services.ingest.admission.reading import CopyReader
from services.ingest.folders.drop import Drop, DropHabits
from services.ingest.folders.dropfolder import DropFolder
from shared.delivery import Delivery
from tests.delivery.crashing import Fuse
from tests.ingest.desk import HARBOUR, Desk
from tests.ingest.making import ninjs

HABITS = DropHabits(max_bytes=100_000, stable_seconds=0.01, rescan_seconds=0.01, polls=False)
FILES = {"ferry.json": ninjs(), "poison.json": b"\x00\x01\x02"}
CHANGES = {"os.mkdir", "os.rename", "os.rmdir", "open"}
"""The audit events of Python that come before what a drop folder does to the file system."""


async def work(url: str, folder: Path, fuse: Fuse) -> None:
    """Look after the folder until nothing is left in it."""
    asyncio.get_running_loop().set_task_factory(fuse.factory)
    delivery = Delivery(redis_url=url, stage="ingest", replica="one")
    await delivery.start()
    reader = CopyReader(at_once=1, seconds=10)
    admission = Admission(delivery, RawArchive(folder, replica="one"), reader, state_days=1)
    inbox = folder / "inbox"
    drop = Drop("harbour", HARBOUR, folder=inbox, admission=admission, habits=HABITS)
    opened = DropFolder(inbox)
    fuse.lit = True
    sys.addaudithook(lambda event, _: fuse.burn() if event in CHANGES else None)
    wait = 0.0
    while opened.look():
        await asyncio.sleep(wait)
        wait = await drop.round(opened)


def in_child(url: str, folder: Path, at: int | None) -> int:
    """Run a worker in a forked process; return the signal that ended it, 0 for none."""
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            for stream in (1, 2):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
            asyncio.run(asyncio.wait_for(work(url, folder, Fuse(at)), 20))
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(pid, 0)
    if not os.WIFSIGNALED(status) and os.WEXITSTATUS(status):
        raise SystemExit(f"a worker failed by itself at point {at}")
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def deliver(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "inbox").mkdir(parents=True)
    for name, body in FILES.items():
        (folder / "inbox" / name).write_bytes(body)


def seen(url: str, folder: Path) -> dict[str, Any]:
    """Return what an onlooker finds when all is over."""
    inbox = folder / "inbox"
    with sync_redis.Redis.from_url(url) as client:
        desk = Desk(client)
        return {
            "emitted": len(desk.ingested),
            "outcomes": sorted(outcome.outcome.value for outcome in desk.outcomes),
            "left": sorted(place.name for place in inbox.iterdir() if place.is_file()),
            "claimed": len(list((inbox / ".taking").iterdir())),
            "done": sorted(place.name for place in (inbox / "done").iterdir()),
            "rejected": sorted(place.name for place in (inbox / "rejected").iterdir()),
        }


def main(url: str, folder: Path, stride: int) -> None:
    at, killed = 1, True
    while killed:
        with sync_redis.Redis.from_url(url) as client:
            client.flushall()
        deliver(folder)
        killed = in_child(url, folder, at) == signal.SIGKILL
        if killed:
            in_child(url, folder, None)
        sys.stdout.write(json.dumps({"point": at, "killed": killed, **seen(url, folder)}) + "\n")
        at += stride


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
