"""What becomes of one item of copy, given what is known of its story. Pure: the clock is an argument.

The rules are :data:`RULES`, asked in that order; the first that has an answer decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from services.ingest.identity import Fingerprint, fingerprint
from services.ingest.items import Item
from services.ingest.order import Order, believable, order_of
from services.ingest.state import HISTORY, UNTOLD, Status, StoryState
from shared.article import Change, PubStatus
from shared.events import Outcome

__all__ = ["Decision", "decide"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do: ``revision`` is the one to emit, or the story's last one where nothing is emitted."""

    outcome: Outcome
    change: Change | None = None
    revision: int | None = None
    state: StoryState | None = None
    """The story's next state; None leaves it as it is."""
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One item before the rules."""

    known: bool
    story: StoryState
    item: Item
    print: Fingerprint
    order: Order
    now: datetime

    @property
    def is_kill(self) -> bool:
        return self.item.pub_status is PubStatus.CANCELED or self.item.change is Change.KILL

    @property
    def is_withhold(self) -> bool:
        return self.item.pub_status is PubStatus.WITHHELD or self.item.change is Change.WITHHOLD

    @property
    def seen_before(self) -> bool:
        """Whether this text left ingest before and the provider does not say that it is meant anew."""
        return str(self.print) in self.story.history and self.order is not Order.NEWER

    @property
    def next_revision(self) -> int:
        """Grows within the story, and past every earlier one even when Redis has lost the story."""
        return max(self.story.revision + 1, int(self.now.timestamp() * 1000))


def decide(known: StoryState | None, item: Item, *, source: str, uri: str, now: datetime) -> Decision:
    """Decide on ``item``. ``source`` and ``uri`` are those of the story, should this be its first copy."""
    story = known or StoryState(source=source, uri=uri)
    item = believable(item, now=now)
    case = Case(known is not None, story, item, fingerprint(item), order_of(story, item), now)
    for rule in RULES:
        if (decision := rule(case)) is not None:
            return decision
    raise AssertionError("the last rule decides on everything")


def repeated(case: Case) -> Decision | None:
    """The same again is a duplicate. One that is declared newer still moves the mark for what is older."""
    if (case.print.content, case.print.meta) != (case.story.content, case.story.meta):
        return None
    moves = _ordered(case, revision=case.story.revision) != case.story
    state = _ordered(case, revision=case.next_revision) if moves else None
    return Decision(outcome=Outcome.DUPLICATE, revision=case.story.emitted, state=state)


def killed(case: Case) -> Decision | None:
    """A kill wins over every order, and over the story not being here yet: then it is born dead."""
    if not case.is_kill or case.story.status is Status.CANCELED:
        return None
    return _emit(case, Change.KILL, Status.CANCELED, code=None if case.known else "kill_before_story")


def after_a_kill(case: Case) -> Decision | None:
    """Nothing follows a kill but a reinstatement that says so and has not been here before."""
    if case.story.status is not Status.CANCELED:
        return None
    reinstates = case.item.change is Change.REINSTATE and case.item.pub_status is PubStatus.USABLE
    return None if reinstates and not case.seen_before else _stale(case, "killed")


def late(case: Case) -> Decision | None:
    """An older revision that arrives late, or a feed that went back to what it had, is not news."""
    if case.order is Order.OLDER:
        return _stale(case, "older")
    return _stale(case, "seen_before") if case.seen_before else None


def withheld(case: Case) -> Decision | None:
    """A withhold takes the story back, or keeps it from appearing."""
    if not case.is_withhold:
        return None
    code = None if case.known else "withhold_before_story"
    decision = _emit(case, Change.WITHHOLD, Status.WITHHELD, code=code)
    if case.item.modified is None and decision.state is not None:
        # A withhold without a time of its own took effect when it came: what was written before it stays out.
        earlier = decision.state.modified
        return replace(decision, state=replace(decision.state, modified=max(earlier or case.now, case.now)))
    return decision


def embargoed(case: Case) -> Decision | None:
    """Copy under embargo waits; a lift that cannot be told never comes by itself; a correction inherits it."""
    sealed = _seal(case.item.embargoed_until) if case.item.embargoed else ""
    if not sealed and case.item.change is Change.CORRECTION:
        sealed = case.story.sealed
    if not sealed or (sealed != UNTOLD and datetime.fromisoformat(sealed) <= case.now):
        return None
    state = replace(case.story, sealed=sealed, revision=case.next_revision)
    return Decision(
        outcome=Outcome.HELD,
        revision=case.story.emitted or None,
        state=None if case.known and case.story.sealed == sealed else state,
        code="embargo_unreadable" if sealed == UNTOLD else "embargoed",
    )


def back_from_withheld(case: Case) -> Decision | None:
    """Only copy that is newer beyond doubt, or says that it reinstates, lifts a withhold."""
    if case.story.status is Status.WITHHELD:
        if case.order is Order.NEWER or case.item.change is Change.REINSTATE:
            return _emit(case, Change.REINSTATE, Status.USABLE)
        return _stale(case, "withheld")
    return _emit(case, Change.REINSTATE, Status.USABLE) if case.story.status is Status.CANCELED else None


def changed(case: Case) -> Decision:
    """What is left is news: a story, or a change of one."""
    return _emit(case, _change(case), Status.USABLE)


RULES: tuple[Callable[[Case], Decision | None], ...] = (
    repeated,
    killed,
    after_a_kill,
    late,
    withheld,
    embargoed,
    back_from_withheld,
    changed,
)


def _change(case: Case) -> Change:
    if not case.story.published:
        return Change.NEW
    if case.print.content == case.story.content:
        return Change.AMEND
    return Change.CORRECTION if case.item.change is Change.CORRECTION else Change.UPDATE


def _stale(case: Case, code: str) -> Decision:
    return Decision(outcome=Outcome.STALE, revision=case.story.emitted or None, code=code)


def _emit(case: Case, change: Change, status: Status, *, code: str | None = None) -> Decision:
    revision = case.next_revision
    state = replace(
        _ordered(case, revision=revision),
        emitted=revision,
        published=case.story.published or status is Status.USABLE,
        status=status,
        content=case.print.content,
        meta=case.print.meta,
        sealed="",
        history=(*case.story.history, str(case.print))[-HISTORY:],
    )
    return Decision(outcome=Outcome.EMITTED, change=change, revision=revision, state=state, code=code)


def _ordered(case: Case, *, revision: int) -> StoryState:
    """Return the story with the marks of order moved on, never back: a kill may carry an older one."""
    versions = [v for v in (case.story.version, case.item.version) if v is not None]
    moments = [m for m in (case.story.modified, case.item.modified) if m is not None]
    return replace(
        case.story, revision=revision, version=max(versions, default=None), modified=max(moments, default=None)
    )


def _seal(lift: datetime | None) -> str:
    """Return the lift in the form that the state keeps; one without a zone cannot be told."""
    return lift.isoformat() if lift is not None and lift.tzinfo is not None else UNTOLD
