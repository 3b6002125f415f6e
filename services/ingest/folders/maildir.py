"""The Maildir of one source: copy that comes as e-mail."""

from __future__ import annotations

import hashlib
import time
from functools import partial
from pathlib import Path

from services.ingest.admission.admit import Admission
from services.ingest.admission.bring import bring_in, set_aside
from services.ingest.admission.received import Copy
from services.ingest.channels import MaildirConfig
from services.ingest.folders.bell import Bell
from services.ingest.folders.drop import MAIL, DropHabits, tell
from services.ingest.folders.dropfile import Place, Seen, Sighting, Verdict, receipt_of, settle, unfit
from services.ingest.folders.mailfolder import MailFolder
from services.ingest.folders.mailtrust import mail_problem, trusted_results, with_results
from services.ingest.items import UnreadableCopy
from services.ingest.settings import Source
from services.ingest.threads import to_its_end

__all__ = ["Maildir"]


class Maildir:
    """Takes each new message and moves it to where mail programs show it as read, or among the refused ones."""

    def __init__(
        self, name: str, config: Source, mail: MaildirConfig, *, path: Path, admission: Admission, habits: DropHabits
    ) -> None:
        self.name = name
        self.lease = f"maildir:{name}"
        self._config = config
        self._mail = mail
        self._path = path
        self._admission = admission
        self._habits = habits
        self._sightings: dict[Place, Sighting] = {}

    async def run(self) -> None:
        """Look after the Maildir until cancelled.

        Raises:
            RedisError, OSError, StoryContended: what was in hand is still new.
        """
        folder = await to_its_end(MailFolder, self._path)
        try:
            async with Bell(self._path / "new", polls=self._habits.polls) as bell:
                while True:
                    await bell.wait(await self.round(folder))
        finally:
            folder.close()

    async def round(self, folder: MailFolder) -> float:
        """Take what is new. Returns the seconds after which to look again, should nothing ring before."""
        seen = await to_its_end(folder.look)
        taken = 0
        for message in self._complete(seen):
            body = b"" if unfit(message.mark, self._habits.max_bytes) else await to_its_end(folder.read, message)
            if body is not None:
                await to_its_end(folder.finish, message, await self._deal_with(message, body))
                taken += 1
        if taken < len(seen):
            return min(self._habits.stable_seconds, self._habits.rescan_seconds)
        return 0.0 if seen else self._habits.rescan_seconds

    def _complete(self, seen: list[Seen]) -> list[Seen]:
        """Return messages at once; what is no plain file, half linked into place or a trap, when it stands still."""
        self._sightings, still = settle(
            self._sightings,
            seen,
            now=time.monotonic(),
            stable_seconds=self._habits.stable_seconds,
            trust_renames=False,
        )
        return [message for message in seen if message.mark.is_plain or message in still]

    async def _deal_with(self, message: Seen, body: bytes) -> Verdict:
        problem = unfit(message.mark, self._habits.max_bytes)
        sha256 = None if problem else hashlib.sha256(body).hexdigest()
        copy = Copy(
            source=self.name,
            config=self._config,
            body=body,
            content_type=MAIL,
            receipt=receipt_of(self.name, message.name.partition(":")[0], message.mark, sha256),
        )
        if problem or sha256 is None:
            verdict = await set_aside(self._admission, copy, None, UnreadableCopy(*(problem or ("", ""))))
        else:
            verdict = await self._judge(copy, sha256)
        tell(self.name, message.name, verdict)
        return verdict

    async def _judge(self, copy: Copy, sha256: str) -> Verdict:
        results = await to_its_end(trusted_results, copy.body, self._mail.trust)
        if refusal := mail_problem(self._mail, results):
            return await set_aside(self._admission, copy, sha256, refusal)
        return await bring_in(self._admission, copy, sha256, amend=partial(with_results, results=results))
