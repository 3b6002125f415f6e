"""A drop folder as it is touched: every step by descriptor, no link followed, nothing outside the folder reached.

A file is first *claimed*: renamed to ``.taking/<claim>/NAME``, where no sender writes, so that what is read is what is
set aside afterwards, and a newer file of the same name is never taken for it. A crash leaves it there or where it was.
"""

from __future__ import annotations

import errno
import heapq
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from services.ingest.folders.dropfile import Mark, Seen, Verdict, is_ignored, unfit
from services.ingest.folders.reasons import REASON, free_name, write_reason
from services.ingest.folders.wholefile import FILE, FOLDER, is_being_written, open_folder, read_whole

__all__ = ["DropFolder", "Found"]

MOST_AT_ONCE = 500
"""Files of one look, the oldest ones: a folder with a million files is emptied in bounded memory."""
TAKING = ".taking"


@dataclass(frozen=True, slots=True)
class Found:
    """A claimed file: its bytes, or why nobody should want them."""

    seen: Seen
    claim: str
    body: bytes = b""
    unfit: str | None = None
    detail: str = ""


class DropFolder:
    """``inbox/NAME`` with its ``done`` and ``rejected``. Made where it is missing."""

    def __init__(self, path: Path) -> None:
        """Open it.

        Raises:
            OSError: it cannot be made or opened, or is a link.
        """
        path.mkdir(parents=True, exist_ok=True)
        self._handles: list[int] = []
        try:
            self._root = self._open(path)
            self._taking = self._open(TAKING, self._root)
            self._done = self._open("done", self._root)
            self._rejected = self._open("rejected", self._root)
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the folders."""
        while self._handles:
            os.close(self._handles.pop())

    def look(self) -> list[Seen]:
        """Return what waits: first what a round before this one had claimed, then the oldest files."""
        claimed = list(self._claimed())
        waiting = heapq.nsmallest(MOST_AT_ONCE, self._waiting(), key=lambda file: (file.mark.mtime_ns, file.name))
        return claimed + waiting

    def take(self, seen: Seen, *, most: int) -> Found | None:
        """Claim a file that is complete and read it whole; None where it is not, or is gone, or became another.

        Raises:
            OSError: the folder cannot be read or written.
        """
        try:
            if problem := unfit(seen.mark, most):
                return Found(seen, self._claim(seen), b"", *problem)
            handle = os.open(self._path(seen), FILE, dir_fd=self._root)
        except FileNotFoundError:
            return None
        except PermissionError as error:
            return Found(seen, self._claim(seen), b"", "not_readable", f"uid {os.getuid()}: {error.strerror}")
        except OSError as error:
            if error.errno in {errno.ELOOP, errno.ENXIO}:
                return None  # a link or a pipe since it was looked at: the next look sees it as that
            raise
        try:
            return self._read(seen, handle, most)
        except FileNotFoundError:
            return None
        finally:
            os.close(handle)

    def finish(self, found: Found, verdict: Verdict) -> None:
        """Move a claimed file to ``done``, or to ``rejected`` with the reason beside it. Doing it twice is once."""
        folder = self._rejected if verdict.is_refused else self._done
        name = free_name(folder, found.seen.name, verdict.receipt)
        place = f"{found.claim}/{found.seen.name}"
        with suppress(FileNotFoundError):
            if verdict.is_refused:
                # Where another replica has moved it already, a reason would stand there alone.
                os.stat(place, dir_fd=self._taking, follow_symlinks=False)
                write_reason(folder, name + REASON, found.seen.name, verdict)
            os.rename(place, name, src_dir_fd=self._taking, dst_dir_fd=folder)
        with suppress(OSError):
            os.rmdir(found.claim, dir_fd=self._taking)

    def _open(self, path: Path | str, parent: int | None = None) -> int:
        handle = open_folder(path, parent)
        self._handles.append(handle)
        return handle

    def _waiting(self) -> Iterator[Seen]:
        with os.scandir(self._root) as entries:
            for entry in entries:
                if not is_ignored(entry.name):
                    with suppress(FileNotFoundError):
                        yield Seen(entry.name, Mark.of(entry.stat(follow_symlinks=False)))

    def _claimed(self) -> Iterator[Seen]:
        with os.scandir(self._taking) as claims:
            for claim in claims:
                with suppress(OSError):
                    yield from self._in_claim(claim.name)

    def _in_claim(self, claim: str) -> Iterator[Seen]:
        handle = os.open(claim, FOLDER, dir_fd=self._taking)
        try:
            with os.scandir(handle) as entries:
                found = [Seen(entry.name, Mark.of(entry.stat(follow_symlinks=False)), claim) for entry in entries]
        finally:
            os.close(handle)
        if not found:
            os.rmdir(claim, dir_fd=self._taking)
        yield from found

    def _path(self, seen: Seen) -> str:
        return seen.name if seen.claim is None else f"{TAKING}/{seen.claim}/{seen.name}"

    def _claim(self, seen: Seen) -> str:
        """Rename a file to where no sender writes, under a claim that was never another file's."""
        if seen.claim is not None:
            return seen.claim
        claim = secrets.token_hex(12)
        os.mkdir(claim, 0o770, dir_fd=self._taking)
        os.rename(seen.name, f"{claim}/{seen.name}", src_dir_fd=self._root, dst_dir_fd=self._taking)
        return claim

    def _read(self, seen: Seen, handle: int, most: int) -> Found | None:
        opened = Mark.of(os.fstat(handle))
        if not opened.has_bytes_of(seen.mark) or unfit(opened, most) or is_being_written(handle):
            return None
        claim = self._claim(seen)
        place = os.stat(f"{claim}/{seen.name}", dir_fd=self._taking, follow_symlinks=False)
        if not Mark.of(place).has_bytes_of(opened):
            return None  # the sender put another in its place: it is claimed, and the next look judges it
        body = read_whole(handle, opened)
        return None if body is None else Found(Seen(seen.name, opened, claim), claim, body)
