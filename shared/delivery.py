"""Delivery (interface first; the body follows in the next commit)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, TypeVar

from redis.asyncio import Redis

from shared.events import ArticleEvent, Event, Outcome, StageOutcome
from shared.probes import Check
from shared.topics import Lane, Topic

__all__ = ["BatchHandler", "Delivery", "Done", "Emit", "NeverWill", "NotYet", "Received", "one_by_one"]

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


@dataclass(frozen=True, slots=True)
class Received(Generic[E]):
    """One entry as its reader got it."""

    event: E
    stream: str
    entry_id: str
    lane: Lane
    deliveries: int


@dataclass(frozen=True, slots=True)
class Emit:
    """The stage is done with the input, and this event follows from it."""

    event: ArticleEvent


@dataclass(frozen=True, slots=True)
class Done:
    """The stage is done with the input, and nothing follows from it."""

    outcome: Outcome
    code: str | None = None
    detail: str | None = None


Verdict = Emit | Done | NeverWill | NotYet
BatchHandler = Callable[[Sequence[Received[E]]], Awaitable[Sequence[Verdict]]]


def one_by_one(handler: Callable[[Received[E]], Awaitable[Emit | Done]], *, at_once: int = 1) -> BatchHandler[E]:
    """Make a batch handler of one for single entries; one that raises costs its batch nothing."""
    raise NotImplementedError


class Delivery:
    """One process's connection to the topics."""

    def __init__(self, *, redis_url: str, stage: str, replica: str) -> None: ...

    @property
    def redis(self) -> Redis: ...

    def read(self, topic: Topic, handler: BatchHandler[Any], *, emits: Topic | None) -> None:
        """Register a reader (before :meth:`start`): group = the stage's name."""

    async def start(self) -> None: ...

    async def stop(self) -> None:
        """Finish what is in hand, hand it off, and close."""

    def checks(self) -> dict[str, Check]:
        """Readiness checks: ``redis`` and, for readers, one a topic."""
        ...

    async def admit(
        self,
        *,
        receipt: str,
        outcome: StageOutcome,
        key: str,
        expected_revision: int | None,
        state: Mapping[str, str] | None = None,
        expires: timedelta | None = None,
        event: ArticleEvent | None = None,
        topic: Topic | None = None,
    ) -> bool:
        """Take an input into the books, at most once per ``receipt``, in one call to Redis.

        If the hash ``key`` still holds ``revision`` = ``expected_revision`` (absent: None), then ``state`` replaces
        the hash, ``event`` goes to ``topic`` and ``outcome`` to the log, and True is returned. If the hash has moved
        on, nothing is written and False is returned: read it again and decide again. A receipt that was admitted
        before writes nothing and returns True.
        """
        ...
