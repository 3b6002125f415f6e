"""What becomes of one item of copy, given what is known of its story. Pure: the clock is an argument.

The rules are :data:`RULES`, asked in that order; the first that has an answer decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from services.ingest.items import Item
from services.ingest.lifecycle.case import Case, Decision
from services.ingest.lifecycle.embargo import embargoed
from services.ingest.lifecycle.identity import fingerprint
from services.ingest.lifecycle.order import Order, believable, order_of
from services.ingest.lifecycle.state import HISTORY, Status, StoryState
from shared.article import Change
from shared.events import Outcome

__all__ = ["Decision", "decide"]


def decide(
    known: StoryState | None,
    item: Item,
    *,
    source: str,
    uri: str,
    now: datetime,
    place: str = "",
    operator: str = "",
    hold: bool = False,
) -> Decision:
    """Decide on ``item``. ``source`` and ``uri`` are those of the story, should this be its first copy.

    ``place`` says where the bytes lie, for a story that waits for its lift or may be reinstated; ``operator`` names the
    person who orders what no provider can; with ``hold`` that is to keep the copy back.
    """
    story = known or StoryState(source=source, uri=uri)
    item = believable(item, now=now)
    order = order_of(story, item)
    case = Case(known is not None, story, item, fingerprint(item), order, now, place, operator, hold)
    for rule in RULES:
        if (decision := rule(case)) is not None:
            return decision
    raise AssertionError("the last rule decides on everything")


def repeated(case: Case) -> Decision | None:
    """The same again is a duplicate. One that is declared newer still moves the mark for what is older."""
    if (case.print.content, case.print.meta) != (case.story.content, case.story.meta):
        return None
    moves = case.ordered(revision=case.story.revision) != case.story
    state = case.ordered(revision=case.next_revision) if moves else None
    return Decision(outcome=Outcome.DUPLICATE, revision=case.story.emitted, state=state)


def killed(case: Case) -> Decision | None:
    """A kill wins over every order, and over the story not being here yet: then it is born dead.

    A kill whose story is not here either came before it, or, where it only refers to a story by something else than
    its name, met none. That is said apart: the story that was meant may be live.
    """
    if not case.is_kill or case.story.status is Status.CANCELED:
        return None
    unmet = "kill_unresolved" if case.item.by_reference else "kill_before_story"
    return _emit(case, Change.KILL, Status.CANCELED, code=None if case.known else unmet)


def after_a_kill(case: Case) -> Decision | None:
    """Nothing follows a kill but an operator's reinstatement. No provider's copy can say enough."""
    if case.story.status is not Status.CANCELED:
        return None
    return None if case.operator and case.is_reinstatement else _stale(case, "killed")


def reopened(case: Case) -> Decision | None:
    """A kill that came before its story left nothing to bring back: an operator has the next copy of it let in."""
    taken_back = case.story.status in {Status.CANCELED, Status.WITHHELD}
    if not (taken_back and case.operator and case.is_reinstatement) or case.item.headline or case.item.body_html:
        return None
    state = replace(case.story, status=Status.HELD, revision=case.next_revision)
    return Decision(outcome=Outcome.HELD, revision=case.story.emitted, state=state, code="reinstated_without_copy")


def late(case: Case) -> Decision | None:
    """An older revision that arrives late, or a feed that went back to what it had, is not news."""
    if case.operator:
        return None
    if case.order is Order.OLDER:
        return _stale(case, "older")
    return _stale(case, "seen_before") if case.seen_before else None


def conflicting(case: Case) -> Decision | None:
    """Other copy under a version that was used already is set aside, unless a later time says that it is meant.

    The number of a lead on an old wire is no version: two stories of one slug may well both have a first lead.
    """
    known = case.item.version is not None and case.item.version == case.story.version and case.story.numbered
    if not known or case.item.identity_inferred or case.operator or case.is_withhold or case.order is not Order.UNTOLD:
        return None
    if str(case.print) == case.story.numbered:
        return None
    return Decision(outcome=Outcome.DEAD_LETTERED, revision=case.story.emitted or None, code="version_conflict")


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


def back(case: Case) -> Decision | None:
    """Bring a story back from a kill or a withhold.

    A kill was past only with an operator's word. A withhold is lifted by copy that is newer beyond doubt, or says that
    it reinstates.
    """
    if case.story.status is Status.WITHHELD:
        if case.order is Order.NEWER or case.item.change is Change.REINSTATE:
            return _emit(case, Change.REINSTATE, Status.USABLE)
        return _stale(case, "withheld")
    # Held after something left ingest: it was killed, and an operator's word came before the copy.
    reopened = case.story.status is Status.HELD and case.story.emitted > 0
    return _emit(case, Change.REINSTATE, Status.USABLE) if reopened or case.story.status is Status.CANCELED else None


def changed(case: Case) -> Decision:
    """What is left is news: a story, or a change of one."""
    return _emit(case, _change(case), Status.USABLE)


RULES: tuple[Callable[[Case], Decision | None], ...] = (
    repeated,
    killed,
    after_a_kill,
    reopened,
    late,
    conflicting,
    withheld,
    embargoed,
    back,
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
    usable = status is Status.USABLE
    state = replace(
        case.ordered(revision=revision),
        emitted=revision,
        published=case.story.published or usable,
        status=status,
        content=case.print.content,
        meta=case.print.meta,
        live=case.place if usable and case.place else case.story.live,
        history=(*case.story.history, str(case.print))[-HISTORY:],
    )
    if change is not Change.AMEND:
        # New metadata on the text that is live says nothing of the text that waits; all else takes its place.
        state = replace(state, sealed="", held="", waiting="")
    unseen = not state.published or bool(case.story.waiting) or case.item.embargoed
    return Decision(
        outcome=Outcome.EMITTED,
        change=change,
        revision=revision,
        state=state,
        code=code,
        is_silent=unseen and not usable,
    )
