"""The raw archive: every byte received, on disk before anything is admitted, so that all of it can be replayed.

Bytes lie under their SHA-256 (``raw/ab/cd/<sha256>``), and a line per receipt says what they were and when
(``receipts/2026-01-31.<replica>.jsonl``). A power cut at any moment leaves whole files and whole lines: bytes are
written aside, synced, renamed and their folder synced; a line torn by the cut is closed before the next one.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import secrets
import threading
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

__all__ = ["RawArchive", "Receipt"]

LEAST_FREE = 0.05
"""Share of the disk that stays free: below it the service says that it is not ready, before writes fail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What one body was, as received."""

    receipt: str
    source: str
    media_type: str | None
    url: str | None
    sha256: str
    size: int
    received: str


class RawArchive:
    """A folder of bytes and a journal of receipts. Replicas may share the folder; each has its own journal."""

    def __init__(self, root: Path, *, replica: str) -> None:
        self._root = root
        self._replica = re.sub(r"[^A-Za-z0-9_-]", "-", replica)[:64] or "replica"
        self._writing = threading.Lock()
        self._whole: Path | None = None

    async def keep(
        self, body: bytes, *, receipt: str, source: str, media_type: str | None, url: str | None, received: datetime
    ) -> str:
        """Make the bytes and their receipt safe and return the SHA-256 of the bytes.

        Raises:
            OSError: the disk is full, not writable or not there.
        """
        sha256 = hashlib.sha256(body).hexdigest()
        entry = Receipt(
            receipt=receipt,
            source=source,
            media_type=media_type,
            url=url,
            sha256=sha256,
            size=len(body),
            received=received.astimezone(UTC).isoformat(timespec="milliseconds"),
        )
        await asyncio.to_thread(self._keep, body, entry)
        return sha256

    def path_of(self, sha256: str) -> Path:
        """Return where bytes with this name lie."""
        return self._root / "raw" / sha256[:2] / sha256[2:4] / sha256

    async def check(self) -> str | None:
        """Readiness: None while the archive takes bytes and the disk has room."""
        return await asyncio.to_thread(self._check)

    def _keep(self, body: bytes, entry: Receipt) -> None:
        place = self.path_of(entry.sha256)
        if not place.exists():
            _make_folders(place.parent, self._root)
            _write_aside(place, body)
        # Also where the file was there: another writer may have renamed it and not yet synced the folder.
        _sync_folder(place.parent)
        line = json.dumps(asdict(entry), separators=(",", ":")).encode() + b"\n"
        journal = self._root / "receipts" / f"{entry.received[:10]}.{self._replica}.jsonl"
        with self._writing:
            self._append(journal, line)

    def _append(self, journal: Path, line: bytes) -> None:
        is_new = not journal.exists()
        _make_folders(journal.parent, self._root)
        with journal.open("ab", buffering=0) as file:
            if self._whole != journal and _is_torn(journal):
                line = b"\n" + line
            # A write that fails half-way leaves a torn line: look again before the next.
            self._whole = None
            while line:
                line = line[file.write(line) :]
            os.fsync(file.fileno())
        self._whole = journal
        if is_new:
            _sync_folder(journal.parent)

    def _check(self) -> str | None:
        try:
            _make_folders(self._root, self._root)
            probe = self._root / f".probe.{secrets.token_hex(4)}"
            probe.write_bytes(b"ok")
            probe.unlink()
            disk = os.statvfs(self._root)
        except OSError as error:
            return f"{self._root} cannot be written by uid {os.getuid()}: {error.strerror}"
        free = disk.f_bavail / max(disk.f_blocks, 1)
        return None if free > LEAST_FREE else f"{self._root} has only {free:.1%} of its disk free"


def _write_aside(place: Path, body: bytes) -> None:
    aside = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
    try:
        with aside.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        aside.rename(place)
    except OSError:
        aside.unlink(missing_ok=True)
        raise


def _make_folders(folder: Path, root: Path) -> None:
    """Make the folder and those above it, each one's entry synced in the one above it."""
    if folder.is_dir():
        return
    if folder != root:
        _make_folders(folder.parent, root)
    folder.mkdir(parents=folder == root, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_torn(journal: Path) -> bool:
    with journal.open("rb") as file:
        if file.seek(0, os.SEEK_END) == 0:
            return False
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"
