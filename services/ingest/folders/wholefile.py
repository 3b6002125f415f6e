"""Opening what strangers may write: by descriptor, without following a link, and read whole or not at all."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

from services.ingest.folders.dropfile import Mark

__all__ = ["FILE", "FOLDER", "is_being_written", "open_folder", "read_whole"]

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# A pipe put in a file's place would keep an opener waiting for ever; a terminal must not become ours.
FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


def open_folder(path: Path | str, parent: int | None = None) -> int:
    """Open a folder, after making it where it is missing, and never by a link."""
    with suppress(FileExistsError):
        os.mkdir(path, 0o770, dir_fd=parent)
    return os.open(path, FOLDER, dir_fd=parent)


def read_whole(handle: int, mark: Mark) -> bytes | None:
    """Read an open file of this mark to its end; None when it was written to meanwhile."""
    parts: list[bytes] = []
    left = mark.size + 1
    while left and (part := os.read(handle, min(left, 1 << 20))):
        parts.append(part)
        left -= len(part)
    body = b"".join(parts)
    after = Mark.of(os.fstat(handle))
    return body if len(body) == mark.size and after.has_bytes_of(mark) else None


def is_being_written(handle: int) -> bool:
    """Tell whether somebody has the file open for writing: an upload that pauses stands still and is not complete.

    Linux tells by whether a read lease can be had, and only the file's owner is told; in other places, and for
    files of other users, standing still has to do.
    """
    if sys.platform != "linux":
        return False
    try:
        # Should a writer come in the instant that we hold the lease, we are sent a signal: one that is ignored.
        fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN
    return False
