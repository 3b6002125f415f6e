"""Parsing in processes of their own, each within limits of memory, processor time and patience.

A thread that parses cannot be stopped, and memory that a parser takes is the service's. A process can be: what passes a
limit is killed and replaced, and the copy is refused as ``parse_too_costly``, its bytes kept like any other's. All copy
goes this way, the small and plain too: it costs a fraction of a millisecond a body, and takes the parsing off the
interpreter lock of the event loop (measured by ``python -m benchmarks isolation``).
"""

from __future__ import annotations

import contextlib
import pickle
import queue

from services.ingest.isolation.isolation import START_SECONDS, Died, Limits, ParserProcess, ParsersUnavailable
from services.ingest.items import Hints, Parsed, UnreadableCopy
from services.ingest.metrics import PARSERS_REPLACED
from services.ingest.settings import IngestSettings
from shared.logs import get_logger

__all__ = ["ParserProcesses", "parsers_of"]

TOO_COSTLY = "parse_too_costly"
ATTEMPTS = 2
"""Copy whose parser is killed by none of its own limits, but for another's sake perhaps, is tried once more."""

log = get_logger("ingest")


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


def parsers_of(settings: IngestSettings) -> ParserProcesses:
    """Return the parsers that the settings ask for, not yet started."""
    limits = Limits(seconds=settings.parse_seconds, cpu_seconds=settings.parse_cpu_seconds, mib=settings.parse_mib)
    return ParserProcesses(settings.parsers_at_once, limits)
