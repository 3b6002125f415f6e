"""One parser in a process of its own, within limits of memory, processor time and patience, as the service sees it."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from services.ingest.isolation.frames import FD_CLOSED, READY, Answer, read_exactly, read_frame, write_frame

__all__ = ["START_SECONDS", "Died", "Limits", "ParserProcess", "ParsersUnavailable"]

START_SECONDS = 30.0
"""A parser is warm within a second; on a machine that is busy with a restart of everything it takes a few."""

ROOT = Path(__file__).parents[3]
ENVIRONMENT = ("PATH", "LANG", "TZ", "TZDIR", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
"""What a parser is told, with Python's own variables: no address of a service and no secret."""


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
                [sys.executable, "-m", "services.ingest.isolation.parser_process", *given],
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


def _environment() -> dict[str, str]:
    return {
        name: value for name, value in os.environ.items() if name in ENVIRONMENT or name.startswith(("PYTHON", "LC_"))
    }
