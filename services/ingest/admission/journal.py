"""Journals: a folder of lines of JSON, one file a day and replica, each line on disk when it is said to be."""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

__all__ = ["Journal", "make_folders", "sync_folder"]


class Journal:
    """``FOLDER/2026-01-31.<replica>.jsonl``. A line torn by a power cut is closed before the next one is written."""

    def __init__(self, root: Path, folder: str, *, replica: str) -> None:
        self._root = root
        self._folder = root / folder
        self._replica = re.sub(r"[^A-Za-z0-9_-]", "-", replica)[:64] or "replica"
        self._writing = threading.Lock()
        self._whole: Path | None = None

    def append(self, day: str, entry: Mapping[str, Any]) -> None:
        """Write one line.

        Raises:
            OSError: it is not safe.
        """
        line = json.dumps(entry, separators=(",", ":")).encode() + b"\n"
        with self._writing:
            self._append(self._folder / f"{day}.{self._replica}.jsonl", line)

    def read(self, since: datetime) -> Iterator[dict[str, Any]]:
        """Yield the lines of all replicas, from the files of that day on and of the day before: clocks differ."""
        first = (since.astimezone(UTC) - timedelta(days=1)).date().isoformat()
        for file in sorted(self._folder.glob("*.jsonl")):
            if file.name[:10] >= first:
                yield from _lines(file)

    def _append(self, journal: Path, line: bytes) -> None:
        is_new = not journal.exists()
        make_folders(journal.parent, self._root)
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
            sync_folder(journal.parent)


def make_folders(folder: Path, root: Path) -> None:
    """Make the folder and those above it, each one's entry synced in the one above it."""
    if folder.is_dir():
        return
    if folder != root:
        make_folders(folder.parent, root)
    folder.mkdir(parents=folder == root, exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Have a folder's entries on disk."""
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


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with file.open("rb") as journal:
        for line in journal:
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if isinstance(entry, dict):
                yield entry
