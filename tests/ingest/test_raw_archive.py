"""The raw archive keeps every byte, and a line on each receipt."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from services.ingest.admission.archive import RawArchive
from tests.ingest.making import NOON


async def keep(archive: RawArchive, body: bytes, receipt: str = "r1") -> str:
    return await archive.keep(body, receipt=receipt, source="harbour", media_type="text/plain", url=None, received=NOON)


def receipts(root: Path) -> list[dict[str, Any]]:
    lines = [line for path in sorted((root / "receipts").iterdir()) for line in path.read_text().splitlines()]
    return [json.loads(line) for line in lines if line]


async def test_bytes_lie_under_their_digest(tmp_path: Path) -> None:
    sha256 = await keep(RawArchive(tmp_path, replica="a"), b"copy")
    kept = tmp_path / "raw" / sha256[:2] / sha256[2:4] / sha256
    assert (kept.read_bytes(), sha256) == (b"copy", hashlib.sha256(b"copy").hexdigest())


async def test_receipt_says_what_came_and_when(tmp_path: Path) -> None:
    sha256 = await keep(RawArchive(tmp_path, replica="a"), b"copy")
    assert receipts(tmp_path) == [
        {
            "receipt": "r1",
            "source": "harbour",
            "media_type": "text/plain",
            "url": None,
            "sha256": sha256,
            "size": 4,
            "received": "2026-05-04T12:00:00.000+00:00",
        }
    ]


async def test_same_bytes_again_are_another_receipt_of_one_file(tmp_path: Path) -> None:
    archive = RawArchive(tmp_path, replica="a")
    for receipt in ("r1", "r2"):
        await keep(archive, b"copy", receipt)
    files = [path for path in (tmp_path / "raw").rglob("*") if path.is_file()]
    assert (len(files), [r["receipt"] for r in receipts(tmp_path)]) == (1, ["r1", "r2"])


async def test_journal_is_one_a_day_and_replica(tmp_path: Path) -> None:
    east = NOON.replace(hour=23).astimezone(timezone(timedelta(hours=10)))
    archive = RawArchive(tmp_path, replica="../a b")
    await archive.keep(b"copy", receipt="r", source="s", media_type=None, url=None, received=east)
    assert [p.name for p in (tmp_path / "receipts").iterdir()] == ["2026-05-04.---a-b.jsonl"]


async def test_many_at_once_leave_whole_lines(tmp_path: Path) -> None:
    archive = RawArchive(tmp_path, replica="a")
    await asyncio.gather(*(keep(archive, b"copy" * n, f"r{n}") for n in range(40)))
    assert {r["receipt"] for r in receipts(tmp_path)} == {f"r{n}" for n in range(40)}


async def test_line_torn_by_a_power_cut_costs_no_other_line(tmp_path: Path) -> None:
    await keep(RawArchive(tmp_path, replica="a"), b"one", "r1")
    journal = next((tmp_path / "receipts").iterdir())
    journal.write_bytes(journal.read_bytes() + b'{"receipt":"torn')
    await keep(RawArchive(tmp_path, replica="a"), b"two", "r2")
    assert [json.loads(line)["receipt"] for line in journal.read_text().splitlines() if line.endswith("}")] == [
        "r1",
        "r2",
    ]


async def test_file_and_folders_are_synced_before_the_receipt_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    sync = os.fsync

    def spy(handle: int) -> None:
        synced.append(Path(f"/proc/self/fd/{handle}").readlink().name)
        sync(handle)

    monkeypatch.setattr(os, "fsync", spy)
    sha256 = await keep(RawArchive(tmp_path, replica="a"), b"copy")
    file = next(at for at, name in enumerate(synced) if name.startswith(f".{sha256}"))
    assert file < synced.index(sha256[2:4]) < synced.index("2026-05-04.a.jsonl")


async def test_nothing_half_written_stays_when_the_disk_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    archive = RawArchive(tmp_path, replica="a")
    await keep(archive, b"first")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        await keep(archive, b"copy")
    assert [p.read_bytes() for p in (tmp_path / "raw").rglob("*") if p.is_file()] == [b"first"]


async def test_archive_that_takes_bytes_is_ready(tmp_path: Path) -> None:
    assert await RawArchive(tmp_path / "not" / "there" / "yet", replica="a").check() is None


async def test_archive_that_takes_none_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    problem = await RawArchive(tmp_path / "file", replica="a").check()
    assert "cannot be written" in (problem or "")
