"""The reason beside a refused file, and the name that both get."""

from __future__ import annotations

import json
import os
from contextlib import suppress

from services.ingest.folders.dropfile import LONGEST_NAME, Verdict, printable, with_receipt
from services.ingest.folders.wholefile import FILE

__all__ = ["REASON", "free_name", "write_reason"]

REASON = ".reason.json"


def write_reason(folder: int, name: str, file: str, verdict: Verdict) -> None:
    """Write why a file was refused: whole or not at all."""
    document = {
        "file": printable(file),
        "code": verdict.code,
        "detail": verdict.detail,
        "sha256": verdict.sha256,
        "receipt": verdict.receipt,
    }
    aside = f".{verdict.receipt}"
    with suppress(FileNotFoundError):
        os.unlink(aside, dir_fd=folder)
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o660, dir_fd=folder)
    with os.fdopen(handle, "w", encoding="ascii") as writer:
        writer.write(json.dumps(document, indent=2) + "\n")
        writer.flush()
        os.fsync(writer.fileno())
    os.rename(aside, name, src_dir_fd=folder, dst_dir_fd=folder)


def free_name(folder: int, name: str, receipt: str) -> str:
    """Return the name to move a file to: its own, else with the receipt, which names these very bytes."""
    reason = name + REASON
    if len(os.fsencode(reason)) > LONGEST_NAME or _exists(folder, name):
        return with_receipt(name, receipt, room=len(REASON))
    # A reason without its file is what a crash left of this very refusal, or it is another file's.
    ours = not _exists(folder, reason) or _receipt_in(folder, reason) == receipt
    return name if ours else with_receipt(name, receipt, room=len(REASON))


def _exists(folder: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _receipt_in(folder: int, name: str) -> str | None:
    """Return the receipt that a reason was written for: one that a crash parted from its file is written again."""
    try:
        handle = os.open(name, FILE, dir_fd=folder)
    except OSError:
        return None
    with os.fdopen(handle, "rb") as reader:
        try:
            document = json.loads(reader.read(65_536))
        except ValueError:
            return None
    return str(document.get("receipt")) if isinstance(document, dict) else None
