"""A process that does nothing but ask the enrichers: ``working FD SECONDS PATH OFF``, run with ``python -m``.

It speaks over the socket that it is given, and ends when the other end closes. Once its models are loaded it says which
of them it lacks; then, for each batch of articles, it sends a message as each enricher is done, so that a story whose
time is up goes on with what has come, and an empty one at the end. :mod:`services.enrich.worker` is the other end.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import select
import signal
import socket
import struct
import sys
from pathlib import Path
from typing import Any

from services.enrich.asking import ask_each
from services.enrich.loading import Absent, Loaded, load_all
from services.enrich.registries import registry_at
from shared.logs import configure_logs

__all__ = ["DONE", "LENGTH", "STOP", "framed"]

LENGTH = struct.Struct(">I")
DONE = b""
"""Ends the answers to a batch."""
STOP = b"stop"
"""Asks for no more of the batch in hand: nobody waits for it. Pickles begin otherwise."""
GRACE = 5.0
"""Seconds over its limit after which a worker ends itself: who should have killed it is gone."""
LIKELIER_TO_BE_KILLED = "500"
NICE = 10
"""There is a worker a core: without this the service's own loop waits for a core, and flashes with it."""


def framed(message: bytes) -> bytes:
    """Return a message with its length before it."""
    return LENGTH.pack(len(message)) + message


def main() -> None:
    """Load the models and serve until the other end closes."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    seconds, path, off = float(sys.argv[2]), sys.argv[3], frozenset(sys.argv[4].split(","))
    log = os.environ
    configure_logs("enrich", fmt=log.get("LOG_FORMAT", "json"), level=log.get("LOG_LEVEL", "info"))
    # If memory runs out it is a worker that the kernel ends and not the service.
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(LIKELIER_TO_BE_KILLED)
    os.nice(NICE)
    loaded = load_all(registry_at(path, off))
    gc.collect()
    gc.freeze()
    absent = [(one.enricher.name, one.reason) for one in loaded if isinstance(one, Absent)]
    # The other end is gone: nobody is left to be told.
    with contextlib.suppress(ConnectionError, EOFError):
        channel.sendall(framed(pickle.dumps(absent)))
        while True:
            serve(channel, loaded, seconds)


def serve(channel: socket.socket, loaded: tuple[Loaded | Absent, ...], seconds: float) -> None:
    """Answer the next batch.

    Raises:
        EOFError: there is none, and will be none.
    """
    request = read(channel)
    if request == STOP:  # it came when the batch was done
        return
    # What hangs inside a library hears of no closed socket, but of this.
    signal.setitimer(signal.ITIMER_REAL, seconds + GRACE)
    for part in ask_each(loaded, pickle.loads(request)):  # noqa: S301 - our own service's, over a private socket
        channel.sendall(framed(pickle.dumps(tuple(part))))
        if select.select([channel], [], [], 0)[0]:  # the word to stop, or the end
            read(channel)
            break
    channel.sendall(framed(DONE))
    signal.setitimer(signal.ITIMER_REAL, 0)


def read(channel: socket.socket) -> bytes:
    """Return the next message.

    Raises:
        EOFError: the other end has closed.
    """
    return _exactly(channel, LENGTH.unpack(_exactly(channel, LENGTH.size))[0])


def _exactly(channel: socket.socket, size: int) -> bytes:
    whole = bytearray(size)
    rest: Any = memoryview(whole)
    while rest:
        taken = channel.recv_into(rest)
        if not taken:
            raise EOFError
        rest = rest[taken:]
    return bytes(whole)


if __name__ == "__main__":
    main()
