"""Copy that was received before, read again as if it came now: after a fix, or after Redis lost what ingest knew.

First everything is rehearsed, in the order in which it came. Then, of each story, only that is admitted which it ends
with: no earlier revision is on the site again for a moment, and of a story that ends killed nothing is but the kill.
What changes nothing is not admitted, so a second replay does nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby

from services.ingest.admission.admit import Admission
from services.ingest.admission.archive import Order, RawArchive, Receipt
from services.ingest.admission.reading import CopyReader
from services.ingest.admission.received import Copy, Taken
from services.ingest.commands.rehearsal import Foreseen, Rehearsal
from services.ingest.commands.replay_steps import Rehearsed, Step, last_words, step_of
from services.ingest.items import Item, Parsed, UnreadableCopy
from services.ingest.lifecycle.identity import fingerprint
from services.ingest.lifecycle.instruction import Instruction
from services.ingest.lifecycle.recall import config_of
from services.ingest.settings import Source
from shared.article import Change, PubStatus
from shared.events import Outcome, StageResult

__all__ = ["Replay"]

ORDERED_KILL = Item(headline="", change=Change.KILL, pub_status=PubStatus.CANCELED)
"""An operator's: it came without copy."""

UNREAD = frozenset({"html_instead_of_feed", "mail_not_authenticated", "item_unavailable"})
"""What was refused for how it came and not for what it says: read now, it would be taken for copy."""

LONGEST_STAY = timedelta(days=2)
"""Between the receipt of copy and its refusal: it may have waited for Redis to come back."""


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
        had: set[str] = set()
        for receipt in self._archive.receipts(since - LONGEST_STAY if rejected else since):
            was = codes.get(receipt.receipt, [])
            # An intake that was cut short has the same receipt twice.
            wanted = source in {None, receipt.source} and receipt.receipt not in had and UNREAD.isdisjoint(was)
            if wanted and (was or not rejected):
                had.add(receipt.receipt)
                yield receipt, " ".join(dict.fromkeys(was))

    async def rehearse(self, since: datetime, *, rejected: bool = False, source: str | None = None) -> Rehearsed:
        """Return what would change. Nothing is written."""
        rehearsal = Rehearsal(self._admission.redis)
        rehearsed = Rehearsed()
        found = await asyncio.to_thread(lambda: list(self.receipts(since, rejected=rejected, source=source)))
        orders = [] if rejected else await asyncio.to_thread(lambda: list(self._archive.orders(since)))
        ordered = [order for order in orders if source in {None, order.source}]
        moments: list[tuple[str, Order | tuple[Receipt, str]]] = [
            *((receipt.received, (receipt, was)) for receipt, was in found),
            *((order.ordered, order) for order in ordered),
        ]
        for _, came in sorted(moments, key=lambda moment: moment[0]):
            if isinstance(came, Order):
                if await rehearsal.obey(came):
                    rehearsed.add(step_of(came))
                continue
            receipt, was = came
            for index, foreseen in enumerate(await self._foresee(rehearsal, receipt)):
                rehearsed.add(Step(receipt=receipt, index=index, foreseen=foreseen, was=was))
        return rehearsed

    async def _foresee(self, rehearsal: Rehearsal, receipt: Receipt) -> list[Foreseen]:
        """Return what every entry of a body would come to."""
        try:
            taken = await self._read(receipt)
        except UnreadableCopy as reason:
            return [Foreseen(outcome=Outcome.DEAD_LETTERED, code=reason.code, detail=reason.detail)]
        except FileNotFoundError:
            return [Foreseen(outcome=Outcome.DEAD_LETTERED, code="bytes_missing", detail="not in the archive")]
        return [await rehearsal.foresee(taken, index, entry) for index, entry in enumerate(taken.entries)]

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
        if isinstance(entry, Item) and (entry.takes_back or step.order):
            # What it refers to may not be there to be found: the story that it was found to be about is named.
            instruction = Instruction(
                story_id=step.foreseen.story_id,
                input=f"{receipt}.{step.index}",
                operator=step.order.operator if step.order else "",
                reason=step.order.reason if step.order else "",
                hold=step.order is not None and step.order.order == "hold",
                again=True,
            )
            named = replace(entry, identity=step.foreseen.uri, identity_inferred=False, refers_to=())
            return await self._admission.admit(taken, step.index, named, instruction)
        again = replace(taken, copy=replace(taken.copy, receipt=receipt))
        return await self._admission.admit(again, step.index, entry)

    async def _read(self, receipt: Receipt) -> Taken:
        sha256 = receipt.sha256
        body = await asyncio.to_thread(self._archive.path_of(sha256).read_bytes) if sha256 else b""
        copy = Copy(
            source=receipt.source,
            config=config_of(self._sources, receipt.source),
            body=body,
            content_type=receipt.media_type,
            url=receipt.url,
            receipt=receipt.receipt,
            received=datetime.fromisoformat(receipt.received),
        )
        if not sha256:
            return Taken(
                copy,
                "",
                Parsed(
                    "", (Item(headline="", identity=receipt.url, change=Change.KILL, pub_status=PubStatus.CANCELED),)
                ),
            )
        parsed = await self._reader.read(body, content_type=copy.content_type, hints=copy.hints())
        return Taken(copy, receipt.sha256, parsed)


def _digest(item: Item) -> str:
    """Name what the copy reads as, so that the same bytes are admitted again when a fix reads them otherwise."""
    said = f"{fingerprint(item)} {item.version} {item.modified} {item.embargoed} {item.embargoed_until}"
    return hashlib.sha256(said.encode()).hexdigest()[:12]
