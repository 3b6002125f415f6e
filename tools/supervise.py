"""How honcho runs the pipeline on one machine: Redis first and last, and nobody outlives it.

Honcho supervises. What it does otherwise than a pipeline needs is overridden here: it starts and ends all of its
processes at once (services that cannot reach Redis cannot hand off what they hold), waits without end for a process
that ignores SIGTERM while all others do too, and leaves its children running when it is killed itself.
"""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from honcho.manager import Manager  # type: ignore[import-untyped]
from honcho.printer import Message, Printer  # type: ignore[import-untyped]
from honcho.process import Popen, Process  # type: ignore[import-untyped]

__all__ = ["Pipeline"]

PR_SET_PDEATHSIG = 1
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Together under the ten seconds that Ctrl-C may take.
DRAIN_SECONDS = 6.0
LAST_SECONDS = 2.0


class Pipeline(Manager):  # type: ignore[misc]
    """``first`` is started before the others and ended after them; ``ready`` says when it can be relied on.

    ``started`` runs in a thread of its own once all are started. ``drain`` is how many seconds the others may take
    to end what they hold.
    """

    _processes: dict[str, dict[str, Any]]
    _terminating: bool

    def __init__(
        self,
        *,
        first: str,
        ready: Callable[[], bool],
        started: Callable[[], None],
        drain: float = DRAIN_SECONDS,
    ) -> None:
        super().__init__(Printer(sys.stdout))
        self._process_ctor = Leashed
        self._first = first
        self._ready = ready
        self._started = started
        self._drain = drain
        self.stopped_by_itself: list[str] = []
        self.killed: list[str] = []

    @property
    def stopping(self) -> bool:
        return self._terminating

    def say(self, text: str) -> None:
        """Put lines of our own into the one log; may be called from any thread."""
        self.events.put(Message(type="line", data=text, time=datetime.now().astimezone(), name="wireroom", colour=None))

    def run(self) -> int:
        """Run until told to stop or until a process ends by itself; return the exit code for this program."""
        try:
            self.loop()
        except BaseException:
            # A closed terminal among them: writing the log fails. Unended children would be waited for, for ever.
            self._signal(self._running(self._processes), signal.SIGKILL)
            raise
        return 1 if self.stopped_by_itself or self.killed else 0

    def terminate(self) -> None:
        """Begin to end everything. Called by honcho on a signal, and when a process has ended by itself."""
        if self._terminating:
            return
        self._terminating = True
        self.stopped_by_itself = [name for name, p in self._processes.items() if p.get("returncode") is not None]
        for name in self.stopped_by_itself:
            code = self._processes[name]["returncode"]
            self.say(f"{name} ended by itself (exit code {code}): stopping the rest")
        threading.Thread(target=self._end_in_order, daemon=True).start()

    def kill(self) -> None:
        """Do nothing: honcho kills five seconds after the first has ended, and Redis would not be the last."""

    def _start(self) -> None:
        others = [name for name in self._processes if name != self._first]
        self._launch([self._first])
        process = self._processes[self._first]["process"]
        while process.is_alive() and not self._terminating and not self._ready():
            time.sleep(0.02)
        if process.is_alive() and self._launch(others):
            # Not before: a fork copies no thread but the one that forks, and whatever locks the others hold.
            threading.Thread(target=self._started, daemon=True).start()
        else:
            # Honcho's loop ends when all that it knows of have been started and have stopped.
            self._processes = {self._first: self._processes[self._first]}

    def _launch(self, names: Iterable[str]) -> bool:
        """Start these, unless told to stop; say whether they were started."""
        # Signals are held back meanwhile: a forked child begins with this process's handlers, and Ctrl-C at that
        # moment would have it end the pipeline too.
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
        wanted = not self._terminating
        for name in names if wanted else ():
            entry = self._processes[name]
            entry["process"] = multiprocessing.Process(name=name, target=entry["obj"].run, args=(self.events, True))
            entry["process"].start()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
        return wanted

    def _end_in_order(self) -> None:
        others = [name for name in self._processes if name != self._first]
        self._end(others, self._drain)
        self._end([self._first], LAST_SECONDS)

    def _end(self, names: list[str], patience: float) -> None:
        """SIGTERM, and SIGKILL for what has not ended in time."""
        deadline = time.monotonic() + patience
        told: set[str] = set()
        while left := self._running(names):
            if time.monotonic() > deadline:
                self.killed += left
                self.say(f"{', '.join(left)} did not stop within {patience:g} s and was killed")
                self._signal(left, signal.SIGKILL)
                return
            told |= self._signal([name for name in left if name not in told], signal.SIGTERM)
            time.sleep(0.05)

    def _running(self, names: Iterable[str]) -> list[str]:
        known = self._processes
        return [
            name
            for name in names
            if name in known and "process" in known[name] and known[name].get("returncode") is None
        ]

    def _signal(self, names: Iterable[str], number: signal.Signals) -> set[str]:
        """Signal those whose process id honcho has learnt (a moment after the start), and return their names."""
        reached: set[str] = set()
        for name in names:
            pid = self._processes[name].get("pid")
            if pid is None:
                continue
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, number)
            reached.add(name)
        return reached


class Leashed(Process):  # type: ignore[misc]
    """A process, and honcho's reader of its output, that end when this program does, however it ends."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._child_ctor = LeashedPopen
        self._starter = os.getpid()

    def run(self, events: Any = None, ignore_signals: bool = False) -> None:  # noqa: FBT001, FBT002 - honcho's
        # Before the child starts, and not after as honcho does: Ctrl-C in between would end the reader alone.
        for number in STOPS:
            signal.signal(number, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
        die_with(self._starter)
        super().run(events, ignore_signals)


class LeashedPopen(Popen):  # type: ignore[misc]
    def __init__(self, cmd: str, **kwargs: Any) -> None:
        # This process has one thread (honcho's queue begins its own at its first message), so a hook is safe.
        super().__init__(cmd, stdin=subprocess.DEVNULL, preexec_fn=partial(begin_child, os.getpid()), **kwargs)


def begin_child(parent: int) -> None:
    """Run in the child before its program: signals as a program expects them, and the leash."""
    for number in STOPS:
        signal.signal(number, signal.SIG_DFL)
    die_with(parent)


def die_with(parent: int) -> None:
    """Have the kernel kill this process when ``parent`` ends (Linux alone can; elsewhere this does nothing).

    SIGKILL, since the pipeline loses nothing by it, and since nobody would be left to see to a slow end.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
