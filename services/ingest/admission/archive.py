"""The raw archive: every byte received, on disk before anything is admitted, so that all of it can be replayed.

Bytes lie under their SHA-256 (``raw/ab/cd/<sha256>``), and a line per receipt says what they were and when
(``receipts/2026-01-31.<replica>.jsonl``). What was refused has a line in ``rejected/`` too, with the reason;
what operators ordered about a story, one in ``orders/``.

A power cut at any moment leaves whole files and whole lines: bytes are written aside, synced, renamed and their folder
synced; a line torn by the cut is closed before the next one.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from services.ingest.admission.journal import Journal, make_folders, sync_folder

__all__ = ["Order", "RawArchive", "Receipt", "Rejection"]

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Why one body, or one entry of it, was refused."""

    receipt: str
    source: str
    code: str
    detail: str
    sha256: str
    media_type: str | None
    index: int
    """The entry's place among all entries of the body; 0 for a body that could not be read at all."""
    rejected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What an operator ordered about a story: no copy says it, so without this line it would be lost with Redis."""

    input: str
    order: str
    """``kill``, ``reinstate``, ``hold`` or ``release``."""
    story_id: str
    source: str
    uri: str
    operator: str
    reason: str
    ordered: str


class RawArchive:
    """A folder of bytes and a journal of receipts. Replicas may share the folder; each has its own journal."""

    def __init__(self, root: Path, *, replica: str) -> None:
        self._root = root
        self._receipts = Journal(root, "receipts", replica=replica)
        self._rejected = Journal(root, "rejected", replica=replica)
        self._orders = Journal(root, "orders", replica=replica)

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
            received=_text(received),
        )
        await asyncio.to_thread(self._keep, body, entry)
        return sha256

    async def reject(self, rejection: Rejection) -> None:
        """Note that copy was refused, before that is booked: the note may be one too many, and is never missing.

        Raises:
            OSError: the disk is full, not writable or not there.
        """
        await asyncio.to_thread(self._rejected.append, rejection.rejected[:10], asdict(rejection))

    async def note(self, order: Order) -> None:
        """Make an order safe, before it is carried out.

        Raises:
            OSError: the disk is full, not writable or not there.
        """
        await asyncio.to_thread(self._orders.append, order.ordered[:10], asdict(order))

    def orders(self, since: datetime) -> Iterator[Order]:
        """Yield what operators ordered since then."""
        return (Order(**line) for line in self._orders.read(since) if line["ordered"] >= _text(since))

    def receipts(self, since: datetime) -> Iterator[Receipt]:
        """Yield the receipts of all replicas since then, in the order in which the copy came."""
        found = (line for line in self._receipts.read(since) if line["received"] >= _text(since))
        return (Receipt(**line) for line in sorted(found, key=lambda line: (line["received"], line["receipt"])))

    def rejections(self, since: datetime) -> Iterator[Rejection]:
        """Yield what was refused since then, by all replicas."""
        return (Rejection(**line) for line in self._rejected.read(since) if line["rejected"] >= _text(since))

    def path_of(self, sha256: str) -> Path:
        """Return where bytes with this name lie."""
        return self._root / "raw" / sha256[:2] / sha256[2:4] / sha256

    async def check(self) -> str | None:
        """Readiness: None while the archive takes bytes and the disk has room."""
        return await asyncio.to_thread(self._check)

    def _keep(self, body: bytes, entry: Receipt) -> None:
        place = self.path_of(entry.sha256)
        if not place.exists():
            make_folders(place.parent, self._root)
            _write_aside(place, body)
        # Also where the file was there: another writer may have renamed it and not yet synced the folder.
        sync_folder(place.parent)
        self._receipts.append(entry.received[:10], asdict(entry))

    def _check(self) -> str | None:
        try:
            make_folders(self._root, self._root)
            probe = self._root / f".probe.{secrets.token_hex(4)}"
            probe.write_bytes(b"ok")
            probe.unlink()
            disk = os.statvfs(self._root)
        except OSError as error:
            return f"{self._root} cannot be written by uid {os.getuid()}: {error.strerror}"
        free = disk.f_bavail / max(disk.f_blocks, 1)
        return None if free > LEAST_FREE else f"{self._root} has only {free:.1%} of its disk free"


def _text(moment: datetime) -> str:
    """Return a moment in the form that sorts as text."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


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
