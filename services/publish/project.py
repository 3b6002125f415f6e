"""The projector's handler: enriched articles in, the site changed, published articles out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError, StatementError

from services.publish.store.database import SchemaMismatch
from services.publish.store.fold import Applied, Refused
from services.publish.store.writing import Store
from shared.article import Article
from shared.delivery import BatchHandler, Done, Emit, NeverWill, Received, Unavailable, Verdict
from shared.events import ArticleEnriched, ArticlePublished, Outcome

__all__ = ["judge", "projecting"]

Batch = Sequence[Received[ArticleEnriched]]
Apply = Callable[[Sequence[Article]], Sequence[Applied]]
PROGRAM_LIMIT = "54"
"""PostgreSQL's class of errors for what is too large for it."""


def projecting(store: Store) -> BatchHandler[ArticleEnriched]:
    """Return the handler that folds batches into this store, off the event loop."""

    async def apply_to_site(batch: Batch) -> Sequence[Verdict]:
        return await asyncio.to_thread(judge, batch, store.apply)

    return apply_to_site


def judge(batch: Batch, apply: Apply) -> Sequence[Verdict]:
    """Apply the batch in one transaction, or, when that fails, each entry in its own: a bad one costs nobody else."""
    try:
        applied = apply([received.event.data for received in batch])
    except Exception as error:  # noqa: BLE001 - whatever failed, it must be known which entry it was
        if _is_unavailable(error):
            return [_unavailable(error) for _ in batch]
        return [_judge_one(received, apply) for received in batch]
    return [_verdict(received, result) for received, result in zip(batch, applied, strict=True)]


def _judge_one(received: Received[ArticleEnriched], apply: Apply) -> Verdict:
    try:
        (result,) = apply([received.event.data])
    except Exception as error:  # noqa: BLE001 - it becomes this entry's verdict
        return _unavailable(error) if _is_unavailable(error) else NeverWill("store_refused", _in_short(error))
    return _verdict(received, result)


def _verdict(received: Received[ArticleEnriched], result: Applied) -> Emit | Done:
    if isinstance(result, Refused):
        return Done(Outcome.STALE, result.code)
    event = received.event
    return Emit(
        ArticlePublished.of(
            result.article, traceparent=event.traceparent, sequence=str(result.sequence), **event.extensions()
        )
    )


def _is_unavailable(error: Exception) -> bool:
    """Tell a store that is away, busy or full from one that refuses what it is given.

    A subclass of StatementError that names the data is about the data, and so is what PostgreSQL has no room for in a
    row of an index or in a text's words, though it is called operational; everything else that the database or the
    file system says (gone, locked, disk full, another schema) may pass.
    """
    too_large = str(getattr(getattr(error, "orig", None), "sqlstate", None)).startswith(PROGRAM_LIMIT)
    if too_large or isinstance(error, DataError | IntegrityError) or type(error) is StatementError:
        return False
    return isinstance(error, SQLAlchemyError | OSError | SchemaMismatch)


def _unavailable(error: Exception) -> Unavailable:
    return Unavailable("store_unavailable", _in_short(error))


def _in_short(error: Exception) -> str:
    """Say what is wrong without the statement's parameters: they are the copy, and copy has no place in a log."""
    cause = getattr(error, "orig", None) or error
    first_line = str(cause).partition("\n")[0]
    return f"{type(cause).__name__}: {first_line}"[:300]
