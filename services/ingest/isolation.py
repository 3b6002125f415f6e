"""Parsing in processes of their own, each within limits of memory, processor time and patience.

A thread that parses cannot be stopped, and memory that a parser takes is the service's. A process can be: what passes a
limit is killed and replaced, and the copy is refused as ``parse_too_costly``, its bytes kept like any other's. All copy
goes this way, the small and plain too: it costs a fraction of a millisecond a body, and takes the parsing off the
interpreter lock of the event loop (measured by ``python -m benchmarks isolation``).
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from services.ingest.frames import FD_CLOSED, READY, Answer, read_exactly, read_frame, write_frame
from services.ingest.items import Hints, Parsed, UnreadableCopy
from services.ingest.metrics import PARSERS_REPLACED
from services.ingest.settings import IngestSettings
from shared.logs import get_logger

__all__ = ["Limits", "ParserProcesses", "ParsersUnavailable", "parsers_of"]

TOO_COSTLY = "parse_too_costly"
ATTEMPTS = 2
"""Copy whose parser is killed by none of its own limits, but for another's sake perhaps, is tried once more."""

START_SECONDS = 30.0
"""A parser is warm within a second; on a machine that is busy with a restart of everything it takes a few."""

ROOT = Path(__file__).parents[2]
ENVIRONMENT = ("PATH", "LANG", "TZ", "TZDIR", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
"""What a parser is told, with Python's own variables: no address of a service and no secret."""

log = get_logger("ingest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one body may cost."""

    seconds: float
    """On the clock: a parser that waits for something uses no processor time."""
    cpu_seconds: int
    mib: int
    """Memory beyond that of a parser that has nothing to do."""


class ParsersUnavailable(OSError):
    """No parser can be had: the fault is not the copy's, which may come again."""


class Died(Exception):
    """The process ended over its work. ``by_limit`` says that this was for what the work costs."""

    def __init__(self, how: str, *, by_limit: bool) -> None:
        super().__init__(how)
        self.by_limit = by_limit


class ParserProcesses:
    """So many warm parsers. :meth:`parse` may be called from as many threads as there are parsers."""

    def __init__(self, count: int, limits: Limits) -> None:
        self._count = count
        self._limits = limits
        self._places: queue.SimpleQueue[ParserProcess] = queue.SimpleQueue()
        self._all: set[ParserProcess] = set()
        self._trouble: str | None = None
        self._closed = False

    def start(self) -> None:
        """Start all of them; none is waited for."""
        for _ in range(self._count):
            process = self._new()
            process.begin()
            self._places.put(process)

    def close(self) -> None:
        """Kill all of them, whatever they are doing: the copy in their hands is in the archive."""
        self._closed = True
        for process in list(self._all):
            process.end()
        with contextlib.suppress(queue.Empty):
            while True:
                self._places.get_nowait().kill()

    @property
    def pids(self) -> list[int]:
        """The processes as the system numbers them."""
        return [process.pid for process in self._all if process.pid]

    @property
    def patience(self) -> float:
        """The seconds that :meth:`parse` takes at most."""
        return ATTEMPTS * (START_SECONDS + 2 * self._limits.seconds)

    async def check(self) -> str | None:
        """Readiness: None while parsers start."""
        return self._trouble

    def parse(self, body: bytes, *, content_type: str | None, hints: Hints) -> Parsed:
        """Parse ``body`` in one of them.

        Raises:
            UnreadableCopy: with the parser's code, ``parser_failed`` or ``parse_too_costly``.
            ParsersUnavailable: none could be started, or the service is being stopped.
        """
        request = pickle.dumps((body, content_type, hints))
        process = self._places.get()
        try:
            for attempt in range(ATTEMPTS):
                try:
                    return self._read(process, request)
                except Died as death:
                    log.warning("parser_replaced", reason=str(death), size=len(body), content_type=content_type)
                    process = self._replaced(process, "limit" if death.by_limit else "killed")
                    if death.by_limit or attempt + 1 == ATTEMPTS:
                        raise UnreadableCopy(TOO_COSTLY, str(death)) from death
            raise AssertionError("the last attempt returns or raises")
        finally:
            if self._closed:
                process.kill()
            self._places.put(process)

    def _read(self, process: ParserProcess, request: bytes) -> Parsed:
        if self._closed:
            raise ParsersUnavailable("the parsers are stopped")
        try:
            process.wait_until_warm(START_SECONDS)
        except OSError as error:
            self._trouble = f"parsers do not start: {error}"
            process.kill()
            raise ParsersUnavailable(self._trouble) from error
        self._trouble = None
        match process.ask(request, self._limits.seconds):
            case "parsed", parsed:
                return parsed
            case "costly", detail:
                raise Died(detail, by_limit=True)
            case _, (code, detail):
                raise UnreadableCopy(code, detail)
            case answer:
                raise AssertionError(answer)

    def _replaced(self, process: ParserProcess, reason: str) -> ParserProcess:
        PARSERS_REPLACED.labels(reason).inc()
        process.kill()
        self._all.discard(process)
        fresh = self._new()
        if not self._closed:
            # So that it is warm for the next copy. If it cannot be started, who needs it will be told.
            with contextlib.suppress(OSError):
                fresh.begin()
        return fresh

    def _new(self) -> ParserProcess:
        process = ParserProcess(self._limits)
        self._all.add(process)
        return process


class ParserProcess:
    """One process, started when it is needed, and started again when it has ended of itself."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket | None = None
        self._warm = False

    @property
    def pid(self) -> int | None:
        """The number of the process; None when there is none."""
        return self._process.pid if self._process else None

    def begin(self) -> None:
        """Start it.

        Raises:
            OSError: there are too many processes, or no memory.
        """
        self._channel, theirs = socket.socketpair()
        self._warm = False
        with theirs:
            given = [str(theirs.fileno()), str(self._limits.mib), str(self._limits.cpu_seconds)]
            self._process = subprocess.Popen(  # noqa: S603 - this very program
                [sys.executable, "-m", "services.ingest.parser_process", *given],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                cwd=ROOT,
                env=_environment(),
                # A Ctrl-C at the terminal is for the service, which then stops its parsers.
                start_new_session=True,
            )

    def wait_until_warm(self, seconds: float) -> None:
        """Return when it can be asked.

        Raises:
            OSError: it does not start.
        """
        if self._process is None or self._process.poll() is not None:
            self.kill()
            self.begin()
        if not self._warm and self._channel is not None:
            self._channel.settimeout(seconds)
            if read_exactly(self._channel, len(READY)) != READY:
                raise ParsersUnavailable("a parser ended at its start")
            self._warm = True

    def ask(self, request: bytes, seconds: float) -> Answer:
        """Send a request and return the answer.

        Raises:
            Died: there is none.
        """
        if self._channel is None:
            raise ParsersUnavailable("not started")
        try:
            self._channel.settimeout(seconds)
            write_frame(self._channel, request)
            answer = self._answer(self._channel, time.monotonic() + seconds)
        except TimeoutError as error:
            raise Died(f"more than {seconds:g} s", by_limit=True) from error
        except OSError:
            answer = FD_CLOSED
        if answer == FD_CLOSED:
            raise self._death()
        found: Answer = pickle.loads(answer)  # noqa: S301 - our own program's, over a private socket
        return found

    def end(self) -> None:
        """End it, whatever it does. A thread that waits for its answer sees that there is none."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def kill(self) -> None:
        """End it, and leave nothing of it behind."""
        self.end()
        if self._channel is not None:
            self._channel.close()
        self._process = self._channel = None

    @staticmethod
    def _answer(channel: socket.socket, deadline: float) -> bytes:
        """Wait for the answer. Once it begins to come it comes whole: the parsing is over."""
        channel.settimeout(max(0.001, deadline - time.monotonic()))
        return read_frame(channel)

    def _death(self) -> Died:
        process = self._process
        if process is None:
            return Died("it was stopped", by_limit=False)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=5)
        if process.returncode == -signal.SIGXCPU:
            return Died(f"more than {self._limits.cpu_seconds} s of processor time", by_limit=True)
        name = signal.Signals(-process.returncode).name if process.returncode and process.returncode < 0 else "its end"
        return Died(f"the parser met {name}", by_limit=False)


def parsers_of(settings: IngestSettings) -> ParserProcesses:
    """Return the parsers that the settings ask for, not yet started."""
    limits = Limits(seconds=settings.parse_seconds, cpu_seconds=settings.parse_cpu_seconds, mib=settings.parse_mib)
    return ParserProcesses(settings.parsers_at_once, limits)


def _environment() -> dict[str, str]:
    return {
        name: value for name, value in os.environ.items() if name in ENVIRONMENT or name.startswith(("PYTHON", "LC_"))
    }
