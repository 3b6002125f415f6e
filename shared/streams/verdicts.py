"""What a handler is given and what it may answer. Failure has two names: never will, and not yet."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from shared.events import ArticleDeferred, ArticleEvent, Event, Outcome
from shared.topics import Lane

E = TypeVar("E", bound=Event)


class NeverWill(Exception):
    """This entry cannot be handled, now or later: to the dead letters at once."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class NotYet(Exception):
    """This entry cannot be handled now: again after a while, and to the dead letters when that keeps failing."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class Unavailable(NotYet):
    """No entry can be handled now, for what the stage needs is away: wait for it, and bury nothing meanwhile."""


@dataclass(frozen=True, slots=True)
class Received(Generic[E]):
    """One entry as its reader got it."""

    event: E
    stream: str
    entry_id: str
    lane: Lane
    deliveries: int
    """1 the first time; more after a failure, or after a reader died with the entry in hand."""


@dataclass(frozen=True, slots=True)
class Emit:
    """The stage is done with the input, and this event follows from it."""

    event: ArticleEvent
    deferred: ArticleDeferred | None = None
    """What the stage still owes: it goes to ``article.deferred`` in the same step, so that it cannot be forgotten."""


@dataclass(frozen=True, slots=True)
class Done:
    """The stage is done with the input, and nothing follows from it."""

    outcome: Outcome
    code: str | None = None
    detail: str | None = None


Verdict = Emit | Done | NeverWill | NotYet
BatchHandler = Callable[[Sequence[Received[E]]], Awaitable[Sequence[Verdict]]]


def one_by_one(handler: Callable[[Received[E]], Awaitable[Emit | Done]], *, at_once: int = 1) -> BatchHandler[E]:
    """Make a batch handler of one for single entries, ``at_once`` of them in flight.

    An entry that raises costs its batch nothing: what it raised is its verdict.
    """

    async def handle_batch(batch: Sequence[Received[E]]) -> Sequence[Verdict]:
        turns = asyncio.Semaphore(at_once)

        async def handle(received: Received[E]) -> Verdict:
            async with turns:
                return await verdict_of(handler, received)

        if at_once == 1:
            return [await verdict_of(handler, received) for received in batch]
        return await asyncio.gather(*map(handle, batch))

    return handle_batch


async def verdict_of(handler: Callable[[Received[E]], Awaitable[Emit | Done]], received: Received[E]) -> Verdict:
    """Run the handler on one entry and turn what it raises into a verdict."""
    try:
        return await handler(received)
    except (NeverWill, NotYet) as verdict:
        return verdict
    except Exception as error:  # noqa: BLE001 - a bug may be this entry's or the moment's: try again, then set aside
        return unexpected(error)


def unexpected(error: Exception) -> NotYet:
    """Name an error that no handler foresaw, with the line it came from."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else ""
    return NotYet("handler_error", f"{type(error).__name__}: {error}{where}"[:500])
