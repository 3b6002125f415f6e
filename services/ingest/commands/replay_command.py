"""``python -m services.ingest replay``: what it takes, and how it says what it did."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from services.ingest.admission.admit import Admission
from services.ingest.admission.archive import RawArchive
from services.ingest.admission.reading import CopyReader
from services.ingest.commands.replay import Replay
from services.ingest.commands.replay_steps import Rehearsed, Step
from services.ingest.settings import Source
from shared.events import StageResult

__all__ = ["add_replay", "replay", "since"]

UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
AGO = re.compile(r"(\d{1,5})([mhdw])")


def add_replay(parser: argparse.ArgumentParser) -> None:
    """Say what can be asked for."""
    parser.add_argument(
        "--from", dest="origin", choices=("raw", "rejected"), required=True, help="all copy, or what was refused"
    )
    parser.add_argument(
        "--since", type=since, required=True, help="2026-05-04, 2026-05-04T08:00+10:00, or an age: 30m, 12h, 7d, 2w"
    )
    parser.add_argument("--source", help="of one source alone")
    parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    parser.add_argument("--json", action="store_true", help="a line of JSON for each entry")


def since(text: str) -> datetime:
    """Read a moment or an age. A moment without a zone is in UTC, as the receipts are."""
    if ago := AGO.fullmatch(text.strip()):
        return datetime.now(UTC) - timedelta(**{UNITS[ago[2]]: int(ago[1])})
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is neither a date nor an age like 12h") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


async def replay(
    asked: argparse.Namespace,
    archive: RawArchive,
    reader: CopyReader,
    admission: Admission,
    sources: Mapping[str, Source],
) -> int:
    """Replay what was asked for, and say what changed, or would."""
    replaying = Replay(archive, reader, admission, sources)
    rehearsed = await replaying.rehearse(asked.since, rejected=asked.origin == "rejected", source=asked.source)
    if asked.dry_run:
        rows = [_row_of_step(step) for step in rehearsed.steps]
    else:
        rows = [_row_of_result(result) for result in await replaying.admit(rehearsed.steps)]
    for row in rows:
        sys.stdout.write(json.dumps(row) + "\n" if asked.json else _line(row) + "\n")
    if not asked.json:
        sys.stdout.write(_summary(rehearsed, len(rows), dry=asked.dry_run) + "\n")
    return 0


def _row_of_step(step: Step) -> dict[str, str | None]:
    foreseen = step.foreseen
    return {
        "received": step.receipt.received[:19],
        "source": step.receipt.source,
        "input": f"{step.receipt.receipt}.{step.index}",
        "outcome": foreseen.outcome.value,
        "change": foreseen.change.value if foreseen.change else None,
        "story_id": foreseen.story_id or None,
        "code": foreseen.code,
        "was": step.was or None,
    }


def _row_of_result(result: StageResult) -> dict[str, str | None]:
    return {
        "source": result.origin,
        "input": result.input,
        "outcome": result.outcome.value,
        "change": result.change.value if result.change else None,
        "story_id": result.story_id,
        "code": result.code,
    }


def _line(row: Mapping[str, str | None]) -> str:
    widths = {"received": 19, "source": 16, "input": 28, "outcome": 13, "change": 10, "story_id": 18, "code": 20}
    return "  ".join(f"{value or '-':{widths.get(name, 0)}}" for name, value in row.items()).rstrip()


def _summary(rehearsed: Rehearsed, rows: int, *, dry: bool) -> str:
    if dry:
        return f"{rows} would change, {rehearsed.unchanged} would not; nothing was written"
    return f"{rows} admitted, {rehearsed.unchanged} unchanged"
