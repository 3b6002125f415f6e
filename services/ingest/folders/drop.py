"""The drop folder of one source: copy that comes as files, as FTP and SFTP servers leave it."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from pathlib import Path

from services.ingest.admission.admit import Admission
from services.ingest.admission.bring import bring_in, set_aside
from services.ingest.admission.received import Copy
from services.ingest.folders.bell import Bell
from services.ingest.folders.dropfile import Place, Sighting, Verdict, printable, receipt_of, settle
from services.ingest.folders.dropfolder import DropFolder, Found
from services.ingest.items import UnreadableCopy
from services.ingest.metrics import FILES
from services.ingest.settings import Source
from services.ingest.threads import to_its_end
from shared.logs import get_logger

__all__ = ["Drop", "DropHabits", "tell"]

MAIL = "message/rfc822"

log = get_logger("ingest")


@dataclass(frozen=True, slots=True, kw_only=True)
class DropHabits:
    """How drop folders are looked after."""

    max_bytes: int
    stable_seconds: float
    rescan_seconds: float
    polls: bool
    """The folder's file system tells nothing by itself: it is polled, and its times are not trusted to the tick."""


class Drop:
    """Takes what is complete in the folder, oldest first, and moves it to ``done`` or ``rejected`` when it is safe."""

    def __init__(self, name: str, config: Source, *, folder: Path, admission: Admission, habits: DropHabits) -> None:
        self.name = name
        self.lease = f"drop:{name}"
        self._config = config
        self._path = folder
        self._admission = admission
        self._habits = habits
        self._sightings: dict[Place, Sighting] = {}

    async def run(self) -> None:
        """Look after the folder until cancelled.

        Raises:
            RedisError, OSError, StoryContended: what was in hand lies claimed, and the next run begins with it.
        """
        folder = await to_its_end(DropFolder, self._path)
        try:
            async with Bell(self._path, polls=self._habits.polls) as bell:
                while True:
                    await bell.wait(await self.round(folder))
        finally:
            folder.close()

    async def round(self, folder: DropFolder) -> float:
        """Take what is complete. Returns the seconds after which to look again, should nothing ring before."""
        habits = self._habits
        seen = await to_its_end(folder.look)
        self._sightings, complete = settle(
            self._sightings,
            seen,
            now=time.monotonic(),
            stable_seconds=habits.stable_seconds,
            trust_renames=not habits.polls,
        )
        taken = 0
        for file in complete:
            found = await to_its_end(folder.take, file, most=habits.max_bytes)
            if found is not None:
                await to_its_end(folder.finish, found, await self._deal_with(found))
                taken += 1
        if taken < len(seen):
            return min(habits.stable_seconds, habits.rescan_seconds)
        return 0.0 if seen else habits.rescan_seconds

    async def _deal_with(self, found: Found) -> Verdict:
        name = found.seen.name
        sha256 = None if found.unfit else hashlib.sha256(found.body).hexdigest()
        copy = Copy(
            source=self.name,
            config=self._config,
            body=found.body,
            content_type=MAIL if name.lower().endswith(".eml") else None,
            receipt=receipt_of(self.name, name, found.seen.mark, sha256),
        )
        if sha256 is None:
            reason = UnreadableCopy(found.unfit or "", found.detail)
            verdict = await set_aside(self._admission, copy, None, reason)
        else:
            verdict = await bring_in(self._admission, copy, sha256)
        tell(self.name, name, verdict)
        return verdict


def tell(source: str, name: str, verdict: Verdict) -> None:
    """Count the file and write its line."""
    FILES.labels(source, "rejected" if verdict.is_refused else "taken").inc()
    facts = {"source": source, "file": printable(name), "receipt": verdict.receipt, "raw": verdict.sha256}
    if verdict.is_refused:
        log.warning("file_rejected", **facts, code=verdict.code, detail=verdict.detail)
    else:
        log.info("file_taken", **facts)
