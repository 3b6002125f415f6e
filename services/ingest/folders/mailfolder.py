"""A Maildir as it is touched: every step by descriptor, no link followed. What is in ``new`` is complete."""

from __future__ import annotations

import heapq
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from services.ingest.folders.dropfile import Mark, Seen, Verdict
from services.ingest.folders.reasons import REASON, write_reason
from services.ingest.folders.wholefile import FILE, open_folder, read_whole

__all__ = ["MailFolder"]

MOST_AT_ONCE = 500
REJECTED = ".Rejected"
"""A Maildir++ folder, so that mail programs show what was refused under that name."""
SEEN = ":2,S"
UNSEEN = ":2,"


class MailFolder:
    """The Maildir of one source. It is the mail server's: nothing in it is made but the folder of what is refused."""

    def __init__(self, path: Path) -> None:
        """Open it.

        Raises:
            OSError: it is not there, or may not be written to.
        """
        self._handles: list[int] = []
        try:
            self._new = self._keep(os.open(path / "new", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
            self._cur = self._keep(os.open(path / "cur", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
            self._rejected = self._keep(open_folder(path / REJECTED))
            self._rejected_cur = self._keep(open_folder("cur", self._rejected))
            for name in ("new", "tmp"):
                os.close(open_folder(name, self._rejected))
            # By this file a Maildir++ folder is told from a folder that happens to begin with a dot.
            os.close(os.open("maildirfolder", os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o660, dir_fd=self._rejected))
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the folders."""
        while self._handles:
            os.close(self._handles.pop())

    def look(self) -> list[Seen]:
        """Return what is new, the oldest first."""
        return heapq.nsmallest(MOST_AT_ONCE, self._waiting(), key=lambda mail: (mail.mark.mtime_ns, mail.name))

    def read(self, seen: Seen) -> bytes | None:
        """Return the bytes of a message; None when it is gone, or is not what it was."""
        try:
            handle = os.open(seen.name, FILE, dir_fd=self._new)
        except FileNotFoundError:
            return None
        try:
            opened = Mark.of(os.fstat(handle))
            return read_whole(handle, opened) if opened.has_bytes_of(seen.mark) else None
        finally:
            os.close(handle)

    def finish(self, seen: Seen, verdict: Verdict) -> None:
        """Move a message to ``cur``, seen, or to the refused ones with its reason. Doing it twice is once."""
        base = seen.name.partition(":")[0]
        with suppress(FileNotFoundError):
            if not verdict.is_refused:
                os.rename(seen.name, base + SEEN, src_dir_fd=self._new, dst_dir_fd=self._cur)
                return
            # Where somebody has moved it already, a reason would stand there alone.
            os.stat(seen.name, dir_fd=self._new, follow_symlinks=False)
            write_reason(self._rejected, base + REASON, seen.name, verdict)
            os.rename(seen.name, base + UNSEEN, src_dir_fd=self._new, dst_dir_fd=self._rejected_cur)

    def _keep(self, handle: int) -> int:
        self._handles.append(handle)
        return handle

    def _waiting(self) -> Iterator[Seen]:
        with os.scandir(self._new) as entries:
            for entry in entries:
                if not entry.name.startswith("."):
                    with suppress(FileNotFoundError):
                        yield Seen(entry.name, Mark.of(entry.stat(follow_symlinks=False)))
