"""What folding does to stories: the copy of a text that another provider's story has already. Pure.

The copy is kept and booked under a name of its own, held; the story gains a credit. The credit follows from the state
of the copy (:func:`credits_due`), so whatever order kills, folds and crashes come in, asking again puts it right.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from services.ingest.folding.duplicates import Near
from services.ingest.folding.minhash import LEAST_WORDS, adds_nothing
from services.ingest.folding.shingles import Shingles, shingles_of
from services.ingest.lifecycle.decide import Decision
from services.ingest.lifecycle.state import Status, StoryState
from shared.article import AlsoFrom
from shared.events import Outcome

__all__ = [
    "FOLDED",
    "MOST_CREDITS",
    "candidates",
    "credits_due",
    "fold",
    "is_folded",
    "may_hold_others",
    "text_of",
    "unfolded",
    "without_lost_credits",
]

FOLDED = "folded"

MOST_CREDITS = 50
"""Copies that a story names. A sender that puts one text under ten thousand names then sends out fifty amendments."""


def text_of(decision: Decision, body_html: str) -> Shingles | None:
    """Return the text that the decision would let out, if it is one to compare: a kill never is, nor a headline."""
    state = decision.state
    if decision.outcome is not Outcome.EMITTED or state is None or state.status is not Status.USABLE:
        return None
    text = shingles_of(body_html)
    return text if text and text.words >= LEAST_WORDS else None


def candidates(text: Shingles, near: Iterable[Near], *, source: str) -> list[str]:
    """Return the stories of other sources that say all that the text says. A source's own are for it to revise."""
    stories = (other.story_id for other in near if other.source != source and adds_nothing(text, other.filed))
    return list(dict.fromkeys(stories))


def may_hold_others(story: StoryState) -> bool:
    """Tell whether copies may be folded into the story: only into one that readers can see."""
    return story.status is Status.USABLE and story.published


def is_folded(story: StoryState | None) -> bool:
    """Tell whether this is copy that another story stands for."""
    return story is not None and bool(story.folded_into) and story.status is Status.HELD


def fold(known: StoryState | None, decision: Decision, *, into: str, revision: int) -> Decision:
    """Return the decision that folds the copy where ``decision`` would have let it out.

    ``revision`` is the last one of the story that it is folded into.
    """
    if decision.state is None:
        raise ValueError("only copy that would have left ingest is folded")
    state = replace(
        decision.state,
        status=Status.HELD,
        published=False,
        emitted=known.emitted if known else 0,
        live=known.live if known else "",
        folded_into=into,
    )
    return Decision(outcome=Outcome.DUPLICATE, revision=revision, state=state, code=FOLDED)


def unfolded(story: StoryState) -> StoryState:
    """Return the copy as if its text had never come: what stood for it is gone, so the same text is news."""
    return replace(story, content="", meta="", history=())


def without_lost_credits(decision: Decision) -> Decision:
    """Return the decision, without the credits of a story that it takes off the site.

    Nobody keeps them right while it is off, and each copy that comes again after its return is credited again.
    """
    state = decision.state
    if state is None or state.status is Status.USABLE or not state.also_from:
        return decision
    return replace(decision, state=replace(state, also_from=()))


def credits_due(
    story: StoryState | None, copy: StoryState | None, *, story_id: str, credit: AlsoFrom
) -> tuple[AlsoFrom, ...] | None:
    """Return whom the story has to credit, or None where it does so already or has no page to do it on."""
    if story is None or not may_hold_others(story):
        return None
    is_due = is_folded(copy) and copy is not None and copy.folded_into == story_id
    has = any(other.story_id == credit.story_id for other in story.also_from)
    if is_due == has or (is_due and len(story.also_from) >= MOST_CREDITS):
        return None
    if is_due:
        return (*story.also_from, credit)
    return tuple(other for other in story.also_from if other.story_id != credit.story_id)
