"""One worker process as the service sees it: started, asked about a batch at a time, killed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import socket
import subprocess
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.enrich.asking import Part
from services.enrich.working import DONE, LENGTH, STOP, framed

__all__ = ["Orders", "Worker", "WorkerDied"]

ROOT = Path(__file__).parents[2]
SMALL = 65_536
"""Bytes that are unpickled on the event loop: a fraction of a millisecond. More is done in a thread."""
SECRETS = frozenset({"REDIS_URL", "REDIS_URL_FILE"})
"""What an enricher has no business with."""
THREADS = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""One mathematical thread a worker: there is a worker a core."""


class WorkerDied(RuntimeError):
    """The worker was killed over a batch: by the batch, by the system, or by us because it hung."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Orders:
    """What every worker is told."""

    path: str
    """Of the registry, ``module:NAME``."""
    off: frozenset[str]
    hard_seconds: float
    """That a batch may take."""


class Worker:
    """One process."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self._process: subprocess.Popen[bytes] | None = None
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    @property
    def pid(self) -> int | None:
        """The number of the process; None when there is none."""
        return self._process.pid if self._process else None

    async def start(self) -> list[tuple[str, str]]:
        """Start it, wait until it has its models, and return those that could not be had, each with the reason.

        Raises:
            WorkerDied: it does not come up.
        """
        ours, theirs = socket.socketpair()
        orders = self._orders
        given = [str(theirs.fileno()), str(orders.hard_seconds), orders.path, ",".join(sorted(orders.off))]
        try:
            with theirs:
                await _whatever_happens(asyncio.to_thread(self._begin, given, theirs.fileno()))
            self._reader, self._writer = await asyncio.open_connection(sock=ours)
            absent: list[tuple[str, str]] = pickle.loads(await self._read(None))  # noqa: S301 - our own program's
        except (OSError, EOFError) as error:
            raise WorkerDied("ended at its start") from error
        finally:
            if self._writer is None:
                ours.close()
        return absent

    def _begin(self, given: list[str], descriptor: int) -> None:
        self._process = _begun(given, descriptor)

    async def ask(self, request: bytes, heard: Callable[[Part], None]) -> None:
        """Ask about a pickled batch, and tell what each enricher found as soon as it is done. Not to be cancelled.

        Raises:
            WorkerDied: there is no more to come, and this worker is of no more use.
        """
        end = asyncio.get_running_loop().time() + self._orders.hard_seconds
        try:
            self._send(request)
            while (answer := await self._read(end)) != DONE:
                heard(Part(*await _unpickled(answer)))
        except TimeoutError as error:
            raise WorkerDied("hung") from error
        except (OSError, EOFError) as error:
            raise WorkerDied("died") from error

    def stop(self) -> None:
        """Ask for no more of the batch in hand."""
        with contextlib.suppress(OSError, EOFError):
            self._send(STOP)

    def ended(self) -> bool:
        """Tell whether the process is no more."""
        return self._process is None or self._process.poll() is not None

    async def end(self) -> None:
        """End it, whatever it does, and leave nothing of it behind."""
        await _whatever_happens(self._end())

    async def _end(self) -> None:
        if self._writer:
            self._writer.transport.abort()
            with contextlib.suppress(OSError):
                await self._writer.wait_closed()
        if self._process:
            self._process.kill()
            await asyncio.to_thread(self._process.wait)
        self._process = self._reader = self._writer = None

    def _send(self, message: bytes) -> None:
        if self._writer is None:
            raise EOFError
        self._writer.write(framed(message))

    async def _read(self, end: float | None) -> bytes:
        """Return the next message. The time to wait ends at a moment of the loop's clock."""
        if self._reader is None:
            raise EOFError
        async with asyncio.timeout_at(end):
            size = LENGTH.unpack(await self._reader.readexactly(LENGTH.size))[0]
            return await self._reader.readexactly(size)


async def _whatever_happens(work: Coroutine[Any, Any, None]) -> None:
    """Wait for what cannot be stopped, though this is cancelled: a process that nobody knows of could not be ended."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


def _begun(given: list[str], descriptor: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - this very program
        [sys.executable, "-m", "services.enrich.working", *given],
        pass_fds=[descriptor],
        stdin=subprocess.DEVNULL,
        cwd=ROOT,
        env=_environment(),
        # A Ctrl-C at the terminal is for the service, which then ends its workers.
        start_new_session=True,
    )


def _environment() -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if name not in SECRETS}
    # Names that the newsroom adds are read there; the worker may have another working directory.
    config = Path(ours.get("NEWSROOM_CONFIG", "newsroom.yaml")).absolute()
    return ours | THREADS | {"NEWSROOM_CONFIG": str(config)}


async def _unpickled(answer: bytes) -> Any:
    if len(answer) > SMALL:
        return await asyncio.to_thread(pickle.loads, answer)
    return pickle.loads(answer)  # noqa: S301 - our own program's, over a private socket
