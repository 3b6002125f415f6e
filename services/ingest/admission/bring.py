"""Bringing in one whole body that nobody waits for an answer to: a file, an e-mail, an item of a page."""

from __future__ import annotations

from collections.abc import Callable

from redis.exceptions import RedisError

from services.ingest.admission.admit import Admission, RefusedCopy, StoryContended
from services.ingest.admission.received import Copy
from services.ingest.folders.dropfile import Verdict
from services.ingest.items import Item, UnreadableCopy
from shared.events import Outcome, StageResult
from shared.logs import get_logger

__all__ = ["bring_in", "set_aside"]

LONGEST_DETAIL = 500

log = get_logger("ingest")


def _as_it_is(item: Item) -> Item:
    return item


async def bring_in(
    admission: Admission, copy: Copy, sha256: str, *, amend: Callable[[Item], Item] = _as_it_is
) -> Verdict:
    """Admit what a body holds, each item as ``amend`` leaves it.

    A fault of ours that one body brings about is booked as its refusal: it must not keep the others waiting.

    Raises:
        RedisError, OSError, StoryContended: it may be tried again, and will then be the same input.
    """
    try:
        taken = await admission.take(copy)
        entries = [amend(entry) if isinstance(entry, Item) else entry for entry in taken.entries]
        results = [await admission.admit(taken, index, entry) for index, entry in enumerate(entries)]
    except RefusedCopy as refused:
        return Verdict(copy.receipt, sha256, refused.code, refused.detail[:LONGEST_DETAIL])
    except (RedisError, OSError, StoryContended):
        raise
    except Exception as error:
        log.exception("admission_failed", source=copy.source, receipt=copy.receipt)
        return await set_aside(admission, copy, sha256, UnreadableCopy("admission_failed", type(error).__name__))
    return _verdict(copy.receipt, sha256, results)


async def set_aside(admission: Admission, copy: Copy, sha256: str | None, reason: UnreadableCopy) -> Verdict:
    """Refuse a body unread. It is kept and in the books as every refusal is."""
    await admission.set_aside(copy, reason)
    return Verdict(copy.receipt, sha256, reason.code, reason.detail[:LONGEST_DETAIL])


def _verdict(receipt: str, sha256: str, results: list[StageResult]) -> Verdict:
    """A body is refused when nothing in it could be had; of one with a good item, the books have the rest."""
    bad = [result for result in results if result.outcome is Outcome.DEAD_LETTERED]
    if results and len(bad) == len(results):
        return Verdict(receipt, sha256, bad[0].code or "refused", (bad[0].detail or "")[:LONGEST_DETAIL])
    return Verdict(receipt, sha256)
