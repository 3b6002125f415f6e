"""A process that does nothing but parse, within limits: ``parser_process FD MIB SECONDS``, run with ``python -m``.

It speaks over the socket that it is given: one byte when it is warm, then an answer for each request, until the other
end closes. What passes its memory or its processor time ends it, and :mod:`services.ingest.isolation.parser_pool`
starts another.
The limits are for cost. They are no sandbox: the process runs as the user of the service, though without its secrets.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import resource
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path

from services.ingest.isolation.frames import FD_CLOSED, READY, Answer, read_frame, write_frame
from services.ingest.items import Hints, UnreadableCopy
from services.ingest.parse import parse

PAGE = b"<html><title>Warm</title><h1>Warm</h1><article><p>A first page, so that no copy waits for it.</p></article>"
STATM = Path("/proc/self/statm")
SPENT_SHARE = 4
"""The process is replaced when what it did not give back is a fourth of its limit: copy to come must have its share."""


def main() -> None:
    """Serve until the other end closes, or the memory is spent."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    mib, seconds = int(sys.argv[2]), int(sys.argv[3])
    warm_up()
    size = address_space()
    limit_memory(size + mib * 2**20)
    silence()
    channel.sendall(READY)
    while (request := read_frame(channel)) is not FD_CLOSED:
        limit_processor(seconds)
        write_frame(channel, answer_to(request))
        if size and address_space() > size + mib * 2**20 // SPENT_SHARE:
            return


def answer_to(request: bytes) -> bytes:
    """Parse and say what came of it. Out of memory is an answer like any other."""
    try:
        return pickle.dumps(answer(*pickle.loads(request)))  # noqa: S301 - our own service's, over a private socket
    except MemoryError:
        return pickle.dumps(("costly", "more memory than copy may take"))


def answer(body: bytes, content_type: str | None, hints: Hints) -> Answer:
    """Parse one body."""
    try:
        return "parsed", parse(body, content_type=content_type, hints=hints)
    except UnreadableCopy as reason:
        # The parsers' own net turns whatever is raised in them into a refusal; what it caught is its cause.
        if isinstance(reason.__cause__, MemoryError):
            raise MemoryError from reason  # noqa: TRY004 - it is what was met, and no check of a type
        return "refused", (reason.code, reason.detail)


def warm_up() -> None:
    """Load what the parsers load at their first use, before memory is counted."""
    utc = Hints(provider="none", timezone=UTC, timezone_name="UTC", received=datetime.now(UTC))
    parse(PAGE, content_type="text/html", hints=utc)


def address_space() -> int:
    """Return the bytes of address space in use; 0 where the system does not tell."""
    try:
        return int(STATM.read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def limit_memory(most: int) -> None:
    """Limit address space, which is all that a process can be limited by; macOS knows no such limit."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if STATM.exists():
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        # If memory runs out in the container all the same, it is a parser that the kernel ends and not the service.
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000")


def limit_processor(seconds: int) -> None:
    """Give the next body its own processor time: the system counts that of the whole life of a process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


def silence() -> None:
    """Keep what libraries print out of the service's log; until here a fault of the start is shown."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


if __name__ == "__main__":
    main()
