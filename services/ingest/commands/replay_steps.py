"""The steps of a replay, and which of them are taken. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from services.ingest.admission.archive import Order, Receipt
from services.ingest.commands.rehearsal import Foreseen
from shared.article import Change
from shared.events import Outcome

__all__ = ["Rehearsed", "Step", "last_words", "step_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One entry of a body received before, and what would become of it now."""

    receipt: Receipt
    index: int
    foreseen: Foreseen
    was: str = ""
    """The code that the body was refused with, where it was."""
    order: Order | None = None
    """The order that this is, or that the copy is under."""

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


def last_words(steps: Iterable[Step]) -> list[Step]:
    """Return what each story ends with: the last that leaves ingest, then what is sealed beside it. Pure."""
    stories: dict[str, list[Step]] = {}
    alive: dict[str, Step] = {}
    for step in steps:
        if not step.foreseen.news:
            continue
        story = step.foreseen.story_id
        ends = stories.get(story, [])
        stories[story] = _obeyed(step.order, ends, alive.get(story)) if step.order else _followed(step, ends)
        if step.foreseen.change not in {None, Change.KILL, Change.WITHHOLD} and not step.order:
            alive[story] = step
        if step.order and step.order.order == "kill":
            stories[story] = [step]
    chosen = [step for ends in stories.values() for step in ends]
    # What leaves first: after it, what waits goes on waiting. Each in the order in which it came, so that a feed of a
    # hundred stories is read once or twice and not a hundred times.
    return sorted(chosen, key=lambda s: (s.foreseen.outcome is Outcome.HELD, s.receipt.received, s.receipt.receipt))


def _followed(step: Step, ends: list[Step]) -> list[Step]:
    """Return what the story ends with after one more piece of copy."""
    if step.foreseen.outcome is not Outcome.EMITTED:
        return [*ends, step]
    # An amendment says nothing of the text that waits; all else takes its place.
    amends = step.foreseen.change is Change.AMEND
    return [step, *(end for end in ends if amends and end.foreseen.outcome is Outcome.HELD)]


def _obeyed(order: Order, ends: list[Step], alive: Step | None) -> list[Step]:
    """Return what the story ends with after an order that is no kill."""
    if order.order == "reinstate":
        return [alive] if alive else []
    if order.order == "release":
        return [replace(end, order=None) for end in ends]
    waiting = [end for end in ends if end.foreseen.outcome is Outcome.HELD] or ends
    return [replace(end, order=order) if end in waiting else end for end in ends]


def step_of(order: Order) -> Step:
    """Return an order as a step: it has no bytes, and the address of its receipt is the story's name."""
    receipt = Receipt(
        receipt=order.input, source=order.source, media_type=None, url=order.uri, sha256="", size=0,
        received=order.ordered,
    )  # fmt: skip
    change = {"kill": Change.KILL, "reinstate": Change.REINSTATE}.get(order.order)
    outcome = Outcome.EMITTED if change else Outcome.HELD
    foreseen = Foreseen(
        outcome=outcome, change=change, story_id=order.story_id, uri=order.uri, code=order.order, news=True
    )
    return Step(receipt=receipt, index=0, foreseen=foreseen, order=order)
