"""Copy that was received before, read again as if it came now: after a fix, or after Redis lost what ingest knew.

First everything is rehearsed, in the order in which it came. Then, of each story, only that is admitted which it ends
with: no earlier revision is on the site again for a moment, and of a story that ends killed nothing is but the kill.
What changes nothing is not admitted, so a second replay does nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby

from services.ingest.admit import Admission
from services.ingest.archive import RawArchive, Receipt
from services.ingest.identity import fingerprint
from services.ingest.instruction import Instruction
from services.ingest.items import Item, UnreadableCopy
from services.ingest.reading import CopyReader
from services.ingest.recall import config_of
from services.ingest.received import Copy, Taken
from services.ingest.rehearsal import Foreseen, Rehearsal
from services.ingest.settings import Source
from shared.article import Change
from shared.events import Outcome, StageResult

__all__ = ["Rehearsed", "Replay", "Step", "last_words"]

MISSING = ("bytes_missing", "not in the archive")
LONGEST_STAY = timedelta(days=2)
"""Between the receipt of copy and its refusal: it may have waited for Redis to come back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One entry of a body received before, and what would become of it now."""

    receipt: Receipt
    index: int
    foreseen: Foreseen
    was: str = ""
    """The code that the body was refused with, where it was."""

    @property
    def changes(self) -> bool:
        """Whether it would come to something else than it did, as far as is known."""
        refused = self.foreseen.outcome is Outcome.DEAD_LETTERED
        return self.foreseen.news or (refused and bool(self.was) and self.foreseen.code not in self.was.split())


@dataclass(slots=True)
class Rehearsed:
    """What would change, in the order in which it came, and how many entries would not."""

    steps: list[Step] = field(default_factory=list)
    unchanged: int = 0

    def add(self, step: Step) -> None:
        if step.changes:
            self.steps.append(step)
        else:
            self.unchanged += 1


class Replay:
    """Reads the archive again."""

    def __init__(
        self, archive: RawArchive, reader: CopyReader, admission: Admission, sources: Mapping[str, Source]
    ) -> None:
        self._archive = archive
        self._reader = reader
        self._admission = admission
        self._sources = sources

    def receipts(self, since: datetime, *, rejected: bool, source: str | None) -> Iterator[tuple[Receipt, str]]:
        """Yield what was received since then, or refused since then, and the codes that it was refused with."""
        codes: dict[str, list[str]] = {}
        for rejection in self._archive.rejections(since):
            codes.setdefault(rejection.receipt, []).append(rejection.code)
        for receipt in self._archive.receipts(since - LONGEST_STAY if rejected else since):
            wanted = receipt.source == source if source else True
            if wanted and (receipt.receipt in codes or not rejected):
                yield receipt, " ".join(dict.fromkeys(codes.get(receipt.receipt, ())))

    async def rehearse(self, since: datetime, *, rejected: bool = False, source: str | None = None) -> Rehearsed:
        """Return what would change. Nothing is written."""
        rehearsal = Rehearsal(self._admission.redis)
        rehearsed = Rehearsed()
        found = await asyncio.to_thread(lambda: list(self.receipts(since, rejected=rejected, source=source)))
        for receipt, was in found:
            try:
                taken = await self._read(receipt)
            except (UnreadableCopy, FileNotFoundError) as reason:
                code, detail = (reason.code, reason.detail) if isinstance(reason, UnreadableCopy) else MISSING
                refusal = Foreseen(outcome=Outcome.DEAD_LETTERED, code=code, detail=detail)
                rehearsed.add(Step(receipt=receipt, index=0, foreseen=refusal, was=was))
                continue
            for index, entry in enumerate(taken.entries):
                foreseen = await rehearsal.foresee(taken, index, entry)
                rehearsed.add(Step(receipt=receipt, index=index, foreseen=foreseen, was=was))
        return rehearsed

    async def admit(self, steps: Sequence[Step]) -> list[StageResult]:
        """Admit what the stories end with, and return what became of it.

        Raises:
            RedisError, OSError, StoryContended: replay again: what was admitted is not admitted twice.
        """
        results: list[StageResult] = []
        for receipt, due in groupby(last_words(steps), key=lambda step: step.receipt):
            taken = await self._read(receipt)
            results += [await self._admit(taken, step) for step in due]
        return results

    async def _admit(self, taken: Taken, step: Step) -> StageResult:
        entry = taken.entries[step.index]
        receipt = f"{step.receipt.receipt}.replay-{_digest(entry) if isinstance(entry, Item) else step.index}"
        if isinstance(entry, Item) and entry.takes_back:
            # What it refers to may not be there to be found: the story that it was found to be about is named.
            instruction = Instruction(story_id=step.foreseen.story_id, input=f"{receipt}.{step.index}")
            named = replace(entry, identity=step.foreseen.uri, identity_inferred=False, refers_to=())
            return await self._admission.admit(taken, step.index, named, instruction)
        again = replace(taken, copy=replace(taken.copy, receipt=receipt))
        return await self._admission.admit(again, step.index, entry)

    async def _read(self, receipt: Receipt) -> Taken:
        body = await asyncio.to_thread(self._archive.path_of(receipt.sha256).read_bytes)
        copy = Copy(
            source=receipt.source,
            config=config_of(self._sources, receipt.source),
            body=body,
            content_type=receipt.media_type,
            url=receipt.url,
            receipt=receipt.receipt,
            received=datetime.fromisoformat(receipt.received),
        )
        parsed = await self._reader.read(body, content_type=copy.content_type, hints=copy.hints())
        return Taken(copy, receipt.sha256, parsed)


def last_words(steps: Iterable[Step]) -> list[Step]:
    """Return what each story ends with: the last that leaves ingest, then what is sealed beside it. Pure."""
    stories: dict[str, list[Step]] = {}
    for step in steps:
        if not step.foreseen.news:
            continue
        ends = stories.setdefault(step.foreseen.story_id, [])
        if step.foreseen.outcome is Outcome.EMITTED:
            # An amendment says nothing of the text that waits; all else takes its place.
            amends = step.foreseen.change is Change.AMEND
            ends[:] = [step, *(end for end in ends if amends and end.foreseen.outcome is Outcome.HELD)]
        else:
            ends.append(step)
    chosen = [step for ends in stories.values() for step in ends]
    # What leaves first: after it, what waits goes on waiting. Each in the order in which it came, so that a feed of a
    # hundred stories is read once or twice and not a hundred times.
    return sorted(chosen, key=lambda s: (s.foreseen.outcome is Outcome.HELD, s.receipt.received, s.receipt.receipt))


def _digest(item: Item) -> str:
    """Name what the copy reads as, so that the same bytes are admitted again when a fix reads them otherwise."""
    said = f"{fingerprint(item)} {item.version} {item.modified} {item.embargoed} {item.embargoed_until}"
    return hashlib.sha256(said.encode()).hexdigest()[:12]
